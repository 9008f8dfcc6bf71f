import Core
import Glibc

/// What `lanes run` and `lanes resume` do when they become a runner.
enum RunnerWork: Sendable {
  case start(RunPreparation, RunSession)
  case resume(TakeUp, isTakeOver: Bool, RunSession)
  case track(TrackSession)

  /// Prepares everything that can be refused before a run exists; nil when the call needs no runner.
  init?(_ call: Call, kept: Keeper.Kept?) throws {
    let settings = try call.settings()
    let session = RunSession(
      project: call.project, console: call.console, form: Self.form(settings),
      view: try ViewPlan(settings, call.project, call.console),
      isDetached: call.invocation.has("detach"),
      isColored: LineColor.isWanted(
        settings.color, environment: call.project.environment,
        isTerminal: isatty(STDOUT_FILENO) != 0),
      notification: settings.notification, hooks: settings.hooks, kept: kept)
    if call.invocation.command == .resume {
      if !call.tasks.isEmpty || Self.isPaused(call) { return nil }
      let isTakeOver = call.invocation.has(Flag.takeOver.name)
      let jobs = ResumedJobs(call.invocation)
      let how = TakeUp(
        runner: getpid(), jobs: jobs?.count, adaptsJobs: jobs?.isAuto ?? false,
        retriesFailed: !isTakeOver,
        budget: settings.crew.budget == Budget() ? nil : settings.crew.budget)
      self = .resume(how, isTakeOver: isTakeOver, session)
      return
    }
    if call.invocation.has("dry-run") { return nil }
    let preparation = try RunPreparation(call, settings)
    if let track = call.invocation.integer("track") {
      self = .track(TrackSession(track, preparation, session))
    } else {
      self = .start(preparation, session)
    }
  }

  var hasView: Bool { session.view != nil }
  /// Whether another process is to do the work, in the background.
  var isDetached: Bool { session.isDetached }

  private var session: RunSession {
    switch self {
    case .start(_, let session), .resume(_, _, let session): session
    case .track(let track): track.session
    }
  }

  func carryOut(_ signals: RunnerSignals) async throws -> ExitStatus {
    switch self {
    case .start(let preparation, let session): try await session.start(preparation, signals)
    case .resume(let how, let isTakeOver, let session):
      try await session.resume(how, isTakeOver: isTakeOver, signals)
    case .track(let session): try await session.carryOut(signals)
    }
  }

  /// Whether there is a runner, which `resume` only tells to go on.
  private static func isPaused(_ call: Call) -> Bool {
    !call.invocation.has(Flag.takeOver.name) && RunLock.holder(in: call.project.folder) != nil
  }

  private static func form(_ settings: Settings) -> RunPrinter.Form {
    switch settings.output {
    case .plain, .auto, .tui: .plain
    case .json: .json
    case .quiet: .quiet
    }
  }
}

/// The number of tasks at once that a resumed run was given.
struct ResumedJobs {
  var count: Int
  var isAuto: Bool

  init?(_ invocation: Invocation) {
    isAuto = invocation.flags["jobs"] == "auto"
    guard let count = isAuto ? Processors.usable : invocation.integer("jobs") else { return nil }
    self.count = count
  }
}

/// What a run starts from, made of the task list and settings.
struct RunPreparation: Sendable {
  let plan: Plan
  let options: RunOptions
  /// A moment before the task list was read.
  let readAt: Instant
  private let call: Call
  private let settings: Settings

  /// Reads the task list; throws what stands in the way of a run, and writes nothing.
  init(_ call: Call, _ settings: Settings) throws {
    (self.call, self.settings) = (call, settings)
    readAt = WallClock().now()
    (plan, options) = try Self.prepare(call, settings)
  }

  /// The same once more: another runner may have done tasks of the list since it was read.
  func renewed() throws -> RunPreparation { try RunPreparation(call, settings) }

  private static func prepare(_ call: Call, _ settings: Settings) throws -> (Plan, RunOptions) {
    let whole = try call.plan(settings)
    try PlanCommands.refuseErrors(in: whole, strict: settings.strict, call.console)
    var options = settings.runOptions
    if call.invocation.has("track") { options.schedule = .tracks }
    var plan = whole.remaining()
    if let only = call.invocation.flags["only"] {
      let ids = try ids(only, in: whole)
      options.only = ids
      plan = plan.restricted(to: Set(ids))
    }
    if plan.tasks.isEmpty {
      throw Failure(.done, "lanes: there is nothing to run: no task of the list is left to do")
    }
    if plan.tasks.contains(where: { $0.estimate == nil }) {
      plan = plan.estimated(by: call.project.recentHistory)
    }
    options.crew = try CrewPreparation.options(call, settings, plan, options)
    try requireCommands(plan, options)
    try requireLauncher(options)
    options.git = try GitPreparation.options(call, settings, plan)
    return (plan, options)
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

  private static func requireLauncher(_ options: RunOptions) throws {
    guard options.launcher == .slurm else { return }
    do throws(SlurmError) { try SlurmLauncher.check(EnvironmentBlock.inherited()) } catch {
      throw Failure(.usage, "lanes run: \(error)")
    }
  }

  private static func requireCommands(_ plan: Plan, _ options: RunOptions) throws {
    let isUnclear = { (task: TaskSpec) in
      task.command == nil
        && options.crew?.ladder(for: task, listTag: plan.origin.tag).isEmpty ?? true
    }
    guard options.command == nil, let task = plan.tasks.first(where: isUnclear) else { return }
    throw Failure(
      .usage,
      "lanes run: nothing says what to run for task \(cleaned(task.id.text));"
        + " give --command TEXT, or `command:` in lanes.yml, or the task's own"
        + " metadata.lanes.command")
  }
}
