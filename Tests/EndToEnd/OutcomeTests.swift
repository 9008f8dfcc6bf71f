import Glibc
import Testing

/// How a run ends, and what it does about tasks that fail.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct OutcomeTests {
  /// A task that fails, one that needs it, and two chains that do not.
  private static let tasks: [(String, [String])] = [
    ("bad", []), ("good", []), ("next", ["good"]), ("stuck", ["bad"]),
  ]
  private static let commands = ["bad": "echo broken; exit 3", "good": "sleep 0.2; echo ok"]

  private func sandbox() throws -> Sandbox {
    try Sandbox(Self.tasks, commands: Self.commands)
  }

  @Test("a run whose tasks all succeed ends with 0, one with a failed task with 1")
  func statuses() async throws {
    let good = try Sandbox([("1", [])])
    #expect(try await good.run("run", "--command", "true").status == 0)
    let bad = try Sandbox([("1", [])])
    #expect(try await bad.run("run", "--command", "false").status == 1)
  }

  @Test("by default what runs may end after a failure, and nothing new starts")
  func finish() async throws {
    let run = try await sandbox().run("run", "--command", "true", "--output", "json")
    #expect(run.status == 1)
    #expect(
      run.story == [
        "run_started", "level_started 0", "attempt_started bad", "attempt_started good",
        "attempt_launched bad", "attempt_launched good", "attempt_ended bad",
        "task_finished bad failed", "task_finished stuck blocked", "run_draining",
        "attempt_ended good", "task_finished good succeeded", "level_finished 0",
        "run_finished failed",
      ])
  }

  @Test("keep-going runs all that does not need what failed")
  func keepGoing() async throws {
    let run = try await sandbox().run(
      "run", "--command", "true", "--on-failure", "keep-going", "--output", "json")
    #expect(run.status == 1)
    #expect(run.story.contains("task_finished next succeeded"))
    #expect(!run.story.contains("attempt_started stuck"))
    #expect(run.story.contains("task_finished stuck blocked"))
  }

  @Test("fail-fast ends what runs")
  func failFast() async throws {
    let sandbox = try Sandbox(
      Self.tasks, commands: ["bad": "sleep 0.1; exit 3", "good": "sleep 60"])
    let run = try await sandbox.run(
      "run", "--command", "true", "--on-failure", "fail-fast", "--grace", "200ms", "--output",
      "json")
    #expect(run.status == 1)
    #expect(run.events.first { $0.kind == "run_stopping" }?["reason"] == "failure")
    #expect(
      run.events.first { $0.kind == "attempt_ended" && $0.task == "good" }?["outcome"]
        == "interrupted")
    #expect(run.time < .seconds(10))
    #expect(sandbox.processes == [])
  }

  @Test("the end of a failed task's log is part of the summary")
  func logEnd() async throws {
    let run = try await sandbox().run("run", "--command", "true")
    #expect(run.lines.contains("❌ Task bad Task bad: exit status 3"))
    #expect(run.lines.contains("    │ broken"))
    #expect(run.output.contains("1 succeeded, 1 failed, 1 blocked, 1 not run"))
  }

  @Test("a failing task gets as many attempts as it is given, with longer and longer waits between")
  func attempts() async throws {
    let sandbox = try Sandbox(
      [("1", [])], commands: ["1": "echo $LANES_ATTEMPT $LANES_FEEDBACK_FILE >>seen; exit 1"])
    let run = try await sandbox.run(
      "run", "--attempts", "3", "--backoff", "100ms", "--output", "json")
    #expect(run.status == 1)
    let starts = try run.events.filter { $0.kind == "attempt_started" }.map { try $0.moment }
    #expect(starts.count == 3)
    #expect(starts[1] - starts[0] >= 0.1)
    #expect(starts[2] - starts[1] >= 0.2)
    let seen = sandbox.text("seen").split(separator: "\n", omittingEmptySubsequences: false)
    #expect(seen[0] == "1")
    #expect(seen[1].hasPrefix("2 /") && seen[1].hasSuffix("/1.1.log"))
    #expect(seen[2].hasPrefix("3 /") && seen[2].hasSuffix("/1.2.log"))
  }

  @Test("a task that succeeds at the second attempt has succeeded")
  func secondAttempt() async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])], commands: ["1": "test -e x || ! >x"])
    let run = try await sandbox.run(
      "run", "--command", "true", "--attempts", "2", "--backoff", "50ms", "--output", "json")
    #expect(run.status == 0)
    #expect(run.story.suffix(4).first == "attempt_ended 2")
  }

  @Test("-j bounds how many run at once", arguments: [1, 3])
  func jobs(_ count: Int) async throws {
    let sandbox = try Sandbox((1...9).map { ("\($0)", []) })
    let run = try await sandbox.run(
      "run", "-j\(count)", "--command", "sleep 0.05", "--output", "json")
    #expect(run.status == 0)
    #expect(run.most(of: "attempt_started", "attempt_ended") == count)
  }

  @Test("--only runs the named tasks, and what they need counts as done")
  func only() async throws {
    let sandbox = try Sandbox(SevenTasksTests.tasks)
    let run = try await sandbox.run(
      "run", "--only", "2, 7", "--command", "true", "--output", "json")
    #expect(run.status == 0)
    #expect(
      run.story.filter { $0.hasPrefix("attempt_started") } == [
        "attempt_started 2", "attempt_started 7",
      ])
    let typo = try await sandbox.run("run", "--only", "2,8", "--command", "true")
    #expect(typo.status == 2)
    #expect(typo.errors.hasPrefix("lanes run: --only: the plan has no task 8;"))
  }

  @Test("tasks that are done already do not run again, and a list of them is nothing to do")
  func done() async throws {
    let sandbox = try Sandbox([
      .init(id: "1", status: "done"), .init(id: "2", dependencies: ["1"]),
      .init(id: "3", status: "deferred"), .init(id: "4", dependencies: ["3"]),
    ])
    let run = try await sandbox.run("run", "--command", "true", "--output", "json")
    #expect(run.status == 1)
    #expect(
      run.story.filter { $0.hasPrefix("attempt_started") || $0.hasPrefix("task_finished") } == [
        "task_finished 3 blocked", "task_finished 4 blocked", "attempt_started 2",
        "task_finished 2 succeeded",
      ])
  }
}

extension Event {
  /// The seconds within the day, from the event's moment.
  var moment: Double {
    get throws {
      let digits = self["at"].split(separator: "T").last?.dropLast().split(separator: ":") ?? []
      let parts = digits.compactMap { Double($0) }
      try #require(parts.count == 3)
      return parts[0] * 3600 + parts[1] * 60 + parts[2]
    }
  }
}
