import Core
import Testing

@Suite("Reports of a run")
struct ReportTests {
  @Test(
    "durations are readable at every size",
    arguments: [
      (0, "0.00 s"), (1_555_000, "1.56 s"), (9_994_999, "9.99 s"), (9_995_000, "10.0 s"),
      (42_100_000, "42.1 s"), (59_949_999, "59.9 s"), (59_950_000, "1:00"),
      (3_723_000_000, "1:02:03"),
    ] as [(Int64, String)])
  func durations(microseconds: Int64, text: String) {
    #expect(Duration.microseconds(microseconds).readable == text)
  }

  @Test(
    "ratios have one or two decimals",
    arguments: [(2.0, "2.0"), (7.0 / 3, "2.33"), (1.5, "1.5"), (0.0, "0.0"), (1.05, "1.05")])
  func ratios(value: Double, text: String) {
    #expect(value.ratioText == text)
  }

  @Test(
    "moments are ISO 8601 in UTC",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
      (1_795_234_353_123_456, "2026-11-21T04:12:33.123456Z"),
      (-1, "1969-12-31T23:59:59.999999Z"),
    ] as [(Int64, String)])
  func moments(microseconds: Int64, text: String) {
    #expect(Instant(microseconds: microseconds).text == text)
  }

  @Test("the lines of a run with a failure tell what happened, level by level")
  func plainLines() {
    var run = RunScenario([("1", []), ("2", ["1"]), ("3", [])]) { $0.attempts = 2 }
    run.end("1", 3)
    run.end("3")
    run.pass(.seconds(1))
    run.end("1", 3)
    var lines = PlainLines { "\($0.task).\($0.attempt).log" }
    let text = run.events.flatMap { lines.take($0) }
    #expect(
      text == [
        "📋 Run r: 3 tasks in 2 levels from tasks.json, at most 4 at once",
        "📊 LEVEL 0", "════════════════════════════════════════",
        "🚀 Launching 2 parallel tasks for level 0:",
        "  → Task 1", "  → Task 3",
        "  ✘ Task 1: exit status 3 after 0.00 s; log: 1.1.log",
        "  🔁 Task 1: next attempt in 1.00 s",
        "  ✔ Task 3 completed in 0.00 s",
        "  → Task 1 (attempt 2)",
        "  ✘ Task 1: exit status 3 after 0.00 s; log: 1.2.log",
        "  ❌ Task 1 failed",
        "  ◌ Task 2 cannot start: it needs task 1",
        "⏹ A task failed: nothing new starts",
        "⚠️ Level 0 ended in 1.00 s: 1 of 2 tasks succeeded",
        "⚠️ Level 1 ended: 0 of 1 tasks succeeded",
      ])
  }

  @Test("the summary has the totals of the seven tasks")
  func summary() {
    var run = RunScenario(sevenTasks)
    _ = run.play(sevenTimes)
    #expect(
      Summary.lines(run.state, at: run.now) == [
        "🎉 ALL LEVELS COMPLETED SUCCESSFULLY!", "📊 Tasks: 7 succeeded", "📊 Levels: 3",
        "📊 Wall time: 1.55 s for 3.05 s of task time", "📊 Theoretical speedup: 2.33x",
        "📊 Actual speedup: 1.97x", "📊 Efficiency: 49% of 4 at once", "📊 Conflict rate: 0%",
        "📊 Critical path: 3 → 5 → 7 (1.50 s)",
        "📊 Where the slots' time went: 49% working, 2% level barrier,"
          + " 10% waiting for dependencies, 38% more slots than tasks",
      ])
  }

  @Test("an explanation names dependencies, barrier, slots and a paused dispatch")
  func explanations() {
    var run = RunScenario(sevenTasks) { $0.jobs = 1 }
    let waits = { (run: RunScenario, id: Int) in Explanation.waits(run.state, id - 1) }
    #expect(waits(run, 7) == ["2", "5", "6", "the level barrier (level 0 has 4 to go)"])
    #expect(waits(run, 4) == ["a slot (1 of them)"])
    run.command(.pauseDispatch)
    #expect(waits(run, 4) == ["dispatch, which is paused"])
  }

  @Test("a task that the list keeps from running is said to be what it is, as are those behind it")
  func withheld() {
    let run = RunScenario([("1", []), ("2", ["1"]), ("3", ["2"])], statuses: ["1": .deferred])
    let words = (0..<3).map { Explanation.lines(run.state, task: $0, at: run.now)[0] }
    #expect(
      words == [
        "Task 1: is deferred in the task list",
        "Task 2: cannot start, because task 1 is deferred in the task list",
        "Task 3: cannot start, because task 1 is deferred in the task list",
      ])
  }

  @Test("events survive the way into JSON and back")
  func coding() throws {
    let key = AttemptKey("a \"b\"\n", 2)
    var run = RunScenario([("1", []), ("2", ["1"])]) {
      $0.timeout = .seconds(90)
      $0.environment = ["A": "b"]
      $0.only = ["1", "2"]
      $0.command = "make"
    }
    run.end("1")
    let kinds: [RunEvent.Kind] =
      run.events.map(\.kind) + [
        .runResumed(runner: 7),
        .attemptAdopted(key, process: ProcessIdentity(pid: 1, startTicks: 2)),
        .attemptProgressed(key, Progress(fraction: 0.25, label: "ü")), .attemptPaused(key),
        .attemptContinued(key), .attemptEnding(key, .stall, step: 1),
        .retryScheduled("x", at: Instant(microseconds: 5)), .taskReset("x"), .dispatchPaused,
        .dispatchContinued, .jobsChanged(3, nil), .runDraining(.failure), .runStopping(.terminate),
        .warning(code: "c", message: "m", task: "1"), .runFinished(.interrupted),
        .taskFinished("x", .blocked(by: "y")), .taskFinished("x", .skipped),
        .taskFinished("x", .failed(.notStarted("why"))),
      ]
      + [
        Outcome.exited(code: 3), .signaled(9), .timedOut, .stalled, .cancelled, .interrupted, .lost,
        .notStarted("a"), .unavailable("b"),
      ].map {
        .attemptEnded(key, $0, ResourceUsage(cpu: .milliseconds(5), maxResident: 1024))
      }
    for kind in kinds {
      var json = JSONWriter()
      json.object { kind.encodeFields(into: &$0) }
      let document = try JSONDocument(parsing: json.bytes, name: "test")
      #expect(RunEvent.Kind(name: kind.name, fields: document.root) == kind)
    }
  }

  @Test(
    "commands survive the way through the inbox",
    arguments: [
      ControlCommand.pauseDispatch, .continueDispatch, .pause(["1", "a b"]), .proceed(["1"]),
      .cancel(["x"]), .cancelAll, .skip(["y"]), .retry(["1", "2"], withDependents: true),
      .retryFailed, .jobs(7), .drain, .stop,
    ])
  func commands(command: ControlCommand) {
    #expect(ControlCommand(json: command.json) == command)
  }
}
