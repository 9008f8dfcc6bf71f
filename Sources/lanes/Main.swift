import CLinux
import Core
import Glibc

/// The program: understands the command line, does what it says, and ends with the right status.
@main
struct Main {
  static func main() {
    let console = Console()
    do {
      #if DEBUG
      if CommandLine.arguments.dropFirst().first == "fail-in-view" { try FailingView.show() }
      #endif
      let invocation = try Arguments.parse(Array(CommandLine.arguments.dropFirst()))
      let call = try Call(invocation, console: console)
      switch invocation.command {
      case .run, .resume: try carryOut(call)
      case .attach, .replay: try watch(call)
      default: exit(try perform(call).rawValue)
      }
    } catch {
      end(with: error, console)
    }
  }

  /// Commands that become a runner go on in a task; the first thread only waits, and takes no signal.
  private static func carryOut(_ call: Call) throws {
    // One in the background was started by another name.
    lanes_name_process(Keeper.runnerName)
    // Before anything is read: what is in memory would be copied.
    let kept = isRunner(call.invocation) ? Keeper.begin() : nil
    guard let work = try RunnerWork(call, kept: kept) else { exit(try perform(call).rawValue) }
    if work.isDetached { exit(try BackgroundRunner.start(call).rawValue) }
    let signals = try takeSignals(work.hasView)
    goOn(call) { try await work.carryOut(signals) }
  }

  /// Whether a call may become a runner in this process.
  private static func isRunner(_ invocation: Invocation) -> Bool {
    if invocation.has("dry-run") || invocation.has("detach") { return false }
    return invocation.command == .run || invocation.operands.isEmpty
  }

  /// Commands that show a run that is not theirs.
  private static func watch(_ call: Call) throws {
    let view = try WatchedRun(call)
    let signals = try SignalSource(ViewPlan.signals + [SIGINT, SIGTERM])
    goOn(call) { try await view.show(signals) }
  }

  private static func goOn(
    _ call: Call, _ work: @escaping @Sendable () async throws -> ExitStatus
  ) -> Never {
    Task.detached {
      do { exit(try await work().rawValue) } catch { end(with: error, call.console) }
    }
    while true { pause() }
  }

  /// Before any further thread is made, so that none is ever interrupted.
  ///
  /// A terminal that goes away or a reader that stops reading ends nothing, and the end of a child is
  /// learnt from its descriptor. A view reads the signals of the terminal.
  private static func takeSignals(_ hasView: Bool) throws -> RunnerSignals {
    signal(SIGPIPE, SIG_IGN)
    if !hasView { signal(SIGHUP, SIG_IGN) }
    var children = sigset_t()
    sigemptyset(&children)
    sigaddset(&children, SIGCHLD)
    pthread_sigmask(SIG_BLOCK, &children, nil)
    return RunnerSignals(
      run: try SignalSource([SIGINT, SIGTERM]),
      view: hasView ? try SignalSource(ViewPlan.signals) : nil)
  }

  private static func perform(_ call: Call) throws -> ExitStatus {
    switch call.invocation.command {
    case .run: try PlanCommands.dryRun(call)
    case .attach, .replay: preconditionFailure("\(call.invocation.command) needs a thread")
    case .plan: try PlanCommands.plan(call)
    case .validate: try PlanCommands.validate(call)
    case .draft: try DraftCommand.run(call)
    case .task: try TaskCommand(call).run()
    case .status: try LookCommands.status(call)
    case .logs: try LogsCommand.run(call)
    case .explain: try LookCommands.explain(call)
    case .wait: try LookCommands.wait(call)
    case .pause, .resume, .retry, .cancel, .skip, .jobs: try ControlCommands.run(call)
    case .report: try ReportCommand.run(call)
    case .history: try HistoryCommand.run(call)
    case .simulate: try SimulateCommand.run(call)
    case .conflicts: try ConflictsCommand.run(call)
    case .export: try ExportCommand.run(call)
    case .completions: try SetupCommands.completions(call)
    case .man: SetupCommands.man(call)
    case .integrate: try IntegrateCommand.run(call)
    case .initialize: try SetupCommands.initialize(call)
    case .doctor: try SetupCommands.doctor(call)
    case .config: try SetupCommands.config(call)
    case .themes: try ThemesCommand.run(call)
    case .version: SetupCommands.version(call)
    case .help: SetupCommands.help(call)
    }
  }

  private static func end(with error: any Error, _ console: Console) -> Never {
    switch error {
    case let failure as Failure:
      console.note(failure.words)
      exit(failure.status.rawValue)
    case let error as PlanError:
      console.note("❌ \(error)")
      exit(ExitStatus.badPlan.rawValue)
    case let error as ArgumentError:
      console.note("\(error)")
      exit(ExitStatus.usage.rawValue)
    default:
      console.note("lanes: \(error)")
      exit(ExitStatus.usage.rawValue)
    }
  }
}
