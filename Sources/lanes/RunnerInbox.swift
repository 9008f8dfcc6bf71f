import Core
import Glibc

/// The way to a runner of another terminal: commands through the journal, answers likewise.
struct RunnerInbox {
  private let folder: LanesFolder
  private let run: String
  private let journal: Journal
  private let clock = WallClock()

  init(folder: LanesFolder, run: String) throws {
    self.folder = folder
    self.run = run
    journal = try Journal.open(folder: folder, mode: .writing)
  }

  /// Asks, and waits for the answer at most ten seconds; the caller's thread meanwhile does nothing
  /// else.
  func ask(_ command: ControlCommand, isCancelled: () -> Bool = { false }) throws -> Reply {
    let id = try journal.post(run: run, at: clock.now().microseconds, body: command.json)
    _ = FileWatch.touch(folder.wake)
    let end = clock.now() + .seconds(10)
    var isGone = false
    while clock.now() < end, !isGone, !isCancelled() {
      isGone = RunLock.holder(in: folder) == nil
      if let line = try journal.result(ofCommand: id) { return Reply(line: line) }
      poll(nil, 0, 5)
    }
    return .refused(
      isGone
        ? "the runner is gone; `lanes resume` takes the run up"
        : "the runner did not answer; `lanes status` shows what it does")
  }
}
