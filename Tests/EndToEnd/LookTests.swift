import Core
import Glibc
import Testing

/// What another terminal sees of a run.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct LookTests {
  /// One task that succeeds, one that runs until told, one that needs it, one held by the level.
  private func sandbox() throws -> Sandbox {
    try Sandbox(
      [("1", []), ("2", []), ("3", ["2"]), ("4", ["1"])],
      commands: [
        "1": "echo first; echo second", "2": "echo waiting; until test -e go; do sleep 0.02; done",
      ])
  }

  @Test("status tells in lines what runs, and in JSON the same for programs")
  func status() async throws {
    let sandbox = try sandbox()
    let lanes = try await sandbox.start("run", "--command", "true", "--output", "json")
    try await lanes.event("task_finished", task: "1")
    let text = try await sandbox.run("status")
    #expect(text.status == 0)
    #expect(text.lines[0].hasSuffix(": running, runner \(lanes.pid)"))
    #expect(text.lines[1] == "Tasks: 1 succeeded, 1 running, 2 waiting")
    #expect(text.lines.contains { $0.hasPrefix("  ▶ 2 Task 2: ") })
    #expect(
      text.lines.contains("  ⋯ 3 Task 3 waits for 2, the level barrier (level 0 has 1 to go)"))
    let json = try await sandbox.run("status", "--format", "json")
    let root = try JSONDocument(parsing: Array(json.output.utf8), name: "status").root
    #expect(root["state"]?.string == "running")
    #expect(root["runner"]?.integer == Int(lanes.pid))
    let states = root["tasks"]?.elements.map { $0["state"]?.string } ?? []
    #expect(states == ["succeeded", "running", "waiting", "ready"])
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 0)
    let after = try await sandbox.run("status", try #require(root["run"]?.string))
    #expect(after.lines[0].hasSuffix(": succeeded"))
    #expect(after.lines[1] == "Tasks: 4 succeeded")
  }

  @Test("explain says what a task waits for, how it runs, and how it ended")
  func explain() async throws {
    let sandbox = try sandbox()
    let lanes = try await sandbox.start("run", "--command", "true", "--output", "json")
    let process = try await lanes.event("attempt_launched", task: "2").pid
    try await lanes.event("task_finished", task: "1")
    #expect(
      try await sandbox.run("explain", "3").output
        == "Task 3 Task 3: waits for 2, the level barrier (level 0 has 1 to go)\n")
    #expect(
      try await sandbox.run("explain", "4").output
        == "Task 4 Task 4: waits for the level barrier (level 0 has 1 to go)\n")
    #expect(
      try await sandbox.run("explain", "2").output
        .hasPrefix("Task 2 Task 2: runs as process \(process) for "))
    let ended = try await sandbox.run("explain", "1")
    #expect(ended.output.hasPrefix("Task 1 Task 1: succeeded\n  attempt 1: "))
    let unknown = try await sandbox.run("explain", "33")
    #expect(unknown.status == 2)
    #expect(unknown.errors == "lanes: the run has no task 33; did you mean 3?\n")
    try sandbox.write("", to: "go")
    try await lanes.end()
  }

  @Test("logs print what tasks wrote, all, the end of it, or of one attempt")
  func logs() async throws {
    let sandbox = try sandbox()
    try sandbox.write("", to: "go")
    #expect(try await sandbox.run("run", "--command", "true").status == 0)
    #expect(try await sandbox.run("logs", "1").output == "first\nsecond\n")
    #expect(try await sandbox.run("logs", "1", "-n", "1").output == "second\n")
    #expect(try await sandbox.run("logs", "1", "--attempt", "1").output == "first\nsecond\n")
    #expect(
      try await sandbox.run("logs", "1", "2").output
        == "1 │ first\n1 │ second\n2 │ waiting\n")
    let missing = try await sandbox.run("logs", "1", "--attempt", "2")
    #expect(missing.status == 2)
  }

  @Test("logs -f goes on as more is written, and ends with the run")
  func follow() async throws {
    let sandbox = try Sandbox(
      [("1", [])],
      commands: ["1": "echo one; until test -e go; do sleep 0.02; done; echo two"])
    let lanes = try await sandbox.start("run", "--output", "json")
    try await lanes.event("attempt_launched")
    let logs = try await sandbox.start("logs", "-f", "1")
    try await logs.prints("one\n")
    try sandbox.write("", to: "go")
    try await logs.prints("two\n")
    #expect(try await lanes.end().status == 0)
    #expect(try await logs.end().output == "one\ntwo\n")
  }

  @Test("wait ends with the run, as the run did")
  func wait() async throws {
    let sandbox = try Sandbox(
      [("1", [])], commands: ["1": "until test -e go; do sleep 0.02; done; exit 3"])
    let lanes = try await sandbox.start("run", "--output", "json")
    try await lanes.event("attempt_launched")
    let early = try await sandbox.run("wait", "--timeout", "100ms")
    #expect(early.status == 1)
    #expect(early.errors == "lanes wait: the run is not over yet\n")
    let wait = try await sandbox.start("wait")
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 1)
    let end = try await wait.end()
    #expect(end.status == 1)
    #expect(end.output.contains("❌ Task 1 Task 1: exit status 3"))
  }

  @Test(
    "where there was no run, words say so",
    arguments: [["status"], ["logs"], ["explain", "1"], ["wait"]])
  func noRun(_ words: [String]) async throws {
    let sandbox = try Sandbox([("1", [])])
    let run = try await sandbox.run(words)
    #expect(run.status == 2)
    #expect(run.errors.contains("lanes run"))
    #expect(!sandbox.exists(".lanes"))
  }
}
