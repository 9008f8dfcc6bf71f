import Core
import Glibc

/// `lanes status`, `lanes explain` and `lanes wait`: what is happening, from any terminal.
enum LookCommands {
  static func status(_ call: Call) throws -> ExitStatus {
    let view = try RunView(call, run: call.invocation.operands.first)
    let report = StatusReport(state: view.state, now: WallClock().now(), runner: view.runner)
    if call.invocation.flags["format"] == "json" {
      call.console.out(bytes: report.json)
    } else {
      call.console.out(report.lines)
    }
    return .done
  }

  static func explain(_ call: Call) throws -> ExitStatus {
    let view = try RunView(call, run: nil)
    for id in call.tasks {
      guard let index = view.state.index(of: id) else { throw view.unknown(id) }
      call.console.out(Explanation.lines(view.state, task: index, at: WallClock().now()))
    }
    return .done
  }

  /// Waits for the runner's lock to be free, and ends as the run did.
  static func wait(_ call: Call) throws -> ExitStatus {
    let clock = WallClock()
    let end = call.invocation.duration("timeout").map { clock.now() + $0 }
    while RunLock.holder(in: call.project.folder) != nil {
      if let end, clock.now() >= end {
        throw Failure(.taskFailed, "lanes wait: the run is not over yet")
      }
      poll(nil, 0, 50)
    }
    let view = try RunView(call, run: nil)
    call.console.out(Summary.lines(view.state, at: clock.now()))
    return ExitStatus(view.state)
  }
}

/// A run as the journal knows it at this moment.
struct RunView {
  let state: RunState
  /// The process that runs it, nil when none does.
  let runner: Int32?

  /// Reads the named run, or the newest.
  init(_ call: Call, run name: String?) throws {
    let journal = try Journal.open(folder: call.project.folder, mode: .reading)
    guard let id = try name ?? journal.latestRun()?.id else {
      throw Failure(.usage, "lanes: there is no run yet; start one with `lanes run`")
    }
    let rows = try journal.rows(run: id, after: 0, limit: .max)
    guard let state = RunState.fold(rows.lazy.compactMap(RunEvent.init(row:))) else {
      throw Failure(
        .usage,
        "lanes: the journal lacks the beginning of run \(cleaned(id));"
          + " `lanes resume` puts it together again")
    }
    self.state = state
    let holder = RunLock.holder(in: call.project.folder)
    runner = holder.flatMap { $0.run == id ? $0.front : nil }
  }

  func unknown(_ id: TaskID) -> Failure {
    let meant = nearest(id.text, among: state.manifest.plan.tasks.map(\.id.text))
    return Failure(
      .usage,
      "lanes: the run has no task \(cleaned(id.text))"
        + (meant.map { "; did you mean \(cleaned($0))?" } ?? "; `lanes status` lists them"))
  }
}
