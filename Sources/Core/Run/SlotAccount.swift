/// Keeps account of the time of a run's slots, event by event.
///
/// Each second of each slot is under one use. Cost: O(what an event touches).
struct SlotAccount: Equatable, Sendable {
  /// What slots without an attempt waited for.
  private(set) var idle = SlotTime()
  /// What slots with an attempt that is over did.
  private(set) var busy = SlotTime()
  private var waiting: WaitingTasks
  private var running: [Int: Stopwatch] = [:]
  /// The wall time so far, downtime excluded.
  private var clock: Duration = .zero

  /// The readings of the clock at the turns of a running attempt.
  private struct Stopwatch: Equatable {
    var attempt: Int
    var start: Duration
    var launch: Duration?
    var pause: Duration?
    var paused: Duration = .zero
    /// When the work was done and gates began to judge it.
    var work: Duration?
    /// How long its work took to be committed.
    var commit: Duration = .zero

    mutating func endPause(at clock: Duration) {
      if let pause { paused += clock - pause }
      pause = nil
    }
  }

  init(_ state: RunState) {
    waiting = WaitingTasks(state)
  }

  /// The time of all slots, with what runs counted as work.
  var slotTime: SlotTime {
    var copy = self
    for index in running.keys { copy.settle(index, .work) }
    return copy.idle + copy.busy
  }

  // MARK: Idle slots

  /// Enters the time since the newest event of `state`, which is the state in all of it.
  mutating func pass(to instant: Instant, isUnattended: Bool, _ state: RunState) {
    let span = instant - state.lastEventAt
    guard span > .zero else { return }
    if isUnattended, state.running.isEmpty { return }
    clock += span
    var slots = max(0, state.jobs - state.running.count)
    guard slots > 0 else { return }
    /// Matches idle slots with tasks that could have used them.
    func give(_ use: SlotTime.Use, _ tasks: Int) {
      let taken = min(slots, tasks)
      if taken > 0 { idle[use] += span * taken }
      slots -= taken
    }
    if isUnattended { return give(.unattended, .max) }
    if state.phase != .running { return give(.ending, .max) }
    if state.isDispatchPaused { return give(.held, .max) }
    let ready = waiting.ready(in: state)
    give(.launching, ready.startable)
    if state.crew?.stage != nil { give(.gate, 1) }
    give(.barrier, ready.barrier)
    give(.conflict, ready.conflict)
    give(.limit, ready.limit)
    give(.merge, waiting.committed)
    give(.backoff, waiting.backingOff)
    give(.dependency, waiting.waiting)
    give(.slots, .max)
  }

  // MARK: Attempts

  /// Follows an event that `state` has already taken in.
  mutating func follow(_ event: RunEvent, _ state: RunState) {
    switch event.kind {
    case .attemptStarted(let key, _): start(key, state)
    case .attemptLaunched(let key, _), .attemptAdopted(let key, _):
      with(key, state) { watch, clock in watch.launch = watch.launch ?? clock }
    case .attemptPaused(let key): with(key, state) { watch, clock in watch.pause = clock }
    case .attemptContinued(let key):
      with(key, state) { watch, clock in watch.endPause(at: clock) }
    case .attemptEnded(let key, let outcome, _):
      guard let index = state.index(of: key.task), running[index]?.attempt == key.attempt else {
        return
      }
      settle(index, outcome.use)
      waiting.note(index, state)
    case .retryScheduled(let id, _): note(id, state)
    case .taskFinished(let id, _):
      // A task can be finished over the head of its attempt, which then has no end of its own.
      if let index = state.index(of: id) { settle(index, .interrupted) }
      note(id, state, withDependents: true)
    case .taskReset(let id): note(id, state, withDependents: true)
    case .git(.mergeConflicted(let key, _)): note(key.task, state)
    case .crew(.workFinished(let key, _)):
      with(key, state) { watch, clock in watch.work = watch.work ?? clock }
    case .git(.workCommitted(let key, let commit)):
      with(key, state) { watch, _ in watch.commit = commit.took }
    case .crew(.waitEnded(let id)): note(id, state)
    case .runStarted, .runResumed, .levelStarted, .levelFinished, .attemptProgressed,
      .attemptEnding, .dispatchPaused, .dispatchContinued, .jobsChanged, .runDraining,
      .runStopping, .warning, .runFinished, .git, .crew:
      break
    }
  }

  private mutating func note(_ id: TaskID, _ state: RunState, withDependents: Bool = false) {
    guard let index = state.index(of: id) else { return }
    waiting.note(index, state)
    guard withDependents else { return }
    for dependent in state.manifest.plan.graph.dependents(of: index) {
      waiting.note(dependent, state)
    }
  }

  private mutating func start(_ key: AttemptKey, _ state: RunState) {
    guard let index = state.index(of: key.task), state.tasks[index].attempt == key.attempt else {
      return
    }
    settle(index, .interrupted)
    waiting.note(index, state)
    running[index] = Stopwatch(attempt: key.attempt, start: clock)
  }

  /// Enters the time of an attempt under its uses.
  private mutating func settle(_ index: Int, _ use: SlotTime.Use) {
    guard var watch = running.removeValue(forKey: index) else { return }
    watch.endPause(at: clock)
    let launch = watch.launch.map { $0 - watch.start } ?? .zero
    let gates = watch.work.map { clock - $0 - watch.commit } ?? .zero
    busy[.launching] += launch
    busy[.paused] += watch.paused
    busy[.gate] += gates
    busy[.merge] += watch.commit
    busy[use] += clock - watch.start - launch - watch.paused - gates - watch.commit
  }

  private mutating func with(
    _ key: AttemptKey, _ state: RunState, _ change: (inout Stopwatch, _ clock: Duration) -> Void
  ) {
    guard let index = state.index(of: key.task), running[index]?.attempt == key.attempt,
      var watch = running[index]
    else { return }
    change(&watch, clock)
    running[index] = watch
  }
}

extension RunState {
  /// Where the time of the slots went until `now`, or until the end of a run that has ended; nothing in
  /// a state that keeps no account of it.
  package func slotTime(at now: Instant) -> SlotTime {
    passed(to: now)?.slotTime ?? SlotTime()
  }

  /// The part of that in which slots had no attempt.
  package func idleTime(at now: Instant) -> SlotTime { passed(to: now)?.idle ?? SlotTime() }

  private func passed(to now: Instant) -> SlotAccount? {
    var account = account
    if !hasEnded { account?.pass(to: now, isUnattended: false, self) }
    return account
  }
}
