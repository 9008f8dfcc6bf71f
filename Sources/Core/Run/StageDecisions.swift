/// Gates of levels, sprints and the whole: when they run, and what their verdict means.
extension RunState {
  /// The gate to start now, when all tasks are done that it is about.
  func stageDue(at now: Instant) -> Decision? {
    guard let crew, crew.stage == nil, phase == .running, let stage = dueStage(crew) else {
      return nil
    }
    let gates = crew.gates(at: stage.moment)
    let sought = git?.search.flatMap { search in gates.first { $0.name == search.gate } }
    let gate = sought ?? gates[crew.stageDone[stage] ?? 0]
    if let account = crew.reviewer(gate)?.account, crew.holds[account]?.until != nil { return nil }
    let number = crew.stageTries + 1
    var decision = Decision(
      events: [.crew(.stageStarted(stage, gate: gate.name, try: number))],
      actions: [.gate(GateOrder(key: stage.key, gate: gate.name, attempt: number, stage: stage))])
    if let timeout = gate.timeout {
      decision.actions.append(
        .wake(.gate(stage.key, gate: gate.name, attempt: number), at: now + timeout))
    }
    return decision
  }

  private func dueStage(_ crew: CrewState) -> GateStage? {
    if let search = git?.search {
      guard case .probe(let commit) = search.step else { return nil }
      return .probe(level: search.level, commit: commit)
    }
    if let sprint = crew.sprintsDue.first { return .sprint(sprint) }
    if isGateOpen(ofLevel: openLevel) { return .level(openLevel) }
    return unfinished == 0 && openLevel == levels.count && isFinalGateLeft ? .final : nil
  }

  /// Whether the tasks came out well so far, and a gate of the whole has not passed.
  var isFinalGateLeft: Bool {
    guard let crew, counts.failed + counts.blocked + counts.cancelled == 0 else { return false }
    return (crew.stageDone[.final] ?? 0) < crew.gates(at: .final).count
  }

  /// Whether a gate runs or is still to run, so that the run is not over.
  var isStageOwed: Bool {
    guard let crew else { return false }
    return crew.stage != nil || phase == .running && dueStage(crew) != nil
  }

  /// Whether all tasks of a level are done well, and a gate has not passed.
  func isGateOpen(ofLevel level: Int) -> Bool {
    guard let crew, level < levels.count, levels[level].open == 0 else { return false }
    let count = crew.gates(at: .level).count
    let isWell = levels[level].isWell
    return count > 0 && isWell && (crew.stageDone[.level(level)] ?? 0) < count
  }

  func stageEnded(
    _ key: AttemptKey, _ status: ExitStatus?, at now: Instant
  ) -> Decision? {
    guard let crew, let run = crew.stage, run.stage.key == key,
      let gate = crew.gates(at: run.stage.moment).first(where: { $0.name == run.gate })
    else { return Decision() }
    if case .stopping = phase {
      let result = GateResult(
        attempt: run.attempt, hasPassed: false, isRetried: true, words: "stopped with the run")
      return Decision(events: [.crew(.stageEnded(run.stage, gate: run.gate, result))])
    }
    if let limit = crew.limit(of: gate, run.reading), let agent = crew.reviewer(gate) {
      // It counts as no try.
      let result = GateResult(
        attempt: run.attempt - 1, hasPassed: false, isRetried: true, words: limit.words)
      return Decision(events: [.crew(.stageEnded(run.stage, gate: run.gate, result))])
        + hold(agent, limit, at: now)
    }
    let result = crew.result(gate, run.attempt, status, run.reading, run.startedAt, now)
    let told = Decision(events: [.crew(.stageEnded(run.stage, gate: run.gate, result))])
    if result.hasPassed || result.isRetried || phase != .running { return told }
    if run.stage.commit != nil { return told }
    return told
      + (search(run.stage, run.gate, result) ?? Decision(events: [.runDraining(.gate)]))
  }

  /// Whether a process of this name is a gate's.
  func isGate(_ key: AttemptKey) -> Bool {
    key.attempt == 0 || index(of: key.task).map { crew?.works[$0].gate != nil } ?? false
  }

  /// What ends a gate that is about no attempt.
  var stageStop: [Action] { crew?.stage.map { [.signal($0.stage.key, .terminate)] } ?? [] }
}
