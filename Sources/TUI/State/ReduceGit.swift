import Core

/// What the view makes of worktrees, merges and conflicts.
extension ViewState {
  mutating func take(_ event: GitEvent) {
    switch event {
    case .mergeConflicted(let key, _): refresh(key.task)
    case .contactSeen: show(conflicts: run.conflictLines)
    case .workMerged, .workspaceRemoved:
      let lines = run.conflictLines
      if lines != conflicts { show(conflicts: lines) }
    case .workspaceReady, .workCommitted, .mergeStarted, .mergeFailed, .resultMoved, .heldBack,
      .publishing, .published:
      break
    }
  }

  mutating func tell(_ event: GitEvent, at moment: Instant) {
    switch event {
    case .mergeConflicted(let key, let conflict):
      let files = conflict.files.prefix(3).map(\.words).joined(separator: ", ")
      warn("task \(shown(key.task.text, limit: 60)) does not merge: \(files)", at: moment)
    case .heldBack(let key, let other):
      let names = (shown(key.task.text, limit: 60), shown(other.text, limit: 60))
      warn("task \(names.0) waits for task \(names.1): they would conflict", at: moment)
    case .published(_, _, let words, let isDone):
      if isDone {
        messages.note(shown(words, limit: 200), at: moment)
      } else {
        warn(words, at: moment)
      }
    case .contactSeen, .workMerged, .workspaceRemoved, .workspaceReady, .workCommitted,
      .mergeStarted, .mergeFailed, .resultMoved, .publishing:
      break
    }
  }
}

extension RunState {
  /// What tasks at work do to each other's files now, conflicts first.
  fileprivate var conflictLines: [ConflictLine] {
    guard let git else { return [] }
    let pairs = git.contacts.filter { isAtWork($0.key.first) && isAtWork($0.key.second) }
      .sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }
    let tasks = manifest.plan.tasks
    let conflicts = pairs.flatMap { pair, contact in
      contact.conflicts.map {
        ConflictLine(
          .conflict, tasks[pair.first].id, tasks[pair.second].id, file: $0.path,
          lines: $0.lines.first)
      }
    }
    let overlaps = pairs.filter(\.value.conflicts.isEmpty).flatMap { pair, contact in
      contact.files.map {
        ConflictLine(.overlap, tasks[pair.first].id, tasks[pair.second].id, file: $0)
      }
    }
    return conflicts + overlaps
  }

  private func isAtWork(_ index: Int) -> Bool {
    tasks[index].isRunning || tasks[index].phase == .committed
  }
}
