/// All that is known of a run: the fold of its events.
///
/// `apply` is the only code that changes it, and costs O(what the event touches), never O(tasks),
/// apart from `runStarted`. What follows from a state is decided in `decide` and `next`.
package struct RunState: Equatable, Sendable {
  package let manifest: RunManifest
  package internal(set) var tasks: [TaskState]
  package private(set) var levels: [Level]
  package private(set) var phase = Phase.running
  /// Why what ran was ended, since the run was last taken up.
  package private(set) var stopReason: StopReason?
  package private(set) var jobs: Int
  /// Why lanes chose `jobs`; nil when somebody named it, and then it stays.
  package private(set) var jobsReason: JobsReason?
  package private(set) var jobsChangedAt: Instant
  package private(set) var isDispatchPaused = false
  package private(set) var counts = Counts()
  /// Indexes of tasks with a running attempt, in no order.
  package private(set) var running: [Int] = []
  /// The lowest level with unfinished tasks; the number of levels when there is none.
  package private(set) var openLevel = 0
  package private(set) var startedAt: Instant
  package private(set) var lastEventAt: Instant
  /// The time in which there was no runner and nothing ran.
  package private(set) var downtime: Duration = .zero
  /// The most attempts that ran at one moment.
  package private(set) var peak = 0
  /// The time of all attempts that ended, of every task.
  package private(set) var worked: Duration = .zero
  package private(set) var attempts = 0
  /// The time of attempts that did not succeed.
  package internal(set) var wasted: Duration = .zero
  /// Where the time of the slots goes; nil where nobody asks.
  private(set) var account: SlotAccount?
  /// What is known of agents, gates and money; nil when tasks only have commands.
  package internal(set) var crew: CrewState?
  /// What is known of worktrees and merges; nil when tasks work in the project's folder.
  package internal(set) var git: GitState?
  /// Whether there are `crew` and `git`, which costs less to look at than they do.
  let hasCrew: Bool
  let hasGit: Bool

  /// Tasks that only a slot or the level barrier keeps from starting, best first.
  var ready: ReadyQueue
  /// Tasks that wait for their next attempt, soonest first.
  private var backoff: IndexedHeap
  /// For each task the number of dependencies whose result does not let it start.
  private var openDependencies: [Int32]
  /// The place of each task in `running`, or -1.
  private var runningPlaces: [Int32]

  /// The state of a run that begins.
  ///
  /// Without an account of its slots the fold costs less; for runs that are only simulated.
  package init(manifest: RunManifest, at instant: Instant, keepsAccount: Bool = true) {
    let (tasks, graph) = (manifest.plan.tasks, manifest.plan.graph)
    self.manifest = manifest
    jobs = manifest.options.jobs
    jobsReason = manifest.options.adaptsJobs ? .processors : nil
    jobsChangedAt = instant
    startedAt = instant
    lastEventAt = instant
    levels = graph.levels.map { Level(total: $0.count, open: $0.count) }
    self.tasks = [TaskState](repeating: TaskState(phase: .waiting), count: tasks.count)
    openDependencies = (0..<tasks.count).map { Int32(graph.dependencies(of: $0).count) }
    runningPlaces = [Int32](repeating: -1, count: tasks.count)
    (hasCrew, hasGit) = (manifest.options.crew != nil, manifest.options.git != nil)
    crew = manifest.options.crew.map { CrewState(options: $0, plan: manifest.plan) }
    let order = Self.order(of: manifest)
    ready = ReadyQueue(
      keys: order, groups: crew.flatMap { Self.groups(order, $0, manifest) },
      hasYielding: manifest.options.git?.speculates ?? false)
    let hasLevelGates = crew?.gates(at: .level).isEmpty == false
    git = manifest.options.git.map {
      GitState(options: $0, plan: manifest.plan, remembersMerges: hasLevelGates)
    }
    backoff = IndexedHeap(
      keys: [IndexedHeap.Key](repeating: IndexedHeap.Key(major: 0, minor: 0), count: tasks.count))
    for index in tasks.indices where openDependencies[index] == 0 {
      becomeReady(index, at: instant)
    }
    for track in crew?.tracks?.closed ?? [] { ready.hold(.track(track), true) }
    if keepsAccount { account = SlotAccount(self) }
  }

  // MARK: Questions

  package func index(of id: TaskID) -> Int? { manifest.plan.index(of: id) }

  package func task(_ id: TaskID) -> TaskState? { index(of: id).map { tasks[$0] } }

  /// The state of an attempt's task while that attempt is the one that runs.
  package func runningTask(_ key: AttemptKey) -> TaskState? {
    guard let task = task(key.task), task.isRunning, task.attempt == key.attempt else { return nil }
    return task
  }

  package var unfinished: Int { tasks.count - counts.finished }

  /// The ready task that should start first, whether or not it may.
  package var firstReady: Int? { ready.first ?? ready.firstYielding }

  /// Whether a task is ready, held ones included.
  package var hasReady: Bool { !ready.isEmpty }

  /// The waiting retry that is due first, with its moment.
  package var firstBackoff: (index: Int, at: Instant)? {
    guard let index = backoff.first, case .backingOff(let until) = tasks[index].phase else {
      return nil
    }
    return (index, until)
  }

  /// The number of dependencies that keep a task from starting.
  package func openDependencies(of index: Int) -> Int { Int(openDependencies[index]) }

  package func isLevelAnnounced(_ level: Int) -> Bool { levels[level].isAnnounced }

  package var hasEnded: Bool {
    if case .finished = phase { true } else { false }
  }

  // MARK: The fold

  /// Changes the state to what it is after `event`.
  ///
  /// Events about tasks that the plan does not have change nothing.
  package mutating func apply(_ event: RunEvent) {
    if case .runStarted(let manifest) = event.kind {
      self = RunState(manifest: manifest, at: event.at)
      return
    }
    // Taken out while it changes, so that none of its tables is copied.
    var account = self.account.take()
    account?.pass(to: event.at, isUnattended: event.kind.isTakeUp, self)
    change(event)
    account?.follow(event, self)
    self.account = consume account
  }

  private mutating func change(_ event: RunEvent) {
    defer { lastEventAt = max(lastEventAt, event.at) }
    switch event.kind {
    case .runStarted: break
    case .runResumed:
      // What runs does not wait for a runner, so the time with something running is no downtime.
      if running.isEmpty { downtime += max(.zero, event.at - lastEventAt) }
      (phase, stopReason) = (.running, nil)
      crew?.resume(running: running)
      git?.resumed()
    case .levelStarted(let level, _): withLevel(level) { $0.start(at: event.at) }
    case .levelFinished(let level, _, _):
      withLevel(level) { $0.endedAt = event.at }
      if level == openLevel { openLevel += 1 }
    case .attemptStarted(let key, _): startAttempt(key, at: event.at)
    case .attemptLaunched(let key, let process):
      with(key) { $0.launched(process, at: event.at) }
    case .attemptAdopted(let key, let process): with(key) { $0.process = process }
    case .attemptProgressed(let key, let progress): with(key) { $0.progress = progress }
    case .attemptPaused(let key): with(key) { $0.pausedSince = event.at }
    case .attemptContinued(let key): with(key) { $0.endPause(at: event.at) }
    case .attemptEnding(let key, let reason, let step):
      with(key) { $0.ending = TaskState.Ending(reason: reason, step: step) }
    case .attemptEnded(let key, let outcome, let usage):
      endAttempt(key, outcome, usage, at: event.at)
    case .retryScheduled(let id, let at): scheduleRetry(id, at: at)
    case .taskFinished(let id, let result): finish(id, result, at: event.at)
    case .taskReset(let id): reset(id, at: event.at)
    case .dispatchPaused: isDispatchPaused = true
    case .dispatchContinued: isDispatchPaused = false
    case .jobsChanged(let count, let reason):
      (jobs, jobsReason, jobsChangedAt) = (count, reason, event.at)
    case .runDraining(let reason):
      phase = .draining(reason)
      crew?.draining = reason
    case .runStopping(let reason): (phase, stopReason) = (.stopping(reason), reason)
    case .git(let kind): apply(kind, at: event.at)
    case .warning: break
    case .runFinished(let result): phase = .finished(result)
    case .crew(let kind): apply(kind, at: event.at)
    }
  }

  mutating func with(_ key: AttemptKey, _ change: (inout TaskState) -> Void) {
    guard let index = index(of: key.task), tasks[index].attempt == key.attempt else { return }
    change(&tasks[index])
  }

  private mutating func withLevel(_ level: Int, _ change: (inout Level) -> Void) {
    guard levels.indices.contains(level) else { return }
    change(&levels[level])
  }

  private mutating func startAttempt(_ key: AttemptKey, at instant: Instant) {
    guard let index = index(of: key.task), !tasks[index].isFinished else { return }
    leaveQueues(index)
    tasks[index].beginAttempt(key.attempt, at: instant)
    if runningPlaces[index] < 0 {
      runningPlaces[index] = Int32(running.count)
      running.append(index)
      ready.start(index)
      crew?.begin(index)
    }
    attempts += 1
    peak = max(peak, running.count)
    if let touched = git?.started(index) { hold(touched) }
  }

  private mutating func endAttempt(
    _ key: AttemptKey, _ outcome: Outcome, _ usage: ResourceUsage, at instant: Instant
  ) {
    guard let index = index(of: key.task), runningTask(key) != nil else { return }
    leaveRunning(index)
    let spent = tasks[index].endAttempt(outcome, usage, at: instant)
    worked += spent
    crew?.end(index, outcome, worked: spent)
    let touched = git?.attemptEnded(index)
    defer { if let touched { hold(touched) } }
    if outcome.isSuccess { return endWork(index) }
    wasted += spent
    becomeReady(index, at: instant)
  }

  /// In worktrees a task is done when its work is merged.
  private mutating func endWork(_ index: Int) {
    guard manifest.options.git?.integrates == true else { return }
    tasks[index].phase = .committed
    git?.awaitMerge(index)
  }

  private mutating func scheduleRetry(_ id: TaskID, at instant: Instant) {
    guard let index = index(of: id), !tasks[index].isFinished else { return }
    leaveQueues(index)
    tasks[index].phase = .backingOff(until: instant)
    backoff.insert(index, key: IndexedHeap.Key(major: 0, minor: instant.microseconds))
  }

  private mutating func finish(_ id: TaskID, _ result: TaskResult, at instant: Instant) {
    guard let index = index(of: id) else { return }
    let before = tasks[index].result
    leaveQueues(index)
    leaveRunning(index)
    tasks[index].phase = .finished(result)
    if let options = manifest.options.git {
      let isKept = options.keep == .all || options.keep == .failed && !result.isSuccess
      hold(git?.finished(index, removesWorkspace: !isKept) ?? [])
    }
    if let before {
      count(before, index, -1)
      crew?.count(index, before, -1)
    } else {
      openLevelCount(of: index, by: -1)
    }
    count(result, index, 1)
    crew?.count(index, result, 1)
    let (wasSatisfied, isSatisfied) = (
      before?.satisfiesDependents ?? false, result.satisfiesDependents
    )
    if wasSatisfied != isSatisfied {
      changeOpenDependencies(ofDependentsOf: index, by: isSatisfied ? -1 : 1, at: instant)
    }
  }

  private mutating func reset(_ id: TaskID, at instant: Instant) {
    guard let index = index(of: id), let result = tasks[index].result else { return }
    count(result, index, -1)
    crew?.count(index, result, -1)
    crew?.reset(index)
    openLevelCount(of: index, by: 1)
    tasks[index].forgetResult()
    git?.reset(index)
    if result.satisfiesDependents {
      changeOpenDependencies(ofDependentsOf: index, by: 1, at: instant)
    }
    let level = manifest.plan.graph.level[index]
    if level >= 0 {
      openLevel = min(openLevel, level)
      levels[level].endedAt = nil
    }
    if result == .failed(.conflicted), git != nil {
      tasks[index].phase = .committed
      git?.mergeAgain(index)
    } else {
      becomeReady(index, at: instant)
    }
    if phase == .draining(.failure) || phase == .draining(.gate) { phase = .running }
  }

  private mutating func changeOpenDependencies(
    ofDependentsOf index: Int, by change: Int32, at instant: Instant
  ) {
    for dependent in manifest.plan.graph.dependents(of: index) {
      openDependencies[dependent] += change
      switch tasks[dependent].phase {
      case .waiting, .ready: becomeReady(dependent, at: instant)
      case .running, .backingOff, .committed, .finished: break
      }
    }
  }

  /// Puts an unfinished task among the ready ones or, when a dependency is open, the waiting ones.
  mutating func becomeReady(_ index: Int, at instant: Instant) {
    leaveQueues(index)
    guard openDependencies[index] == 0 else {
      tasks[index].phase = .waiting
      return
    }
    tasks[index].phase = .ready
    if tasks[index].eligibleAt == nil { tasks[index].eligibleAt = instant }
    enqueue(index)
  }

  private mutating func leaveQueues(_ index: Int) {
    ready.remove(index)
    backoff.remove(index)
  }

  private mutating func leaveRunning(_ index: Int) {
    let place = runningPlaces[index]
    guard place >= 0 else { return }
    runningPlaces[index] = -1
    ready.end(index)
    let last = running.removeLast()
    guard last != index else { return }
    running[Int(place)] = last
    runningPlaces[last] = place
  }

  private mutating func openLevelCount(of index: Int, by change: Int) {
    let level = manifest.plan.graph.level[index]
    if level >= 0 { levels[level].open += change }
  }

  private mutating func count(_ result: TaskResult, _ index: Int, _ change: Int) {
    let level = manifest.plan.graph.level[index]
    switch result {
    case .succeeded:
      counts.succeeded += change
      withLevel(level) { $0.succeeded += change }
    case .failed, .needsPerson:
      counts.failed += change
      withLevel(level) { $0.failed += change }
    case .cancelled:
      counts.cancelled += change
      withLevel(level) { $0.bad += change }
    case .skipped: counts.skipped += change
    case .blocked:
      counts.blocked += change
      withLevel(level) { $0.bad += change }
    }
  }
}

extension RunEvent.Kind {
  /// Whether nobody ran the run in the time before.
  fileprivate var isTakeUp: Bool {
    if case .runResumed = self { true } else { false }
  }
}
