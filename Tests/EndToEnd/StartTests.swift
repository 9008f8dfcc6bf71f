import Core
import Testing

/// What `lanes run` decides before the first task starts, and how it looks.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct StartTests {
  @Test("--dry-run starts nothing and writes nothing")
  func dryRun() async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])], commands: ["1": "echo own >>ran"])
    let before = sandbox.bytes("tasks/tasks.json")
    let result = try await sandbox.run("run", "--dry-run", "--command", "echo >>ran", "-j", "3")
    #expect(result.status == 0)
    #expect(result.lines.contains("📊 Execution levels: 2"))
    #expect(
      result.lines.suffix(3) == [
        "Would run, at most 3 at once:", "  level 0  1  echo own >>ran", "  level 1  2  echo >>ran",
      ])
    #expect(sandbox.names(in: "") == ["tasks"])
    #expect(sandbox.names(in: "tasks") == ["tasks.json"])
    #expect(sandbox.bytes("tasks/tasks.json") == before)
  }

  @Test("--dry-run tells a finding once")
  func dryRunFinding() async throws {
    let sandbox = try Sandbox([("1", ["9"])])
    let result = try await sandbox.run("run", "--dry-run", "--command", "true")
    #expect(result.status == 0)
    #expect(result.errors.contains("task 1 depends on 9"))
    #expect(!result.output.contains("depends on 9"))
  }

  @Test("a task for which nothing says what to run is refused before any other starts")
  func noCommand() async throws {
    let sandbox = try Sandbox([("1", []), ("2", [])], commands: ["1": "echo >ran"])
    let result = try await sandbox.run("run")
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(
      result.errors.hasPrefix("lanes run: nothing says what to run for task 2; give --command"))
    #expect(sandbox.names(in: "") == ["tasks"])
  }

  @Test("a second runner in the folder is told which process is at work")
  func secondRunner() async throws {
    let gated = try await GatedRun([("1", [])])
    let sandbox = gated.sandbox
    let id = try await gated.run.event("attempt_launched", task: "1")["run"]
    let second = try await sandbox.run("run", "--command", "echo >second")
    #expect(second.status == 7)
    #expect(second.output == "")
    #expect(
      second.errors.contains("lanes/lock: run \(id) (process \(gated.run.pid)) is at work here"))
    #expect(!sandbox.exists("second"))
    #expect(sandbox.names(in: ".lanes/runs") == [id])
    gated.gate.letPass()
    #expect(try await gated.run.end().status == 0)
  }

  @Test("--only runs these tasks and leaves the others as they are")
  func only() async throws {
    let sandbox = try Sandbox([("1", []), ("22", []), ("3", ["1"]), ("4", [])])
    let command = "echo $LANES_TASK_ID >>ran"
    let wrong = try await sandbox.run("run", "--only", "3,23", "--command", command)
    #expect(wrong.status == 2)
    #expect(
      wrong.errors == "lanes run: --only: the plan has no task 23; did you mean 22?\n")
    #expect(!sandbox.exists(".lanes"))
    let result = try await sandbox.run("run", "--only", "1, 3", "--command", command)
    #expect(result.status == 0)
    #expect(sandbox.text("ran") == "1\n3\n")
    #expect(
      try sandbox.statuses() == ["1": "done", "22": "pending", "3": "done", "4": "pending"])
  }

  @Test("with nothing left to do there is no run")
  func nothingLeft() async throws {
    let sandbox = try Sandbox([Sandbox.Task(id: "1", status: "done")])
    let result = try await sandbox.run("run", "--command", "echo >ran")
    #expect(result.status == 0)
    #expect(result.output == "")
    #expect(
      result.errors == "lanes: there is nothing to run: no task of the list is left to do\n")
    #expect(sandbox.names(in: "") == ["tasks"])
  }

  @Test(
    "colours are for terminals, unless a flag or a variable says otherwise",
    arguments: [
      ([], [:], false), (["--color", "always"], [:], true),
      (["--color", "always"], ["NO_COLOR": "1"], true), ([], ["CLICOLOR_FORCE": "1"], true),
      ([], ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
      (["--color", "never"], ["CLICOLOR_FORCE": "1"], false), ([], ["LANES_COLOR": "always"], true),
    ] as [([String], [String: String], Bool)])
  func colors(flags: [String], environment: [String: String], isColored: Bool) async throws {
    let sandbox = try Sandbox([("1", [])])
    let result = try await sandbox.run(
      ["run", "--command", "true"] + flags, environment: environment)
    #expect(result.status == 0)
    #expect(result.output.utf8.contains(0x1B) == isColored)
    let title = "🎉 ALL LEVELS COMPLETED SUCCESSFULLY!"
    #expect(result.lines.contains(isColored ? "\u{1B}[32m\(title)\u{1B}[0m" : title))
  }

  @Test("a run can be of another folder, and of a file that is named")
  func places() async throws {
    let sandbox = try Sandbox()
    try sandbox.write(Sandbox.json([Sandbox.Task(id: "5")]), to: "tasks/more.json")
    let result = try await sandbox.run(
      ["-C", "tasks", "run", "more.json", "--command", "echo $LANES_TASK_ID >ran"])
    #expect(result.status == 0)
    #expect(sandbox.text("tasks/ran") == "5\n")
    #expect(result.output.contains(": 1 task in 1 level from "))
    #expect(try sandbox.statuses("tasks/more.json") == ["5": "done"])
    let nowhere = try await sandbox.run("-C", "nowhere", "run")
    #expect(nowhere.status == 2)
    #expect(
      nowhere.errors == "lanes: nowhere: No such file or directory; name a folder that exists\n")
  }
}
