/// When work is merged, and what comes of it.
extension RunState {
  /// The work that should be merged now, all of one repository; nil when there is none.
  func mergeDue(at now: Instant) -> Decision? {
    guard let git, !git.isMerging, !git.unmerged.isEmpty,
      git.mergeNotBefore.map({ $0 <= now }) ?? true
    else { return nil }
    let due = unmergedTasks(git).filter { git.works[$0].head != nil }
    guard let first = due.first else { return nil }
    let repository = git.works[first].repository
    let level = manifest.plan.graph.level[first]
    let batch = due.filter {
      git.works[$0].repository == repository && manifest.plan.graph.level[$0] == level
    }
    return merge(batch, repository: repository, level: level)
  }

  /// The tasks whose work may be merged at this moment, level by level in the order of their ids.
  private func unmergedTasks(_ git: GitState) -> [Int] {
    let graph = manifest.plan.graph
    let all = git.unmerged.sorted { (graph.level[$0], id(of: $0)) < (graph.level[$1], id(of: $1)) }
    switch phase {
    case .running: break
    case .draining, .stopping(.failure): if running.isEmpty { return all }
    case .stopping, .finished: return []
    }
    if manifest.options.git?.branchPer == .level { return all }
    switch manifest.options.schedule {
    case .dataflow, .tracks: return all
    case .levels:
      guard openLevel < levels.count else { return all }
      if git.unmergedCount(inLevel: openLevel) == levels[openLevel].open { return all }
      // One that another task waits for goes ahead of its level, and one that may have to be done again.
      return all.filter { task in
        git.partners(of: task).contains { tasks[$0].phase == .ready } || isMergedEarly(task, git)
      }
    }
  }

  private func merge(_ batch: [Int], repository: Int, level: Int) -> Decision {
    guard let git else { return Decision() }
    let order = MergeOrder(
      repository: repository, branches: resultBranches(level: max(0, level)),
      tip: git.results[repository].tip, works: batch.map { mergeable($0, git) })
    return Decision(
      events: [.git(.mergeStarted(repository: repository, tasks: batch.map(id(of:))))],
      actions: [.git(.merge(order))])
  }

  func mergeable(_ index: Int, _ git: GitState) -> MergeOrder.Work {
    let key = key(of: index)
    return MergeOrder.Work(
      key: key, head: git.works[index].head ?? "",
      message: message("Merge task \(title(of: index))", key))
  }

  /// The branches that get the result of a level.
  func resultBranches(level: Int) -> [String] {
    guard let options = manifest.options.git, options.givesNames else { return [] }
    let run = RefName.part(TaskID(manifest.id.text))
    let isLeveled = manifest.options.schedule == .levels
    let result = isLeveled ? "integration/level-\(level)-\(run)" : "integration/\(run)"
    guard options.branchPer == .level else { return [result] }
    return [
      result, RefName.branch(options.levelBranch, id: "", level: level, run: manifest.id),
    ]
  }

  // MARK: Answers

  func merged(
    _ order: MergeOrder, tip: String, _ outcomes: [MergeOutcome], at now: Instant
  ) -> Decision {
    if order.replacement != nil { return remade(order, tip: tip, outcomes) }
    var decision = Decision(events: [
      .git(
        .resultMoved(
          repository: order.repository, branch: order.branches.first ?? "", commit: tip))
    ])
    var before: Set<Int> = []
    // What the result had already came before all else: a runner that died may have merged it.
    let answers = Array(zip(order.works, outcomes))
    for (work, outcome) in answers.filter({ $0.1 == .contained })
      + answers.filter({ $0.1 != .contained })
    {
      guard let index = index(of: work.key.task), tasks[index].phase == .committed else { continue }
      if !outcome.isConflict { before.insert(index) }
      switch outcome {
      case .merged(let commit):
        decision =
          decision + succeeded(index, work.key, commit) + speculationWon(index, after: before)
      case .contained:
        decision =
          decision + succeeded(index, work.key, git?.works[index].head ?? tip)
          + speculationWon(index, after: before)
      case .conflicted(let files):
        decision = decision + conflicted(index, work.key, files, after: before, at: now)
      case .dependent: preconditionFailure("\(work.key) depends on work that was to be merged")
      }
    }
    return decision.endingOnce
  }

  private func succeeded(_ index: Int, _ key: AttemptKey, _ commit: String) -> Decision {
    Decision(
      events: [.git(.workMerged(key, commit: commit)), .taskFinished(key.task, .succeeded)],
      actions: removals(of: index, .succeeded))
  }

  private func conflicted(
    _ index: Int, _ key: AttemptKey, _ files: [ConflictedFile], after before: Set<Int>,
    at now: Instant
  ) -> Decision {
    guard let git, let options = manifest.options.git else { return Decision() }
    let others = others(than: index, in: files, after: before, git)
    if let rolledBack = rollBack(index, conflictingWith: others, after: before, at: now) {
      let conflict = MergeConflict(files: files, others: others, next: .rollBack)
      return Decision(events: [.git(.mergeConflicted(key, conflict)), rolledBack])
    }
    let isLeft = git.works[index].reruns >= options.reruns || phase != .running
    let wanted: MergeConflict.Next =
      switch options.atMerge {
      case .rerun: .rerun
      case .resolve: .resolve
      case .stop: .stop
      }
    let next = isLeft ? .stop : wanted
    let conflict = MergeConflict(files: files, others: others, next: next)
    let seen = Decision(events: [.git(.mergeConflicted(key, conflict))])
    return next == .stop ? seen + failed(index, .conflicted, at: now) : seen
  }

  /// The tasks that changed the files and whose work was merged since a task's own began, or `before` it.
  private func others(
    than index: Int, in files: [ConflictedFile], after before: Set<Int>, _ git: GitState
  ) -> [TaskID] {
    let paths = Set(files.map(\.path))
    return git.works.indices.filter { other in
      let isNews =
        before.contains(other)
        || git.works[other].mergedWith.map { $0 > git.works[index].mergesBefore } ?? false
      return other != index && isNews
        && git.works[other].repository == git.works[index].repository
        && git.works[other].files.contains(where: paths.contains)
    }.map(id(of:)).sorted()
  }

  /// After this many failures in a row a run ends without merging; another one can go on.
  private static var mergeFailureLimit: Int { 5 }

  func notMerged(_ message: String, at now: Instant) -> Decision {
    guard let git else { return Decision() }
    let failed = Decision(events: [
      .git(.mergeFailed(message)),
      .warning(code: "merge", message: "nothing could be merged: \(message)", task: nil),
    ])
    let count = git.mergeFailures + 1
    guard count < Self.mergeFailureLimit else {
      return phase == .running ? failed + Decision(events: [.runDraining(.failure)]) : failed
    }
    let delay = Duration.seconds(1 << min(count - 1, 5))
    return failed + Decision(actions: [.wake(.merge, at: now + delay)])
  }

  // MARK: The end of a run

  /// Whether the run must wait for git before it can end.
  var isGitBusy: Bool {
    guard let git else { return false }
    return git.isMerging || git.leaving > 0 || git.isPublishing || isMergeLeft && mergesAtEnd
  }

  /// Whether there is work to be merged that git has not failed at too often.
  var isMergeLeft: Bool {
    guard let git, git.mergeFailures < Self.mergeFailureLimit else { return false }
    return !git.unmerged.isEmpty || git.search != nil && phase == .running
  }

  private var mergesAtEnd: Bool {
    switch phase {
    case .running, .draining, .stopping(.failure): true
    case .stopping, .finished: false
    }
  }
}
