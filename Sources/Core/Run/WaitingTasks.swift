/// How many tasks of a run wait, by what they wait for.
///
/// Kept beside a `RunState` by telling it which tasks an event may have changed; that costs O(1) a
/// task.
struct WaitingTasks: Equatable, Sendable {
  private enum Kind: Equatable, Sendable {
    case waiting
    case ready
    case backingOff
    case committed
    case other
  }

  private(set) var waiting = 0
  private(set) var backingOff = 0
  /// Tasks whose work is done and waits to be merged.
  private(set) var committed = 0
  private var ready: Set<Int> = []
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
    count(kinds[index], index, level, -1)
    kinds[index] = Self.kind(of: state.tasks[index])
    count(kinds[index], index, level, 1)
  }

  /// Ready tasks by what keeps them from starting.
  struct Ready: Equatable, Sendable {
    /// Nothing but a free slot.
    var startable = 0
    var barrier = 0
    var conflict = 0
    var limit = 0
  }

  /// How many tasks are ready, and what keeps them from starting.
  ///
  /// Cost: O(1), and O(ready tasks) where conflicts and limits can hold them.
  func ready(in state: RunState) -> Ready {
    guard !state.hasGit, !state.hasCrew else {
      return ready.reduce(into: Ready()) { $0.add($1, state) }
    }
    switch state.manifest.options.schedule {
    case .dataflow, .tracks: return Ready(startable: ready.count)
    case .levels:
      let startable = readyOfLevel[min(state.openLevel, readyOfLevel.count - 1)]
      return Ready(startable: startable, barrier: ready.count - startable)
    }
  }

  private mutating func count(_ kind: Kind, _ index: Int, _ level: Int, _ change: Int) {
    switch kind {
    case .waiting: waiting += change
    case .backingOff: backingOff += change
    case .ready:
      if change > 0 { ready.insert(index) } else { ready.remove(index) }
      readyOfLevel[level] += change
    case .committed: committed += change
    case .other: break
    }
  }

  private static func kind(of task: TaskState) -> Kind {
    switch task.phase {
    case .waiting: .waiting
    case .ready: .ready
    case .backingOff: .backingOff
    case .committed: .committed
    case .running, .finished: .other
    }
  }
}

extension WaitingTasks.Ready {
  fileprivate mutating func add(_ index: Int, _ state: RunState) {
    let isBehindBarrier =
      state.manifest.options.schedule == .levels
      && state.manifest.plan.graph.level[index] > state.openLevel
    if isBehindBarrier {
      barrier += 1
    } else if state.git?.isHeld(index) == true {
      conflict += 1
    } else if !state.ready.hasRoom(for: index) {
      limit += 1
    } else {
      startable += 1
    }
  }
}
