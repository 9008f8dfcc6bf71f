/// What events of worktrees and merges do to a run; for `RunState.apply` alone.
extension RunState {
  mutating func apply(_ event: GitEvent, at instant: Instant) {
    switch event {
    case .workspaceReady(let key, let workspace):
      with(key) { $0.startedAt = instant }
      if let index = index(of: key.task) { git?.ready(index, workspace) }
    case .workspaceRemoved(let id): if let index = index(of: id) { git?.removed(index) }
    case .workCommitted(let key, let commit):
      if let index = index(of: key.task) { git?.committed(index, commit) }
    case .mergeStarted: git?.mergeStarted()
    case .workMerged(let key, let commit):
      if let index = index(of: key.task) { git?.merged(index, commit) }
    case .mergeConflicted(let key, let conflict): noteConflict(key, conflict, at: instant)
    case .mergeFailed: git?.mergeFailed(at: instant)
    case .resultMoved(let repository, let branch, let commit):
      git?.moved(repository, branch: branch, to: commit)
    case .contactSeen(let one, let two, let contact):
      if let one = index(of: one), let two = index(of: two) { git?.met(one, two, contact) }
    case .publishing(let repository, let branch): git?.publishes(repository, branch)
    case .published(let repository, let branch, _, _):
      git?.publicationEnded(repository, branch)
    case .heldBack(let key, let other):
      guard let index = index(of: key.task), let other = self.index(of: other) else { return }
      hold(git?.heldBack(index, behind: other) ?? [])
    case .culpritSought(let search): beginSearch(search)
    case .culpritFound(let key, _, _):
      let culprit = index(of: key.task)
      git?.search?.found(culprit)
    case .resultRemade(let result): remade(result)
    case .workSetAside(let key, let gate, let words, let isRefused, let ref):
      setAside(key, gate, words, isRefused: isRefused, ref: ref)
    case .searchEnded(_, _, let end): endSearch(isSettled: end == .settled)
    case .speculationStarted(let key, let others):
      let rivals = others.compactMap(index(of:))
      if let index = index(of: key.task) { git?.speculation?.start(index, beside: rivals) }
    case .speculationEnded(let key, let end): noteSpeculation(key, end)
    }
  }

  private mutating func noteConflict(
    _ key: AttemptKey, _ conflict: MergeConflict, at instant: Instant
  ) {
    guard let index = index(of: key.task), tasks[index].phase == .committed else { return }
    let others = git?.conflicted ?? []
    let rivals = conflict.others.compactMap(self.index(of:))
    git?.works[index].conflictsWith = rivals
    let touched = git?.conflicted(
      index, conflict.files, conflict.next, others: others)
    // It ended well, and still is not done: another runner must not take it for that.
    tasks[index].outcome = .conflicted
    if conflict.next != .stop { becomeReady(index, at: instant) }
    hold(touched ?? [])
  }

  /// Puts tasks among those that may start, or takes them out, as others begin and end work.
  mutating func hold(_ touched: [Int]) {
    for index in touched where tasks[index].phase == .ready { enqueue(index) }
  }

  /// Puts a ready task where it belongs by what others at work mean for it.
  mutating func enqueue(_ index: Int) {
    if git?.isHeld(index) == true {
      ready.remove(index)
    } else if git?.isRisky(index) == true {
      ready.insertYielding(index)
    } else {
      ready.insert(index)
    }
  }
}
