/// What `lanes status` and the summary say of worktrees, conflicts and results.
package enum GitStatus {
  /// Pairs that are in each other's way now, and the branch that has the result.
  static func lines(_ state: RunState) -> [String] {
    guard let git = state.git else { return [] }
    let pairs = git.contacts.filter { isNow($0.key, state) }.sorted {
      ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second)
    }
    return pairs.map { pair, contact in
      let names = "\(id(pair.first, state)) × \(id(pair.second, state))"
      return contact.conflicts.isEmpty
        ? "  ⚠ \(names): overlap, merges clean: \(list(contact.files))"
        : "  ⚠ \(names): would conflict: \(PlainLines.words(contact.conflicts))"
    } + results(state, git)
  }

  /// Whether both tasks have work that is not merged.
  private static func isNow(_ pair: IndexPair, _ state: RunState) -> Bool {
    [pair.first, pair.second].allSatisfy {
      state.tasks[$0].isRunning || state.tasks[$0].phase == .committed
    }
  }

  /// Where the result is, for each repository in which something was merged.
  static func results(_ state: RunState, _ git: GitState) -> [String] {
    let repositories = state.manifest.options.git?.repositories ?? []
    return zip(git.results, repositories).filter { !$0.0.branch.isEmpty }.map {
      result, repository in
      let place = repository.name.isEmpty ? "" : " of \(cleaned(repository.name))"
      return "🧩 Result\(place): \(cleaned(result.branch)) (\(result.tip.prefix(10)))"
    }
  }

  private static func id(_ index: Int, _ state: RunState) -> String {
    cleaned(state.manifest.plan.tasks[index].id.text)
  }

  private static func list(_ files: [String]) -> String {
    let more = files.count > 5 ? " and \(files.count - 5) more" : ""
    return files.prefix(5).map { cleaned($0) }.joined(separator: ", ") + more
  }

  static func encode(_ state: RunState, into json: inout JSONWriter) {
    guard let git = state.git else { return }
    json.field("conflicts", git.conflicts)
    git.speculation?.encode(into: &json)
    json.key("contacts")
    json.array { json in
      let pairs = git.contacts.filter { isNow($0.key, state) }
      for (pair, contact) in pairs.sorted(by: {
        ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second)
      }) {
        json.object { json in
          json.strings(
            "tasks", [pair.first, pair.second].map { state.manifest.plan.tasks[$0].id.text })
          json.strings("files", contact.files)
          json.conflicts(contact.conflicts)
        }
      }
    }
    json.key("results")
    json.array { json in
      for (number, result) in git.results.enumerated() where !result.branch.isEmpty {
        json.object { json in
          json.field("repository", number)
          json.field("branch", result.branch)
          json.field("commit", result.tip)
        }
      }
    }
  }

  static func encode(_ state: RunState, task index: Int, into json: inout JSONWriter) {
    guard let work = state.git?.works[index] else { return }
    if let workspace = work.workspace {
      json.field("worktree", workspace.path)
      if !workspace.branch.isEmpty { json.field("branch", workspace.branch) }
      json.field("base", workspace.base)
    }
    if let merged = work.merged { json.field("merged", merged) }
    if !work.files.isEmpty { json.strings("files", work.files) }
  }

  /// What a person can do about the conflicts that a run left, and how to take the result.
  package static func remedies(_ state: RunState) -> [String] {
    guard let git = state.git else { return [] }
    var lines = results(state, git)
    for (index, task) in state.tasks.enumerated() where task.result == .failed(.conflicted) {
      let work = git.works[index]
      let branch = work.workspace?.branch ?? ""
      let source = branch.isEmpty ? work.conflict ?? "" : branch
      let result = git.results[work.repository].branch
      lines.append(
        "❌ Task \(id(index, state)) does not merge: \(PlainLines.words(work.conflictedFiles))")
      lines.append(
        "   To merge it yourself: git worktree add ../merge \(cleaned(result)) && cd ../merge"
          + " && git merge \(cleaned(source)), edit, git commit, then `lanes resume`")
      lines.append(
        "   To have it done again on top of the result: lanes run --base \(cleaned(result))")
    }
    if state.phase == .finished(.succeeded), let branch = git.results.first?.branch, !branch.isEmpty
    {
      lines.append("   git merge \(cleaned(branch)) takes it into the branch you are on")
    }
    return lines
  }
}
