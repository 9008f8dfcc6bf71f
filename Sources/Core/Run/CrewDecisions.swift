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
    let words = reading?.answer.map { Verdict.firstLine(of: $0) } ?? ""
    return .agentFailed(
      reading?.hasFailed == nil
        ? "it ended without a result" : words.isEmpty ? "it gave no reason" : words)
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

  // MARK: Gates of levels, sprints and the whole

  /// The gate to start now, when all tasks are done that it is about.
  func stageDue(at now: Instant) -> Decision? {
    guard let crew, crew.stage == nil, phase == .running, let stage = dueStage(crew) else {
      return nil
    }
    let gate = crew.gates(at: stage.moment)[crew.stageDone[stage] ?? 0]
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
    if let sprint = crew.sprintsDue.first { return .sprint(sprint) }
    if isGateOpen(ofLevel: openLevel) { return .level(openLevel) }
    let isDone = unfinished == 0 && openLevel == levels.count
    let isWell = counts.failed + counts.blocked + counts.cancelled == 0
    let passed = crew.stageDone[.final] ?? 0
    return isDone && isWell && passed < crew.gates(at: .final).count ? .final : nil
  }

  /// Whether all tasks of a level are done well, and a gate has not passed.
  func isGateOpen(ofLevel level: Int) -> Bool {
    guard let crew, level < levels.count, levels[level].open == 0 else { return false }
    let count = crew.gates(at: .level).count
    let isWell = levels[level].isWell
    return count > 0 && isWell && (crew.stageDone[.level(level)] ?? 0) < count
  }

  private func stageEnded(
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
      let result = GateResult(
        attempt: run.attempt, hasPassed: false, isRetried: true, words: limit.words)
      return Decision(events: [.crew(.stageEnded(run.stage, gate: run.gate, result))])
        + hold(agent, limit, at: now)
    }
    let result = crew.result(gate, run.attempt, status, run.reading, run.startedAt, now)
    let told = Decision(events: [.crew(.stageEnded(run.stage, gate: run.gate, result))])
    if result.hasPassed || result.isRetried || phase != .running { return told }
    return told + Decision(events: [.runDraining(.gate)])
  }

  /// Whether a process of this name is a gate's.
  func isGate(_ key: AttemptKey) -> Bool {
    key.attempt == 0 || index(of: key.task).map { crew?.works[$0].gate != nil } ?? false
  }

  /// What ends a gate that is about no attempt.
  var stageStop: [Action] { crew?.stage.map { [.signal($0.stage.key, .terminate)] } ?? [] }

  // MARK: Words of agents

  func decide(_ reading: AgentReading, of key: AttemptKey) -> Decision {
    guard let crew else { return Decision() }
    if key.attempt == 0 {
      guard let run = crew.stage, run.stage.key == key, run.reading != reading else {
        return Decision()
      }
      let reported = CrewEvent.stageReported(run.stage, gate: run.gate, reading)
      let before = run.reading.map { crew.cost(of: $0, by: nil) } ?? 0
      return Decision(events: [.crew(reported)])
        + spending(crew.cost(of: reading, by: nil) - before)
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
    return decision + spending(added)
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

  // MARK: Limits

  /// Lets nothing start on an agent's account until a limit has passed; ends the run when that takes
  /// too long.
  private func hold(_ agent: AgentProfile, _ limit: AgentLimit, at now: Instant) -> Decision {
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

extension CrewState {
  /// The agent of the newest attempt at a task.
  func agentOfWork(_ index: Int) -> AgentProfile? { works[index].agent.flatMap(options.agent) }

  func escalates(_ index: Int) -> Bool {
    let ladder = ladder(of: index)
    return !ladder.isEmpty && (options.escalates || ladder.count > 1)
  }

  func reviewer(_ gate: Gate) -> AgentProfile? { gate.agent.flatMap(options.agent) }

  func reviewerName(ofGate name: String?) -> String? {
    options.gates.first { $0.name == name }?.agent
  }

  /// The limit that kept a reviewer from its verdict.
  func limit(of gate: Gate, _ reading: AgentReading?) -> AgentLimit? {
    guard let agent = reviewer(gate), agent.output != .text, let limit = reading?.limit,
      reading?.hasFailed != false
    else { return nil }
    return limit
  }

  /// What came of one try of a gate.
  func result(
    _ gate: Gate, _ number: Int, _ status: ExitStatus?, _ reading: AgentReading?,
    _ start: Instant, _ now: Instant
  ) -> GateResult {
    let problem = problem(gate, status, reading, time: now - start)
    let isRetried = problem != nil && number <= gate.retries
    return GateResult(
      attempt: number, hasPassed: problem == nil, isRetried: isRetried, words: problem ?? "",
      time: max(.zero, now - start))
  }

  private func problem(
    _ gate: Gate, _ status: ExitStatus?, _ reading: AgentReading?, time: Duration
  ) -> String? {
    if status != .exited(0) {
      if let timeout = gate.timeout, time >= timeout { return "timed out after \(timeout.text)" }
      return switch status {
      case .exited(let code): "exit status \(code)"
      case .signaled(let signal): "killed by signal \(signal)"
      case nil: "ended while no runner watched"
      }
    }
    guard let agent = reviewer(gate) else { return nil }
    if agent.output != .text, reading?.hasFailed != false { return "the reviewer failed" }
    switch Verdict(answer: reading?.answer ?? "") {
    case .pass: return nil
    case .fail(let why): return why
    case nil: return "the reviewer's last line is neither PASS nor FAIL: why"
    }
  }
}

extension ResourceUsage {
  func adding(_ other: ResourceUsage) -> ResourceUsage {
    ResourceUsage(
      cpu: cpu + other.cpu, maxResident: max(maxResident, other.maxResident))
  }
}

extension Verdict {
  /// The first line of a text that is not empty, at most 200 characters of it.
  static func firstLine(of text: String) -> String {
    let line =
      text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) } ?? ""
    return String(line.prefix(200))
  }
}
