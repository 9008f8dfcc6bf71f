import Core
import Testing

@Suite("Escalation, limits and budgets")
struct EscalationTests {
  @Test("each attempt is given to the next agent of the ladder; then a person is asked")
  func ladder() {
    var run = RunScenario(crew: [("1", []), ("2", []), ("3", ["1"])]) {
      $0.ladder = ["fast", "fast", "strong"]
      $0.escalates = true
    }
    for _ in 0..<3 {
      run.work("1", failed: true, answer: "no idea", code: 1)
      run.pass(.seconds(10))
    }
    let assigned = run.crew.compactMap { event -> String? in
      guard case .agentAssigned(let key, let agent, let model, let tier) = event, key.task == "1"
      else { return nil }
      return "\(key.attempt) \(agent) \(model ?? "") \(tier)"
    }
    #expect(assigned == ["1 fast haiku 1", "2 fast haiku 1", "3 strong opus 2"])
    #expect(run.phase("1") == .finished(.needsPerson(.exited(code: 1))))
    #expect(run.phase("3") == .finished(.blocked(by: "1")))
    #expect(run.state.phase == .running)
    run.work("2")
    #expect(run.state.phase == .finished(.failed))
  }

  @Test("attempts beyond the ladder are the last agent's")
  func longLadder() {
    var run = RunScenario(crew: [("1", [])], options: { $0.attempts = 5 }) {
      $0.ladder = ["fast", "fast", "strong"]
      $0.escalates = true
    }
    for _ in 0..<5 {
      run.work("1", failed: true, code: 1)
      run.pass(.seconds(100))
    }
    #expect(run.state.task("1")?.attempt == 5)
    #expect(run.phase("1") == .finished(.needsPerson(.exited(code: 1))))
  }

  @Test(
    "neither the exit status nor the agent's word alone is success",
    arguments: [
      (0, false, Outcome.exited(code: 0)), (1, false, .exited(code: 1)),
      (0, true, .agentFailed("out of luck")), (0, nil, .agentFailed("it ended without a result")),
    ] as [(Int32, Bool?, Outcome)])
  func verdicts(code: Int32, failed: Bool?, outcome: Outcome) {
    var run = RunScenario(crew: [("1", [])]) { _ in }
    run.work("1", failed: failed, answer: "out of luck", code: code)
    #expect(run.state.task("1")?.outcome == outcome)
  }

  @Test("a usage limit holds what would meet it, counts no attempt, and ends at its moment")
  func limits() {
    var run = RunScenario(crew: [("1", []), ("2", []), ("3", [])], options: { $0.jobs = 1 }) {
      $0.routes = [Route(match: .init(worker: "shell"), agent: "own")]
      $0.agents.append(AgentProfile(name: "own", command: "true"))
    }
    let limit = AgentLimit(.usage, resetsAt: run.now + .seconds(100), words: "resets soon")
    run.work("1", failed: true, limit: limit, code: 1)
    #expect(run.running == [])
    #expect(run.state.phase == .running)
    #expect(run.state.task("1")?.failures == 0)
    #expect(run.state.task("1")?.outcome == .limited("resets soon"))
    run.pass(.seconds(109))
    #expect(run.running == [])
    run.pass(.seconds(1))
    #expect(run.running == ["1"])
    #expect(run.state.task("1")?.attempt == 2)
    for id in ["1", "2", "3"] { run.work(id) }
    #expect(run.state.phase == .finished(.succeeded))
    #expect(run.state.crew?.holds == [:])
  }

  @Test("a limit does not hold the tasks that other programs work on")
  func otherAccounts() {
    var run = RunScenario(
      crew: [("1", []), ("2", [])], workers: ["2": "shell"], options: { $0.jobs = 1 }
    ) {
      $0.routes = [Route(match: .init(worker: "Shell"), agent: "own")]
      $0.agents.append(AgentProfile(name: "own", command: "true"))
    }
    run.work("1", failed: true, limit: AgentLimit(.usage, words: "limit"), code: 1)
    #expect(run.running == ["2"])
  }

  @Test("a limit without a moment is waited for longer each time; a good result forgets it")
  func unknownReset() {
    var run = RunScenario(crew: [("1", []), ("2", [])], options: { $0.jobs = 1 }) { _ in }
    for wait in [60, 120, 240] {
      run.work("1", failed: true, limit: AgentLimit(.usage, words: "limit"), code: 1)
      run.pass(.seconds(wait - 1))
      #expect(run.running == [])
      run.pass(.seconds(1))
      #expect(run.running == ["1"])
    }
    run.work("1")
    #expect(run.state.crew?.holds == [:])
  }

  @Test("a limit that does not pass soon, or that a person must lift, ends the run as it stands")
  func longLimits() {
    let far = AgentLimit(.usage, resetsAt: Instant(microseconds: 0) + .seconds(90_000), words: "x")
    for limit in [far, AgentLimit(.person, words: "log in")] {
      var run = RunScenario(crew: [("1", []), ("2", [])]) { _ in }
      run.work("1", failed: true, limit: limit, code: 1)
      #expect(run.state.phase == .draining(.limit))
      #expect(run.running == ["2"])
      run.work("2")
      #expect(run.state.phase == .finished(.interrupted))
      #expect(run.state.crew?.draining == .limit)
    }
  }

  @Test("a runner that takes the run up waits for the limit too")
  func resumedLimit() {
    var run = RunScenario(crew: [("1", [])]) { _ in }
    let limit = AgentLimit(.usage, resetsAt: run.now + .seconds(100), words: "limit")
    run.work("1", failed: true, limit: limit, code: 1)
    run.timers = []
    run.send(.takenUp(TakeUp(runner: 2)))
    #expect(run.running == [])
    run.pass(.seconds(110))
    #expect(run.running == ["1"])
  }

  @Test("the budget warns, and from its end on nothing starts, and nothing is ended")
  func budget() {
    var run = RunScenario(crew: [("1", []), ("2", []), ("3", [])], options: { $0.jobs = 2 }) {
      $0.budget = Budget(limit: 3, warning: 1)
    }
    run.work("1", cost: 1.5)
    #expect(run.crew.contains(.budgetWarned(spent: 1.5)))
    var reading = AgentReading()
    reading.cost = 1.75
    run.send(.report(.agent(run.key("2"), reading)))
    #expect(run.crew.contains(.budgetSpent(spent: 3.25)))
    #expect(run.state.phase == .draining(.budget))
    #expect(run.running == ["2", "3"])
    #expect(!run.actions.contains { if case .signal = $0 { true } else { false } })
    run.work("2", cost: 2)
    run.work("3")
    #expect(run.state.phase == .finished(.interrupted) || run.state.counts.succeeded == 3)
    #expect(run.state.crew?.totals.cost == 3.5)
  }

  @Test("a resumed run is over budget at once, unless the budget is larger now")
  func resumedBudget() {
    var run = RunScenario(crew: [("1", []), ("2", [])], options: { $0.jobs = 1 }) {
      $0.budget = Budget(limit: 1)
    }
    run.work("1", cost: 1)
    #expect(run.state.phase == .finished(.interrupted))
    run.send(.takenUp(TakeUp(runner: 2)))
    #expect(run.state.phase == .finished(.interrupted))
    run.send(.takenUp(TakeUp(runner: 3, budget: Budget(limit: 5))))
    #expect(run.running == ["2"])
  }

  @Test("a task that costs too much without being accepted gets no further attempt")
  func perTask() {
    var run = RunScenario(crew: [("1", [])], options: { $0.attempts = 9 }) {
      $0.budget = Budget(perTask: 2)
    }
    run.work("1", failed: true, cost: 1.2, code: 1)
    run.pass(.seconds(10))
    run.work("1", failed: true, cost: 1.2, code: 1)
    #expect(run.phase("1") == .finished(.needsPerson(.exited(code: 1))))
  }

  @Test("costs are those of the newest reading, or the tokens' price")
  func costs() {
    var run = RunScenario(crew: [("1", [])]) {
      $0.agents[0].price = TokenPrice(input: 1, output: 10)
    }
    for tokens in [1000, 500_000] {
      var reading = AgentReading()
      reading.tokensIn = tokens
      reading.tokensOut = tokens / 10
      run.send(.report(.agent(run.key("1"), reading)))
    }
    #expect(run.state.crew?.totals.cost == 1)
    #expect(run.state.crew?.totals.tokensIn == 500_000)
  }
}
