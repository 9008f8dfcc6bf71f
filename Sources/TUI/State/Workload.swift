import Core

/// How much work the tasks are and how much of it is done, by estimates that the run corrects.
struct Workload: Equatable, Sendable {
  /// The work of each task by its estimate, in microseconds.
  private let weights: [Int64]
  /// The weight of the longest chain that begins with each task, itself included.
  private let heads: [Int64]
  private let isEstimated: Bool
  private let totals: [Int64]
  private let longest: [Int64]
  private let total: Int64
  private var done: [Int64]
  private var doneInAll: Int64 = 0
  private var isDone: [Bool]
  /// What the tasks that succeeded were thought to take, and took.
  private var thought: Int64 = 0
  private var took: Int64 = 0
  /// For each lane, the least time it and all after it take at `jobs` at once.
  private var later: [Int64] = []
  private var jobs = 0

  init(_ run: RunState, _ index: LaneIndex) {
    let plan = run.manifest.plan
    let estimates = Estimates(of: plan.tasks)
    // A run of more than ten years is as good as endless; so no sum overflows.
    let limit = Int64.max / 4 / Int64(plan.tasks.count + 1)
    weights = estimates.weights.map { Swift.min(Swift.max($0, 1), limit) }
    heads = CriticalPath(graph: plan.graph, weights: weights).heads
    isEstimated = estimates.declared > 0
    let weights = weights
    let lanes = index.lanes.map { $0.tasks.map { weights[Int($0)] } }
    totals = lanes.map { $0.reduce(0, +) }
    longest = lanes.map { $0.max() ?? 0 }
    total = totals.reduce(0, +)
    done = [Int64](repeating: 0, count: totals.count)
    isDone = [Bool](repeating: false, count: weights.count)
    for task in run.tasks.indices {
      refresh(task, lane: index.lane(of: task), run.tasks[task])
    }
    use(jobs: run.jobs)
  }

  /// Takes in what has become of a task.
  ///
  /// Cost: O(1).
  mutating func refresh(_ task: Int, lane: Int, _ state: TaskState) {
    // What waits to be merged is done, unless a conflict sends it back.
    let isCommitted = state.phase == .committed
    let isOver = state.isFinished || isCommitted
    guard isDone[task] != isOver, done.indices.contains(lane) else { return }
    isDone[task] = isOver
    let sign: Int64 = isOver ? 1 : -1
    done[lane] += sign * weights[task]
    doneInAll += sign * weights[task]
    guard isCommitted || state.result == .succeeded, state.worked > .zero else { return }
    thought += weights[task]
    took += Swift.min(state.worked.microseconds, Int64.max / 4 / Int64(weights.count + 1))
  }

  /// Takes in how many tasks may run at once.
  ///
  /// Cost: O(lanes).
  mutating func use(jobs: Int) {
    guard jobs != self.jobs, jobs > 0 else { return }
    self.jobs = jobs
    later = [Int64](repeating: 0, count: totals.count + 1)
    for lane in totals.indices.reversed() {
      later[lane] = later[lane + 1] + Swift.max(longest[lane], totals[lane] / Int64(jobs))
    }
  }

  /// How long tasks take for each microsecond of their estimate; nil when nothing is known.
  private var scale: Double? {
    if thought > 0 { return Double(took) / Double(thought) }
    return isEstimated ? 1 : nil
  }

  /// The scale by what running tasks report, before any has ended; nil when none reports enough.
  private func reported(_ run: RunState, _ now: Instant) -> Double? {
    var (whole, thought) = (0.0, 0.0)
    for task in run.running {
      guard let share = run.tasks[task].progress?.fraction.clamped, share > 0.1 else { continue }
      whole += Swift.max(0, run.tasks[task].elapsed(at: now).seconds) / share
      thought += Double(weights[task]) / 1e6
    }
    return thought > 0 ? whole / thought : nil
  }

  /// How long a task is thought to take, by its estimate and what others took.
  func expected(_ task: Int) -> Duration? {
    scale.map { .readable(seconds: Double(weights[task]) / 1e6 * $0) }
  }

  /// How far a running task is; nil when nothing is known.
  func progress(_ task: Int, _ state: TaskState, at now: Instant) -> BarValue? {
    if let progress = state.progress {
      return BarValue(fraction: progress.fraction.clamped, isGuess: false)
    }
    guard let expected = expected(task)?.seconds, expected > 0 else { return nil }
    let share = Swift.max(0, state.elapsed(at: now).seconds) / expected
    // A guess comes near the end and never reaches it.
    return BarValue(fraction: share <= 0.9 ? share : 0.99 - 0.081 / share, isGuess: true)
  }

  /// How long a running task still takes; nil when nothing is known or it is over its time.
  func remaining(_ task: Int, _ state: TaskState, at now: Instant) -> Duration? {
    let elapsed = state.elapsed(at: now).seconds
    if let share = state.progress?.fraction.clamped, share > 0.03 {
      return .readable(seconds: elapsed * (1 - share) / share)
    }
    guard let expected = expected(task)?.seconds, expected > elapsed else { return nil }
    return .readable(seconds: expected - elapsed)
  }

  /// How much of a lane is done, by work.
  func fraction(ofLane lane: Int, running: some Sequence<Int>, _ run: RunState, _ now: Instant)
    -> Double
  {
    guard totals[lane] > 0 else { return 1 }
    return ((Double(done[lane]) + partDone(running, run, now)) / Double(totals[lane])).clamped
  }

  /// How much of the run is done, by work.
  func fraction(_ run: RunState, at now: Instant) -> Double {
    guard total > 0 else { return 1 }
    return ((Double(doneInAll) + partDone(run.running, run, now)) / Double(total)).clamped
  }

  private func partDone(_ running: some Sequence<Int>, _ run: RunState, _ now: Instant) -> Double {
    running.reduce(0) { sum, task in
      sum + Double(weights[task]) * (progress(task, run.tasks[task], at: now)?.fraction ?? 0)
    }
  }

  /// How long the run still takes at the least; nil when nothing is known.
  ///
  /// Cost: O(running tasks).
  func remaining(_ run: RunState, at now: Instant) -> Duration? {
    guard run.unfinished > 0, jobs > 0,
      let scale = thought > 0 ? scale : reported(run, now) ?? scale
    else { return nil }
    let hasBarriers = run.manifest.options.schedule == .levels
    var longest = 0.0
    for task in run.running {
      let own = remaining(task, run.tasks[task], at: now)?.seconds ?? 0
      let after = hasBarriers ? 0 : Double(heads[task] - weights[task]) / 1e6 * scale
      longest = Swift.max(longest, own + after)
    }
    let lane = run.openLevel
    guard hasBarriers, lane < totals.count else {
      let left = Double(total - doneInAll) - partDone(run.running, run, now)
      return .readable(seconds: Swift.max(longest, left / 1e6 * scale / Double(jobs)))
    }
    let left = Double(totals[lane] - done[lane]) - partDone(run.running, run, now)
    let here = Swift.max(longest, left / 1e6 * scale / Double(jobs))
    return .readable(seconds: here + Double(later[lane + 1]) / 1e6 * scale)
  }

  /// What each task takes: as measured where it has ended, and as it is thought otherwise, in
  /// microseconds.
  ///
  /// Cost: O(tasks).
  func times(_ run: RunState, at now: Instant) -> [Int64] {
    run.tasks.indices.map { index in
      let task = run.tasks[index]
      if task.isFinished { return task.worked.microseconds }
      let spent = task.isRunning ? task.elapsed(at: now).microseconds : 0
      return Swift.max(spent, expected(index)?.microseconds ?? 1)
    }
  }
}

/// A share of a whole, and whether anybody knows it.
struct BarValue: Equatable, Sendable {
  /// 0 to 1.
  var fraction: Double
  var isGuess: Bool
}

extension Duration {
  /// A time that people plan with: from nothing to thirty years.
  fileprivate static func readable(seconds: Double) -> Duration {
    .seconds(seconds.isNaN ? 0 : Swift.min(Swift.max(0, seconds), 1e9))
  }
}

extension Double {
  /// The number cut to 0 to 1; 0 when it is none.
  var clamped: Double { isNaN ? 0 : Swift.min(1, Swift.max(0, self)) }
}
