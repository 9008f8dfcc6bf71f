import Core
import Glibc

/// `lanes pause`, `resume TASK`, `retry`, `cancel`, `skip` and `jobs`: asks the runner for something
/// through the inbox and prints its answer.
enum ControlCommands {
  static func run(_ call: Call) throws -> ExitStatus {
    let run = try call.activeRun(remedy: "`lanes resume` takes up the last one")
    let command = try command(call)
    switch try RunnerInbox(folder: call.project.folder, run: run).ask(command) {
    case .done(let words):
      call.console.out(words)
      return .done
    case .refused(let words): throw Failure(.taskFailed, "lanes: \(cleaned(words))")
    }
  }

  private static func command(_ call: Call) throws -> ControlCommand {
    let (tasks, invocation) = (call.tasks, call.invocation)
    switch invocation.command {
    case .pause: return tasks.isEmpty ? .pauseDispatch : .pause(tasks)
    case .resume: return tasks.isEmpty ? .continueDispatch : .proceed(tasks)
    case .retry:
      if invocation.has("failed") { return .retryFailed }
      return .retry(tasks, withDependents: invocation.has("with-dependents"))
    case .cancel: return invocation.has("all") ? .cancelAll : .cancel(tasks)
    case .skip: return .skip(tasks)
    case .jobs where invocation.operands.first == "auto": return .automaticJobs
    case .jobs: return .jobs(invocation.operands.first.flatMap { Int($0) } ?? 0)
    case .run, .plan, .validate, .draft, .status, .logs, .attach, .replay, .explain, .wait, .report,
      .history, .simulate, .conflicts, .export, .integrate, .initialize, .doctor, .config, .themes,
      .completions, .man, .version, .help, .task:
      preconditionFailure("\(invocation.command) asks nothing of a runner")
    }
  }
}
