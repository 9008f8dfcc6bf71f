import Core
import Glibc
import Testing

/// What another terminal can do to a run.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ControlTests {
  private static let untilGo = "until test -e go; do sleep 0.02; done"

  /// Starts a run whose first task is at work until the file `go` is there.
  private func start(
    _ tasks: [(String, [String])] = [("1", []), ("2", ["1"])], commands: [String: String] = [:],
    _ flags: String...
  ) async throws -> (Sandbox, LanesProcess) {
    let sandbox = try Sandbox(
      tasks, commands: commands.merging(["1": Self.untilGo]) { given, _ in given })
    let lanes = try await sandbox.start(
      ["run", "--command", "true", "--output", "json", "--grace", "300ms"] + flags)
    try await lanes.event("attempt_launched", task: "1")
    return (sandbox, lanes)
  }

  private func expect(
    _ sandbox: Sandbox, _ words: [String], says text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let answer = try await sandbox.run(words)
    #expect(answer.status == 0, "\(answer.errors)", sourceLocation: sourceLocation)
    #expect(answer.output == text + "\n", sourceLocation: sourceLocation)
  }

  @Test("a paused task's processes stop, and go on when it continues")
  func pauseTask() async throws {
    let (sandbox, lanes) = try await start()
    let process = try await lanes.event("attempt_launched").pid
    try await expect(sandbox, ["pause", "1"], says: "task 1 paused")
    try await lanes.event("attempt_paused", task: "1")
    try await sandbox.until("stopped") { self.state(of: process) == "T" }
    #expect(try await sandbox.run("status").output.contains("▶ 1 Task 1: "))
    let again = try await sandbox.run("pause", "1")
    #expect(again.status == 1)
    #expect(again.errors == "lanes: task 1 is paused already\n")
    try await expect(sandbox, ["resume", "1"], says: "task 1 continues")
    try await sandbox.until("going on") { self.state(of: process) != "T" }
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 0)
  }

  private func state(of pid: Int32) -> String {
    let bytes = FileBytes.read("/proc/\(pid)/stat", from: 0, count: 4096) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: ") ").last.map {
      String($0.prefix(1))
    } ?? ""
  }

  @Test("while dispatch is paused nothing starts")
  func pauseDispatch() async throws {
    let (sandbox, lanes) = try await start()
    try await expect(sandbox, ["pause"], says: "dispatch paused; what runs goes on")
    try sandbox.write("", to: "go")
    try await lanes.event("task_finished", task: "1")
    #expect(
      try await sandbox.run("explain", "2").output
        == "Task 2 Task 2: waits for dispatch, which is paused\n")
    try await expect(sandbox, ["resume"], says: "dispatch continues")
    #expect(try await lanes.end().status == 0)
  }

  @Test("a cancelled task is ended, and what needs it cannot start")
  func cancel() async throws {
    let (sandbox, lanes) = try await start()
    try await expect(sandbox, ["cancel", "1"], says: "task 1 cancelled")
    let run = try await lanes.end()
    #expect(run.status == 1)
    #expect(
      run.story.suffix(5) == [
        "task_finished 1 cancelled", "task_finished 2 blocked", "level_finished 0",
        "level_finished 1", "run_finished failed",
      ])
    #expect(sandbox.processes == [])
  }

  @Test("cancel --all ends the whole run")
  func cancelAll() async throws {
    let (sandbox, lanes) = try await start([("1", []), ("2", ["1"]), ("3", [])], "-j1")
    #expect(try await sandbox.run("cancel", "--all").status == 0)
    let run = try await lanes.end()
    #expect(run.status == 1)
    #expect(run.story.filter { $0.hasSuffix("cancelled") }.count >= 2)
    #expect(!run.story.contains("attempt_started 3"))
    #expect(sandbox.processes == [])
  }

  @Test("a skipped task counts as done for what needs it")
  func skip() async throws {
    let (sandbox, lanes) = try await start([("1", []), ("2", ["1"]), ("3", ["2"])])
    try await expect(sandbox, ["skip", "2"], says: "task 2 skipped")
    try sandbox.write("", to: "go")
    let run = try await lanes.end()
    #expect(run.status == 0)
    #expect(!run.story.contains("attempt_started 2"))
    #expect(run.story.contains("task_finished 3 succeeded"))
    #expect(try sandbox.statuses() == ["1": "done", "2": "pending", "3": "done"])
  }

  @Test("a failed task can be tried again while the run goes on, one by one or all of them")
  func retry() async throws {
    let (sandbox, lanes) = try await start(
      [("1", []), ("2", []), ("3", []), ("4", ["2"])],
      commands: ["2": "test -e fixed", "3": "test -e fixed"], "--on-failure", "keep-going")
    try await lanes.event("task_finished", task: "2")
    try await lanes.event("task_finished", task: "3")
    try sandbox.write("", to: "fixed")
    try await expect(sandbox, ["retry", "2"], says: "task 2 will be retried")
    try await lanes.event("attempt_ended", task: "2", attempt: 2)
    try await expect(sandbox, ["retry", "--failed"], says: "1 failed task will be retried")
    try await lanes.event("attempt_ended", task: "3", attempt: 2)
    try sandbox.write("", to: "go")
    let run = try await lanes.end()
    #expect(run.status == 0)
    #expect(run.story.contains("task_finished 4 succeeded"))
  }

  @Test("the number of jobs can be changed")
  func jobs() async throws {
    let (sandbox, lanes) = try await start([("1", []), ("2", []), ("3", [])], "-j1")
    try await expect(sandbox, ["jobs", "2"], says: "at most 2 at once")
    try await lanes.event("task_finished", task: "3")
    #expect(try await sandbox.run("jobs", "0").status == 2)
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 0)
  }

  @Test(
    "what cannot be done is refused with the reason",
    arguments: [
      (["cancel", "9"], "the run has no task 9"),
      (["retry", "1"], "task 1 is running; cancel it first"),
      (["retry", "2"], "task 2 has not ended"), (["resume", "1"], "task 1 is not paused"),
      (["pause", "2"], "task 2 is not running"),
      (["skip", "1"], "task 1 is running; cancel it first"),
      (["retry", "--failed"], "no task has failed"), (["resume"], "dispatch is not paused"),
    ])
  func refusals(_ words: [String], reason: String) async throws {
    let (sandbox, lanes) = try await start()
    let answer = try await sandbox.run(words)
    #expect(answer.status == 1)
    #expect(answer.errors == "lanes: \(reason)\n")
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 0)
  }

  @Test(
    "without a run there is nobody to ask",
    arguments: [["pause"], ["cancel", "1"], ["retry", "1"], ["skip", "1"], ["jobs", "2"]])
  func nobody(_ words: [String]) async throws {
    let sandbox = try Sandbox([("1", [])])
    let before = try await sandbox.run(words)
    #expect(before.status == 2)
    #expect(before.errors.hasSuffix(": there is no journal; start a run with lanes run\n"))
    #expect(try await sandbox.run("run", "--command", "true").status == 0)
    let answer = try await sandbox.run(words)
    #expect(answer.status == 1)
    #expect(
      answer.errors == "lanes: no run is active here; `lanes resume` takes up the last one\n")
  }
}
