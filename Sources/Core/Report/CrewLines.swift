/// Lines for people about agents, gates, limits, money and tracks.
extension PlainLines {
  func crewLines(_ event: CrewEvent, at instant: Instant) -> [String] {
    switch event {
    case .agentAssigned(let key, let agent, let model, _):
      [
        "    Task \(cleaned(key.task.text)): \(cleaned(agent))"
          + (model.map { " (\(cleaned($0)))" } ?? "")
      ]
    case .agentReported, .workFinished, .stageReported, .waitEnded: []
    case .gateStarted(let key, let gate, _):
      ["  🔍 Task \(name(key.task)): \(cleaned(gate))"]
    case .gateEnded(let key, let gate, let result):
      [verdict("Task \(name(key.task))", gate, result)]
    case .stageStarted(let stage, let gate, _):
      ["🔍 Checking \(cleaned(stage.words)): \(cleaned(gate))"]
    case .stageEnded(let stage, let gate, let result):
      [verdict(cleaned(stage.words), gate, result)]
    case .dispatchHeld(let account, let until, let words):
      [
        "⏳ \(account): \(cleaned(words)); nothing of it starts for \((until - instant).readable)"
      ]
    case .holdEnded(let account): ["▶ \(account): the usage limit has passed"]
    case .budgetWarned(let spent): ["⚠️ \(dollars(spent)) of the budget are spent"]
    case .budgetSpent(let spent): ["💰 The budget is spent: \(dollars(spent))"]
    case .budgetChanged(let budget):
      ["💰 The budget is \(budget.limit.map(dollars) ?? "without limit")"]
    case .trackOpened(let track): ["🛤 Track \(title(track)) is worked on"]
    case .trackFinished(let track): trackEnd(track)
    case .trackWaiting(let track, let tasks):
      ["  ⏳ Track \(title(track)) waits for \(tasks.prefix(5).map(name).joined(separator: ", "))"]
    }
  }

  private func verdict(_ subject: String, _ gate: String, _ result: GateResult) -> String {
    if result.hasPassed {
      return "  ✅ \(subject): \(cleaned(gate)): PASS in \(result.time.readable)"
    }
    let again = result.isRetried ? "; once more" : ""
    return "  ⚠️ \(subject): \(cleaned(gate)): FAIL - \(cleaned(result.words))\(again)"
  }

  private func title(_ track: Int) -> String {
    let name = state?.crew?.options.tracks?.name(of: track) ?? ""
    return name.isEmpty ? "\(track)" : "\(track) (\(cleaned(name)))"
  }

  private func trackEnd(_ track: Int) -> [String] {
    guard let tracks = state?.crew?.tracks else { return [] }
    let total = tracks.total[track]
    return [
      String(repeating: "═", count: 40), "TRACK \(title(track)) COMPLETE ✅",
      "Tasks: \(total)/\(total), time: \(tracks.worked[track].readable),"
        + " cost: \(dollars(tracks.cost[track]))",
    ]
  }
}

extension DispatchLimit {
  /// What a task waits for, as the end of a sentence.
  func words(_ state: RunState) -> String {
    switch name {
    case .pool(let pool): "a place in pool \(cleaned(pool)) (\(capacity))"
    case .track(let track): isHeld ? "track \(track), which nobody works on" : "track \(track)"
    case .account(let account):
      "the usage limit of \(account)"
        + (state.crew?.holds[account].map { " (\(cleaned($0.words)))" } ?? "")
    }
  }
}
