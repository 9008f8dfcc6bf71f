/// What the events of a search for a level's culprit do to a run; for `RunState.apply` alone.
extension RunState {
  mutating func beginSearch(_ search: CulpritSearch) {
    guard let result = git?.results.first, !result.unproven.isEmpty else { return }
    git?.search = GateSearch(
      level: search.level, gate: search.gate, base: result.accepted, merges: result.unproven,
      refusal: GateSearch.Refusal(
        stage: .level(search.level), attempt: search.attempt, words: search.words))
  }

  /// Takes what a gate says of a level, or of a commit of its result.
  mutating func noteVerdict(_ stage: GateStage, _ result: GateResult) {
    switch stage {
    case .probe(_, let commit):
      if result.isRetried { return }
      let refusal = GateSearch.Refusal(stage: stage, attempt: result.attempt, words: result.words)
      git?.search?.note(commit, result.hasPassed ? nil : refusal)
    case .level:
      if let crew, crew.stageDone[stage] == crew.gates(at: .level).count { git?.acceptResult() }
    case .sprint, .final: break
    }
  }

  mutating func remade(_ result: RemadeResult) {
    git?.moved(result.repository, branch: result.branch, to: result.commit)
    let merges = result.merges.compactMap { merge in
      index(of: merge.task).map { GateSearch.Merge(task: $0, commit: merge.commit) }
    }
    for merge in merges { git?.works[merge.task].merged = merge.commit }
    let without = result.without.compactMap(index(of:))
    for index in without { git?.works[index].merged = nil }
    let lost = without.map { (task: $0, failures: tasks[$0].failures) }
    git?.search?.remade(merges, without: lost)
    if let search = git?.search { git?.results[result.repository].unproven = search.merges }
  }

  /// Notes why a task that was put back has to be done again.
  mutating func setAside(
    _ key: AttemptKey, _ gate: String, _ words: String, isRefused: Bool, ref: String
  ) {
    guard let index = index(of: key.task), tasks[index].attempt == key.attempt else { return }
    let aside = git?.search?.setAside.first { $0.task == index }
    tasks[index].failures = (aside?.failures ?? 0) + (isRefused ? 1 : 0)
    tasks[index].outcome = isRefused ? .refused(gate: gate, words) : .conflicted
    git?.works[index].startsAfresh = true
    wasted += tasks[index].elapsed(at: lastEventAt)
    guard let refusal = aside?.refusal else { return }
    crew?.works[index].rejection = CrewState.Rejection(
      attempt: key.attempt, gate: gate, gateTry: refusal.attempt,
      words: words + "; the next attempt starts without that work, which is kept as " + ref,
      stage: refusal.stage)
  }

  mutating func endSearch(isSettled: Bool) {
    guard let search = git?.search else { return }
    git?.search = nil
    guard isSettled else { return }
    if crew?.gates(at: .level).count == 1 { git?.acceptResult() }
    // What it refused is not in the result any more.
    crew?.stageResults.removeAll {
      $0.stage == .level(search.level) && $0.gate == search.gate && !$0.result.hasPassed
    }
  }
}

extension GitState {
  /// Notes that the gates of levels accept what is merged.
  mutating func acceptResult() {
    guard !results.isEmpty else { return }
    results[0].accepted = results[0].tip
    results[0].unproven = []
  }
}
