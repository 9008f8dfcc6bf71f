import Core
import Glibc

/// The program: understands the command line, does what it says, and ends with the right status.
@main
struct Main {
  static func main() {
    let console = Console()
    do {
      let invocation = try Arguments.parse(Array(CommandLine.arguments.dropFirst()))
      let call = try Call(invocation, console: console)
      switch invocation.command {
      case .run, .resume: try carryOut(call)
      default: exit(try perform(call).rawValue)
      }
    } catch {
      end(with: error, console)
    }
  }

  /// Commands that become a runner go on in a task; the first thread only waits, and takes no signal.
  private static func carryOut(_ call: Call) throws {
    guard let work = try RunnerWork(call) else { exit(try perform(call).rawValue) }
    let signals = try takeSignals()
    Task.detached {
      do { exit(try await work.carryOut(signals).rawValue) } catch {
        end(with: error, call.console)
      }
    }
    while true { pause() }
  }

  /// Before any further thread is made, so that none is ever interrupted.
  ///
  /// A terminal that goes away or a reader that stops reading ends nothing, and the end of a child is
  /// learnt from its descriptor.
  private static func takeSignals() throws -> SignalSource {
    signal(SIGHUP, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    var children = sigset_t()
    sigemptyset(&children)
    sigaddset(&children, SIGCHLD)
    pthread_sigmask(SIG_BLOCK, &children, nil)
    return try SignalSource([SIGINT, SIGTERM])
  }

  private static func perform(_ call: Call) throws -> ExitStatus {
    switch call.invocation.command {
    case .run: try PlanCommands.dryRun(call)
    case .plan: try PlanCommands.plan(call)
    case .validate: try PlanCommands.validate(call)
    case .status: try LookCommands.status(call)
    case .logs: try LogsCommand.run(call)
    case .explain: try LookCommands.explain(call)
    case .wait: try LookCommands.wait(call)
    case .pause, .resume, .retry, .cancel, .skip, .jobs: try ControlCommands.run(call)
    case .report: try ReportCommand.run(call)
    case .history: try HistoryCommand.run(call)
    case .simulate: try SimulateCommand.run(call)
    case .export: try ExportCommand.run(call)
    case .completions: try SetupCommands.completions(call)
    case .man: SetupCommands.man(call)
    case .initialize: try SetupCommands.initialize(call)
    case .doctor: try SetupCommands.doctor(call)
    case .config: try SetupCommands.config(call)
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
