import Core

/// What events about worktrees and merges do to the view.
extension ViewState {
  mutating func take(_ event: GitEvent, at moment: Instant) {
    if let id = event.task { refresh(id) }
    switch event {
    case .contactSeen: showContacts()
    case .mergeConflicted(let key, let conflict):
      warn(
        "task \(name(key.task)) conflicts with what is merged: \(Self.words(conflict.files))",
        at: moment)
    case .mergeFailed(let words): warn("git could not merge: \(words)", at: moment)
    case .heldBack(let key, let other):
      warn("task \(name(key.task)) waits behind task \(name(other)): they conflict", at: moment)
    case .workMerged(let key, _): note("task \(name(key.task)) is merged")
    case .resultMoved(_, let branch, let commit):
      note("\(branch) is at \(commit.prefix(10))")
    case .published(_, _, let words, let isDone):
      if isDone { note(words) } else { warn(words, at: moment) }
    case .culpritFound(let key, let gate, let words):
      warn("task \(name(key.task)) is why \(gate) refuses the level: \(words)", at: moment)
    case .workSetAside(let key, _, _, _, let ref):
      warn("task \(name(key.task)) is put aside, kept as \(ref)", at: moment)
    case .culpritSought(let search): note("looking for what \(search.gate) refuses")
    case .resultRemade(let result):
      note("\(result.branch) is at \(result.commit.prefix(10)), without what was refused")
    case .searchEnded(let level, let gate, let end):
      switch end {
      case .settled: note("\(gate) accepts level \(level) now")
      case .helpless: warn("\(gate) refuses what level \(level) started from", at: moment)
      case .buried: warn("later levels build on what \(gate) refuses", at: moment)
      case .abandoned: break
      }
    case .speculationStarted(let key, let others):
      let names = others.prefix(5).map { name($0) }.joined(separator: ", ")
      note("task \(name(key.task)) runs beside \(names), though they may conflict")
    case .speculationEnded(let key, let end):
      let words = "task \(name(key.task)) \(end.words(name))"
      if end.verdict == .won { note(words) } else { warn(words, at: moment) }
    case .workspaceReady, .workspaceRemoved, .workCommitted, .mergeStarted, .publishing: break
    }
  }

  /// Lists the pairs that collide now, those that would not merge first.
  private mutating func showContacts() {
    guard let git = run.git else { return }
    let pairs = git.contacts.sorted {
      ($0.value.conflicts.isEmpty ? 1 : 0, $0.key.first, $0.key.second)
        < ($1.value.conflicts.isEmpty ? 1 : 0, $1.key.first, $1.key.second)
    }
    show(conflicts: pairs.flatMap { lines(of: $0.value, $0.key) })
  }

  private func lines(of contact: Contact, _ pair: IndexPair) -> [ConflictLine] {
    let (one, two) = (plan.tasks[pair.first].id, plan.tasks[pair.second].id)
    let conflicting = Set(contact.conflicts.map(\.path))
    return contact.conflicts.map {
      ConflictLine(.conflict, one, two, file: $0.path, lines: $0.lines.first)
    }
      + contact.files.filter { !conflicting.contains($0) }.map {
        ConflictLine(.overlap, one, two, file: $0)
      }
  }

  private static func words(_ files: [ConflictedFile]) -> String {
    let more = files.count > 5 ? " and \(files.count - 5) more" : ""
    return files.prefix(5).map(\.words).joined(separator: ", ") + more
  }
}
