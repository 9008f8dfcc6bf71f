import CLinux

/// The memory of one program on its way: its strings, and the stack of the process until it runs.
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
    for argument in request.arguments { arena.append(argument) }
    let variableCount = layOut(request.environment, inherited)
    // No string is added from here on, so the addresses stay.
    for place in firstArgument..<(firstArgument + request.arguments.count) {
      pointers.append(arena[place])
    }
    pointers.append(nil)
    let firstVariable = pointers.count
    pointers.append(contentsOf: inherited.pointers)
    pointers.append(nils: variableCount - inherited.pointers.count + 1)
    for addition in additions { pointers[firstVariable + addition.slot] = arena[addition.place] }
    control.pointee.program = UnsafePointer(arena[program])
    control.pointee.directory = UnsafePointer(arena[directory])
    control.pointee.output = UnsafePointer(arena[output])
    control.pointee.input = input.map { UnsafePointer(arena[$0]) }
    control.pointee.arguments = UnsafePointer(pointers.address(of: 0))
    control.pointee.environment = UnsafePointer(pointers.address(of: firstVariable))
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

  /// What went wrong, in the words of the request.
  func error(_ spawned: lanes_spawn) -> PlatformError {
    switch spawned.step {
    case lanes_spawn_output:
      PlatformError("output file \(request?.output ?? "")", code: spawned.error)
    case lanes_spawn_input:
      PlatformError("input file \(request?.input ?? "/dev/null")", code: spawned.error)
    case lanes_spawn_directory:
      PlatformError(
        "working directory \(request?.directory ?? "")", code: spawned.error,
        remedy: "make it again or name another one")
    case lanes_spawn_execute:
      PlatformError("program \(request?.program ?? "")", code: spawned.error)
    default:
      PlatformError("new process", code: spawned.error)
    }
  }
}
