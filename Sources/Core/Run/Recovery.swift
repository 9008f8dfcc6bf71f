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
  /// Salvaged rows are those of a journal that is no longer in use; all of them are `missing`.
  package init?(
    rows: [JournalRow], areSalvaged: Bool = false, folder: RunFolder, at now: Instant
  ) {
    let events = rows.compactMap(RunEvent.init(row:))
    sequence = areSalvaged ? 0 : rows.last?.sequence ?? 0
    missing = areSalvaged ? events : []
    notes = []
    if let folded = RunState.fold(events) {
      state = folded
    } else if let manifest = folder.manifest() {
      let start = events.first?.at ?? now
      let opening = RunEvent(at: start, .runStarted(manifest))
      state = RunState(manifest: manifest, at: start)
      for event in events { state.apply(event) }
      missing = [opening] + events
      sequence = 0
      notes.append("the journal did not have the beginning of run \(manifest.id)")
    } else {
      return nil
    }
    addForgottenAttempts(in: folder, at: now)
  }

  private mutating func addForgottenAttempts(in folder: RunFolder, at now: Instant) {
    let plan = state.manifest.plan
    var count = 0
    for (id, attempt) in folder.newestAttempts(of: plan).sorted(by: { $0.key < $1.key }) {
      guard let index = plan.index(of: id), attempt > state.tasks[index].attempt else { continue }
      let key = AttemptKey(id, attempt)
      let level = max(0, plan.graph.level[index])
      let at = max(now, state.lastEventAt)
      let event = RunEvent(at: at, .attemptStarted(key, level: level))
      state.apply(event)
      missing.append(event)
      count += 1
    }
    if count > 0 {
      notes.append("the journal had forgotten \(count) \(count == 1 ? "attempt" : "attempts")")
    }
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
