/// What a run does of itself when nothing more is told to it: start tasks, open levels, end.
extension RunState {
  /// The next thing that follows from the state, or nil when nothing does; costs O(1) apart from
  /// the priority queue.
  package func next(at now: Instant) -> Decision? {
    if hasEnded { return nil }
    if hasGit, let due = mergeDue(at: now) ?? continuation(at: now) { return due }
    if hasCrew, let step = searchStep(at: now) ?? stageDue(at: now) ?? trackStep() {
      return step
    }
    if let event = levelChange { return Decision(events: [event]) }
    if hasGit, let due = publicationDue { return due }
    if let result = resultWhenOver { return Decision(events: [.runFinished(result)]) }
    guard phase == .running, !isDispatchPaused, running.count < jobs,
      let index = startable(at: now)
    else { return nil }
    return start(index, at: now)
  }

  /// The result of the run once nothing runs and nothing more will start.
  private var resultWhenOver: RunResult? {
    guard running.isEmpty, !isGitBusy, !isStageOwed else { return nil }
    if unfinished == 0, openLevel == levels.count, !isFinalGateLeft {
      return counts.failed + counts.blocked + counts.cancelled == 0 ? .succeeded : .failed
    }
    switch phase {
    case .draining(.failure), .stopping(.failure), .draining(.gate): return .failed
    case .draining, .stopping: return .interrupted
    case .running
    where !hasReady && firstBackoff == nil && !isMergeLeft && !isWaitingForTracks:
      return .failed
    case .running, .finished: return nil
    }
  }

  private var levelChange: RunEvent.Kind? {
    guard openLevel < levels.count else { return nil }
    let level = levels[openLevel]
    guard level.open == 0, !hasCrew || !isGateOpen(ofLevel: openLevel) else { return nil }
    return .levelFinished(level: openLevel, succeeded: level.succeeded, failed: level.failed)
  }

  /// The task to start now: a retry that is due, then one that never ran, then one that may conflict with
  /// what is at work.
  private func startable(at now: Instant) -> Int? {
    if let due = firstBackoff, due.at <= now, isWithinBarrier(due.index),
      ready.hasRoom(for: due.index)
    {
      return due.index
    }
    if let index = ready.first, isWithinBarrier(index) { return index }
    guard let index = ready.firstYielding, isWithinBarrier(index), ready.hasRoom(for: index),
      isWorthTheRisk(index)
    else { return nil }
    return index
  }

  private func isWithinBarrier(_ index: Int) -> Bool {
    switch manifest.options.schedule {
    case .levels: manifest.plan.graph.level[index] <= openLevel
    case .dataflow, .tracks: true
    }
  }

  private func start(_ index: Int, at now: Instant) -> Decision {
    let level = max(0, manifest.plan.graph.level[index])
    let key = AttemptKey(id(of: index), tasks[index].attempt + 1)
    var decision = Decision()
    if !isLevelAnnounced(level) {
      decision.events.append(.levelStarted(level: level, tasks: levels[level].total))
    }
    decision.events.append(.attemptStarted(key, level: level))
    if hasGit, git?.speculation != nil { decision.events += speculation(of: key, index) }
    if hasCrew { decision.events += assignment(of: key, index) }
    decision.actions =
      hasGit
      ? [.git(.prepare(key, workspaceOrder(index)))] : [.launch(key)] + limits(of: key, from: now)
    return decision
  }
}
