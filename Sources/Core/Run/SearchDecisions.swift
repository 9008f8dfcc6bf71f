/// What follows when a gate refuses the merged result of a level: its culprit is found and put aside.
extension RunState {
  /// The beginning of a search; nil where no work can be taken out of the result again.
  ///
  /// Only between levels does nothing build on the newest merges yet.
  func search(_ stage: GateStage, _ gate: String, _ result: GateResult) -> Decision? {
    guard case .level(let level) = stage, let git, manifest.options.schedule == .levels,
      let merges = git.results.first?.unproven, !merges.isEmpty
    else { return nil }
    let search = CulpritSearch(
      level: level, gate: gate, attempt: result.attempt, words: result.words,
      tasks: merges.map { id(of: $0.task) })
    return Decision(events: [.git(.culpritSought(search))])
  }

  /// The next step of a search, apart from asking the gate.
  func searchStep(at now: Instant) -> Decision? {
    guard phase == .running, crew?.stage == nil, let git, let search = git.search, !git.isMerging,
      git.mergeNotBefore.map({ $0 <= now }) ?? true
    else { return nil }
    switch search.step {
    case .probe: return nil
    case .found(let merge): return found(merge, search)
    case .takeOut(let culprit): return takeOut(culprit, search, git)
    case .helpless: return givenUp(search, .helpless)
    case .done: return settled(search, at: now)
    }
  }

  private func ended(_ search: GateSearch, _ end: SearchEnd) -> Decision {
    Decision(events: [.git(.searchEnded(level: search.level, gate: search.gate, end))])
  }

  private func givenUp(_ search: GateSearch, _ end: SearchEnd) -> Decision {
    ended(search, end) + Decision(events: [.runDraining(.gate)])
  }

  private func found(_ merge: GateSearch.Merge, _ search: GateSearch) -> Decision {
    let told = Decision(events: [
      .git(
        .culpritFound(key(of: merge.task), gate: search.gate, words: search.refusal.words))
    ])
    // What an earlier level did is what this one was built on.
    let isOfLevel = manifest.plan.graph.level[merge.task] == search.level
    return isOfLevel ? told : told + givenUp(search, .buried)
  }

  private func takeOut(_ culprit: Int, _ search: GateSearch, _ git: GitState) -> Decision {
    let rest = search.rest.map(\.task)
    let saved = SavedWork(
      ref: attemptRef(key(of: culprit)), commit: git.works[culprit].head ?? "")
    let order = MergeOrder(
      repository: 0, branches: resultBranches(level: search.level), tip: search.lastAccepted,
      works: rest.map { mergeable($0, git) },
      replacement: MergeOrder.Replacement(of: git.results[0].tip, without: saved))
    return Decision(
      events: [.git(.mergeStarted(repository: 0, tasks: rest.map(id(of:))))],
      actions: [.git(.merge(order))])
  }

  /// What follows when a result was merged anew.
  func remade(_ order: MergeOrder, tip: String, _ outcomes: [MergeOutcome]) -> Decision {
    var result = RemadeResult(
      repository: order.repository, branch: order.branches.first ?? "", commit: tip, merges: [],
      without: git?.search?.culprit.map { [id(of: $0)] } ?? [])
    for (work, outcome) in zip(order.works, outcomes) {
      switch outcome {
      case .merged(let commit):
        result.merges.append(RemadeResult.Merge(task: work.key.task, commit: commit))
      case .contained: break
      case .conflicted, .dependent: result.without.append(work.key.task)
      }
    }
    return Decision(events: [.git(.resultRemade(result))])
  }

  private func settled(_ search: GateSearch, at now: Instant) -> Decision {
    search.setAside.filter { tasks[$0.task].result == .succeeded }
      .map { setAside($0, search, at: now) }
      .reduce(Decision(), +).endingOnce + ended(search, search.isAbandoned ? .abandoned : .settled)
  }

  /// Has a task whose work is no longer in the result done again, or fail.
  private func setAside(
    _ aside: GateSearch.SetAside, _ search: GateSearch, at now: Instant
  ) -> Decision {
    let (index, key) = (aside.task, key(of: aside.task))
    let words =
      aside.refusal.map { "level \(search.level) with its work in it: \($0.words)" }
      ?? "it does not merge without work that was refused"
    let isRefused = aside.refusal != nil
    let back = Decision(events: [
      .taskReset(key.task),
      .git(
        .workSetAside(
          key, gate: search.gate, words: words, isRefused: isRefused, ref: attemptRef(key))),
    ])
    if !isRefused { return back }
    let failures = aside.failures + 1
    guard failures < attemptLimit(of: index), !hasSpentTooMuch(index) else {
      return back + failed(index, .refused(gate: search.gate, words), at: now)
    }
    return back + retry(key.task, at: now + backoff(after: failures))
  }
}
