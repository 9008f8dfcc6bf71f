/// What a plan would take with each number of slots, schedule and policy for conflicts, drawn many times.
package struct Forecast: Equatable, Sendable {
  /// One number of slots, schedule and policy, with the makespans that were drawn for it.
  package struct Choice: Equatable, Sendable {
    package var jobs: Int
    package var schedule: RunOptions.Schedule
    /// What happens to tasks that are expected to conflict; nil where none can.
    package var policy: GitOptions.PredictedPolicy?
    /// Ascending; as many as draws.
    package var makespans: [Duration]

    /// The makespan that the given share of draws does not exceed.
    package func quantile(_ share: Double) -> Duration {
      guard let last = makespans.last else { return .zero }
      let place = Int((share * Double(makespans.count - 1)).rounded())
      return makespans.indices.contains(place) ? makespans[place] : last
    }

    package var median: Duration { quantile(0.5) }

    package var mean: Duration {
      makespans.isEmpty ? .zero : makespans.reduce(.zero, +) / makespans.count
    }

    /// By what choices are compared: the median, or the mean where tasks may conflict, because what
    /// happens in fewer than half of the draws does not move a median.
    package var typical: Duration { policy == nil ? median : mean }
  }

  /// The schedules that are simulated: tracks are the same as dataflow with limits of their own.
  package static let schedules: [RunOptions.Schedule] = [.levels, .dataflow]

  package let choices: [Choice]
  package let tasks: [TaskForecast]
  /// The number of slots and the schedule that are set now.
  package let current: (jobs: Int, schedule: RunOptions.Schedule)
  /// Nil where no tasks can conflict.
  package let conflicts: ForecastConflicts?
  package let seed: UInt64
  package let draws: Int
  /// By the medians: the work of all tasks, and the heaviest chain.
  package let work: Duration
  package let criticalTime: Duration

  /// Simulates every schedule and policy with 1 to `mostJobs` slots, `draws` times each.
  ///
  /// All choices meet the same draws, so that they differ by nothing but the choice. Cost:
  /// O(choices × draws × tasks × log tasks).
  package init(
    _ plan: Plan, tasks: [TaskForecast], options: RunOptions, mostJobs: Int, draws: Int,
    seed: UInt64, conflicts: ForecastConflicts? = nil
  ) {
    let weights = tasks.map(\.median.microseconds)
    let drawn = (0..<draws).map { number in
      Simulation.Draw(
        tasks, pairs: conflicts?.pairs ?? [], number: number, seed: seed, attempts: options.attempts
      )
    }
    self.tasks = tasks
    self.seed = seed
    self.draws = draws
    self.conflicts = conflicts
    current = (options.jobs, options.schedule)
    work = .microseconds(Makespan.work(plan.graph, weights: weights))
    criticalTime = .microseconds(CriticalPath(graph: plan.graph, weights: weights).length)
    choices = Self.policies(conflicts).flatMap { policy in
      Forecast.schedules.flatMap { schedule in
        Self.counts(upTo: mostJobs, current: options.jobs).map { jobs in
          var options = options
          (options.jobs, options.schedule, options.onFailure) = (jobs, schedule, .keepGoing)
          let simulation = Simulation(
            plan: plan, options: options, conflicts: conflicts, policy: policy)
          return Choice(
            jobs: jobs, schedule: schedule, policy: policy,
            makespans: drawn.map(simulation.makespan).sorted())
        }
      }
    }
  }

  /// How many draws give an answer in about a second.
  package static func usualDraws(
    tasks: Int, mostJobs: Int, conflicts: ForecastConflicts? = nil
  ) -> Int {
    let runs =
      Forecast.schedules.count * max(1, mostJobs) * (conflicts.map { $0.policies.count * 4 } ?? 1)
    return min(1000, max(10, 300_000 / (max(1, tasks) * runs)))
  }

  /// The policies that are simulated: one that is none where no tasks can conflict.
  static func policies(_ conflicts: ForecastConflicts?) -> [GitOptions.PredictedPolicy?] {
    guard let conflicts else { return [nil] }
    return conflicts.policies
  }

  private static func counts(upTo most: Int, current: Int) -> [Int] {
    Array(1...max(1, most)) + (current > most ? [current] : [])
  }

  package static func == (left: Forecast, right: Forecast) -> Bool {
    left.choices == right.choices && left.tasks == right.tasks && left.current == right.current
      && left.seed == right.seed && left.conflicts == right.conflicts
  }

  package func choice(
    _ jobs: Int, _ schedule: RunOptions.Schedule, _ policy: GitOptions.PredictedPolicy? = nil
  ) -> Choice? {
    choices.first { $0.jobs == jobs && $0.schedule == schedule && $0.policy == policy }
  }

  /// The choice that is set now.
  package var now: Choice? { choice(current.jobs, current.schedule, conflicts?.policy) }

  /// The smallest number of slots, then levels before other schedules, then the most careful policy, that
  /// takes at most 2 % more than the fastest choice.
  package var best: Choice? {
    guard let fastest = choices.map(\.typical).min() else { return nil }
    // Of equal choices the first one is taken, and policies are in their order.
    return choices.filter { $0.typical.seconds <= fastest.seconds * 1.02 }.min { left, right in
      if left.jobs != right.jobs { return left.jobs < right.jobs }
      return left.schedule == .levels && right.schedule != .levels
    }
  }

  /// How much of the time of `other` is saved by `choice`; 0.25 is a quarter.
  package static func saving(_ choice: Choice, over other: Choice) -> Double {
    let before = other.typical.seconds
    return before > 0 ? 1 - choice.typical.seconds / before : 0
  }
}
