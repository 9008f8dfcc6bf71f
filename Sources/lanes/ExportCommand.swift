import Core

/// `lanes export`: the plan as a file that another program runs.
enum ExportCommand {
  static func run(_ call: Call) throws -> ExitStatus {
    let words = ExportedPlan.Target.allCases.map(\.rawValue)
    let word = call.invocation.operands[0]
    guard let target = ExportedPlan.Target(rawValue: word) else {
      let meant = nearest(word, among: words).map { "did you mean \($0)?" }
      throw Failure(
        .usage,
        "lanes export: \(quoted(word)) is no program that a plan can be written for; "
          + (meant ?? "there are \(words.joined(separator: ", "))"))
    }
    var rest = call.invocation
    rest.operands.removeFirst()
    // The process is in that folder already.
    rest.directory = nil
    let call = try Call(rest, console: call.console)
    let settings = try call.settings()
    let whole = try call.plan(settings)
    try PlanCommands.refuseErrors(in: whole, strict: settings.strict, call.console)
    let (plan, options) = (whole.remaining(), settings.runOptions)
    if let task = plan.tasks.first(where: { $0.command == nil && options.command == nil }) {
      throw Failure(
        .usage,
        "lanes export: nothing says what to run for task \(cleaned(task.id.text));"
          + " give --command TEXT, or `command:` in lanes.yml")
    }
    let exported = ExportedPlan(plan, options: options, directory: call.project.directory)
    call.console.write(exported.text(for: target))
    return .done
  }
}
