/// What events do to the crew's part of a run; for `RunState.apply` alone.
extension RunState {
  mutating func apply(_ event: CrewEvent, at instant: Instant) {
    switch event {
    case .agentAssigned(let key, let agent, _, let tier):
      withWork(key) { ($0.agent, $0.tier) = (agent, max($0.tier, tier)) }
    case .agentReported(let key, let reading): take(reading, of: key)
    case .workFinished(let key, let usage):
      withWork(key) { $0.usage = usage }
      with(key) { $0.process = nil }
    case .gateStarted(let key, let gate, let number):
      withWork(key) {
        $0.gate = CrewState.GateRun(gate: gate, attempt: number, startedAt: instant)
        $0.gateReading = nil
      }
    case .gateEnded(let key, let gate, let result): endGate(key, gate, result)
    case .stageStarted(let stage, let gate, let number):
      crew?.stage = CrewState.StageRun(
        stage: stage, gate: gate, attempt: number, startedAt: instant)
    case .stageReported(_, let gate, let reading):
      crew?.addReviewCost(of: reading, gate: gate)
      crew?.stage?.reading = reading
    case .stageEnded(let stage, let gate, let result):
      crew?.endStage(stage, gate, result)
      noteVerdict(stage, result)
    case .dispatchHeld(let account, let until, let words): hold(account, until, words)
    case .holdEnded(let account):
      crew?.holds[account]?.until = nil
      ready.hold(.account(account), false)
    case .waitEnded(let id): if let index = index(of: id) { becomeReady(index, at: instant) }
    case .budgetWarned: crew?.hasWarned = true
    case .budgetSpent: crew?.isSpent = true
    case .budgetChanged(let budget): crew?.change(budget)
    case .trackOpened(let track):
      crew?.tracks?.opened.insert(track)
      ready.hold(.track(track), false)
    case .trackFinished(let track): crew?.tracks?.announced.insert(track)
    case .trackWaiting(let track, let tasks): crew?.tracks?.waiting[track] = tasks
    }
  }

  private mutating func withWork(_ key: AttemptKey, _ change: (inout CrewState.Work) -> Void) {
    guard let index = index(of: key.task), tasks[index].attempt == key.attempt, crew != nil else {
      return
    }
    crew?.works[index].change(change)
  }

  private mutating func take(_ reading: AgentReading, of key: AttemptKey) {
    guard let index = index(of: key.task), tasks[index].attempt == key.attempt else { return }
    crew?.take(reading, of: index)
  }

  private mutating func endGate(_ key: AttemptKey, _ gate: String, _ result: GateResult) {
    guard let index = index(of: key.task), tasks[index].attempt == key.attempt else { return }
    tasks[index].process = nil
    crew?.endGate(index, gate, result, attempt: key.attempt)
  }

  private mutating func hold(_ account: String, _ until: Instant, _ words: String) {
    guard crew != nil else { return }
    let inRow = crew?.holds[account]?.inRow ?? 0
    crew?.holds[account] = CrewState.Hold(until: until, words: words, inRow: inRow + 1)
    ready.hold(.account(account), true)
  }

  /// The groups in which tasks are started so many at once; nil when nothing is limited.
  static func groups(
    _ keys: [IndexedHeap.Key], _ crew: CrewState, _ manifest: RunManifest
  ) -> DispatchGroups? {
    var capacities: [DispatchLimit.Name: Int] = [:]
    for pool in crew.options.pools { capacities[.pool(pool.name)] = pool.limit }
    if manifest.options.schedule == .tracks, let count = crew.options.tracks?.count, count > 0 {
      for track in 1...count { capacities[.track(track)] = 1 }
    }
    let accounts = crew.ladders.map { ladder in
      Set(ladder.compactMap { crew.options.agent($0)?.account }).sorted()
        .map(DispatchLimit.Name.account)
    }
    let plan = manifest.plan
    return DispatchGroups(keys: keys, capacities: capacities) { index in
      let pool = crew.options.pool(for: plan.tasks[index], listTag: plan.origin.tag)
      let track = crew.tracks.map { Int($0.track[index]) } ?? 0
      let ladder = Int(crew.works[index].ladder)
      return (pool.map { [.pool($0)] } ?? [])
        + (capacities[.track(track)] == nil ? [] : [.track(track)])
        + (ladder < 0 ? [] : accounts[ladder])
    }
  }
}

extension CrewState.Work {
  fileprivate mutating func change(_ body: (inout Self) -> Void) { body(&self) }
}

extension CrewState {
  /// Notes that an attempt at a task begins.
  mutating func begin(_ index: Int) {
    works[index].reading = nil
    works[index].gateReading = nil
    works[index].gate = nil
    works[index].iterations += 1
    totals.iterations += 1
    if let track = tracks?.track[index] { tracks?.waiting[Int(track)] = nil }
  }

  mutating func end(_ index: Int, _ outcome: Outcome, worked: Duration) {
    if let track = tracks?.track[index] { tracks?.worked[Int(track)] += worked }
    works[index].gate = nil
    // What a gate said holds until an attempt that counts came out otherwise.
    if outcome.weight == .counts, !outcome.isRefusal { works[index].rejection = nil }
    guard outcome.isSuccess else { return }
    works[index].unaccepted = 0
    works[index].rejection = nil
    if let account = works[index].agent.flatMap({ options.agent($0) })?.account,
      let hold = holds[account], hold.until == nil
    {
      holds[account] = nil
    }
  }

  /// Counts a task as finished (1) or as not finished any more (-1).
  mutating func count(_ index: Int, _ result: TaskResult, _ change: Int) {
    if let track = tracks?.track[index] { tracks?.open[Int(track)] -= change }
    if case .needsPerson = result { works[index].needsPerson = change > 0 }
    if result == .succeeded, works[index].tier > 0 {
      totals.tasksByTier[works[index].tier, default: 0] += change
    }
    guard result.satisfiesDependents, let sprints = sprintOfTask[index] else { return }
    for id in sprints {
      sprintsOpen[id, default: 0] -= change
      if sprintsOpen[id] == 0, !gates(at: .sprint).isEmpty {
        sprintsDue.append(id)
      } else {
        sprintsDue.removeAll { $0 == id }
      }
    }
  }

  mutating func reset(_ index: Int) {
    works[index].unaccepted = 0
    works[index].needsPerson = false
    if let track = tracks?.track[index] { tracks?.announced.remove(Int(track)) }
    if let level = stagesOfTask(index) { stageDone[level] = nil }
    for id in sprintOfTask[index] ?? [] { stageDone[.sprint(id)] = nil }
    stageDone[.final] = nil
  }

  private func stagesOfTask(_ index: Int) -> GateStage? { .level(levels[index]) }

  /// What was under way when a runner died is begun anew.
  mutating func resume(running: [Int]) {
    stage = nil
    stageTries = 0
    draining = nil
    isSpent = false
    for index in running { works[index].gate = nil }
    tracks?.waiting = [:]
    stageResults.removeAll { !$0.result.hasPassed }
  }

  fileprivate mutating func take(_ reading: AgentReading, of index: Int) {
    let isGate = works[index].gate != nil
    let before = isGate ? works[index].gateReading : works[index].reading
    let reviewer = works[index].gate.flatMap { gate in
      options.gates.first { $0.name == gate.gate }?.agent
    }
    let agent = isGate ? reviewer : works[index].agent
    let added = cost(of: reading, by: agent) - (before.map { cost(of: $0, by: agent) } ?? 0)
    works[index].cost += added
    works[index].unaccepted += added
    if let track = tracks?.track[index] { tracks?.cost[Int(track)] += added }
    count(reading, after: before, cost: added)
    if isGate {
      works[index].gateReading = reading
    } else {
      works[index].reading = reading
      works[index].session = reading.session ?? works[index].session
      works[index].answer = reading.answer ?? works[index].answer
    }
  }

  private mutating func count(_ reading: AgentReading, after before: AgentReading?, cost: Double) {
    totals.cost += cost
    totals.tokensIn += reading.tokensIn - (before?.tokensIn ?? 0)
    totals.tokensOut += reading.tokensOut - (before?.tokensOut ?? 0)
    totals.turns += reading.turns - (before?.turns ?? 0)
  }

  /// What a reading says that a process cost: as its program says, or by the agent's prices.
  package func cost(of reading: AgentReading, by agent: String?) -> Double {
    if let cost = reading.cost { return cost }
    return agent.flatMap { options.agent($0)?.price }?.cost(of: reading) ?? 0
  }

  fileprivate mutating func endGate(
    _ index: Int, _ gate: String, _ result: GateResult, attempt: Int
  ) {
    works[index].gate = nil
    count(result)
    if result.hasPassed || result.isRetried { return }
    works[index].rejection = Rejection(
      attempt: attempt, gate: gate, gateTry: result.attempt, words: result.words)
  }

  fileprivate mutating func addReviewCost(of reading: AgentReading, gate: String) {
    let agent = options.gates.first { $0.name == gate }?.agent
    let before = stage?.reading
    let added = cost(of: reading, by: agent) - (before.map { cost(of: $0, by: agent) } ?? 0)
    count(reading, after: before, cost: added)
    if case .sprint(let id) = stage?.stage,
      let track = options.tracks?.sprints.first(where: { $0.id == id })?.track,
      tracks?.cost.indices.contains(track) == true
    {
      tracks?.cost[track] += added
    } else {
      totals.reviewCost += added
    }
  }

  fileprivate mutating func endStage(
    _ stage: GateStage, _ gate: String, _ result: GateResult
  ) {
    self.stage = nil
    count(result)
    stageTries = result.isRetried ? result.attempt : 0
    if case .probe = stage { return }
    stageResults.removeAll { $0.stage == stage && $0.gate == gate && !$0.result.hasPassed }
    stageResults.append(StageResult(stage: stage, gate: gate, result: result))
    guard result.hasPassed else { return }
    stageDone[stage, default: 0] += 1
    if case .sprint(let id) = stage, stageDone[stage] == gates(at: .sprint).count {
      sprintsDue.removeAll { $0 == id }
    }
  }

  private mutating func count(_ result: GateResult) {
    if result.hasPassed { totals.gatesPassed += 1 }
    if !result.hasPassed, !result.isRetried { totals.gatesFailed += 1 }
  }

  fileprivate mutating func change(_ budget: Budget) {
    self.budget = budget
    hasWarned = budget.warning.map { totals.cost >= $0 } ?? false
    isSpent = false
  }
}
