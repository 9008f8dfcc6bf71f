/// The executor's side of the journal: numbers events, groups them, and commits them.
///
/// An event that an action depends on is kept at once, so that it outlives this process; the journal's readers
/// see it with its group. What fails to commit, on a full disk say, is tried again; until then `isBehind`.
package struct EventLog: ~Copyable {
  private let journal: Journal
  private let run: RunID
  private var sequence: Int64
  private var pending: [RunEvent] = []
  /// Rows that the journal keeps and its database does not have.
  private var kept: [JournalRow] = []
  private var json = JSONWriter(reservingCapacity: 256)
  private var answers: [(id: Int64, reply: Reply)] = []
  private var commitAt: Instant?
  private var failures = 0
  /// The newest command that was handed out, so that none is decided twice.
  private var seen: Int64 = 0

  /// How late an event may come into the database.
  private static var groupTime: Duration { .milliseconds(20) }
  private static var retryTime: Duration { .seconds(1) }

  /// A log that goes on after event number `sequence` of a run.
  package init(journal: Journal, run: RunID, after sequence: Int64) {
    self.journal = journal
    self.run = run
    self.sequence = sequence
  }

  /// Whether the last commit failed, so that there are events the journal does not have.
  package var isBehind: Bool { failures > 0 }

  /// Whether the journal failed so often that a run which is over should not wait for it.
  package var hasGivenUp: Bool { failures > 5 }

  /// Whether what is pending should be committed now: its time has come, or somebody waits for an
  /// answer.
  package func isDue(at now: Instant) -> Bool {
    if !answers.isEmpty, !isBehind { return true }
    return commitAt.map { $0 <= now } ?? false
  }

  /// The moment by which what is pending should be committed.
  package var nextCommit: Instant? { commitAt }

  package mutating func add(_ event: RunEvent) {
    pending.append(event)
    if commitAt == nil { commitAt = event.at + Self.groupTime }
  }

  /// Gives a command's answer; it is in the journal together with what the command caused.
  package mutating func answer(_ id: Int64, _ reply: Reply) {
    answers.append((id, reply))
  }

  /// Commits all that is pending, and returns it for the readers; on failure a warning only.
  ///
  /// It comes into the database, too, when its time has come, or `isLast`.
  package mutating func commit(at now: Instant, isLast: Bool = false) -> [RunEvent] {
    guard !pending.isEmpty || !kept.isEmpty || !answers.isEmpty else { return [] }
    do {
      try write(isWhole: isLast || isBehind || isDue(at: now))
    } catch {
      failures += 1
      commitAt = now + Self.retryTime
      return failures == 1 ? [warning(error, at: now)] : []
    }
    sequence += Int64(pending.count)
    failures = 0
    defer { pending = [] }
    return pending
  }

  /// Says that nothing more will come.
  package func end() {
    journal.hurry()
  }

  private mutating func write(isWhole: Bool) throws(JournalError) {
    let rows = rows(of: pending)
    guard isWhole else {
      try journal.keep(rows, run: run.text)
      kept += rows
      return
    }
    let handled = answers.map { CommandResult(id: $0.id, result: $0.reply.line) }
    try journal.append(kept + rows, run: run.text, handled: handled)
    kept.removeAll(keepingCapacity: true)
    answers.removeAll()
    commitAt = nil
  }

  private mutating func rows(of events: [RunEvent]) -> [JournalRow] {
    var rows: [JournalRow] = []
    rows.reserveCapacity(events.count)
    for (offset, event) in events.enumerated() {
      json.removeAll()
      json.object { event.kind.encodeFields(into: &$0) }
      rows.append(
        JournalRow(
          sequence: sequence + 1 + Int64(offset), at: event.at.microseconds, kind: event.kind.name,
          task: event.kind.task?.text, body: json.bytes))
    }
    return rows
  }

  private func warning(_ error: JournalError, at now: Instant) -> RunEvent {
    let words = "the journal cannot be written: \(error). Nothing more starts until it can"
    return RunEvent(at: now, .warning(code: "journal", message: words, task: nil))
  }

  /// The commands that other terminals posted since the last call; nil for one that is not known.
  package mutating func pendingCommands() -> [(id: Int64, command: ControlCommand?)] {
    guard let posted = try? journal.pendingCommands(run: run.text) else { return [] }
    let new = posted.filter { $0.id > seen }
    seen = new.last?.id ?? seen
    return new.map { ($0.id, ControlCommand(json: $0.body)) }
  }
}

extension Reply {
  /// The reply as the inbox keeps it: a word, a space, and the text.
  package var line: String {
    switch self {
    case .done(let words): "done \(words)"
    case .refused(let words): "refused \(words)"
    }
  }

  package init(line: String) {
    let (word, rest) = line.splitOnce(at: " ")
    self = word == "done" ? .done(rest) : .refused(rest)
  }
}

extension String {
  /// The text before and after the first `separator`; all of it and nothing when there is none.
  package func splitOnce(at separator: Character) -> (String, String) {
    guard let place = firstIndex(of: separator) else { return (self, "") }
    return (String(self[..<place]), String(self[index(after: place)...]))
  }
}
