import Core
import Glibc
import Testing

/// `--launcher slurm` with commands that stand in for Slurm's.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct SlurmTests {
  /// Lasts until the file `go` is there.
  private static let held = "echo $LANES_TASK_ID >>starts; until test -e go; do sleep 0.02; done"

  private func slurm(_ tasks: [(String, [String])]) throws -> FakeSlurm {
    try FakeSlurm(Sandbox(tasks))
  }

  @Test("seven tasks tell the same story as on this machine")
  func sevenTasks() async throws {
    let slurm = try slurm(SevenTasksTests.tasks)
    let lanes = try await slurm.start(
      "run", "--command", #"test "$LANES_TASK_TITLE" = "Task $LANES_TASK_ID" && cat >>prompts"#)
    let run = try await lanes.end()
    #expect(run.status == 0)
    let local = try await Sandbox(SevenTasksTests.tasks).run(
      "run", "--command", "true", "--output", "json")
    #expect(run.story.sorted() == local.story.sorted())
    #expect(run.most(of: "attempt_launched", "attempt_ended") <= 4)
    #expect(slurm.sandbox.text("prompts").contains("# Task 7: Task 7"))
    // Four of the seven become ready together.
    #expect(slurm.calls(of: "sbatch") < 7)
    #expect(slurm.names.count == 7)
    #expect(slurm.names.allSatisfy { $0.hasPrefix("lanes.") })
    #expect(try slurm.sandbox.statuses().values.allSatisfy { $0 == "done" })
    #expect(run.events.first { $0.kind == "attempt_launched" }?.fields["job"]?.integer != nil)
  }

  @Test("a task's exit status, its log and a missing folder are told as usual")
  func outcomes() async throws {
    let slurm = try FakeSlurm(
      Sandbox(
        [("1", []), ("2", [])], commands: ["1": "echo out; echo err >&2; exit 7", "2": "true"]))
    let run = try await slurm.start("run", "--on-failure", "keep-going").end()
    #expect(run.status == 1)
    let end = run.events.first { $0.kind == "attempt_ended" && $0.task == "1" }
    #expect(end?.fields["code"]?.integer == 7)
    #expect(try await slurm.sandbox.run("logs", "1").output == "out\nerr\n")
  }

  @Test("a hundred jobs that are ready together take one call, each with a log and text of its own")
  func array() async throws {
    let ids = (1...100).map(String.init)
    let slurm = try slurm(ids.map { ($0, []) })
    let run = try await slurm.start(
      "run", "-j", "100", "--command", #"echo "$LANES_TASK_ID: $LANES_TASK_TITLE""#
    ).end()
    #expect(run.status == 0)
    #expect(slurm.calls(of: "sbatch") <= 2)
    for id in ["1", "57", "100"] {
      #expect(try await slurm.sandbox.run("logs", id).output == "\(id): Task \(id)\n")
    }
    let launched = run.events.filter { $0.kind == "attempt_launched" }
    #expect(launched.contains { $0.fields["element"]?.integer != nil })
    let folder = slurm.sandbox.names(in: ".lanes/runs").first ?? ""
    #expect(slurm.sandbox.names(in: ".lanes/runs/\(folder)/slurm/batches/1") == ["list"])
  }

  @Test("what Slurm refuses is a failure in its words")
  func refusal() async throws {
    let slurm = try slurm([("1", [])])
    try slurm.sandbox.write("slurm:\n  partition: nope\n", to: "lanes.yml")
    let run = try await slurm.start("run", "--command", "true").end()
    #expect(run.status == 1)
    let end = run.events.first { $0.kind == "attempt_ended" }
    #expect(end?["outcome"] == "not_started")
    #expect(end?["message"] == "sbatch: invalid partition specified: nope")
  }

  @Test("a paused job is suspended, or stopped where that is refused", arguments: [false, true])
  func pause(isRefused: Bool) async throws {
    let slurm = try slurm([("1", [])])
    if isRefused { try slurm.sandbox.write("", to: "queue/refuse") }
    let lanes = try await slurm.start("run", "--command", Self.held)
    try await lanes.event("attempt_launched")
    #expect(try await slurm.sandbox.run("pause", "1").status == 0)
    #expect(eventually { processState(slurm.pid(ofJob: 1)) == "T" })
    #expect(try await slurm.sandbox.run("resume", "1").status == 0)
    #expect(eventually { processState(slurm.pid(ofJob: 1)) != "T" })
    try slurm.sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 0)
  }

  @Test("a cancelled job ends, also one that takes no notice")
  func cancel() async throws {
    let slurm = try FakeSlurm(
      Sandbox(
        [("1", []), ("2", [])],
        commands: ["1": Self.held, "2": "trap '' INT TERM; \(Self.held)"]))
    let lanes = try await slurm.start("run", "--grace", "400ms")
    try await lanes.event("attempt_launched", task: "1")
    try await lanes.event("attempt_launched", task: "2")
    #expect(try await slurm.sandbox.run("cancel", "1", "2").status == 0)
    let run = try await lanes.end()
    #expect(
      run.story.filter { $0.hasPrefix("task_finished") }.sorted() == [
        "task_finished 1 cancelled", "task_finished 2 cancelled",
      ])
    #expect(eventually { slurm.sandbox.processes.isEmpty })
  }

  @Test("jobs outlive their runner and are adopted by the next one")
  func adoption() async throws {
    let slurm = try slurm([("1", []), ("2", []), ("3", ["1", "2"])])
    let first = try await slurm.start("run", "--command", Self.held)
    try await first.event("attempt_launched", task: "1")
    try await first.event("attempt_launched", task: "2")
    first.signal(SIGKILL)
    try await first.end()
    let next = try await slurm.resume()
    let adopted = try await next.event("attempt_adopted", task: "1")
    #expect(adopted.fields["job"]?.integer != nil)
    try await next.event("attempt_adopted", task: "2")
    try slurm.sandbox.write("", to: "go")
    #expect(try await next.end().status == 0)
    #expect(slurm.sandbox.lines("starts") == ["1", "2", "3"])
    #expect(slurm.names.count == 3)
  }

  @Test("what ended while nobody watched is not repeated")
  func unwatchedEnd() async throws {
    let slurm = try slurm([("1", [])])
    let first = try await slurm.start("run", "--command", Self.held)
    try await first.event("attempt_launched")
    first.signal(SIGKILL)
    try await first.end()
    try slurm.sandbox.write("", to: "go")
    #expect(eventually { slurm.sandbox.processes.isEmpty })
    let run = try await slurm.resume().end()
    #expect(run.status == 0)
    #expect(slurm.sandbox.lines("starts") == ["1"])
  }

  @Test("a job that is gone without a status is run again, once and without counting")
  func lost() async throws {
    let slurm = try slurm([("1", [])])
    let lanes = try await slurm.start("run", "--command", Self.held)
    try await lanes.event("attempt_launched")
    kill(-slurm.pid(ofJob: 1), SIGKILL)
    try slurm.sandbox.write("NODE_FAIL", to: "queue/1.state")
    try await lanes.event("attempt_launched", task: "1", attempt: 2)
    try slurm.sandbox.write("", to: "go")
    let run = try await lanes.end()
    #expect(run.status == 0)
    let outcomes = run.events.filter { $0.kind == "attempt_ended" }.map { $0["outcome"] }
    #expect(outcomes == ["lost", "exited"])
    let warning = run.events.first { $0.kind == "warning" }
    #expect(warning?["message"].contains("job 1 is NODE_FAIL on n1") == true)
    #expect(slurm.sandbox.lines("starts") == ["1", "1"])
  }

  @Test("a controller that is away is waited for, and what ends meanwhile is seen")
  func away() async throws {
    let slurm = try slurm([("1", []), ("2", ["1"])])
    let lanes = try await slurm.start("run", "--command", Self.held)
    try await lanes.event("attempt_launched", task: "1")
    try slurm.sandbox.write("", to: "queue/away")
    try await lanes.event("warning")
    try slurm.sandbox.write("", to: "go")
    try await lanes.event("task_finished", task: "1")
    try await lanes.event("attempt_started", task: "2")
    #expect(slurm.names.count == 1)
    unlink("\(slurm.sandbox.path)/queue/away")
    let run = try await lanes.end()
    #expect(run.status == 0)
    #expect(
      run.events.filter { $0.kind == "warning" }.map { $0["code"] } == ["slurm_away", "slurm_back"])
    #expect(slurm.names.count == 2)
  }

  @Test("a job that hangs is timed out, its queueing not counted")
  func timeout() async throws {
    let slurm = try slurm([("1", [])])
    let run = try await slurm.start(
      "run", "--command", "sleep 60", "--timeout", "300ms", "--grace", "200ms"
    ).end()
    #expect(run.status == 1)
    #expect(run.events.first { $0.kind == "attempt_ended" }?["outcome"] == "timed_out")
  }

  @Test("a machine without Slurm is told what is missing before anything starts")
  func missing() async throws {
    let sandbox = try Sandbox([("1", [])])
    let run = try await sandbox.run(
      ["run", "--command", "true", "--launcher", "slurm"],
      environment: ["PATH": sandbox.path])
    #expect(run.status == 2)
    #expect(run.errors.contains("sbatch is not in PATH"))
    #expect(!sandbox.exists(".lanes/runs"))
  }
}
