/// What follows when tasks that run side by side change the same files.
extension RunState {
  /// The order to compare a worktree with others while its task is at work.
  func watching(_ key: AttemptKey, _ workspace: Workspace) -> [Action] {
    guard let options = manifest.options.git, options.live != .off,
      let index = index(of: key.task), let git
    else { return [] }
    return [.git(.watch(key.task, repository: git.works[index].repository, workspace))]
  }

  func met(_ one: TaskID, _ two: TaskID, _ contact: Contact, at now: Instant) -> Decision {
    guard let git, let first = index(of: one), let second = index(of: two),
      isAtWork(first), isAtWork(second),
      git.contacts[IndexPair(first, second)] ?? Contact(files: []) != contact
    else { return Decision() }
    let seen = Decision(events: [.git(.contactSeen(one, two, contact))])
    if contact.conflicts.isEmpty { return seen }
    return seen + holdingBack(first, second, at: now)
  }

  private func isAtWork(_ index: Int) -> Bool {
    tasks[index].isRunning || tasks[index].phase == .committed
  }

  /// What the policy does to the one of two conflicting tasks that began later.
  private func holdingBack(_ one: Int, _ two: Int, at now: Instant) -> Decision {
    guard let options = manifest.options.git, let git, tasks[one].isRunning, tasks[two].isRunning,
      let first = tasks[one].startedAt, let second = tasks[two].startedAt
    else { return Decision() }
    let (earlier, later) = (first, one) < (second, two) ? (one, two) : (two, one)
    guard tasks[later].ending == nil, tasks[earlier].ending == nil, git.waitsBehind[later] == nil,
      git.waitsBehind[earlier] == nil
    else { return Decision() }
    let key = key(of: later)
    let held = Decision(events: [.git(.heldBack(key, behind: id(of: earlier)))])
    switch options.live {
    case .warn, .off: return Decision()
    case .stopLater:
      let rolledBack = Decision(
        events: [rollBack(later, behind: earlier, at: now)].compactMap(\.self))
      return held + rolledBack + end(key, .conflict, at: now)
    case .pauseLater:
      guard tasks[later].pausedSince == nil else { return Decision() }
      return held + Decision(events: [.attemptPaused(key)], actions: [.signal(key, .pause)])
    }
  }

  /// A paused task goes on when the one it waits for has ended.
  func continuation(at now: Instant) -> Decision? {
    guard let git, manifest.options.git?.live == .pauseLater else { return nil }
    for (later, earlier) in git.waitsBehind
    where !tasks[earlier].isRunning && tasks[later].isRunning && tasks[later].pausedSince != nil {
      if case .success(let decision) = proceed(later, at: now) { return decision }
    }
    return nil
  }
}
