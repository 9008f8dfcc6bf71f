import CLinux
import Glibc

/// Starts programs, each in a session and process group of its own, from one thread.
///
/// What does not change from one start to the next is prepared once: the inherited variables, the
/// empty input, the limits.
package final class Spawner {
  /// A program to start.
  package struct Request {
    package var program: String
    package var arguments: [String]
    /// Set beside the inherited variables, which they replace, each name once; NUL characters are left
    /// out.
    package var environment: [Variable]
    package var directory: String
    /// The file that is standard input; nil for none.
    package var input: String?
    /// The file that standard output and error are appended to; made (0600) if missing.
    package var output: String

    package init(
      program: String, arguments: [String], environment: [Variable], directory: String,
      input: String?, output: String
    ) {
      self.program = program
      self.arguments = arguments
      self.environment = environment
      self.directory = directory
      self.input = input
      self.output = output
    }
  }

  /// A program that was started; `descriptor` becomes readable when it ends and is the caller's.
  package struct Spawned {
    package var process: ProcessIdentity
    package var descriptor: Int32
  }

  private let nullDevice: Int32
  private let openFiles: UInt64
  private let inherited: InheritedVariables
  private let ignoredSignals: UInt64
  private var arena = CStringArena()
  // The arrays of one call, kept for their memory.
  private var arguments: [UnsafeMutablePointer<CChar>?] = []
  private var variables: [UnsafeMutablePointer<CChar>?] = []
  private var additions: [(slot: Int, place: Int)] = []
  private var latestNames: [(name: String, slot: Int?)] = []

  /// `openFiles` is the soft limit of open files that programs get; nil for that of this process.
  package init(environment: EnvironmentBlock, openFiles: UInt64?) throws(PlatformError) {
    nullDevice = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard nullDevice >= 0 else { throw PlatformError("/dev/null") }
    self.openFiles = openFiles ?? 0
    inherited = InheritedVariables(environment)
    // A child of a process that ignores SIGCHLD leaves no exit status.
    signal(SIGCHLD, SIG_DFL)
    ignoredSignals = lanes_ignored_signals()
  }

  deinit {
    close(nullDevice)
  }

  package func spawn(_ request: Request) throws(PlatformError) -> Spawned {
    let spawned = perform(request)
    guard spawned.step == lanes_spawn_done else { throw Self.error(spawned, request) }
    return Spawned(
      process: ProcessIdentity(pid: spawned.pid, startTicks: Self.startTicks(spawned)),
      descriptor: spawned.pidfd)
  }

  private func perform(_ request: Request) -> lanes_spawned {
    let strings = layOut(request)
    return arena.withPointers { pointers in
      for place in strings.arguments { arguments.append(pointers[place]) }
      arguments.append(nil)
      for addition in additions { variables[addition.slot] = pointers[addition.place] }
      variables.append(nil)
      var call = lanes_spawn_request()
      call.program = UnsafePointer(pointers[strings.program])
      call.directory = UnsafePointer(pointers[strings.directory])
      call.output = UnsafePointer(pointers[strings.output])
      call.input = strings.input.flatMap { UnsafePointer(pointers[$0]) }
      call.input_descriptor = nullDevice
      call.open_files = openFiles
      call.default_signals = ignoredSignals
      return start(&call)
    }
  }

  private func start(_ call: inout lanes_spawn_request) -> lanes_spawned {
    var spawned = lanes_spawned()
    arguments.withUnsafeBufferPointer { arguments in
      variables.withUnsafeBufferPointer { variables in
        call.arguments = arguments.baseAddress
        call.environment = variables.baseAddress
        _ = lanes_spawn(&call, &spawned)
      }
    }
    return spawned
  }

  /// The places of a request's strings in the arena.
  private struct Strings {
    var program: Int
    var directory: Int
    var output: Int
    var input: Int?
    var arguments: Range<Int>
  }

  private func layOut(_ request: Request) -> Strings {
    arena.removeAll()
    arguments.removeAll(keepingCapacity: true)
    let program = arena.append(request.program)
    let directory = arena.append(request.directory)
    let output = arena.append(request.output)
    let input = request.input.map { arena.append($0) }
    let first = (input ?? output) + 1
    for argument in request.arguments { arena.append(argument) }
    layOut(variables: request.environment)
    return Strings(
      program: program, directory: directory, output: output, input: input,
      arguments: first..<(first + request.arguments.count))
  }

  /// The inherited variables, with slots for those that replace them or are added.
  private func layOut(variables additional: [Variable]) {
    variables.removeAll(keepingCapacity: true)
    variables.append(contentsOf: inherited.pointers)
    additions.removeAll(keepingCapacity: true)
    for (index, variable) in additional.enumerated() {
      guard let place = arena.append(name: variable.name, value: variable.value) else { continue }
      let slot = inheritedSlot(of: variable.name, at: index) ?? variables.count
      if slot == variables.count { variables.append(nil) }
      additions.append((slot, place))
    }
  }

  /// Where the inherited variable of a name is; mostly the names are those of the last request.
  private func inheritedSlot(of name: String, at index: Int) -> Int? {
    if index < latestNames.count, latestNames[index].name == name { return latestNames[index].slot }
    let slot = inherited.slots[name]
    latestNames.removeSubrange(min(index, latestNames.count)...)
    if index == latestNames.count { latestNames.append((name, slot)) }
    return slot
  }

  /// What field 22 of /proc/PID/stat says: the kernel notes the boot time when it makes a process
  /// and shows it in ticks.
  ///
  /// It is known without reading the file when the tick did not change while the process was made.
  private static func startTicks(_ spawned: lanes_spawned) -> UInt64 {
    let tick = 1_000_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
    // The two clocks may be rounded differently.
    let slack: Int64 = 1000
    let first = (spawned.earliest_start - slack) / tick
    let last = (spawned.latest_start + slack) / tick
    if first == last { return UInt64(first) }
    return ProcessTable.status(of: spawned.pid)?.startTicks ?? 0
  }

  private static func error(_ spawned: lanes_spawned, _ request: Request) -> PlatformError {
    switch spawned.step {
    case lanes_spawn_output:
      PlatformError("output file \(request.output)", code: spawned.error)
    case lanes_spawn_input:
      PlatformError("input file \(request.input ?? "/dev/null")", code: spawned.error)
    case lanes_spawn_directory:
      PlatformError(
        "working directory \(request.directory)", code: spawned.error,
        remedy: "make it again or name another one")
    case lanes_spawn_execute:
      PlatformError("program \(request.program)", code: spawned.error)
    default:
      PlatformError("new process", code: spawned.error)
    }
  }
}

/// The variables every program gets, as C strings that live as long as this.
private final class InheritedVariables {
  let pointers: [UnsafeMutablePointer<CChar>?]
  let slots: [String: Int]

  init(_ environment: EnvironmentBlock) {
    pointers = environment.entries.map { entry in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: entry.count + 1)
      copy.initialize(repeating: 0, count: entry.count + 1)
      for (index, byte) in entry.enumerated() { copy[index] = CChar(bitPattern: byte) }
      return copy
    }
    let names = environment.entries.enumerated().map { (EnvironmentBlock.name(of: $1), $0) }
    slots = Dictionary(names) { first, _ in first }
  }

  deinit {
    for pointer in pointers { pointer?.deallocate() }
  }
}
