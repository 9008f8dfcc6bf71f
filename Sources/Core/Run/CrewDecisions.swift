/// What follows for attempts from agents' words, gates and limits.
extension RunState {
  /// What the end of a process means where there is a crew; nil when it means what it always does.
  func crewDecision(
    ofEnd key: AttemptKey, _ status: ExitStatus?, _ usage: ResourceUsage, at now: Instant
  ) -> Decision? {
    guard let crew else { return nil }
    if key.attempt == 0 { return stageEnded(key, status, at: now) }
    guard let task = runningTask(key), let index = index(of: key.task) else { return nil }
    if let gate = crew.works[index].gate {
      return gateEnded(key, index, gate, status, usage, at: now)
    }
    let outcome = judged(outcome(of: task, status), index)
    if outcome.isSuccess, let first = crew.gates(at: .task).first {
      return Decision(events: [.crew(.workFinished(key, usage))])
        + startGate(first, try: 1, of: key, at: now)
    }
    if case .limited(let words) = outcome, let agent = crew.agentOfWork(index) {
      let limit = crew.works[index].reading?.limit ?? AgentLimit(.usage, words: words)
      return attemptEnded(key, outcome, usage, at: now) + hold(agent, limit, at: now)
    }
    return ended(key, outcome, usage, at: now)
  }

  /// An outcome in the light of what the agent said: neither its status nor its words are enough.
  private func judged(_ outcome: Outcome, _ index: Int) -> Outcome {
    guard case .exited(let code) = outcome, let crew, let agent = crew.agentOfWork(index),
      agent.output != .text, git?.works[index].workspace?.resolves == nil
    else { return outcome }
    let reading = crew.works[index].reading
    if code == 0, reading?.hasFailed == false { return outcome }
    if let limit = reading?.limit { return .limited(limit.words) }
    if code != 0 { return outcome }
    // Journals of earlier versions have no problem, but the last words.
    let last = reading?.hasFailed == nil ? nil : reading?.answer
    let words = reading?.problem ?? last.map { Verdict.firstLine(of: $0) }
    return .agentFailed(words ?? "it ended without a result")
  }

  // MARK: Gates of tasks

  private func startGate(
    _ gate: Gate, try number: Int, of key: AttemptKey, at now: Instant
  ) -> Decision {
    var actions = [Action.gate(GateOrder(key: key, gate: gate.name, attempt: number))]
    if let timeout = gate.timeout {
      actions.append(.wake(.gate(key, gate: gate.name, attempt: number), at: now + timeout))
    }
    return Decision(
      events: [.crew(.gateStarted(key, gate: gate.name, try: number))], actions: actions)
  }

  private func gateEnded(
    _ key: AttemptKey, _ index: Int, _ run: CrewState.GateRun, _ status: ExitStatus?,
    _ usage: ResourceUsage, at now: Instant
  ) -> Decision? {
    guard let crew, let task = runningTask(key),
      let place = crew.gates(at: .task).firstIndex(where: { $0.name == run.gate })
    else { return nil }
    let whole = crew.works[index].usage.adding(usage)
    if task.ending != nil { return attemptEnded(key, outcome(of: task, nil), whole, at: now) }
    let gates = crew.gates(at: .task)
    let reading = crew.works[index].gateReading
    if let limit = crew.limit(of: gates[place], reading), let agent = crew.reviewer(gates[place]) {
      return attemptEnded(key, .limited(limit.words), whole, at: now) + hold(agent, limit, at: now)
    }
    let result = crew.result(gates[place], run.attempt, status, reading, run.startedAt, now)
    let told = Decision(events: [.crew(.gateEnded(key, gate: run.gate, result))])
    if result.isRetried {
      return told + startGate(gates[place], try: run.attempt + 1, of: key, at: now)
    }
    if !result.hasPassed {
      return told
        + attemptEnded(key, .refused(gate: run.gate, result.words), whole, at: now)
    }
    if place + 1 < gates.count {
      return told + startGate(gates[place + 1], try: 1, of: key, at: now)
    }
    return told + ended(key, .exited(code: 0), whole, at: now)
  }

  /// A gate whose time is up is killed, and counts as failed when its process is gone.
  func decideGateTimeout(_ key: AttemptKey, gate: String, attempt: Int) -> Decision {
    let isRunning: Bool
    if key.attempt == 0 {
      isRunning =
        crew?.stage.map { $0.stage.key == key && $0.gate == gate } ?? false
        && crew?.stage?.attempt == attempt
    } else {
      let run = index(of: key.task).flatMap { crew?.works[$0].gate }
      isRunning = runningTask(key) != nil && run?.gate == gate && run?.attempt == attempt
    }
    return isRunning ? Decision(actions: [.signal(key, .kill)]) : Decision()
  }

  // MARK: Limits

  /// Lets nothing start on an agent's account until a limit has passed; ends the run when that takes
  /// too long.
  func hold(_ agent: AgentProfile, _ limit: AgentLimit, at now: Instant) -> Decision {
    guard let account = agent.account, let crew else { return Decision() }
    let earlier = crew.holds[account]?.inRow ?? 0
    let known = crew.holds[account]?.until ?? now
    let until = max(known, limit.holdsUntil(now, earlier: earlier))
    var decision = Decision(
      events: [.crew(.dispatchHeld(account: account, until: until, words: limit.words))],
      actions: [.wake(.hold(account), at: until)])
    let isTooLong = limit.kind == .person || until - now > crew.options.longestHold
    if isTooLong, phase == .running { decision.events.append(.runDraining(.limit)) }
    return decision
  }

  func decideHoldEnd(_ account: String, at now: Instant) -> Decision {
    guard let until = crew?.holds[account]?.until, until <= now else { return Decision() }
    return Decision(events: [.crew(.holdEnded(account: account))])
  }

  /// A task whose wait is over joins the ready ones when only a limit keeps it from starting.
  func decideRetry(_ id: TaskID, at now: Instant) -> Decision {
    guard let index = index(of: id), crew != nil, case .backingOff(let until) = tasks[index].phase,
      until <= now, !ready.hasRoom(for: index)
    else { return Decision() }
    return Decision(events: [.crew(.waitEnded(id))])
  }

  // MARK: Attempts

  /// How many attempts a task gets.
  func attemptLimit(of index: Int) -> Int {
    guard let crew, crew.escalates(index) else { return manifest.options.attempts }
    return max(manifest.options.attempts, crew.ladder(of: index).count)
  }

  /// The end of a task after its last attempt: a person is asked where agents tried in turn.
  func needsPerson(_ index: Int, _ outcome: Outcome) -> Bool {
    guard let crew else { return false }
    return crew.escalates(index) || hasSpentTooMuch(index)
  }

  /// Whether a task cost so much without being accepted that it gets no further attempt.
  func hasSpentTooMuch(_ index: Int) -> Bool {
    guard let crew, let limit = crew.budget.perTask else { return false }
    return crew.works[index].unaccepted >= limit
  }

  /// Says who works on an attempt that starts.
  func assignment(of key: AttemptKey, _ index: Int) -> [RunEvent.Kind] {
    guard let crew, let agent = crew.agent(of: index, afterFailures: tasks[index].failures) else {
      return []
    }
    let tier = crew.tier(of: agent.name, task: index)
    return [.crew(.agentAssigned(key, agent: agent.name, model: agent.model, tier: tier))]
  }

  /// What a runner that takes the run up has to do about limits and money.
  func crewTakeUp(_ how: TakeUp) -> Decision {
    guard let crew else { return Decision() }
    var decision = Decision()
    for (account, hold) in crew.holds.sorted(by: { $0.key < $1.key }) {
      guard let until = hold.until else { continue }
      decision.actions.append(.wake(.hold(account), at: until))
    }
    if let budget = how.budget, budget != crew.budget {
      decision.events.append(.crew(.budgetChanged(budget)))
    }
    let limit = (how.budget ?? crew.budget).limit
    if let limit, crew.totals.cost >= limit {
      decision.events += [.crew(.budgetSpent(spent: crew.totals.cost)), .runDraining(.budget)]
    }
    for track in how.tracks ?? [] where crew.tracks?.opened.contains(track) == false {
      decision.events.append(.crew(.trackOpened(track)))
    }
    return decision
  }
}
