/// Lines about worktrees and merges.
extension PlainLines {
  func lines(for event: GitEvent, _ state: RunState) -> [String] {
    switch event {
    case .workspaceReady(let key, let workspace):
      workspace.resolves == nil
        ? [] : ["  🔀 Task \(name(key.task)): its conflict is to be resolved in \(workspace.path)"]
    case .workspaceRemoved, .mergeStarted, .mergeFailed: []
    case .workCommitted(let key, let commit):
      commit.count == 0 ? ["  ◌ Task \(name(key.task)) changed no file"] : []
    case .workMerged(let key, _):
      (state.git?.works[state.index(of: key.task) ?? 0].fileCount ?? 0) == 0
        ? [] : ["  🔀 Merged task \(name(key.task))"]
    case .mergeConflicted(let key, let conflict): conflictLines(key, conflict)
    case .resultMoved(_, let branch, let commit):
      ["  🧩 \(cleaned(branch)) is at \(commit.prefix(10))"]
    case .contactSeen(let one, let two, let contact): [contactLine(one, two, contact)]
    case .publishing: []
    case .published(_, _, let words, let isDone):
      [isDone ? "✅ Integration: \(cleaned(words))" : "⚠️ \(cleaned(words))"]
    case .heldBack(let key, let other):
      ["  ⚠️ Task \(name(key.task)) waits until task \(name(other)) is done: they would conflict"]
    case .culpritSought, .culpritFound, .resultRemade, .workSetAside, .searchEnded:
      searchLines(event)
    case .speculationStarted(let key, let others): lines(ofSpeculation: key, beside: others)
    case .speculationEnded(let key, let end): lines(ofSpeculation: key, end)
    }
  }

  /// Lines about the search for the work that a level's gate refuses.
  private func searchLines(_ event: GitEvent) -> [String] {
    switch event {
    case .culpritSought(let search):
      let count = search.tasks.count
      return [
        "🔎 Level \(search.level): \(cleaned(search.gate)) refuses the merged result; looking for the"
          + " culprit among \(counted(count, "task"))"
      ]
    case .culpritFound(let key, let gate, let words):
      return [
        "❌ Task \(name(key.task)) is the culprit: \(cleaned(gate)) refuses the result once its work is"
          + " merged: \(cleaned(words))"
      ]
    case .resultRemade(let result):
      let without = result.without.map { "task \(name($0))" }.joined(separator: ", ")
      return [
        "  🧩 \(cleaned(result.branch)) is at \(result.commit.prefix(10)), without \(without)"
      ]
    case .workSetAside(let key, _, let words, let isRefused, let ref):
      let why = isRefused ? "" : ": \(cleaned(words))"
      return [
        "  ↩ Task \(name(key.task)) is put aside\(why); what it did is kept as \(cleaned(ref))"
      ]
    case .searchEnded(let level, let gate, let end):
      let words =
        switch end {
        case .settled: "✅ Level \(level): \(cleaned(gate)) accepts what is merged now"
        case .helpless:
          "⚠️ \(cleaned(gate)) refuses what level \(level) started from, so no task of it is to blame"
        case .buried: "⚠️ It stays in the result, because later levels build on it"
        case .abandoned: "⏹ Level \(level): the search is over, because a task is done again"
        }
      return [words]
    default: return []
    }
  }

  /// The first of the predicted pairs, with the best evidence of each.
  func predictionLines(_ manifest: RunManifest) -> [String] {
    guard let git = manifest.options.git else { return [] }
    let repository = git.repositories.first
    let base = repository.map {
      ["🌿 Tasks start from \(cleaned($0.base)) (\($0.commit.prefix(10))), each in a worktree"]
    }
    let worth = git.predictions.filter { $0.standing != .unlikely }
    let lines = worth.prefix(10).map { conflict in
      let pair = "\(cleaned(conflict.first.text)) × \(cleaned(conflict.second.text))"
      let what =
        conflict.standing == .ordered
        ? "ordered anyway"
        : git.speculates
          ? "at the same time, rolled back where they do"
          : git.predicted == .serialize ? "one after the other" : "at the same time"
      let evidence = conflict.evidence.first.map { "\(cleaned($0.path)), \($0.words)" } ?? ""
      let more = conflict.evidence.count > 1 ? " and \(conflict.evidence.count - 1) more" : ""
      return "🔮 \(pair) will probably conflict (\(conflict.probability.percentText)): "
        + "\(evidence)\(more); \(what)"
    }
    let rest =
      worth.count > 10 ? ["🔮 and \(worth.count - 10) more pairs; `lanes plan` lists them"] : []
    return (base ?? []) + lines + rest
  }

  private func conflictLines(_ key: AttemptKey, _ conflict: MergeConflict) -> [String] {
    let files = Self.words(conflict.files)
    let others =
      conflict.others.isEmpty
      ? "" : " of " + conflict.others.prefix(5).map { "task \(name($0))" }.joined(separator: ", ")
    let next =
      switch conflict.next {
      case .rerun, .rollBack: "it runs again on top of the result"
      case .resolve: "the resolve command gets both sides"
      case .stop: "it is left for you"
      }
    return [
      "❌ Merge conflict when merging task \(name(key.task)): \(files) with the work\(others); \(next)"
    ]
  }

  private func contactLine(_ one: TaskID, _ two: TaskID, _ contact: Contact) -> String {
    let pair = "\(cleaned(one.text)) × \(cleaned(two.text))"
    if !contact.conflicts.isEmpty {
      return "⚠️ \(pair): would conflict: \(Self.words(contact.conflicts))"
    }
    if contact.files.isEmpty { return "✅ \(pair): no file in common any more" }
    let files = contact.files.prefix(5).map { cleaned($0) }.joined(separator: ", ")
    let more = contact.files.count > 5 ? " and \(contact.files.count - 5) more" : ""
    return "⚠️ \(pair): overlap, merges clean: \(files)\(more)"
  }

  /// The first files of several, in words.
  static func words(_ files: [ConflictedFile]) -> String {
    let more = files.count > 5 ? " and \(files.count - 5) more" : ""
    return files.prefix(5).map(\.words).joined(separator: ", ") + more
  }
}
