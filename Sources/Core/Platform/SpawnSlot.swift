import CLinux
import Glibc

/// The memory of one program on its way: its strings, and the stack of the process until it runs.
///
/// As that process writes to its stack meanwhile, single fields are read here and never the whole of it.
final class SpawnSlot {
  let control: UnsafeMutablePointer<lanes_spawn>
  private let arena = CStringArena()
  private let pointers = PointerList()
  private var request: Spawner.Request?
  // What the latest request added or replaced; mostly the names are those of the one before.
  private var additions: [(slot: Int, place: Int)] = []
  private var latestNames: [(name: String, slot: Int?)] = []

  init() {
    control = .allocate(capacity: 1)
    control.initialize(to: lanes_spawn())
  }

  deinit {
    wait()
    control.deallocate()
  }

  /// Whether the memory can be used again, and no failure waits to be asked for.
  var isFree: Bool { !isBusy && control.pointee.step == lanes_spawn_done }

  var isBusy: Bool { lanes_spawn_is_busy(control) != 0 }

  func wait() {
    lanes_spawn_wait(control)
  }

  /// Whether there is a process now; the slot must not be busy.
  func start(
    _ request: Spawner.Request, inherited: InheritedVariables,
    configured: (inout lanes_spawn) -> Void
  ) -> Bool {
    self.request = request
    lay(request, inherited)
    configured(&control.pointee)
    return lanes_spawn_start(control) == 0
  }

  private func lay(_ request: Spawner.Request, _ inherited: InheritedVariables) {
    arena.removeAll()
    pointers.removeAll()
    let program = arena.append(request.program)
    let directory = arena.append(request.directory)
    let output = arena.append(request.output)
    let input = request.input.map { arena.append($0) }
    let firstArgument = (input ?? output) + 1
    let shellArguments = request.shellArguments ?? []
    for argument in request.arguments { arena.append(argument) }
    for argument in shellArguments { arena.append(argument) }
    let variableCount = layOut(request.environment, inherited)
    // No string is added from here on, so the addresses stay.
    pointArguments(firstArgument, request.arguments.count)
    let firstForShell = pointers.count
    pointArguments(firstArgument + request.arguments.count, shellArguments.count)
    let firstVariable = pointers.count
    pointers.append(contentsOf: inherited.pointers)
    pointers.append(nils: variableCount - inherited.pointers.count + 1)
    for addition in additions { pointers[firstVariable + addition.slot] = arena[addition.place] }
    control.pointee.program = UnsafePointer(arena[program])
    control.pointee.directory = UnsafePointer(arena[directory])
    control.pointee.output = UnsafePointer(arena[output])
    control.pointee.input = input.map { UnsafePointer(arena[$0]) }
    control.pointee.arguments = UnsafePointer(pointers.address(of: 0))
    control.pointee.shell_arguments =
      request.shellArguments == nil ? nil : UnsafePointer(pointers.address(of: firstForShell))
    control.pointee.announced = request.announced
    control.pointee.environment = UnsafePointer(pointers.address(of: firstVariable))
  }

  private func pointArguments(_ first: Int, _ count: Int) {
    for place in first..<(first + count) { pointers.append(arena[place]) }
    pointers.append(nil)
  }

  /// Finds a slot for each variable among the inherited ones or after them; how many slots there are.
  private func layOut(_ variables: [Variable], _ inherited: InheritedVariables) -> Int {
    additions.removeAll(keepingCapacity: true)
    var count = inherited.pointers.count
    for (index, variable) in variables.enumerated() {
      guard let place = arena.append(name: variable.name, value: variable.value) else { continue }
      let slot = inheritedSlot(of: variable.name, at: index, inherited) ?? count
      if slot == count { count += 1 }
      additions.append((slot, place))
    }
    return count
  }

  private func inheritedSlot(
    of name: String, at index: Int, _ inherited: InheritedVariables
  ) -> Int? {
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
  var startTicks: UInt64 {
    let tick = 1_000_000_000 / Int64(sysconf(Int32(_SC_CLK_TCK)))
    // The two clocks may be rounded differently.
    let slack: Int64 = 1000
    let first = (control.pointee.earliest_start - slack) / tick
    let last = (control.pointee.latest_start + slack) / tick
    if first == last { return UInt64(first) }
    return ProcessTable.status(of: control.pointee.pid)?.startTicks ?? 0
  }

  /// What went wrong, in the words of the request.
  var error: PlatformError {
    let code = control.pointee.error
    return switch control.pointee.step {
    case lanes_spawn_output:
      PlatformError("output file \(request?.output ?? "")", code: code)
    case lanes_spawn_input:
      PlatformError("input file \(request?.input ?? "/dev/null")", code: code)
    case lanes_spawn_directory:
      PlatformError(
        "working directory \(request?.directory ?? "")", code: code,
        remedy: "make it again or name another one")
    case lanes_spawn_execute:
      PlatformError("program \(request?.program ?? "")", code: code)
    default:
      PlatformError("new process", code: code)
    }
  }
}
