import Core
import Testing

@Suite("Gates")
struct GateTests {
  private static let test = Gate(name: "test", command: "make test")

  private func run(_ gates: [Gate], options: RunOptions = RunOptions()) -> RunScenario {
    RunScenario(crew: [("1", []), ("2", ["1"])], options: options) { $0.gates = gates }
  }

  @Test("an attempt is accepted when its gates have passed, one after the other")
  func passing() {
    var run = run([Self.test, Gate(name: "lint", command: "make lint")])
    run.work("1")
    #expect(run.actions == [.gate(GateOrder(key: run.key("1"), gate: "test", attempt: 1))])
    #expect(run.running == ["1"])
    run.end("1")
    #expect(run.actions == [.gate(GateOrder(key: run.key("1"), gate: "lint", attempt: 1))])
    run.end("1")
    #expect(run.phase("1") == .finished(.succeeded))
    #expect(run.running == ["2"])
    #expect(run.state.crew?.totals.gatesPassed == 2)
  }

  @Test("a refusal is the end of the attempt, and the next one is told why")
  func refusal() {
    var run = run([Self.test], options: .having(attempts: 2))
    run.work("1")
    run.end("1", 2)
    #expect(run.state.task("1")?.outcome == .refused(gate: "test", "exit status 2"))
    #expect(
      run.state.crew?.works[0].rejection
        == .init(attempt: 1, gate: "test", gateTry: 1, words: "exit status 2"))
    run.pass(.seconds(1))
    #expect(run.key("1").attempt == 2)
    run.work("1")
    run.end("1")
    #expect(run.phase("1") == .finished(.succeeded))
    #expect(run.state.crew?.works[0].rejection == nil)
  }

  @Test("a gate that always fails ends as a case for a person after the ladder")
  func always() {
    var run = RunScenario(crew: [("1", []), ("2", [])]) {
      $0.gates = [Self.test]
      $0.ladder = ["fast", "strong"]
      $0.escalates = true
    }
    for _ in 0..<2 {
      run.work("1")
      run.end("1", 1)
      run.pass(.seconds(10))
    }
    #expect(
      run.phase("1") == .finished(.needsPerson(.refused(gate: "test", "exit status 1"))))
    #expect(run.running == ["2"])
    #expect(run.state.phase == .running)
  }

  @Test("a flaky gate is tried again before its failure counts")
  func flaky() {
    var gate = Self.test
    gate.retries = 1
    var run = run([gate])
    run.work("1")
    run.end("1", 1)
    #expect(run.actions == [.gate(GateOrder(key: run.key("1"), gate: "test", attempt: 2))])
    run.end("1")
    #expect(run.phase("1") == .finished(.succeeded))
    #expect(run.state.crew?.totals.gatesFailed == 0)
  }

  @Test("a gate whose time is up is killed and has failed")
  func timeout() {
    var gate = Self.test
    gate.timeout = .seconds(5)
    var run = run([gate])
    run.work("1")
    run.pass(.seconds(5))
    #expect(run.actions == [.signal(run.key("1"), .kill)])
    run.send(.report(.ended(run.key("1"), .signaled(9), ResourceUsage())))
    #expect(run.state.task("1")?.outcome == .refused(gate: "test", "timed out after 5s"))
  }

  @Test("a task that is cancelled while a gate runs is cancelled")
  func cancelled() {
    var run = run([Self.test])
    run.work("1")
    run.command(.cancel(["1"]))
    run.send(.report(.ended(run.key("1"), .signaled(2), ResourceUsage())))
    #expect(run.phase("1") == .finished(.cancelled))
  }

  @Test(
    "a reviewer's last line is its verdict",
    arguments: [
      ("Looks fine.\nPASS", Verdict.pass), ("**PASS**\n\n", .pass), ("PASS (100% met)", .pass),
      ("FAIL: no reset", .fail("no reset")), ("`FAIL: no reset`", .fail("no reset")),
      ("FAIL", .fail("no reason given")), ("FAIL - Missing endpoint", .fail("- Missing endpoint")),
      ("PASS\nbut then", nil), ("", nil), ("PASSED", nil),
    ])
  func verdicts(answer: String, verdict: Verdict?) {
    #expect(Verdict(answer: answer) == verdict)
  }

  @Test("a reviewer refuses with its own words, and its costs are the task's")
  func reviewer() {
    var run = run([Gate(name: "review", agent: "strong")])
    run.work("1", cost: 1)
    run.work("1", cost: 2, answer: "I looked.\nFAIL: no reset endpoint")
    #expect(
      run.state.task("1")?.outcome == .refused(gate: "review", "no reset endpoint"))
    #expect(run.state.crew?.works[0].cost == 3)
  }

  @Test("after a crash the gate runs again")
  func resumed() {
    var run = run([Self.test])
    run.work("1")
    run.send(.takenUp(TakeUp(runner: 2)))
    #expect(run.actions == [.adopt(run.key("1"), nil)])
    run.send(.report(.ended(run.key("1"), .exited(0), ResourceUsage())))
    #expect(run.actions == [.gate(GateOrder(key: run.key("1"), gate: "test", attempt: 1))])
    run.end("1")
    #expect(run.phase("1") == .finished(.succeeded))
  }

  @Test("a level's gate runs before the next level, the final one after everything")
  func stages() {
    var run = run([
      Gate(name: "build", command: "make", at: .level),
      Gate(name: "all", command: "make all", at: .final),
    ])
    run.work("1")
    #expect(run.running == [])
    run.endStage(.level(0), 0)
    #expect(run.running == ["2"])
    run.work("2")
    run.endStage(.level(1), 0)
    #expect(run.state.phase == .running)
    run.endStage(.final, 0)
    #expect(run.state.phase == .finished(.succeeded))
    let stages = run.state.crew?.stageResults.map(\.stage)
    #expect(stages == [.level(0), .level(1), .final])
  }

  @Test("a level's gate that refuses ends the run; taken up again, it runs again")
  func refusedLevel() {
    var run = run([Gate(name: "build", command: "make", at: .level, retries: 1)])
    run.work("1")
    run.endStage(.level(0), 1)
    run.endStage(.level(0), 1)
    #expect(run.state.phase == .finished(.failed))
    #expect(run.state.crew?.hasFailedStage == true)
    run.send(.takenUp(TakeUp(runner: 2)))
    #expect(
      run.actions == [
        .gate(GateOrder(key: GateStage.level(0).key, gate: "build", attempt: 1, stage: .level(0)))
      ])
    run.endStage(.level(0), 0)
    #expect(run.running == ["2"])
  }

  @Test("a final gate that refuses, or that does not run any more, is no success")
  func refusedWhole() {
    let gate = Gate(name: "all", command: "make all", at: .final)
    var refused = RunScenario(crew: [("1", [])]) { $0.gates = [gate] }
    refused.work("1")
    refused.endStage(.final, 1)
    #expect(refused.state.phase == .finished(.failed))
    var interrupted = RunScenario(crew: [("1", [])]) { $0.gates = [gate] }
    interrupted.send(.interrupted)
    interrupted.work("1")
    #expect(interrupted.state.phase == .finished(.interrupted))
  }

  @Test("a usage limit of the final reviewer is waited for, and costs none of its tries")
  func limitedReview() {
    var run = RunScenario(crew: [("1", [])]) {
      $0.gates = [Gate(name: "review", agent: "strong", at: .final)]
    }
    run.work("1")
    var reading = AgentReading()
    reading.hasFailed = true
    reading.limit = AgentLimit(.usage, resetsAt: run.now + .seconds(10), words: "limit")
    run.send(.report(.agent(GateStage.final.key, reading)))
    run.endStage(.final, 1)
    #expect(run.state.phase == .running)
    run.pass(.seconds(11))
    reading.hasFailed = false
    reading.limit = nil
    reading.answer = "PASS"
    run.send(.report(.agent(GateStage.final.key, reading)))
    run.endStage(.final, 0)
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("a sprint's gate runs when its tasks are done")
  func sprints() {
    var run = RunScenario(
      crew: [("1", []), ("2", ["1"]), ("3", [])], tracks: ["1": 1, "2": 1, "3": 2]
    ) {
      $0.gates = [Gate(name: "review", command: "true", at: .sprint)]
      $0.tracks?.sprints = [.init(id: "S1", name: "First", track: 1, tasks: ["1", "2"])]
    }
    run.work("1")
    run.work("3")
    run.work("2")
    #expect(run.state.phase == .running)
    run.endStage(.sprint("S1"), 0)
    #expect(run.state.phase == .finished(.succeeded))
  }
}
