/// A run that takes no time: the run's own decisions under a clock that jumps from end to end.
///
/// What starts when is decided by `RunState`, as in a real run; only the processes are missing.
package struct Simulation: Sendable {
  private let opening: RunState
  private let actions: [Action]
  private let queue: IndexedHeap
  private let timeout: Duration?
  /// Nil where tasks do not work in worktrees, or none can conflict.
  private let git: SimulatedGit?

  /// What becomes of the tasks in one simulated run, by task index.
  package struct Draw: Equatable, Sendable {
    /// How long each attempt takes, in microseconds.
    package var times: [Int64]
    /// How many attempts fail before one succeeds; nil when none does.
    package var failures: [Int]?
    /// Whether the work of each pair that may conflict really does.
    package var clashes: [Bool]

    package init(times: [Int64], failures: [Int]? = nil, clashes: [Bool] = []) {
      self.times = times
      self.failures = failures
      self.clashes = clashes
    }

    func clashes(_ pair: Int) -> Bool { clashes.indices.contains(pair) && clashes[pair] }
  }

  /// Prepares runs of a plan, without agents, gates and limits, and in worktrees only where pairs may
  /// conflict; draws then say of each pair whether it does.
  ///
  /// Cost: O((tasks + dependencies) × log tasks); `makespan` then copies what was prepared.
  package init(
    plan: Plan, options: RunOptions, conflicts: ForecastConflicts? = nil,
    policy: GitOptions.PredictedPolicy? = nil
  ) {
    let start = Instant(microseconds: 0)
    var options = options
    (options.crew, options.adaptsJobs) = (nil, false)
    options.git = conflicts.map { $0.options(plan, options.schedule, policy ?? $0.policy) }
    git = conflicts.map { SimulatedGit(plan, $0.pairs) }
    let manifest = RunManifest(
      id: RunID("simulated"), version: "", directory: "", plan: plan, options: options)
    var state = RunState(manifest: manifest, at: start, keepsAccount: false)
    actions = state.settle(.begun, at: start).actions
    opening = state
    timeout = options.timeout
    queue = IndexedHeap(
      keys: [IndexedHeap.Key](
        repeating: IndexedHeap.Key(major: 0, minor: 0), count: plan.tasks.count))
  }

  /// How long the run takes.
  ///
  /// Cost: O((tasks + dependencies) × log tasks), about 2 µs a task in an optimized build, and 16 µs where
  /// pairs may conflict.
  package func makespan(_ draw: Draw) -> Duration {
    finalState(draw).lastEventAt - opening.startedAt
  }

  /// The state in which the run ends.
  package func finalState(_ draw: Draw) -> RunState {
    var state = opening
    var queue = queue
    var git = git
    perform(actions, at: opening.startedAt, draw, &queue, &git, &state)
    while !state.hasEnded, let index = queue.first {
      let now = Instant(microseconds: queue.key(of: index).minor)
      queue.remove(index)
      let settled = state.settle(input(index, state, draw), at: now)
      perform(settled.actions, at: now, draw, &queue, &git, &state)
    }
    return state
  }

  /// Performs actions, and those that follow from what git says to them, in their order.
  private func perform(
    _ actions: [Action], at now: Instant, _ draw: Draw, _ queue: inout IndexedHeap,
    _ git: inout SimulatedGit?, _ state: inout RunState
  ) {
    var actions = actions
    var next = 0
    while next < actions.count {
      let action = actions[next]
      next += 1
      switch action {
      case .launch(let key):
        guard let index = state.index(of: key.task) else { continue }
        let end = now + min(.microseconds(draw.times[index]), timeout ?? .max)
        queue.insert(index, key: IndexedHeap.Key(major: 0, minor: end.microseconds))
      case .wake(.retry(let id), let instant):
        guard let index = state.index(of: id) else { continue }
        queue.insert(index, key: IndexedHeap.Key(major: 0, minor: instant.microseconds))
      case .git(let order):
        guard let report = git?.answer(order, state.manifest.plan, draw) else { continue }
        actions += state.settle(.git(report), at: now).actions
      case .wake, .adopt, .signal, .measureSilence, .gate: continue
      }
    }
  }

  /// The end of a task's attempt, or the moment of its next one.
  private func input(_ index: Int, _ state: RunState, _ draw: Draw) -> Input {
    guard state.tasks[index].isRunning else { return .timer(.retry(state.id(of: index))) }
    let failures = draw.failures?[index] ?? 0
    let isOver = timeout.map { .microseconds(draw.times[index]) > $0 } ?? false
    let code: Int32 = isOver || state.tasks[index].failures < failures ? 1 : 0
    return .report(.ended(state.key(of: index), .exited(code), ResourceUsage()))
  }
}

extension Duration {
  /// Longer than any run, and short enough to be added to a moment.
  fileprivate static var max: Duration { .seconds(1_000_000_000) }
}
