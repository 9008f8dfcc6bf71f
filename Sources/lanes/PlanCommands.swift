import Core

/// `lanes plan`, `lanes validate`, and `lanes run --dry-run`: what would happen.
enum PlanCommands {
  static func plan(_ call: Call) throws -> ExitStatus {
    let settings = try call.settings()
    let whole = try call.plan(settings)
    if let tracks = call.invocation.flags["tracks"] {
      return try TrackCommand.run(call, whole, tracks, strict: settings.strict)
    }
    let plan = call.invocation.has("remaining") ? whole.remaining() : whole
    var report = PlanReport(plan, jobs: settings.runOptions.jobs)
    report.note(
      GitPreparation.predictions(call, settings, plan), settings.schedule, settings.predictedPolicy)
    switch call.invocation.flags["format"] ?? "text" {
    case "json": call.console.out(bytes: report.json())
    case "dot": call.console.write(report.dot())
    case "mermaid": call.console.write(report.mermaid())
    default: call.console.write(report.text())
    }
    return isUsable(plan, strict: settings.strict) ? .done : .badPlan
  }

  static func validate(_ call: Call) throws -> ExitStatus {
    let settings = try call.settings()
    let plan = try call.plan(settings)
    let findings = PlanReport.findingLines(of: plan)
    call.console.write(
      findings.isEmpty ? "✅ \(counted(plan.tasks.count, "task")), nothing to say\n" : findings)
    return isUsable(plan, strict: settings.strict) ? .done : .badPlan
  }

  static func dryRun(_ call: Call) throws -> ExitStatus {
    let preparation = try RunPreparation(call, try call.settings())
    var plan = preparation.plan
    let options = preparation.options
    // What was found was said by the preparation.
    plan.findings = []
    call.console.write(PlanReport(plan, jobs: options.jobs).text())
    call.console.out(["", "Would run, at most \(options.jobs) at once:"])
    for (level, tasks) in plan.graph.levels.enumerated() {
      for task in tasks.map({ plan.tasks[$0] }).sorted(by: { $0.id < $1.id }) {
        let command = task.command ?? options.command ?? ""
        call.console.out("  level \(level)  \(cleaned(task.id.text))  \(cleaned(command))")
      }
    }
    return .done
  }

  /// Prints what was found about a plan, and stops when it cannot run.
  static func refuseErrors(in plan: Plan, strict: Bool, _ console: Console) throws {
    let findings = PlanReport.findingLines(of: plan)
    if isUsable(plan, strict: strict) {
      let isWorthSaying = plan.findings.contains { $0.severity != .note }
      if isWorthSaying { console.write(findings, isResult: false) }
      return
    }
    console.write(findings, isResult: false)
    throw Failure(.badPlan, "❌ \(cleaned(plan.origin.file)): the plan cannot run; see above")
  }

  static func isUsable(_ plan: Plan, strict: Bool) -> Bool {
    !plan.findings.contains { finding in
      switch finding.severity {
      case .error: true
      case .warning: strict
      case .note: false
      }
    }
  }
}
