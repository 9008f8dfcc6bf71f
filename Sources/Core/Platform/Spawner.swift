import CLinux
import Glibc

/// Starts programs, each in a process group of its own, from one thread.
///
/// What does not change from one start to the next is prepared once: the inherited variables, the
/// empty input, the limits.
package final class Spawner {
  /// A program to start.
  package struct Request {
    package var program: String
    package var arguments: [String]
    /// Set beside the inherited variables, which they replace; NUL characters are left out.
    package var environment: [String: String]
    package var directory: String
    /// The file that is standard input; nil for none.
    package var input: String?
    /// The file that standard output and error are appended to; made (0600) if missing.
    package var output: String

    package init(
      program: String, arguments: [String], environment: [String: String], directory: String,
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
  private var arena = CStringArena()

  /// `openFiles` is the soft limit of open files that programs get; nil for that of this process.
  package init(environment: EnvironmentBlock, openFiles: UInt64?) throws(PlatformError) {
    nullDevice = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard nullDevice >= 0 else { throw PlatformError("/dev/null") }
    self.openFiles = openFiles ?? 0
    inherited = InheritedVariables(environment)
    // A child of a process that ignores SIGCHLD leaves no exit status.
    signal(SIGCHLD, SIG_DFL)
  }

  deinit {
    close(nullDevice)
  }

  package func spawn(_ request: Request) throws(PlatformError) -> Spawned {
    arena.removeAll()
    for text in [request.directory, request.output, request.input ?? "", request.program] {
      arena.append(text)
    }
    for argument in request.arguments { arena.append(argument) }
    var places: [Int?] = []
    for (name, value) in request.environment where Self.isVariableName(name) {
      arena.append(name: name, value: value)
      places.append(inherited.places[name])
    }
    let spawned = perform(request, places: places)
    guard spawned.step == lanes_spawn_done else { throw Self.error(spawned, request) }
    return Spawned(
      process: ProcessIdentity(pid: spawned.pid, startTicks: Self.startTicks(spawned)),
      descriptor: spawned.pidfd)
  }

  private func perform(_ request: Request, places: [Int?]) -> lanes_spawned {
    let firstArgument = 4
    let firstVariable = firstArgument + request.arguments.count
    return arena.withPointers { pointer in
      var arguments = (firstArgument..<firstVariable).map(pointer)
      arguments.append(nil)
      var variables = inherited.pointers
      for (index, place) in places.enumerated() {
        let variable = pointer(firstVariable + index)
        if let place { variables[place] = variable } else { variables.append(variable) }
      }
      variables.append(nil)
      var spawned = lanes_spawned()
      arguments.withUnsafeBufferPointer { arguments in
        variables.withUnsafeBufferPointer { variables in
          var call = lanes_spawn_request()
          call.program = UnsafePointer(pointer(3))
          call.arguments = arguments.baseAddress
          call.environment = variables.baseAddress
          call.directory = UnsafePointer(pointer(0))
          call.output = UnsafePointer(pointer(1))
          call.input = request.input == nil ? nil : UnsafePointer(pointer(2))
          call.input_descriptor = nullDevice
          call.open_files = openFiles
          _ = lanes_spawn(&call, &spawned)
        }
      }
      return spawned
    }
  }

  private static func isVariableName(_ name: String) -> Bool {
    !name.isEmpty && !name.utf8.contains(UInt8(ascii: "="))
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
    let operation =
      switch spawned.step {
      case lanes_spawn_output: "output file \(request.output)"
      case lanes_spawn_input: "input file \(request.input ?? "/dev/null")"
      case lanes_spawn_directory: "working directory \(request.directory)"
      case lanes_spawn_execute: "program \(request.program)"
      default: "new process"
      }
    return PlatformError(operation, code: spawned.error)
  }
}

/// The variables every program gets, as C strings that live as long as this.
private final class InheritedVariables {
  let pointers: [UnsafeMutablePointer<CChar>?]
  let places: [String: Int]

  init(_ environment: EnvironmentBlock) {
    pointers = environment.entries.map { entry in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: entry.count + 1)
      copy.initialize(repeating: 0, count: entry.count + 1)
      for (index, byte) in entry.enumerated() { copy[index] = CChar(bitPattern: byte) }
      return copy
    }
    let names = environment.entries.enumerated().map { (EnvironmentBlock.name(of: $1), $0) }
    places = Dictionary(names) { first, _ in first }
  }

  deinit {
    for pointer in pointers { pointer?.deallocate() }
  }
}
