/// What a run did, attempt by attempt, and where the time of its slots went: a fold of its events.
///
/// `RunState` knows how a run stands; this keeps what it forgets. Cost: O(what an event touches).
package struct RunRecord: Sendable {
  package private(set) var state: RunState
  /// In the order of their starts.
  package private(set) var attempts: [AttemptRecord] = []
  /// The most slots at one moment, and so the number of rows of a timeline.
  package private(set) var slots = 0
  private var spent = SlotTime()
  private var waiting: WaitingTasks
  /// The newest attempt of each task that has one.
  private var newest: [Int: Int] = [:]
  /// When the next attempt of a task may start.
  private var retryDue: [Int: Instant] = [:]
  private var running: [Int: Stopwatch] = [:]
  private var freeSlots: [Int] = []
  /// The wall time so far, downtime excluded.
  private var clock: Duration = .zero
  private var barrierLiftedAt: [Instant?]

  /// The readings of the clock at the turns of a running attempt.
  private struct Stopwatch {
    var start: Duration
    var launch: Duration?
    var pause: Duration?
    var paused: Duration = .zero
    /// When the work was done and gates began to judge it.
    var work: Duration?

    mutating func endPause(at clock: Duration) {
      if let pause { paused += clock - pause }
      pause = nil
    }
  }

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
    waiting = WaitingTasks(state)
    barrierLiftedAt = [Instant?](repeating: nil, count: state.levels.count + 1)
  }

  /// Takes the run's next event.
  package mutating func take(_ event: RunEvent) {
    if case .runStarted(let manifest) = event.kind {
      self = RunRecord(manifest, at: event.at)
      return
    }
    if case .runResumed = event.kind {
      pass(to: event.at, isUnattended: true)
    } else {
      pass(to: event.at, isUnattended: false)
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
  package func slotTime(at now: Instant) -> SlotTime {
    var copy = self
    if !state.hasEnded { copy.pass(to: now, isUnattended: false) }
    for index in copy.running.keys { copy.settle(index, .work) }
    return copy.spent
  }

  // MARK: The time of idle slots

  private mutating func pass(to instant: Instant, isUnattended: Bool) {
    let span = instant - state.lastEventAt
    guard span > .zero else { return }
    if isUnattended, state.running.isEmpty { return }
    clock += span
    var idle = Idle(slots: max(0, state.jobs - state.running.count), span: span)
    if isUnattended {
      idle.give(.unattended, .max)
    } else if state.phase != .running {
      idle.give(.ending, .max)
    } else if state.isDispatchPaused {
      idle.give(.held, .max)
    } else {
      let ready = waiting.ready(in: state)
      idle.give(.launching, ready.startable)
      if state.crew?.stage != nil { idle.give(.gate, 1) }
      idle.give(.barrier, ready.barrier)
      idle.give(.conflict, ready.conflict)
      idle.give(.limit, ready.limit)
      idle.give(.merge, waiting.committed)
      idle.give(.backoff, waiting.backingOff)
      idle.give(.dependency, waiting.waiting)
      idle.give(.slots, .max)
    }
    for (use, time) in idle.times { spent[use] += time }
  }

  /// Matches idle slots with tasks that could have used them.
  private struct Idle {
    var slots: Int
    let span: Duration
    var times: [(SlotTime.Use, Duration)] = []

    mutating func give(_ use: SlotTime.Use, _ tasks: Int) {
      let taken = min(slots, tasks)
      if taken > 0 { times.append((use, span * taken)) }
      slots -= taken
    }
  }

  // MARK: Attempts

  private mutating func follow(_ event: RunEvent) {
    switch event.kind {
    case .attemptStarted(let key, _): start(key, at: event.at)
    case .attemptLaunched(let key, let process), .attemptAdopted(let key, let process):
      with(key) { attempt, watch, clock in
        if attempt.launchedAt == nil {
          attempt.launchedAt = event.at
          // A job of a cluster has waited in its queue until now.
          if process.isJob { attempt.startedAt = event.at }
        }
        if watch.launch == nil { watch.launch = clock }
      }
    case .attemptPaused(let key):
      with(key) { attempt, watch, clock in
        attempt.pauses.append(AttemptRecord.Pause(from: event.at))
        watch.pause = clock
      }
    case .attemptContinued(let key):
      with(key) { attempt, watch, clock in
        attempt.endPause(at: event.at)
        watch.endPause(at: clock)
      }
    case .attemptEnded(let key, let outcome, let usage): end(key, outcome, usage, at: event.at)
    case .retryScheduled(let id, let due):
      if let index = state.index(of: id) { retryDue[index] = due }
      note(id)
    case .taskFinished(let id, _):
      // A task can be finished over the head of its attempt, which then has no end of its own.
      if let index = state.index(of: id) { settle(index, .interrupted) }
      note(id, withDependents: true)
    case .taskReset(let id): note(id, withDependents: true)
    case .runStarted, .runResumed, .levelStarted, .levelFinished, .attemptProgressed,
      .attemptEnding, .dispatchPaused, .dispatchContinued, .jobsChanged, .runDraining,
      .runStopping, .warning, .runFinished:
      break
    case .git(.workspaceReady(let key, _)):
      with(key) { attempt, _, _ in attempt.startedAt = event.at }
    case .git(.mergeConflicted(let key, _)): note(key.task)
    case .crew(.workFinished(let key, _)):
      with(key) { _, watch, clock in watch.work = watch.work ?? clock }
    case .crew(.waitEnded(let id)): note(id)
    case .crew(.agentAssigned(let key, let agent, let model, _)):
      with(key) { attempt, _, _ in (attempt.agent, attempt.model) = (agent, model) }
    case .git, .crew: break
    }
  }

  /// Enters what an agent's reading adds to the totals as its attempt's.
  private mutating func charge(_ event: RunEvent, since before: CrewState.Totals) {
    guard case .crew(.agentReported(let key, _)) = event.kind, let after = state.crew?.totals else {
      return
    }
    with(key) { attempt, _, _ in
      // Differences of sums are not exact.
      attempt.cost = ((attempt.cost + after.cost - before.cost) * 1e6).rounded() / 1e6
      attempt.tokensIn += after.tokensIn - before.tokensIn
      attempt.tokensOut += after.tokensOut - before.tokensOut
    }
  }

  private mutating func note(_ id: TaskID, withDependents: Bool = false) {
    guard let index = state.index(of: id) else { return }
    waiting.note(index, state)
    guard withDependents else { return }
    for dependent in state.manifest.plan.graph.dependents(of: index) {
      waiting.note(dependent, state)
    }
  }

  private mutating func start(_ key: AttemptKey, at instant: Instant) {
    guard let index = state.index(of: key.task), state.tasks[index].attempt == key.attempt else {
      return
    }
    settle(index, .interrupted)
    note(key.task)
    let slot = freeSlots.min() ?? slots
    if slot == slots { slots += 1 } else { freeSlots.removeAll { $0 == slot } }
    let readyAt = readyTime(of: index, at: instant)
    let lifted = liftTime(of: index) ?? readyAt
    newest[index] = attempts.count
    running[index] = Stopwatch(start: clock)
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
      attempts[place].key == key, running[index] != nil
    else { return }
    attempts[place].endPause(at: instant)
    attempts[place].endedAt = instant
    attempts[place].outcome = outcome
    attempts[place].usage = usage
    settle(index, outcome.use)
    note(key.task)
  }

  /// Enters the time of an attempt under its uses, and frees its slot.
  private mutating func settle(_ index: Int, _ use: SlotTime.Use) {
    guard var watch = running.removeValue(forKey: index), let place = newest[index] else { return }
    watch.endPause(at: clock)
    let launch = watch.launch.map { $0 - watch.start } ?? .zero
    spent[.launching] += launch
    spent[.paused] += watch.paused
    let gates = watch.work.map { clock - $0 } ?? .zero
    spent[.gate] += gates
    spent[use] += clock - watch.start - launch - watch.paused - gates
    freeSlots.append(attempts[place].slot)
  }

  private mutating func with(
    _ key: AttemptKey,
    _ change: (inout AttemptRecord, inout Stopwatch, _ clock: Duration) -> Void
  ) {
    guard let index = state.index(of: key.task), let place = newest[index],
      attempts[place].key == key, var watch = running[index]
    else { return }
    change(&attempts[place], &watch, clock)
    running[index] = watch
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
