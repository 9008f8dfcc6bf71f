/// The policies of a run: pure functions from a state and an input to a decision.
///
/// The executor applies a decision's events, asks `next` until nothing more follows, commits all
/// of them, and then performs the actions.
extension RunState {
  /// What an input means for the run; costs O(what it touches).
  package func decide(_ input: Input, at now: Instant) -> Decision {
    switch input {
    case .begun: Decision(events: withheldTasks)
    case .takenUp(let how): takeUp(how)
    case .report(let report): decide(report, at: now)
    case .git(let report): decide(report, at: now)
    case .timer(let timer): decide(timer, at: now)
    case .pressure(let sample): decide(sample, at: now)
    case .silence(let key, let since): decideStall(key, since: since, at: now)
    case .command(let command): decide(command, at: now)
    case .interrupted: decideInterrupt(at: now)
    case .terminated: stop(.terminate, at: now)
    }
  }

  /// Tasks that the source does not want worked on, and those that can never start because of it.
  private var withheldTasks: [RunEvent.Kind] {
    let plan = manifest.plan
    let withheld = plan.tasks.indices.filter { !plan.tasks[$0].status.isRunnable }
    return withheld.map { .taskFinished(plan.tasks[$0].id, .blocked(by: plan.tasks[$0].id)) }
      + blocking(dependentsOf: withheld)
  }

  /// Takes over what an earlier runner left, whatever it was doing when it died.
  private func takeUp(_ how: TakeUp) -> Decision {
    var decision = Decision(events: [.runResumed(runner: how.runner)])
    if isDispatchPaused { decision.events.append(.dispatchContinued) }
    if let jobs = how.jobs {
      decision.events.append(.jobsChanged(jobs, how.adaptsJobs ? .processors : nil))
    }
    decision = decision + crewTakeUp(how)
    if how.retriesFailed { decision.events += resettingFailed }
    if openLevel == 0, counts.finished == 0 { decision.events += withheldTasks }
    for index in running.sorted() {
      decision.actions.append(.adopt(key(of: index), tasks[index].process))
    }
    for (index, task) in tasks.enumerated() where task.outcome?.isSuccess == true {
      if task.isFinished || task.phase == .committed { continue }
      decision.events.append(.taskFinished(id(of: index), .succeeded))
    }
    decision.actions += ordersLeft
    for (index, task) in tasks.enumerated() {
      guard case .backingOff(let until) = task.phase else { continue }
      decision.actions.append(.wake(.retry(id(of: index)), at: until))
    }
    return decision
  }

  // MARK: Reports of the launcher

  private func decide(_ report: LaunchReport, at now: Instant) -> Decision {
    switch report {
    case .launched(let key, let process):
      if key.attempt == 0 { return Decision() }
      return launched(key, process, at: now)
    case .underway(let key): return underway(key, at: now)
    case .notice(let key, let code, let message):
      return Decision(events: [.warning(code: code, message: message, task: key?.task)])
    case .adopted(let key, let process):
      return adopted(key, process)
    case .failed(let key, let message, let isTransient):
      if crew != nil, isGate(key) {
        return crewDecision(ofEnd: key, nil, ResourceUsage(), at: now) ?? Decision()
      }
      guard runningTask(key) != nil else { return Decision() }
      return attemptEnded(
        key, isTransient ? .unavailable(message) : .notStarted(message), ResourceUsage(), at: now)
    case .ended(let key, let status, let usage):
      if let decision = crewDecision(ofEnd: key, status, usage, at: now) { return decision }
      guard let task = runningTask(key) else { return Decision() }
      return ended(key, outcome(of: task, status), usage, at: now)
    case .agent(let key, let reading): return decide(reading, of: key, at: now)
    case .output(let key, let progress):
      guard let progress, let task = runningTask(key), task.progress != progress else {
        return Decision()
      }
      return Decision(events: [.attemptProgressed(key, progress)])
    }
  }

  /// A job's limits count from the moment at which it leaves the queue.
  private func launched(_ key: AttemptKey, _ process: ProcessIdentity, at now: Instant) -> Decision
  {
    let isWanted = process.isJob && runningTask(key)?.ending == nil
    return Decision(
      events: [.attemptLaunched(key, process: process)],
      actions: isWanted ? limits(of: key, from: now) : [])
  }

  /// Goes on ending an attempt that an earlier runner was ending; a new one has just been started.
  private func underway(_ key: AttemptKey, at now: Instant) -> Decision {
    guard let ending = runningTask(key)?.ending else { return Decision() }
    return Decision(actions: [.wake(.teardown(key, step: ending.step + 1), at: now)])
  }

  /// Whether an attempt's job has not left the queue of its cluster.
  private func isQueued(_ task: TaskState) -> Bool {
    manifest.options.launcher == .slurm && task.process == nil
  }

  private func adopted(_ key: AttemptKey, _ process: ProcessIdentity) -> Decision {
    guard let task = runningTask(key), let startedAt = task.startedAt else { return Decision() }
    var actions = limits(of: key, from: startedAt + task.paused)
    if isWatchedAtEnd(key) { actions.append(.wake(.stall(key), at: lastEventAt)) }
    if let ending = task.ending {
      actions.append(.wake(.teardown(key, step: ending.step + 1), at: lastEventAt))
    }
    return Decision(events: [.attemptAdopted(key, process: process)], actions: actions)
  }

  func outcome(of task: TaskState, _ status: ExitStatus?) -> Outcome {
    switch (task.ending?.reason, status) {
    case (.timeout, _): .timedOut
    case (.stall, _): .stalled
    // What the agent said decides.
    case (.concluded, _): .exited(code: 0)
    case (.cancel, _): .cancelled
    case (.stop, _), (.conflict, _): .interrupted
    case (nil, .exited(let code)): .exited(code: code)
    case (nil, .signaled(let signal)): .signaled(signal)
    case (nil, nil): .lost
    }
  }

  // MARK: The end of an attempt

  /// What follows when a process of an attempt has ended with this outcome, gates passed.
  func ended(
    _ key: AttemptKey, _ outcome: Outcome, _ usage: ResourceUsage, at now: Instant
  ) -> Decision {
    if outcome.isSuccess, let order = commitOrder(key, outcome, usage, endedAt: now) {
      return Decision(actions: [.git(order)])
    }
    return attemptEnded(key, outcome, usage, at: now)
  }

  func attemptEnded(
    _ key: AttemptKey, _ outcome: Outcome, _ usage: ResourceUsage, at now: Instant
  ) -> Decision {
    let ended = RunEvent.Kind.attemptEnded(key, outcome, usage)
    return Decision(events: [ended]) + afterAttempt(key, outcome, at: now)
  }

  private func afterAttempt(_ key: AttemptKey, _ outcome: Outcome, at now: Instant) -> Decision {
    guard let index = index(of: key.task) else { return Decision() }
    let task = tasks[index]
    switch outcome.weight {
    case .free: return Decision()
    case .misfire where task.misfires + 1 < Self.misfireLimit:
      return outcome == .lost ? Decision() : retry(key.task, at: now + .seconds(1))
    case .misfire: return failed(index, outcome, at: now)
    case .counts: break
    }
    if outcome.isSuccess { return succeeded(index) }
    if outcome == .cancelled {
      return Decision(
        events: finishing(index, .cancelled), actions: removals(of: index, .cancelled))
    }
    let failures = task.failures + 1
    guard failures < attemptLimit(of: index), phase == .running, !hasSpentTooMuch(index) else {
      return failed(index, outcome, at: now)
    }
    return retry(key.task, at: now + backoff(after: failures))
  }

  /// How many attempts in a row may end without counting.
  private static var misfireLimit: Int { 10 }

  func backoff(after failures: Int) -> Duration {
    let options = manifest.options
    return min(options.backoffLimit, options.backoff * (1 << min(failures - 1, 20)))
  }

  func retry(_ id: TaskID, at instant: Instant) -> Decision {
    Decision(events: [.retryScheduled(id, at: instant)], actions: [.wake(.retry(id), at: instant)])
  }

  func failed(_ index: Int, _ outcome: Outcome, at now: Instant) -> Decision {
    let isForPerson = needsPerson(index, outcome)
    let result = isForPerson ? TaskResult.needsPerson(outcome) : .failed(outcome)
    let finished = Decision(
      events: finishing(index, result), actions: removals(of: index, result))
    if isForPerson { return finished }
    switch (manifest.options.onFailure, phase) {
    case (.keepGoing, _), (_, .stopping), (_, .finished), (.finish, .draining): return finished
    case (.finish, .running): return finished + Decision(events: [.runDraining(.failure)])
    case (.failFast, .running), (.failFast, .draining):
      return finished + stop(.failure, sparing: index, at: now)
    }
  }

  /// The end of a task and of all that can never start because of it.
  func finishing(_ index: Int, _ result: TaskResult) -> [RunEvent.Kind] {
    [.taskFinished(id(of: index), result)]
      + (result.satisfiesDependents ? [] : blocking(dependentsOf: [index]))
  }

  private func blocking(dependentsOf roots: [Int]) -> [RunEvent.Kind] {
    let graph = manifest.plan.graph
    var events: [RunEvent.Kind] = []
    var seen = Set(roots)
    for root in roots {
      var open = [root]
      while let index = open.popLast() {
        for dependent in graph.dependents(of: index) where seen.insert(dependent).inserted {
          if tasks[dependent].isFinished || tasks[dependent].isRunning { continue }
          events.append(.taskFinished(id(of: dependent), .blocked(by: id(of: root))))
          open.append(dependent)
        }
      }
    }
    return events
  }

  // MARK: Time

  private func decide(_ timer: RunTimer, at now: Instant) -> Decision {
    switch timer {
    case .timeout(let key): decideTimeout(key, at: now)
    case .stall(let key):
      isWatched(key) ? Decision(actions: [.measureSilence(key)]) : Decision()
    case .teardown(let key, let step): decideTeardown(key, step: step, at: now)
    case .retry(let id): decideRetry(id, at: now)
    case .gate(let key, let gate, let attempt):
      decideGateTimeout(key, gate: gate, attempt: attempt)
    case .hold(let account): decideHoldEnd(account, at: now)
    case .merge: Decision()
    }
  }

  private func decideTimeout(_ key: AttemptKey, at now: Instant) -> Decision {
    guard let task = runningTask(key), task.ending == nil, let limit = manifest.options.timeout,
      task.pausedSince == nil, !isQueued(task)
    else { return Decision() }
    let left = limit - task.elapsed(at: now)
    if left > .zero { return Decision(actions: [.wake(.timeout(key), at: now + left)]) }
    return end(key, .timeout, at: now)
  }

  private func decideStall(_ key: AttemptKey, since: Instant, at now: Instant) -> Decision {
    if let decision = decideSilenceAtEnd(key, since: since, at: now) { return decision }
    guard let task = runningTask(key), task.ending == nil,
      let limit = manifest.options.stallTimeout, task.pausedSince == nil, !isQueued(task)
    else { return Decision() }
    let left = limit - (now - since)
    if left > .zero { return Decision(actions: [.wake(.stall(key), at: now + left)]) }
    return end(key, .stall, at: now)
  }

  private func decideTeardown(_ key: AttemptKey, step: Int, at now: Instant) -> Decision {
    guard let ending = runningTask(key)?.ending, ending.step + 1 == step else { return Decision() }
    return end(key, ending.reason, step: step, at: now)
  }

  /// One step of ending an attempt, and the moment of the next.
  func end(_ key: AttemptKey, _ reason: EndReason, step: Int = 0, at now: Instant) -> Decision {
    let steps = Teardown.steps(grace: manifest.options.grace)
    guard steps.indices.contains(step) else { return Decision() }
    var actions = [Action.signal(key, steps[step].signal)]
    if let wait = steps[step].wait {
      actions.append(.wake(.teardown(key, step: step + 1), at: now + wait))
    }
    return Decision(events: [.attemptEnding(key, reason, step: step)], actions: actions)
  }

  /// The timers that limit an attempt which has worked since `start`.
  func limits(of key: AttemptKey, from start: Instant) -> [Action] {
    var actions: [Action] = []
    if let timeout = manifest.options.timeout {
      actions.append(.wake(.timeout(key), at: start + timeout))
    }
    if let stall = manifest.options.stallTimeout {
      actions.append(.wake(.stall(key), at: start + stall))
    }
    return actions
  }

  // MARK: Stopping

  private func decideInterrupt(at now: Instant) -> Decision {
    switch phase {
    case .running: Decision(events: [.runDraining(.interrupt)])
    case .draining(.failure): Decision(events: [.runDraining(.interrupt)])
    case .draining: stop(.interrupt, at: now)
    case .stopping, .finished: Decision()
    }
  }

  /// Ends everything that runs, except a task that has just ended.
  func stop(_ reason: StopReason, sparing spared: Int? = nil, at now: Instant) -> Decision {
    switch phase {
    case .stopping, .finished: return Decision()
    case .running, .draining: break
    }
    return running.sorted().filter { $0 != spared && tasks[$0].ending == nil }
      .map { end(key(of: $0), .stop, at: now) }
      .reduce(Decision(events: [.runStopping(reason)], actions: stageStop), +)
  }

  // MARK: Names

  func id(of index: Int) -> TaskID { manifest.plan.tasks[index].id }

  func key(of index: Int) -> AttemptKey { AttemptKey(id(of: index), tasks[index].attempt) }
}
