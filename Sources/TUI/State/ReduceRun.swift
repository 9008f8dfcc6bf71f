import Core

/// What events of the run do to the view.
extension ViewState {
  /// Takes in a group of events; costs O(log of the lane's tasks) for each.
  mutating func take(_ events: [RunEvent]) -> [Effect] {
    guard !events.isEmpty else { return [] }
    var endsLog = false
    for event in events {
      take(event)
      if case .attemptEnded(let key, _, _) = event.kind, key == log.attempt { endsLog = true }
    }
    now = max(now, run.lastEventAt)
    needsDrawing = true
    if run.hasEnded { refreshFigures() }
    // What a task wrote last comes after the last look at it.
    return endsLog && log.isFollowing && !log.isSearching && logHeight > 0 ? log.read(.end) : []
  }

  private mutating func take(_ event: RunEvent) {
    if case .runStarted(let manifest) = event.kind, manifest.id != run.manifest.id { return }
    run.apply(event)
    switch event.kind {
    case .runStarted: restart()
    case .attemptStarted(let key, _):
      refresh(key.task) { $0.history.begin($1) }
    case .attemptEnded(let key, _, _):
      refresh(key.task) { $0.history.end($1, $0.run.tasks[$1]) }
    case .taskFinished(let id, _), .taskReset(let id), .retryScheduled(let id, _): refresh(id)
    case .jobsChanged(let count, _): workload.use(jobs: count)
    case .git(let git): take(git, at: event.at)
    case .attemptLaunched, .attemptAdopted, .attemptProgressed, .attemptPaused, .attemptContinued,
      .attemptEnding, .runResumed, .levelStarted, .levelFinished, .dispatchPaused,
      .dispatchContinued, .runDraining, .runStopping, .warning, .runFinished, .crew:
      break
    }
    tell(event)
  }

  /// The run begins anew: everything that was counted is.
  private mutating func restart() {
    index = LaneIndex(run)
    workload = Workload(run, index)
    history = History(run, index: index)
    if isFiltered { applyFilter() }
  }

  mutating func refresh(
    _ id: TaskID, _ change: (inout ViewState, Int) -> Void = { _, _ in }
  ) {
    guard let task = run.index(of: id) else { return }
    let lane = lane(of: task)
    index.refresh(task, lane: lane, run.tasks[task])
    workload.refresh(task, lane: lane, run.tasks[task])
    if isFiltered { index.refilter(task, lane: lane, isMatch: Filter(filter).matches(task, run)) }
    change(&self, task)
  }

  // MARK: Words

  private mutating func tell(_ event: RunEvent) {
    switch event.kind {
    case .taskFinished(let id, let result): tell(id, result, at: event.at)
    case .warning(_, let message, let task):
      let place = task.map { "task \(shown($0.text, limit: 60)): " } ?? ""
      warn(place + message, at: event.at)
    case .levelFinished(let level, let succeeded, _):
      note("level \(level) has ended: \(succeeded) of \(run.levels[safe: level]?.total ?? 0) done")
    case .retryScheduled(let id, let at):
      let why = run.task(id)?.outcome.map { ": \(shown($0.words, limit: 200));" } ?? ":"
      note("task \(name(id))\(why) next attempt in \((at - event.at).clock)")
    case .attemptEnding(let key, let reason, 0): note("task \(name(key.task)): \(reason.words)")
    case .runResumed: note("a runner took the run up again")
    case .runDraining(let reason): messages.add(draining(reason), .warning, at: event.at)
    case .runStopping:
      messages.add("stopping: what runs is being ended", .warning, at: event.at)
    case .runFinished(let result): tell(result, at: event.at)
    case .runStarted, .levelStarted, .attemptStarted, .attemptLaunched, .attemptAdopted,
      .attemptProgressed, .attemptPaused, .attemptContinued, .attemptEnding, .attemptEnded,
      .taskReset, .dispatchPaused, .dispatchContinued, .jobsChanged, .git:
      break
    case .crew(let crew):
      for line in CrewWords.lines(crew, run, at: event.at) { note(line) }
    }
  }

  private mutating func tell(_ id: TaskID, _ result: TaskResult, at moment: Instant) {
    switch result {
    case .failed, .needsPerson: messages.add("task \(name(id)) \(result.words)", .error, at: moment)
    case .succeeded: note("task \(name(id)) done in \(run.task(id)?.worked.clock ?? "")")
    case .cancelled, .skipped: note("task \(name(id)) \(result.words)")
    case .blocked:
      note("task \(name(id)) \(run.index(of: id).map { run.words(for: result, of: $0) } ?? "")")
    }
  }

  private mutating func tell(_ result: RunResult, at moment: Instant) {
    let quit = options.keys.label(for: .quit).map { "; \($0) leaves the view" } ?? ""
    switch result {
    case .succeeded: messages.add("the run has succeeded\(quit)", .news, at: moment)
    case .failed: messages.add("the run has failed\(quit)", .error, at: moment)
    case .interrupted: messages.add("the run was stopped\(quit)", .warning, at: moment)
    }
  }

  private func draining(_ reason: StopReason) -> String {
    switch reason {
    case .failure: "a task failed: nothing new starts"
    case .interrupt, .terminate, .request: "nothing new starts"
    case .budget: "the budget is spent: nothing new starts"
    case .limit: "the usage limit does not pass soon: nothing new starts"
    case .gate: "a gate refused the work: nothing new starts"
    case .track: "the tracks that were to be worked on are done"
    }
  }

  mutating func note(_ text: String) { messages.note(text, at: run.lastEventAt) }

  mutating func warn(_ text: String, at moment: Instant) {
    messages.add(text, .warning, at: moment)
    guard let message = messages.all.last else { return }
    warnings.append(message)
    if warnings.count > 2 * Messages.limit { warnings.removeFirst(Messages.limit) }
    if view != .conflicts { unseenWarnings += 1 }
  }

  func name(_ id: TaskID) -> String {
    run.index(of: id).map { name(of: $0) } ?? shown(id.text, limit: 60)
  }

  /// The id and the title of a task, cleaned.
  func name(of task: Int) -> String {
    let spec = plan.tasks[task]
    let id = shown(spec.id.text, limit: 60)
    return spec.title.isEmpty ? id : "\(id) \(shown(spec.title))"
  }
}

extension Array {
  /// The element, or nil when there is none at the index.
  subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
