/// What is to be said about a run when one looks back at it: figures, attempts, where time went.
package struct RunReport: Sendable {
  package let record: RunRecord
  /// The moment of the report; the end of a run that has ended.
  package let now: Instant
  /// A word for how the run stands.
  package let word: String
  package let metrics: Metrics
  package let slotTime: SlotTime
  /// What other choices would have taken.
  package let alternatives: [Alternative]
  /// The indexes of the tasks of the critical path.
  package let criticalTasks: Set<Int>
  /// Whether agents worked on it, so that there is something to be said of money.
  let hasAgents: Bool

  /// Another schedule or number of slots, simulated with the times the tasks really took.
  package struct Alternative: Equatable, Sendable {
    package var jobs: Int
    package var schedule: RunOptions.Schedule
    package var makespan: Duration
    /// How much less than the same simulation of the run as it was; negative is more.
    package var saving: Duration

    package init(
      jobs: Int, schedule: RunOptions.Schedule, makespan: Duration, saving: Duration
    ) {
      self.jobs = jobs
      self.schedule = schedule
      self.makespan = makespan
      self.saving = saving
    }
  }

  /// Works out the figures of a run.
  ///
  /// `runner` is the process that runs it now, nil when none does. Cost: O((tasks + dependencies) ×
  /// log tasks).
  package init(_ record: RunRecord, at now: Instant, runner: Int32? = nil) {
    let state = record.state
    let isOver = state.hasEnded || runner == nil
    self.record = record
    hasAgents = record.attempts.contains { $0.agent != nil }
    self.now = isOver ? state.lastEventAt : max(now, state.lastEventAt)
    word = StatusReport(state: state, now: now, runner: runner).word
    metrics = Metrics(state, at: self.now)
    slotTime = record.slotTime(at: self.now)
    alternatives = Self.alternatives(state, at: self.now)
    criticalTasks = Set(metrics.criticalPath.compactMap { state.index(of: $0) })
  }

  package var state: RunState { record.state }

  /// The run as it was first, then each choice that differs from it in one thing.
  private static func alternatives(_ state: RunState, at now: Instant) -> [Alternative] {
    let draw = Simulation.Draw(
      times: state.tasks.map { task in
        (task.worked + (task.isRunning ? task.elapsed(at: now) : .zero)).microseconds
      })
    let schedule = state.manifest.options.schedule
    let jobs = max(1, state.jobs)
    let others = Forecast.schedules.filter { $0 != schedule }.map { (jobs, $0) }
    var actual: Duration?
    return ([(jobs, schedule)] + others + [(jobs + 1, schedule)]).map { jobs, schedule in
      var options = RunOptions()
      (options.jobs, options.schedule) = (jobs, schedule)
      let makespan = Simulation(plan: state.manifest.plan, options: options).makespan(draw)
      let before = actual ?? makespan
      actual = before
      return Alternative(
        jobs: jobs, schedule: schedule, makespan: makespan, saving: before - makespan)
    }
  }

  /// A task's id and title, cleaned.
  package func name(of task: Int) -> String {
    let spec = state.manifest.plan.tasks[task]
    let id = cleaned(spec.id.text)
    return spec.title.isEmpty ? id : "\(id) \(cleaned(spec.title))"
  }

  /// How a task stands, in words.
  package func result(of task: Int) -> String {
    state.tasks[task].result.map { state.words(for: $0, of: task) } ?? state.tasks[task].word
  }

  /// The attempts of each task, by task index.
  package var attemptsByTask: [[AttemptRecord]] {
    var lists = [[AttemptRecord]](repeating: [], count: state.tasks.count)
    for attempt in record.attempts { lists[attempt.task].append(attempt) }
    return lists
  }
}

extension [AttemptRecord] {
  /// How long the attempts waited when only the level before was in the way.
  var barrierWait: Duration { reduce(.zero) { $0 + $1.barrierWait } }

  /// What the attempts cost, in words; nothing for commands.
  var costText: String {
    contains { $0.agent != nil } ? dollars(reduce(0) { $0 + $1.cost }) : ""
  }

  /// How long the attempts waited when only a slot was missing.
  var slotWait: Duration { reduce(.zero) { $0 + $1.slotWait } }
}
