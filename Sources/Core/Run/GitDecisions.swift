/// What a run in worktrees decides: where a task works, and when its work is merged.
extension RunState {
  /// What an answer of git means.
  func decide(_ report: GitReport, at now: Instant) -> Decision {
    switch report {
    case .prepared(let key, let workspace, let notes):
      prepared(key, workspace, at: now) + warnings(notes, key.task)
    case .notPrepared(let key, let message):
      runningTask(key).map { task in
        let outcome = task.ending == nil ? .unavailable(message) : outcome(of: task, nil)
        return attemptEnded(key, outcome, ResourceUsage(), at: now)
      } ?? Decision()
    case .committed(let key, let commit, let order, let notes):
      committed(key, commit, order, at: now) + warnings(notes, key.task)
    case .notCommitted(let key, let message, let order):
      runningTask(key) == nil
        ? Decision() : attemptEnded(key, .uncommitted(message), order.usage, at: now)
    case .merged(let order, let tip, let outcomes, let notes):
      merged(order, tip: tip, outcomes, at: now) + warnings(notes, nil)
    case .notMerged(_, let message): notMerged(message, at: now)
    case .removed(let id, let notes):
      Decision(events: [.git(.workspaceRemoved(id))]) + warnings(notes, id)
    case .published(let order, let words, let isDone):
      Decision(events: [
        .git(
          .published(
            repository: order.repository, branch: order.branch, words: words, isDone: isDone))
      ])
    case .met(let one, let two, let contact): met(one, two, contact, at: now)
    }
  }

  private func warnings(_ notes: [String], _ task: TaskID?) -> Decision {
    Decision(events: notes.map { .warning(code: "git", message: $0, task: task) })
  }

  // MARK: Worktrees

  private func prepared(_ key: AttemptKey, _ workspace: Workspace, at now: Instant) -> Decision {
    guard let task = runningTask(key) else { return Decision() }
    let ready = Decision(events: [.git(.workspaceReady(key, workspace))])
    if task.ending != nil {
      return ready + attemptEnded(key, outcome(of: task, nil), ResourceUsage(), at: now)
    }
    return ready
      + Decision(actions: [.launch(key)] + limits(of: key, from: now) + watching(key, workspace))
  }

  /// The worktree the next attempt at a task needs.
  func workspaceOrder(_ index: Int) -> WorkspaceOrder {
    guard let git, let options = manifest.options.git else {
      preconditionFailure("a worktree for \(id(of: index)) in a run without git")
    }
    let work = git.works[index]
    return WorkspaceOrder(
      repository: work.repository, path: workspacePath(of: index),
      branch: workspaceBranch(of: index, options), start: workspaceStart(of: index, git, options),
      setAside: (work.conflict ?? work.head).map {
        SavedWork(ref: attemptRef(AttemptKey(id(of: index), tasks[index].attempt)), commit: $0)
      })
  }

  private func workspaceStart(
    of index: Int, _ git: GitState, _ options: GitOptions
  ) -> WorkspaceOrder.Start {
    let work = git.works[index]
    let tip = git.results[work.repository].tip
    if let conflict = work.conflict {
      let isResolved = options.atMerge == .resolve && !work.startsAfresh
      return isResolved ? .conflict(ours: tip, theirs: conflict) : .new([tip])
    }
    let starts = options.integrates ? [tip] : [tip] + dependencyHeads(of: index, git)
    guard let workspace = work.workspace, work.head == nil, workspace.resolves == nil,
      !work.startsAfresh,
      tasks[index].attempt > 0
    else { return .new(starts) }
    let ref = attemptRef(AttemptKey(id(of: index), tasks[index].attempt))
    return .asItIs(base: workspace.base, else: starts, saving: ref)
  }

  /// Without integration a task starts from what those that it needs did.
  private func dependencyHeads(of index: Int, _ git: GitState) -> [String] {
    manifest.plan.graph.dependencies(of: index).compactMap { dependency in
      let work = git.works[dependency]
      return work.repository == git.works[index].repository ? work.head : nil
    }
  }

  private func workspacePath(of index: Int) -> String {
    givesNames ? LanesFolder(in: manifest.directory).worktree(of: id(of: index)) : ""
  }

  private var givesNames: Bool { manifest.options.git?.givesNames ?? true }

  private func workspaceBranch(of index: Int, _ options: GitOptions) -> String {
    guard options.branchPer == .task, options.givesNames else { return "" }
    return RefName.branch(
      options.branch, id: id(of: index), level: max(0, manifest.plan.graph.level[index]),
      run: manifest.id)
  }

  /// The ref that keeps what an attempt did when it is not used.
  func attemptRef(_ key: AttemptKey) -> String {
    guard givesNames else { return "" }
    let run = RefName.part(TaskID(manifest.id.text))
    return "refs/lanes/attempts/\(run)/\(RefName.part(key.task))/\(key.attempt)"
  }

  /// The removal of a task's worktree, when it is not kept after this result.
  func removals(of index: Int, _ result: TaskResult) -> [Action] {
    guard let git, let options = manifest.options.git, let workspace = git.works[index].workspace,
      !git.works[index].isLeaving,
      options.keep == .none || options.keep == .failed && result.isSuccess
    else { return [] }
    return [removal(of: index, git, workspace, isSafe: result.isSuccess)]
  }

  private func removal(
    of index: Int, _ git: GitState, _ workspace: Workspace, isSafe: Bool
  ) -> Action {
    let ref = attemptRef(AttemptKey(id(of: index), tasks[index].attempt))
    return .git(
      .remove(
        id(of: index), repository: git.works[index].repository, workspace,
        saving: isSafe ? nil : ref))
  }

  /// What an earlier runner ordered and may not have been done.
  var ordersLeft: [Action] {
    guard let git else { return [] }
    var actions: [Action] = []
    for (index, work) in git.works.enumerated() {
      if work.isLeaving, let workspace = work.workspace {
        let isSafe = tasks[index].result?.isSuccess ?? false
        actions.append(removal(of: index, git, workspace, isSafe: isSafe))
      }
      if tasks[index].isRunning || tasks[index].phase == .committed, let workspace = work.workspace
      {
        actions += watching(key(of: index), workspace)
      }
      if tasks[index].phase == .committed, work.head == nil,
        let order = commitOrder(
          key(of: index), tasks[index].outcome ?? .exited(code: 0), ResourceUsage(), endedAt: nil)
      {
        actions.append(.git(order))
      }
    }
    return actions
  }

  // MARK: Commits

  /// The order to commit what an attempt that succeeded left; nil when there is no worktree.
  func commitOrder(
    _ key: AttemptKey, _ outcome: Outcome, _ usage: ResourceUsage, endedAt: Instant?
  ) -> GitOrder? {
    guard let index = index(of: key.task), let git, let options = manifest.options.git else {
      return nil
    }
    let workspace =
      git.works[index].workspace
      ?? Workspace(
        path: workspacePath(of: index), branch: workspaceBranch(of: index, options),
        base: git.results[git.works[index].repository].tip)
    return .commit(
      key,
      CommitOrder(
        repository: git.works[index].repository, workspace: workspace,
        message: message("Task \(title(of: index))", key), outcome: outcome, usage: usage,
        endedAt: endedAt))
  }

  /// A commit's message: a line for people, then trailers by which the attempt is found again.
  func message(_ title: @autoclosure () -> String, _ key: AttemptKey) -> String {
    guard givesNames else { return "" }
    return """
      \(title())

      Lanes-Run: \(cleaned(manifest.id.text))
      Lanes-Task: \(cleaned(key.task.text))
      Lanes-Attempt: \(key.attempt)

      """
  }

  func title(of index: Int) -> String {
    let spec = manifest.plan.tasks[index]
    let title = cleaned(spec.title).prefix(60)
    return "\(cleaned(spec.id.text).prefix(60))" + (title.isEmpty ? "" : ": \(title)")
  }

  private func committed(
    _ key: AttemptKey, _ commit: WorkCommit, _ order: CommitOrder, at now: Instant
  ) -> Decision {
    guard let index = index(of: key.task), tasks[index].attempt == key.attempt else {
      return Decision()
    }
    var commit = commit
    commit.took = order.endedAt.map { now - $0 } ?? .zero
    let noted = Decision(events: [.git(.workCommitted(key, commit))])
    if tasks[index].phase == .committed { return noted }
    guard runningTask(key) != nil else { return Decision() }
    // A conflict may be resolved by leaving the result as it is.
    if commit.count == 0, order.workspace.resolves == nil,
      manifest.options.git?.requiresChanges == true
    {
      return attemptEnded(key, .unchanged, order.usage, at: now)
    }
    return noted + attemptEnded(key, order.outcome, order.usage, at: now)
  }

  /// In a run that merges, a task has succeeded when its work is merged, not when it is done.
  func succeeded(_ index: Int) -> Decision {
    if manifest.options.git?.integrates == true { return Decision() }
    return Decision(
      events: [.taskFinished(id(of: index), .succeeded)], actions: removals(of: index, .succeeded))
  }
}
