import Testing

/// Steering a run from another terminal.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ControlTests {
  // MARK: Pausing

  @Test("pausing a task stops its processes, and resuming it lets them go on")
  func pauseTask() async throws {
    let gated = try await GatedRun([("1", []), ("2", [])])
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    let pid = try await run.event("attempt_launched", task: "1").pid
    try await run.event("attempt_launched", task: "2")
    let early = try await sandbox.run("resume", "1")
    #expect(early.status == 1)
    #expect(early.errors == "lanes: task 1 is not paused\n")
    #expect(try await sandbox.run("pause", "1").output == "task 1 paused\n")
    try await run.event("attempt_paused", task: "1")
    #expect(eventually { processState(pid) == "T" })
    let again = try await sandbox.run("pause", "1")
    #expect(again.status == 1)
    #expect(again.errors == "lanes: task 1 is paused already\n")
    gate.letPass()
    try await run.event("task_finished", task: "2")
    #expect(processState(pid) == "T")
    #expect(try await sandbox.run("status").output.contains(" paused\n"))
    #expect(try await sandbox.run("resume", "1").output == "task 1 continues\n")
    #expect(eventually { processState(pid) == "S" })
    gate.letPass()
    let result = try await run.end()
    #expect(result.status == 0)
    #expect(
      result.story.filter { $0.hasPrefix("attempt") && $0.hasSuffix(" 1") } == [
        "attempt_started 1", "attempt_launched 1", "attempt_paused 1", "attempt_continued 1",
        "attempt_ended 1",
      ])
  }

  @Test("while dispatch is paused nothing new starts, and the run waits")
  func pauseDispatch() async throws {
    let gated = try await GatedRun([("1", []), ("2", [])], "-j", "1")
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    try await run.event("attempt_launched", task: "1")
    let early = try await sandbox.run("resume")
    #expect(early.status == 1)
    #expect(early.errors == "lanes: dispatch is not paused\n")
    #expect(try await sandbox.run("pause").output == "dispatch paused; what runs goes on\n")
    let again = try await sandbox.run("pause")
    #expect(again.status == 1)
    #expect(again.errors == "lanes: dispatch is paused already\n")
    gate.letPass()
    let id = try await run.event("task_finished", task: "1")["run"]
    let status = try await sandbox.run("status")
    #expect(status.lines.first == "Run \(id): dispatch paused, runner \(run.pid)")
    #expect(status.lines.last == "  ⋯ 2 Task 2 waits for dispatch, which is paused")
    #expect(try await sandbox.run("resume").output == "dispatch continues\n")
    gate.letPass()
    let result = try await run.end()
    #expect(result.status == 0)
    let story = result.story.filter { $0.hasPrefix("dispatch") || $0.hasPrefix("attempt_started") }
    #expect(
      story == ["attempt_started 1", "dispatch_paused", "dispatch_continued", "attempt_started 2"])
  }

  // MARK: Tasks

  @Test("retry gives a failed task and what needs it another try", arguments: ["1", "--failed"])
  func retry(what: String) async throws {
    let gated = try await GatedRun(
      [("1", []), ("2", []), ("3", ["1"])], commands: ["1": "test -e allowed", "3": "true"],
      "--on-failure", "keep-going")
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    try await run.event("attempt_launched", task: "2")
    try await run.event("task_finished", task: "3")
    let busy = try await sandbox.run("retry", "2")
    #expect(busy.status == 1)
    #expect(busy.errors == "lanes: task 2 is running; cancel it first\n")
    try sandbox.write("", to: "allowed")
    let answer = try await sandbox.run("retry", what)
    #expect(
      answer.output
        == (what == "1" ? "task 1 will be retried\n" : "1 failed task will be retried\n"))
    try await run.event("attempt_started", task: "1", attempt: 2)
    gate.letPass()
    let result = try await run.end()
    #expect(result.status == 0)
    let story = result.story.filter { $0.hasPrefix("task") && !$0.hasPrefix("task_finished 2") }
    #expect(
      story == [
        "task_finished 1 failed", "task_finished 3 blocked", "task_reset 1", "task_reset 3",
        "task_finished 1 succeeded", "task_finished 3 succeeded",
      ])
  }

  @Test("cancel ends a task, and what needs it cannot start")
  func cancel() async throws {
    let gated = try await GatedRun(
      [("1", []), ("2", []), ("3", ["1"])], "--on-failure", "keep-going")
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    let pid = try await run.event("attempt_launched", task: "1").pid
    try await run.event("attempt_launched", task: "2")
    #expect(try await sandbox.run("cancel", "1").output == "task 1 cancelled\n")
    try await run.event("task_finished", task: "1")
    #expect(eventually { processState(pid) == "" })
    let again = try await sandbox.run("cancel", "1")
    #expect(again.status == 1)
    #expect(again.errors == "lanes: task 1 has ended already\n")
    gate.letPass()
    let result = try await run.end()
    #expect(result.status == 1)
    #expect(
      result.story.filter { $0.hasPrefix("task") } == [
        "task_finished 1 cancelled", "task_finished 3 blocked", "task_finished 2 succeeded",
      ])
  }

  @Test("cancel --all ends the run")
  func cancelAll() async throws {
    let gated = try await GatedRun([("1", []), ("2", ["1"])])
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    try await run.event("attempt_launched", task: "1")
    #expect(try await sandbox.run("cancel", "--all").output == "2 tasks cancelled\n")
    let result = try await withExtendedLifetime(gate) { run }.end()
    #expect(result.status == 1)
    #expect(
      Set(result.story.filter { $0.hasPrefix("task") }) == [
        "task_finished 1 cancelled", "task_finished 2 cancelled",
      ])
    #expect(sandbox.processes == [])
  }

  @Test("skip counts a task as done that has not begun, and refuses one that runs")
  func skip() async throws {
    let gated = try await GatedRun(
      [("1", []), ("2", ["1"]), ("3", ["2"])])
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    try await run.event("attempt_launched", task: "1")
    let busy = try await sandbox.run("skip", "1")
    #expect(busy.status == 1)
    #expect(busy.errors == "lanes: task 1 is running; cancel it first\n")
    #expect(try await sandbox.run("skip", "2").output == "task 2 skipped\n")
    for _ in 1...2 { gate.letPass() }
    let result = try await run.end()
    #expect(result.status == 0)
    #expect(
      result.story.filter { $0.hasPrefix("task") } == [
        "task_finished 2 skipped", "task_finished 1 succeeded", "task_finished 3 succeeded",
      ])
    #expect(try sandbox.statuses()["2"] == "pending")
  }

  @Test("jobs changes how many run at once")
  func jobs() async throws {
    let gated = try await GatedRun([("1", []), ("2", [])], "-j", "1")
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    try await run.event("attempt_launched", task: "1")
    let none = try await sandbox.run("jobs", "0")
    #expect(none.status == 2)
    #expect(none.errors.hasPrefix("lanes jobs: "))
    #expect(try await sandbox.run("jobs", "2").output == "at most 2 at once\n")
    try await run.event("attempt_launched", task: "2")
    for _ in 1...2 { gate.letPass() }
    let result = try await run.end()
    #expect(result.status == 0)
    #expect(result.most(of: "attempt_launched", "attempt_ended") == 2)
  }

  @Test("wait lasts as long as the run and ends as it did", arguments: [0, 1])
  func wait(status: Int32) async throws {
    let gated = try await GatedRun(
      [("1", [])], commands: ["1": "read pass <gate; exit \(status)"])
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    let id = try await run.event("attempt_launched", task: "1")["run"]
    let impatient = try await sandbox.run("wait", "--timeout", "100ms")
    #expect(impatient.status == 1)
    #expect(impatient.errors == "lanes wait: the run is not over yet\n")
    let waiter = try await sandbox.start("wait")
    gate.letPass()
    #expect(try await run.end().status == status)
    let result = try await waiter.end()
    #expect(result.status == status)
    let title = status == 0 ? "🎉 ALL LEVELS COMPLETED SUCCESSFULLY!" : "❌ Run \(id) failed"
    #expect(result.lines.contains(title))
  }

  // MARK: Refusals

  @Test(
    "a task that the run does not have is refused in words",
    arguments: ["pause", "resume", "retry", "cancel", "skip"])
  func unknownTask(command: String) async throws {
    let gated = try await GatedRun([("1", [])])
    let (sandbox, gate, run) = (gated.sandbox, gated.gate, gated.run)
    try await run.event("attempt_launched", task: "1")
    let answer = try await sandbox.run(command, "9")
    #expect(answer.status == 1)
    #expect(answer.output == "")
    #expect(answer.errors == "lanes: the run has no task 9\n")
    gate.letPass()
    #expect(try await run.end().status == 0)
  }

  @Test(
    "without a run there is nobody to ask",
    arguments: [
      ["pause"], ["pause", "1"], ["resume", "1"], ["retry", "1"], ["retry", "--failed"],
      ["cancel", "1"], ["cancel", "--all"], ["skip", "1"], ["jobs", "3"],
    ])
  func noRun(words: [String]) async throws {
    let sandbox = try Sandbox([("1", [])])
    let answer = try await sandbox.run(words)
    #expect(answer.status == 1)
    #expect(answer.output == "")
    #expect(
      answer.errors == "lanes: no run is active here; `lanes resume` takes up the last one\n")
    #expect(!sandbox.exists(".lanes"))
  }
}
