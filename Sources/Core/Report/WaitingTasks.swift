/// How many tasks of a run wait, by what they wait for.
///
/// Kept beside a `RunState` by telling it which tasks an event may have changed; that costs O(1) a
/// task.
struct WaitingTasks: Equatable, Sendable {
  private enum Kind: Equatable, Sendable {
    case waiting
    case ready
    case backingOff
    case other
  }

  private(set) var waiting = 0
  private(set) var backingOff = 0
  private var ready = 0
  private var readyOfLevel: [Int]
  private var kinds: [Kind]

  init(_ state: RunState) {
    kinds = [Kind](repeating: .other, count: state.tasks.count)
    readyOfLevel = [Int](repeating: 0, count: state.levels.count + 1)
    for index in kinds.indices { note(index, state) }
  }

  /// Takes over what a task now waits for.
  mutating func note(_ index: Int, _ state: RunState) {
    let level = max(0, state.manifest.plan.graph.level[index])
    count(kinds[index], level, -1)
    kinds[index] = Self.kind(of: state.tasks[index])
    count(kinds[index], level, 1)
  }

  /// How many tasks could start now if there were slots, and how many only the barrier keeps.
  func ready(in state: RunState) -> (startable: Int, heldByBarrier: Int) {
    switch state.manifest.options.schedule {
    case .dataflow: return (ready, 0)
    case .levels:
      let startable = readyOfLevel[min(state.openLevel, readyOfLevel.count - 1)]
      return (startable, ready - startable)
    }
  }

  private mutating func count(_ kind: Kind, _ level: Int, _ change: Int) {
    switch kind {
    case .waiting: waiting += change
    case .backingOff: backingOff += change
    case .ready:
      ready += change
      readyOfLevel[level] += change
    case .other: break
    }
  }

  private static func kind(of task: TaskState) -> Kind {
    switch task.phase {
    case .waiting: .waiting
    case .ready: .ready
    case .backingOff: .backingOff
    case .running, .finished: .other
    }
  }
}
