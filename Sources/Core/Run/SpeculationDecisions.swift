/// What is decided about tasks that run at the same time although they will probably conflict.
extension RunState {
  /// Tells beside which tasks an attempt starts with which it may conflict.
  func speculation(of key: AttemptKey, _ index: Int) -> [RunEvent.Kind] {
    guard let speculation = git?.speculation, let git else { return [] }
    let others = git.rivalsAtWork(of: index).filter { !speculation.isOpen(index, $0) }
    if others.isEmpty { return [] }
    return [.git(.speculationStarted(key, beside: others.map(id(of:)).sorted()))]
  }

  /// Whether a task should start beside what it may conflict with; not where a merge, which takes no time,
  /// is all that is missing for it to start from the result.
  func isWorthTheRisk(_ index: Int) -> Bool {
    let rivals = git?.rivalsAtWork(of: index) ?? []
    return !rivals.contains { tasks[$0].phase == .committed }
  }

  /// Whether an early merge of a task's work tells early that some work has to be done again.
  func isMergedEarly(_ index: Int, _ git: GitState) -> Bool {
    guard let speculation = git.speculation else { return false }
    return speculation.rivals.partners(of: index).contains {
      !tasks[$0].isFinished || speculation.isOpen(index, $0)
    }
  }

  /// What was won where the work of a task is merged now, and that of others beside which it ran was
  /// merged before; `batch` are those that are merged with it.
  func speculationWon(_ index: Int, after batch: Set<Int>) -> Decision {
    let others = mergedRivals(of: index, batch)
    if others.isEmpty { return Decision() }
    let end = SpeculationEnd(
      .won, others: others.map(id(of:)).sorted(), time: sharedTime(index, others))
    return Decision(events: [.git(.speculationEnded(key(of: index), end))])
  }

  /// The roll-back of a task whose work does not merge; nil when it ran beside none of those that are in
  /// its way.
  ///
  /// Where nobody knows who is in the way (git may call a file by another name than the tasks), it is
  /// those beside which it ran.
  func rollBack(
    _ index: Int, conflictingWith others: [TaskID], after batch: Set<Int>, at now: Instant
  ) -> RunEvent.Kind? {
    let merged = mergedRivals(of: index, batch).map(id(of:)).sorted()
    let rivals = others.isEmpty ? merged : merged.filter(others.contains)
    return rivals.isEmpty ? nil : rolledBack(index, rivals, at: now)
  }

  /// The roll-back of a task at work that would conflict with another one at work; nil when they are no
  /// pair.
  func rollBack(_ index: Int, behind other: Int, at now: Instant) -> RunEvent.Kind? {
    guard git?.speculation?.isOpen(index, other) == true else { return nil }
    return rolledBack(index, [id(of: other)], at: now)
  }

  private func rolledBack(_ index: Int, _ rivals: [TaskID], at now: Instant) -> RunEvent.Kind {
    let end = SpeculationEnd(.rolledBack, others: rivals, time: tasks[index].elapsed(at: now))
    return .git(.speculationEnded(key(of: index), end))
  }

  private func mergedRivals(of index: Int, _ batch: Set<Int>) -> [Int] {
    guard let speculation = git?.speculation, let git else { return [] }
    return speculation.open(of: index).filter {
      batch.contains($0) || git.works[$0].merged != nil
    }
  }

  /// The time in which a task ran beside at least one of the others, pauses taken off.
  ///
  /// It is not the sum over the pairs: of three tasks that run for a minute two would have waited.
  private func sharedTime(_ index: Int, _ others: [Int]) -> Duration {
    guard let start = tasks[index].startedAt, let end = tasks[index].endedAt else { return .zero }
    let spans = others.compactMap { other -> (from: Instant, to: Instant)? in
      guard let from = tasks[other].startedAt, let to = tasks[other].endedAt else { return nil }
      return (from, min(end, to))
    }
    var (covered, shared) = (start, Duration.zero)
    for span in spans.sorted(by: { $0.from < $1.from }) {
      let from = max(span.from, covered)
      guard span.to > from else { continue }
      shared += span.to - from
      covered = span.to
    }
    let paused = ([index] + others).map { tasks[$0].paused }.reduce(.zero, +)
    return max(.zero, shared - paused)
  }
}

extension RunState {
  /// Takes in what became of running a task beside others; for `RunState.apply` alone.
  mutating func noteSpeculation(_ key: AttemptKey, _ end: SpeculationEnd) {
    let others = end.others.compactMap(index(of:))
    guard let index = index(of: key.task) else { return }
    git?.speculation?.end(index, end, with: others)
    guard end.verdict == .rolledBack else { return }
    // What an attempt at work has cost is counted at its end.
    if !tasks[index].isRunning { wasted += end.time }
    hold(git?.keepApart(index) ?? [])
  }
}
