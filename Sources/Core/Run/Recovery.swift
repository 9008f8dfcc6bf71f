/// What is left of a run that some earlier runner began, put together again.
package struct Recovery {
  package var state: RunState
  /// The number of the newest event in the journal; 0 when the journal knows nothing of the run.
  package var sequence: Int64
  /// Events that are in the state and not yet in the journal.
  package var missing: [RunEvent]
  /// What was found wanting, in words for the user.
  package var notes: [String]

  /// Folds the rows of a journal, and then believes the run's folder where it knows more.
  ///
  /// A journal can lack its newest events: cut short by a full disk or a power cut, or set aside as
  /// damaged. Every attempt leaves its log in the folder before it does anything, so none is
  /// repeated because the journal forgot it. Nil when neither says what the run is.
  ///
  /// Salvaged rows are those of a journal that is no longer in use, with any of them lost; all that
  /// are left are `missing`, together with what they take for granted.
  package init?(
    rows: [JournalRow], areSalvaged: Bool = false, folder: RunFolder, at now: Instant
  ) {
    let events = rows.compactMap(RunEvent.init(row:))
    notes = []
    if !areSalvaged, let folded = RunState.fold(events) {
      (state, sequence, missing) = (folded, rows.last?.sequence ?? 0, [])
    } else {
      guard let opening = Self.opening(of: events, folder, at: now),
        case .runStarted(let manifest) = opening.kind
      else { return nil }
      state = RunState(manifest: manifest, at: opening.at)
      (sequence, missing) = (areSalvaged ? 0 : rows.last?.sequence ?? 0, [opening])
      if opening != events.first {
        notes.append("the journal did not have the beginning of run \(manifest.id)")
      }
      let successes = folder.newestSuccesses(of: manifest.plan)
      for event in events where event != opening { addWithLost(event, successes) }
    }
    addForgottenAttempts(in: folder, at: now)
  }

  /// The first event of the run, or what it must have been according to the folder.
  private static func opening(
    of events: [RunEvent], _ folder: RunFolder, at now: Instant
  ) -> RunEvent? {
    if let first = events.first, case .runStarted = first.kind { return first }
    return folder.manifest().map { RunEvent(at: events.first?.at ?? now, .runStarted($0)) }
  }

  private mutating func addWithLost(_ event: RunEvent, _ successes: [TaskID: Int]) {
    for kind in state.lost(before: event.kind, successes) { add(kind, at: event.at) }
    add(event.kind, at: event.at)
  }

  private mutating func add(_ kind: RunEvent.Kind, at instant: Instant) {
    let event = RunEvent(at: instant, kind)
    state.apply(event)
    missing.append(event)
  }

  private mutating func addForgottenAttempts(in folder: RunFolder, at now: Instant) {
    let plan = state.manifest.plan
    var count = 0
    for (id, attempt) in folder.newestAttempts(of: plan).sorted(by: { $0.key < $1.key }) {
      guard let index = plan.index(of: id), attempt > state.tasks[index].attempt else { continue }
      let at = max(now, state.lastEventAt)
      for kind in state.beginning(of: AttemptKey(id, attempt), index) { add(kind, at: at) }
      count += 1
    }
    if count > 0 {
      notes.append("the journal had forgotten \(count) \(count == 1 ? "attempt" : "attempts")")
    }
  }
}

extension RunState {
  /// What must have happened between this state and an event, as far as attempts go.
  ///
  /// `successes` are the newest attempts in the run's folder that ended well.
  fileprivate func lost(
    before kind: RunEvent.Kind, _ successes: [TaskID: Int]
  ) -> [RunEvent.Kind] {
    guard let index = kind.task.flatMap(index(of:)) else { return [] }
    let task = tasks[index]
    switch kind {
    case .attemptStarted(let key, _): return task.isFinished ? [.taskReset(key.task)] : []
    case .attemptLaunched(let key, _), .attemptAdopted(let key, _), .attemptProgressed(let key, _),
      .attemptPaused(let key), .attemptContinued(let key), .attemptEnding(let key, _, _),
      .attemptEnded(let key, _, _):
      return key.attempt > task.attempt ? beginning(of: key, index) : []
    case .taskFinished(let id, .succeeded) where successes[id] ?? 0 > task.attempt:
      return beginning(of: AttemptKey(id, successes[id] ?? 0), index)
    case .taskFinished(let id, let result):
      let isExplained =
        switch result {
        case .succeeded: task.isRunning || task.outcome?.isSuccess == true
        case .failed, .needsPerson: task.isRunning || task.outcome != nil
        case .cancelled, .skipped, .blocked: true
        }
      return isExplained ? [] : beginning(of: AttemptKey(id, task.attempt + 1), index)
    case .runStarted, .runResumed, .levelStarted, .levelFinished, .retryScheduled, .taskReset,
      .dispatchPaused, .dispatchContinued, .jobsChanged, .runDraining, .runStopping, .warning,
      .runFinished, .git, .crew:
      return []
    }
  }

  /// The events by which an attempt comes to run that this state does not know of.
  fileprivate func beginning(of key: AttemptKey, _ index: Int) -> [RunEvent.Kind] {
    (tasks[index].isFinished ? [.taskReset(key.task)] : [])
      + [.attemptStarted(key, level: max(0, manifest.plan.graph.level[index]))]
  }
}

extension RunEvent {
  /// The event of a row of the journal; nil for one of a kind that this version does not know.
  package init?(row: JournalRow) {
    guard let document = try? JSONDocument(parsing: row.body, name: "journal"),
      let kind = Kind(name: row.kind, fields: document.root)
    else { return nil }
    self.init(at: Instant(microseconds: row.at), kind)
  }
}
