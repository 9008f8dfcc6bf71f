import Glibc

/// What runs before this one did: a fold of their records, the oldest first.
package struct History: Equatable, Sendable {
  package private(set) var runs: [Run] = []
  /// How far estimates were off: the time a task took over the time it was expected to take.
  package private(set) var estimateErrors: [Double] = []
  private var byKey: [TaskHistory.Key: TaskHistory] = [:]
  private var order: [TaskHistory.Key] = []

  /// One run in a few words.
  package struct Run: Equatable, Sendable {
    package var id: RunID
    package var startedAt: Instant
    /// How it stands.
    package var word: String
    package var counts: RunState.Counts
    package var tasks: Int
    package var jobs: Int
    package var schedule: RunOptions.Schedule
    package var wall: Duration
    package var worked: Duration
    package var speedup: Double
    package var attempts: Int
    /// The time of each task's attempt that succeeded.
    package var times: [TaskHistory.Key: Duration]
  }

  package init() {}

  /// The tasks in the order in which they were first seen.
  package var tasks: [TaskHistory] { order.compactMap { byKey[$0] } }

  package func task(_ spec: TaskSpec) -> TaskHistory? { byKey[TaskHistory.Key(spec)] }

  /// Adds a run, which is later than those before.
  ///
  /// Cost: O(tasks + attempts).
  package mutating func take(_ record: RunRecord) {
    let state = record.state
    let metrics = Metrics(state, at: state.lastEventAt)
    var run = Run(
      id: state.manifest.id, startedAt: state.startedAt,
      word: StatusReport(state: state, now: state.lastEventAt, runner: nil).word,
      counts: state.counts, tasks: state.tasks.count, jobs: state.jobs,
      schedule: state.manifest.options.schedule, wall: metrics.wall, worked: metrics.worked,
      speedup: metrics.speedup, attempts: record.attempts.count, times: [:])
    var seen: [Int: (failed: Bool, succeeded: Bool)] = [:]
    for attempt in record.attempts { take(attempt, of: state, &run, &seen) }
    for (index, ends) in seen {
      let key = TaskHistory.Key(state.manifest.plan.tasks[index])
      byKey[key]?.runs += 1
      if ends.failed, ends.succeeded { byKey[key]?.flakyRuns += 1 }
    }
    runs.append(run)
  }

  private mutating func take(
    _ attempt: AttemptRecord, of state: RunState, _ run: inout Run,
    _ seen: inout [Int: (failed: Bool, succeeded: Bool)]
  ) {
    guard let use = attempt.outcome?.use, use == .work || use == .retry || use == .timeout else {
      return
    }
    let spec = state.manifest.plan.tasks[attempt.task]
    let key = TaskHistory.Key(spec)
    if byKey[key] == nil { order.append(key) }
    var task = byKey[key] ?? TaskHistory(key: key)
    task.attempts += 1
    if use == .work {
      let time = attempt.worked(at: state.lastEventAt)
      task.times.append(time)
      run.times[key] = time
      seen[attempt.task, default: (false, false)].succeeded = true
      if let estimate = spec.estimate, estimate > .zero, time > .zero {
        estimateErrors.append(time.seconds / estimate.seconds)
      }
    } else {
      task.failures += 1
      seen[attempt.task, default: (false, false)].failed = true
    }
    byKey[key] = task
  }

  /// The factor that the given share of estimates was off by at most, whether too high or too low;
  /// nil when there were none.
  package func errorFactor(_ share: Double) -> Double? {
    guard !estimateErrors.isEmpty else { return nil }
    let factors = estimateErrors.map { max($0, 1 / $0) }.sorted()
    return factors[Int((share * Double(factors.count - 1)).rounded())]
  }
}

extension Plan {
  /// The plan with the usual time of earlier runs as the estimate of tasks that declare none.
  package func estimated(by history: History) -> Plan {
    let tasks = tasks.map { task in
      guard task.estimate == nil, let median = history.task(task)?.median, median > .zero else {
        return task
      }
      var task = task
      task.estimate = median
      return task
    }
    return Plan(origin: origin, tasks: tasks, findings: findings).keepingSurroundings(of: self)
  }
}

extension TaskForecast {
  /// The forecasts of a plan's tasks: what they declare, else what earlier runs took, else what the
  /// others take.
  ///
  /// The spread and the failures are those of earlier runs where there are any, else `spread` and
  /// none.
  package static func of(_ plan: Plan, history: History, spread: Double) -> [TaskForecast] {
    let forecasts = declared(plan.estimated(by: history), spread: spread)
    return plan.tasks.indices.map { index in
      var forecast = forecasts[index]
      guard let past = history.task(plan.tasks[index]) else { return forecast }
      if plan.tasks[index].estimate == nil, past.median != nil { forecast.source = .history }
      if let spread = past.spread { forecast.spread = spread }
      forecast.failureRate = past.failureRate
      return forecast
    }
  }
}
