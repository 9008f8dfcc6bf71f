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

/// The same events in one line each, for a view that shows tasks and their states itself.
package enum CrewWords {
  package static func lines(
    _ event: CrewEvent, _ state: RunState, at instant: Instant
  ) -> [String] {
    switch event {
    case .agentAssigned, .agentReported, .workFinished, .stageReported, .waitEnded, .gateStarted:
      return []
    case .gateEnded, .stageStarted, .stageEnded, .dispatchHeld, .holdEnded, .budgetWarned,
      .budgetSpent, .budgetChanged, .trackOpened, .trackFinished, .trackWaiting:
      var lines = PlainLines { _ in "" }
      lines.begin(with: state)
      return lines.crewLines(event, at: instant).suffix(1).map { TaskWords.trimmed($0) }
    }
  }
}

extension RunState {
  /// What a running task's agent does now, or the gate that decides about its work; nil when there is
  /// nothing to say.
  package func activity(of index: Int) -> String? {
    guard let work = crew?.works[index], tasks[index].isRunning else { return nil }
    if let gate = work.gate { return "gate \(cleaned(gate.gate))" }
    return work.reading.flatMap { $0.activity.isEmpty ? nil : $0.activity }
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
