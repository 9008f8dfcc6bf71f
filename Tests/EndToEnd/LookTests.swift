import Core
import Testing

/// Looking at a run from another terminal.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct LookTests {
  @Test("status tells in lines what runs and what waits for what")
  func status() async throws {
    let gated = try await GatedRun([("1", []), ("2", ["1"])])
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    let id = try await run.event("attempt_launched", task: "1")["run"]
    let status = try await sandbox.run("status")
    #expect(status.status == 0)
    #expect(status.errors == "")
    #expect(status.lines.count == 6)
    #expect(status.lines[0] == "Run \(id): running, runner \(run.pid)")
    #expect(status.lines[1] == "Tasks: 1 running, 1 waiting")
    #expect(status.lines[2].hasPrefix("Wall time: "))
    #expect(status.lines[3] == "Level 0 of 1: 0 of 1 ended")
    #expect(status.lines[4].hasPrefix("  ▶ 1 Task 1: "))
    #expect(
      status.lines[5] == "  ⋯ 2 Task 2 waits for 1, the level barrier (level 0 has 1 to go)")
    for _ in 1...2 { gate.letPass() }
    try await run.end()
    let after = try await sandbox.run("status", id)
    #expect(Array(after.lines.prefix(2)) == ["Run \(id): succeeded", "Tasks: 2 succeeded"])
  }

  @Test("status as JSON has the same for programs")
  func statusInJSON() async throws {
    let gated = try await GatedRun([("1", []), ("2", ["1"])])
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    let launched = try await run.event("attempt_launched", task: "1")
    let status = try await sandbox.run("status", "--format", "json")
    let root = try JSONDocument(parsing: Array(status.output.utf8), name: "status").root
    #expect(root["run"]?.string == launched["run"])
    #expect(root["state"]?.string == "running")
    #expect(root["runner"]?.integer == Int(run.pid))
    #expect(root["levels"]?.integer == 2)
    let tasks = try #require(root["tasks"]).elements
    #expect(tasks.map { $0["id"]?.string } == ["1", "2"])
    #expect(tasks.map { $0["state"]?.string } == ["running", "waiting"])
    #expect(tasks.map { $0["pid"]?.integer } == [Int(launched.pid), nil])
    #expect(
      tasks.map { $0["waits_for"]?.elements.compactMap(\.string) } == [
        nil, ["1", "the level barrier (level 0 has 1 to go)"],
      ])
    for _ in 1...2 { gate.letPass() }
    #expect(try await run.end().status == 0)
  }

  @Test("explain says why a task is where it is")
  func explain() async throws {
    let gated = try await GatedRun([("1", []), ("2", ["1"]), ("33", [])], "-j", "1")
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    let launched = try await run.event("attempt_launched", task: "1")
    let running = try await sandbox.run("explain", "1")
    #expect(running.lines.count == 1)
    #expect(running.output.hasPrefix("Task 1 Task 1: runs as process \(launched.pid) for "))
    #expect(running.output.hasSuffix(", attempt 1\n"))
    let waiting = try await sandbox.run("explain", "2")
    #expect(
      waiting.lines == ["Task 2 Task 2: waits for 1, the level barrier (level 0 has 2 to go)"])
    let ready = try await sandbox.run("explain", "33")
    #expect(ready.lines == ["Task 33 Task 33: waits for a slot (1 of them)"])
    let unknown = try await sandbox.run("explain", "34")
    #expect(unknown.status == 2)
    #expect(unknown.errors == "lanes: the run has no task 34; did you mean 33?\n")
    for _ in 1...3 { gate.letPass() }
    #expect(try await run.end().status == 0)
    let ended = try await sandbox.run("explain", "1")
    #expect(ended.lines.first == "Task 1 Task 1: succeeded")
  }

  @Test("logs shows what was written so far, and with -f also what comes until the run is over")
  func logs() async throws {
    let talk = "printf 'one\\n::progress 50 half\\n'; read pass <gate; echo two"
    let gated = try await GatedRun([("1", []), ("2", [])], commands: ["1": talk])
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    try await run.event("attempt_launched", task: "2")
    try await run.event("attempt_progressed", task: "1")
    let one = "one\n::progress 50 half\n"
    #expect(try await sandbox.run("logs", "1").output == one)
    #expect(try await sandbox.run("logs", "1", "-n", "1").output == "::progress 50 half\n")
    #expect(try await sandbox.run("logs").output == "1 │ one\n1 │ ::progress 50 half\n")
    let late = try await sandbox.run("logs", "1", "--attempt", "2")
    #expect(late.status == 2)
    #expect(late.errors == "lanes logs: task 1 has 1 attempt\n")
    let follower = try await sandbox.start("logs", "-f", "1")
    try await follower.prints(one)
    for _ in 1...2 { gate.letPass() }
    #expect(try await run.end().status == 0)
    let followed = try await follower.end()
    #expect(followed.status == 0)
    #expect(followed.output == one + "two\n")
  }
}
