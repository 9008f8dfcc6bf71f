import Core
import Glibc

/// What `lanes run` and `lanes resume` do when they become a runner.
enum RunnerWork: Sendable {
  case start(Plan, RunOptions, RunSession)
  case resume(jobs: Int?, RunSession)

  /// Prepares everything that can be refused before a run exists; nil when the call needs no runner.
  init?(_ call: Call) throws {
    let settings = try call.settings()
    let session = RunSession(
      project: call.project, console: call.console, form: try Self.form(settings, call.console),
      isColored: LineColor.isWanted(
        settings.color, environment: call.project.environment,
        isTerminal: isatty(STDOUT_FILENO) != 0))
    if call.invocation.command == .resume {
      if !call.tasks.isEmpty || RunLock.holder(in: call.project.folder) != nil { return nil }
      self = .resume(jobs: call.invocation.integer("jobs"), session)
      return
    }
    if call.invocation.has("dry-run") { return nil }
    let (plan, options) = try RunPreparation.prepare(call, settings)
    self = .start(plan, options, session)
  }

  func carryOut(_ signals: SignalSource) async throws -> ExitStatus {
    switch self {
    case .start(let plan, let options, let session):
      try await session.start(plan, options, signals)
    case .resume(let jobs, let session): try await session.resume(jobs: jobs, signals)
    }
  }

  private static func form(_ settings: Settings, _ console: Console) throws -> RunPrinter.Form {
    switch settings.output {
    case .plain, .auto: return .plain
    case .json: return .json
    case .quiet: return .quiet
    case .tui:
      console.note("lanes: there is no full-screen view in this version; plain lines instead")
      return .plain
    }
  }
}

/// Turns a plan and settings into what a run starts from, or says what stands in the way.
enum RunPreparation {
  static func prepare(_ call: Call, _ settings: Settings) throws -> (Plan, RunOptions) {
    let whole = try call.plan(settings)
    try PlanCommands.refuseErrors(in: whole, strict: settings.strict, call.console)
    var options = settings.runOptions
    var plan = whole.remaining()
    if let only = call.invocation.flags["only"] {
      let ids = try ids(only, in: whole)
      options.only = ids
      plan = plan.restricted(to: Set(ids))
    }
    if plan.tasks.isEmpty {
      throw Failure(.done, "lanes: there is nothing to run: no task of the list is left to do")
    }
    try requireCommands(plan, options)
    let isDeclared = plan.tasks.allSatisfy { $0.estimate != nil }
    return (isDeclared ? plan : plan.estimated(by: call.project.recentHistory), options)
  }

  private static func ids(_ text: String, in plan: Plan) throws -> [TaskID] {
    let ids = text.split(separator: ",").map { TaskID($0.filter { $0 != " " }) }
    for id in ids where plan.index(of: id) == nil {
      let meant = nearest(id.text, among: plan.tasks.map(\.id.text))
      throw Failure(
        .usage,
        "lanes run: --only: the plan has no task \(cleaned(id.text))"
          + (meant.map { "; did you mean \(cleaned($0))?" } ?? "; `lanes plan` lists them"))
    }
    return ids
  }

  private static func requireCommands(_ plan: Plan, _ options: RunOptions) throws {
    guard options.command == nil, let task = plan.tasks.first(where: { $0.command == nil }) else {
      return
    }
    throw Failure(
      .usage,
      "lanes run: nothing says what to run for task \(cleaned(task.id.text));"
        + " give --command TEXT, or `command:` in lanes.yml, or the task's own"
        + " metadata.lanes.command")
  }
}
