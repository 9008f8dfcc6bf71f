import Core

/// `lanes simulate`: what the plan would take with other numbers of slots, schedules and policies.
enum SimulateCommand {
  static func run(_ call: Call) throws -> ExitStatus {
    let settings = try call.settings()
    let whole = try call.plan(settings)
    try PlanCommands.refuseErrors(in: whole, strict: false, call.console)
    let history = call.project.recentHistory
    let left = call.invocation.has("remaining") ? whole.remaining() : whole.simulated
    if left.tasks.isEmpty {
      throw Failure(.done, "lanes: there is nothing to simulate: no task of the list is left to do")
    }
    let most = call.invocation.integer("most-jobs") ?? 16
    let tasks = TaskForecast.of(left, history: history, spread: try spread(call))
    // The order in which ready tasks start goes by the estimates that a run would have.
    let plan = left.estimated(by: history)
    let conflicts = conflicts(call, settings, plan)
    let isCertain =
      tasks.allSatisfy { $0.spread == 0 && $0.failureRate == 0 }
      && conflicts?.isMerged != true
    let forecast = Forecast(
      plan, tasks: tasks, options: settings.runOptions, mostJobs: most,
      draws: call.invocation.integer("draws")
        ?? (isCertain
          ? 1 : Forecast.usualDraws(tasks: tasks.count, mostJobs: most, conflicts: conflicts)),
      seed: UInt64(call.invocation.integer("seed") ?? 1), conflicts: conflicts)
    if call.invocation.flags["format"] == "json" {
      call.console.out(bytes: forecast.json)
    } else {
      call.console.out(forecast.lines)
    }
    return .done
  }

  /// The pairs that may conflict; nil where there are none, or tasks do not work in worktrees.
  private static func conflicts(
    _ call: Call, _ settings: Settings, _ plan: Plan
  ) -> ForecastConflicts? {
    guard settings.isolation == .worktree, GitPreflight.isInRepository(call.project.directory)
    else { return nil }
    var settings = settings
    // Without levels more pairs can run at the same time; the simulation knows which levels keep apart.
    settings.schedule = .dataflow
    return ForecastConflicts(
      GitPreparation.predictions(call, settings, plan), policy: settings.predictedPolicy,
      isMerged: settings.git.integrates)
  }

  private static func spread(_ call: Call) throws -> Double {
    guard let text = call.invocation.flags["spread"] else { return TaskForecast.usualSpread }
    guard let spread = Double(text), (0...3).contains(spread) else {
      throw Failure(
        .usage, "lanes simulate: --spread: \(quoted(text)) is not a number from 0 to 3")
    }
    return spread
  }
}
