/// What follows from what agents say: progress, money, and the end of a program that stays.
extension RunState {
  func decide(_ reading: AgentReading, of key: AttemptKey, at now: Instant) -> Decision {
    guard let crew else { return Decision() }
    if key.attempt == 0 {
      guard let run = crew.stage, run.stage.key == key, run.reading != reading else {
        return Decision()
      }
      let reported = CrewEvent.stageReported(run.stage, gate: run.gate, reading)
      let agent = crew.reviewerName(ofGate: run.gate)
      let before = run.reading.map { crew.cost(of: $0, by: agent) } ?? 0
      return Decision(events: [.crew(reported)])
        + spending(crew.cost(of: reading, by: agent) - before)
        + following(key, run.reading, reading, at: now)
    }
    guard let task = runningTask(key), let index = index(of: key.task) else { return Decision() }
    let work = crew.works[index]
    let before = work.gate == nil ? work.reading : work.gateReading
    guard before != reading else { return Decision() }
    var decision = Decision(events: [.crew(.agentReported(key, reading))])
    if work.gate == nil, reading.todos > 0 {
      let fraction = Double(reading.todosDone) / Double(reading.todos)
      let progress = Progress(fraction: fraction, label: reading.activity)
      if task.progress != progress { decision.events.append(.attemptProgressed(key, progress)) }
    }
    let agent = work.gate == nil ? work.agent : crew.reviewerName(ofGate: work.gate?.gate)
    let added =
      crew.cost(of: reading, by: agent) - (before.map { crew.cost(of: $0, by: agent) } ?? 0)
    return decision + spending(added) + following(key, before, reading, at: now)
  }

  /// How long a program may stay silent after its last event before it is ended: some never exit.
  private static var longestSilenceAtEnd: Duration { .seconds(120) }

  /// What follows from what a reading says beside money and progress.
  private func following(
    _ key: AttemptKey, _ before: AgentReading?, _ reading: AgentReading, at now: Instant
  ) -> Decision {
    var decision = Decision()
    if before?.hasFailed == nil, reading.hasFailed != nil {
      decision.actions.append(.wake(.stall(key), at: now + Self.longestSilenceAtEnd))
    }
    if reading.unreadableLines > 0, before?.unreadableLines ?? 0 == 0 {
      let message = "lines of the agent's output cannot be read; the log has them"
      decision.events.append(.warning(code: "agent_output", message: message, task: key.task))
    }
    return decision
  }

  /// The reading of the process that works under a name now.
  private func reading(of key: AttemptKey) -> AgentReading? {
    guard let crew else { return nil }
    if key.attempt == 0 { return crew.stage.flatMap { $0.stage.key == key ? $0.reading : nil } }
    guard let work = index(of: key.task).map({ crew.works[$0] }) else { return nil }
    return work.gate == nil ? work.reading : work.gateReading
  }

  /// Whether the silence of a process matters: it is a task's, or its agent has said how it ended.
  func isWatched(_ key: AttemptKey) -> Bool {
    runningTask(key) != nil || isWatchedAtEnd(key)
  }

  /// Whether the agent at work has said how it ended.
  func isWatchedAtEnd(_ key: AttemptKey) -> Bool { reading(of: key)?.hasFailed != nil }

  /// Ends the process of an agent that said long ago how it ended; nil when it has not.
  func decideSilenceAtEnd(_ key: AttemptKey, since: Instant, at now: Instant) -> Decision? {
    guard isWatchedAtEnd(key) else { return nil }
    let isPaused = runningTask(key)?.pausedSince != nil
    let left = isPaused ? Self.longestSilenceAtEnd : Self.longestSilenceAtEnd - (now - since)
    if left > .zero { return Decision(actions: [.wake(.stall(key), at: now + left)]) }
    if isGate(key) { return Decision(actions: [.signal(key, .kill)]) }
    guard let task = runningTask(key), task.ending == nil else { return Decision() }
    return end(key, .concluded, at: now)
  }

  /// Warns and stops as the budget says, when so much more is spent.
  private func spending(_ added: Double) -> Decision {
    guard let crew else { return Decision() }
    let spent = crew.totals.cost + added
    var decision = Decision()
    if let warning = crew.budget.warning, spent >= warning, !crew.hasWarned {
      decision.events.append(.crew(.budgetWarned(spent: spent)))
    }
    guard let limit = crew.budget.limit, spent >= limit, !crew.isSpent else { return decision }
    decision.events.append(.crew(.budgetSpent(spent: spent)))
    if phase == .running { decision.events.append(.runDraining(.budget)) }
    return decision
  }
}
