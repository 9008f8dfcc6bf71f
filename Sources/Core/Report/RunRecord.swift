/// What a run did, attempt by attempt, and where the time of its slots went: a fold of its events.
///
/// `RunState` knows how a run stands; this keeps what it forgets. Cost: O(what an event touches).
package struct RunRecord: Sendable {
  package private(set) var state: RunState
  /// In the order of their starts.
  package private(set) var attempts: [AttemptRecord] = []
  /// The most slots at one moment, and so the number of rows of a timeline.
  package private(set) var slots = 0
  /// The newest attempt of each task that has one.
  private var newest: [Int: Int] = [:]
  /// When the next attempt of a task may start.
  private var retryDue: [Int: Instant] = [:]
  /// The tasks whose newest attempt has a slot.
  private var running: Set<Int> = []
  private var freeSlots: [Int] = []
  private var barrierLiftedAt: [Instant?]

  /// Reads a run's events, the first of which is `runStarted`; nil when it is not.
  package init?(_ events: some Sequence<RunEvent>) {
    var iterator = events.makeIterator()
    guard let first = iterator.next(), case .runStarted(let manifest) = first.kind else {
      return nil
    }
    self.init(manifest, at: first.at)
    while let event = iterator.next() { take(event) }
  }

  package init(_ manifest: RunManifest, at instant: Instant) {
    state = RunState(manifest: manifest, at: instant)
    barrierLiftedAt = [Instant?](repeating: nil, count: state.levels.count + 1)
  }

  /// Takes the run's next event.
  package mutating func take(_ event: RunEvent) {
    if case .runStarted(let manifest) = event.kind {
      self = RunRecord(manifest, at: event.at)
      return
    }
    let openLevel = state.openLevel
    let spent = event.kind.isAgentReport ? state.crew?.totals : nil
    state.apply(event)
    if state.openLevel > openLevel {
      for level in openLevel + 1...state.openLevel { barrierLiftedAt[level] = event.at }
    }
    follow(event)
    if let spent { charge(event, since: spent) }
  }

  /// The slots' time, with what runs at `now` counted as work.
  package func slotTime(at now: Instant) -> SlotTime { state.slotTime(at: now) }

  // MARK: Attempts

  private mutating func follow(_ event: RunEvent) {
    switch event.kind {
    case .attemptStarted(let key, _): start(key, at: event.at)
    case .attemptLaunched(let key, let process), .attemptAdopted(let key, let process):
      with(key) { attempt in
        guard attempt.launchedAt == nil else { return }
        attempt.launchedAt = event.at
        // A job of a cluster has waited in its queue until now.
        if process.isJob { attempt.startedAt = event.at }
      }
    case .attemptPaused(let key):
      with(key) { $0.pauses.append(AttemptRecord.Pause(from: event.at)) }
    case .attemptContinued(let key): with(key) { $0.endPause(at: event.at) }
    case .attemptEnded(let key, let outcome, let usage): end(key, outcome, usage, at: event.at)
    case .retryScheduled(let id, let due):
      if let index = state.index(of: id) { retryDue[index] = due }
    case .taskFinished(let id, _):
      // A task can be finished over the head of its attempt, which then has no end of its own.
      if let index = state.index(of: id) { freeSlot(of: index) }
    case .git(.workspaceReady(let key, _)): with(key) { $0.startedAt = event.at }
    case .crew(.agentAssigned(let key, let agent, let model, _)):
      with(key) { ($0.agent, $0.model) = (agent, model) }
    case .runStarted, .runResumed, .levelStarted, .levelFinished, .attemptProgressed,
      .attemptEnding, .taskReset, .dispatchPaused, .dispatchContinued, .jobsChanged, .runDraining,
      .runStopping, .warning, .runFinished, .git, .crew:
      break
    }
  }

  /// Enters what an agent's reading adds to the totals as its attempt's.
  private mutating func charge(_ event: RunEvent, since before: CrewState.Totals) {
    guard case .crew(.agentReported(let key, _)) = event.kind, let after = state.crew?.totals else {
      return
    }
    with(key) { attempt in
      // Differences of sums are not exact.
      attempt.cost = ((attempt.cost + after.cost - before.cost) * 1e6).rounded() / 1e6
      attempt.tokensIn += after.tokensIn - before.tokensIn
      attempt.tokensOut += after.tokensOut - before.tokensOut
    }
  }

  private mutating func start(_ key: AttemptKey, at instant: Instant) {
    guard let index = state.index(of: key.task), state.tasks[index].attempt == key.attempt else {
      return
    }
    freeSlot(of: index)
    let slot = freeSlots.min() ?? slots
    if slot == slots { slots += 1 } else { freeSlots.removeAll { $0 == slot } }
    let readyAt = readyTime(of: index, at: instant)
    let lifted = liftTime(of: index) ?? readyAt
    newest[index] = attempts.count
    running.insert(index)
    attempts.append(
      AttemptRecord(
        key: key, task: index, slot: slot, readyAt: readyAt,
        barrierWait: max(.zero, min(lifted, instant) - readyAt),
        slotWait: max(.zero, instant - max(readyAt, lifted)), startedAt: instant))
  }

  private func readyTime(of index: Int, at instant: Instant) -> Instant {
    let earliest = [
      state.tasks[index].eligibleAt, retryDue[index],
      newest[index].flatMap { attempts[$0].endedAt },
    ]
    return min(instant, earliest.compactMap(\.self).max() ?? instant)
  }

  private func liftTime(of index: Int) -> Instant? {
    switch state.manifest.options.schedule {
    case .dataflow, .tracks: return nil
    case .levels: return barrierLiftedAt[max(0, state.manifest.plan.graph.level[index])]
    }
  }

  private mutating func end(
    _ key: AttemptKey, _ outcome: Outcome, _ usage: ResourceUsage, at instant: Instant
  ) {
    guard let index = state.index(of: key.task), let place = newest[index],
      attempts[place].key == key, running.contains(index)
    else { return }
    attempts[place].endPause(at: instant)
    attempts[place].endedAt = instant
    attempts[place].outcome = outcome
    attempts[place].usage = usage
    freeSlot(of: index)
  }

  private mutating func freeSlot(of index: Int) {
    guard running.remove(index) != nil, let place = newest[index] else { return }
    freeSlots.append(attempts[place].slot)
  }

  private mutating func with(_ key: AttemptKey, _ change: (inout AttemptRecord) -> Void) {
    guard let index = state.index(of: key.task), let place = newest[index],
      attempts[place].key == key, running.contains(index)
    else { return }
    change(&attempts[place])
  }
}

extension RunEvent.Kind {
  fileprivate var isAgentReport: Bool {
    if case .crew(.agentReported) = self { true } else { false }
  }
}

extension AttemptRecord {
  fileprivate mutating func endPause(at instant: Instant) {
    guard let last = pauses.indices.last, pauses[last].to == nil else { return }
    pauses[last].to = instant
  }
}
