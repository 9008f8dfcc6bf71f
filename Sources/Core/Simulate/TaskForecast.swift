import Glibc

/// How long a task is expected to take, how sure that is, and on whose word.
package struct TaskForecast: Equatable, Sendable {
  /// Half of the attempts take longer than this.
  package var median: Duration
  /// The deviation of the logarithm of the time: 0.3 means that two of three attempts take between
  /// 74 % and 135 % of the median.
  package var spread: Double
  /// The share of attempts that fail, 0 to below 1.
  package var failureRate: Double
  package var source: Source

  package enum Source: String, Equatable, Sendable, CaseIterable {
    /// The task list says so.
    case declared
    /// Earlier runs of the task took so long.
    case history
    /// Nobody knows; what the other tasks take is assumed.
    case assumed
  }

  package init(
    median: Duration, spread: Double = 0, failureRate: Double = 0, source: Source = .declared
  ) {
    self.median = median
    self.spread = spread
    self.failureRate = failureRate
    self.source = source
  }

  /// How uncertain a time is that was never measured.
  package static var usualSpread: Double { 0.3 }

  /// The forecasts of a plan's tasks from what they declare alone.
  package static func declared(_ plan: Plan, spread: Double) -> [TaskForecast] {
    let estimates = Estimates(of: plan.tasks)
    return plan.tasks.indices.map { index in
      TaskForecast(
        median: .microseconds(estimates.weights[index]), spread: spread,
        source: plan.tasks[index].estimate == nil ? .assumed : .declared)
    }
  }
}

extension Simulation.Draw {
  /// Draws times, failures and clashes from forecasts; the same number and seed give the same draw.
  ///
  /// Every task succeeds with its last attempt at the latest, because a run that fails is no measure of
  /// the time it takes.
  package init(
    _ forecasts: [TaskForecast], pairs: [PredictedConflict] = [], number: Int, seed: UInt64,
    attempts: Int
  ) {
    let start = seed &+ UInt64(number) &* 0xD129_0F5C_9A3B_7E61
    var numbers = SeededNumbers(seed: start)
    var failing = forecasts.contains { $0.failureRate > 0 } ? [Int]() : nil
    times = forecasts.map { forecast in
      let factor = forecast.spread > 0 ? exp(forecast.spread * numbers.normal()) : 1
      if failing != nil {
        var count = 0
        while count < attempts - 1, numbers.fraction() < forecast.failureRate { count += 1 }
        failing?.append(count)
      }
      return Int64((Double(forecast.median.microseconds) * factor).rounded())
    }
    failures = failing
    // Numbers of their own, so that times are the same with conflicts and without.
    var chances = SeededNumbers(seed: ~start)
    clashes = pairs.map { chances.fraction() < $0.probability }
  }
}

extension Plan {
  /// The plan with every task to be done, whatever the source says of its state.
  package var simulated: Plan {
    let tasks = tasks.map { task in
      var task = task
      task.status = .pending
      return task
    }
    return Plan(origin: origin, tasks: tasks, findings: findings).keepingSurroundings(of: self)
  }
}
