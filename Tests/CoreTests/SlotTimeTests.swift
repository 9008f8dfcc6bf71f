import Core
import Testing

@Suite("Where the slots' time went")
struct SlotTimeTests {
  /// A run whose losses are known by its construction.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var tasks: [(String, [String])]
    var options: @Sendable (inout RunOptions) -> Void
    var play: @Sendable (inout RunScenario) -> Void
    /// In seconds.
    var expected: [SlotTime.Use: Int]
  }

  static let cases: [Case] = [
    Case(
      testDescription: "a slot stands idle behind the level barrier",
      tasks: [("a", []), ("b", []), ("c", ["a"])], options: { $0.jobs = 2 },
      play: { _ = $0.play(["a": .seconds(1), "b": .seconds(3), "c": .seconds(1)]) },
      expected: [.work: 5, .barrier: 2, .slots: 1]),
    Case(
      testDescription: "a task waits for another one",
      tasks: [("a", []), ("b", ["a"])],
      options: {
        $0.jobs = 2
        $0.schedule = .dataflow
      },
      play: { _ = $0.play(["a": .seconds(2), "b": .seconds(1)]) },
      expected: [.work: 3, .dependency: 2, .slots: 1]),
    Case(
      testDescription: "an attempt fails and the next one comes after a wait",
      tasks: [("a", [])],
      options: {
        $0.jobs = 1
        $0.attempts = 2
      },
      play: { run in
        run.pass(.seconds(2))
        run.end("a", 1)
        run.pass(.seconds(1))
        run.pass(.seconds(3))
        run.end("a")
      },
      expected: [.retry: 2, .backoff: 1, .work: 3]),
    Case(
      testDescription: "there are more slots than tasks",
      tasks: [("a", [])], options: { $0.jobs = 4 },
      play: { _ = $0.play(["a": .seconds(5)]) },
      expected: [.work: 5, .slots: 15]),
    Case(
      testDescription: "a task is paused, and then dispatch",
      tasks: [("a", []), ("b", [])], options: { $0.jobs = 1 },
      play: { run in
        run.pass(.seconds(1))
        run.command(.pause(["a"]))
        run.pass(.seconds(4))
        run.command(.proceed(["a"]))
        run.command(.pauseDispatch)
        run.pass(.seconds(1))
        run.end("a")
        run.pass(.seconds(2))
        run.command(.continueDispatch)
        run.pass(.seconds(1))
        run.end("b")
      },
      expected: [.work: 3, .paused: 4, .held: 2]),
    Case(
      testDescription: "an attempt runs into its time limit and the run drains",
      tasks: [("a", []), ("b", [])],
      options: {
        $0.jobs = 2
        $0.timeout = .seconds(3)
        $0.grace = .zero
      },
      play: { run in
        run.pass(.seconds(2))
        run.end("b")
        run.pass(.seconds(1))
        run.end("a", 1)
      },
      expected: [.work: 2, .timeout: 3, .slots: 1]),
    Case(
      testDescription: "the time to make a process is no work",
      tasks: [("a", [])], options: { $0.jobs = 1 },
      play: { run in
        run.pass(.seconds(1))
        run.send(
          .report(.launched(run.key("a"), ProcessIdentity(pid: 1, startTicks: 1))))
        run.pass(.seconds(2))
        run.end("a")
      },
      expected: [.launching: 1, .work: 2]),
  ]

  @Test("each second is under its cause, and nothing is left over", arguments: cases)
  func known(_ known: Case) throws {
    var run = RunScenario(known.tasks, known.options)
    known.play(&run)
    #expect(run.state.hasEnded)
    let record = try #require(RunRecord(run.events))
    #expect(record.state == run.state)
    var expected = SlotTime()
    for (use, seconds) in known.expected { expected[use] = .seconds(seconds) }
    #expect(record.slotTime(at: run.now) == expected)
    #expect(expected.total == (run.now - run.state.startedAt) * run.state.jobs)
  }

  @Test("time in which there was no runner and nothing ran is no time of slots")
  func downtime() throws {
    var run = RunScenario([("a", []), ("b", ["a"])]) { $0.jobs = 1 }
    run.pass(.seconds(1))
    run.end("a")
    run.send(.terminated)
    run.end("b", 1)
    run.pass(.seconds(100))
    run.send(.takenUp(TakeUp(runner: 7)))
    run.pass(.seconds(2))
    run.end("b")
    let record = try #require(RunRecord(run.events))
    #expect(record.slotTime(at: run.now).total == .seconds(3))
    #expect(record.slotTime(at: run.now)[.work] == .seconds(3))
  }

  @Test("what still runs counts as work up to the moment of the question")
  func running() throws {
    var run = RunScenario([("a", [])]) { $0.jobs = 1 }
    run.pass(.seconds(5))
    let record = try #require(RunRecord(run.events))
    #expect(record.slotTime(at: run.now)[.work] == .seconds(5))
  }

  @Test("the times of random runs add up to slots times wall time", arguments: 0..<20)
  func whole(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    let tasks = RandomPlan.tasks(count: 30, &numbers)
    var run = RunScenario(tasks) { options in
      options.jobs = Int.random(in: 1...5, using: &numbers)
      options.attempts = 3
      options.schedule = Bool.random(using: &numbers) ? .levels : .dataflow
      options.onFailure = .keepGoing
    }
    while !run.state.hasEnded {
      run.pass(.milliseconds(Int64.random(in: 0...900, using: &numbers)))
      guard let index = run.state.running.randomElement(using: &numbers) else { continue }
      let id = run.state.manifest.plan.tasks[index].id.text
      run.end(id, Int.random(in: 0...3, using: &numbers) == 0 ? 1 : 0)
    }
    let record = try #require(RunRecord(run.events))
    let wall = run.state.lastEventAt - run.state.startedAt
    #expect(record.slotTime(at: run.now).total == wall * run.state.jobs)
    #expect(record.attempts.count == run.state.attempts)
    #expect(record.slots == run.state.peak)
  }
}

/// Random task lists.
enum RandomPlan {
  /// Tasks that depend on up to three earlier ones.
  static func tasks(count: Int, _ numbers: inout SeededNumbers) -> [(String, [String])] {
    (0..<count).map { task in
      let wanted = Int.random(in: 0...3, using: &numbers)
      let found = (0..<wanted).compactMap { _ in (0..<task).randomElement(using: &numbers) }
      return ("t\(task)", Set(found).sorted().map { "t\($0)" })
    }
  }

  static func plan(_ tasks: [(String, [String])], estimates: [Duration] = []) -> Plan {
    Plan(
      origin: Plan.Origin(file: "tasks.json"),
      tasks: tasks.enumerated().map { index, task in
        TaskSpec(
          id: TaskID(task.0), title: "Task \(task.0)",
          dependencies: task.1.map { TaskID($0) },
          estimate: estimates.indices.contains(index) ? estimates[index] : nil)
      })
  }
}
