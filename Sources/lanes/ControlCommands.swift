import Core
import Glibc

/// `lanes pause`, `resume TASK`, `retry`, `cancel`, `skip` and `jobs`: asks the runner for something
/// through the inbox and prints its answer.
enum ControlCommands {
  static func run(_ call: Call) throws -> ExitStatus {
    let folder = call.project.folder
    guard let holder = RunLock.holder(in: folder), let run = holder.run else {
      throw Failure(
        .taskFailed, "lanes: no run is active here; `lanes resume` takes up the last one")
    }
    let command = try command(call)
    let journal = try Journal.open(folder: folder, mode: .writing)
    let clock = WallClock()
    let id = try journal.post(run: run, at: clock.now().microseconds, body: command.json)
    _ = FileWatch.touch(folder.wake)
    switch try answer(to: id, in: journal, folder, clock) {
    case .done(let words):
      call.console.out(words)
      return .done
    case .refused(let words): throw Failure(.taskFailed, "lanes: \(cleaned(words))")
    }
  }

  private static func answer(
    to id: Int64, in journal: Journal, _ folder: LanesFolder, _ clock: WallClock
  ) throws -> Reply {
    let end = clock.now() + .seconds(10)
    var isGone = false
    while clock.now() < end, !isGone {
      isGone = RunLock.holder(in: folder) == nil
      if let line = try journal.result(ofCommand: id) { return Reply(line: line) }
      poll(nil, 0, 5)
    }
    return .refused(
      isGone
        ? "the runner is gone; `lanes resume` takes the run up"
        : "the runner did not answer; `lanes status` shows what it does")
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
    case .jobs: return .jobs(invocation.operands.first.flatMap { Int($0) } ?? 0)
    case .run, .plan, .validate, .status, .logs, .explain, .wait, .report, .history, .simulate,
      .export, .initialize, .doctor, .config, .completions, .man, .version, .help:
      preconditionFailure("\(invocation.command) asks nothing of a runner")
    }
  }
}
