import Core

/// How a task's state looks, and what is said of it in a few words.
extension ViewState {
  var symbols: Symbols { Symbols(isUnicode: options.isUnicode) }

  func look(of task: Int) -> (symbol: String, role: Role) {
    let (state, symbols) = (run.tasks[task], symbols)
    switch state.phase {
    case .waiting: return (symbols.waiting, .waiting)
    case .ready: return (symbols.ready, .ready)
    case .running:
      return state.pausedSince == nil ? (symbols.running, .running) : (symbols.paused, .paused)
    case .backingOff: return (symbols.retrying, .warning)
    case .committed: return (symbols.ready, .succeeded)
    case .finished(.succeeded): return (symbols.succeeded, .succeeded)
    case .finished(.failed), .finished(.needsPerson): return (symbols.failed, .failed)
    case .finished(.cancelled): return (symbols.cancelled, .cancelled)
    case .finished(.skipped): return (symbols.skipped, .skipped)
    case .finished(.blocked): return (symbols.blocked, .blocked)
    }
  }

  func look(of group: TaskGroup) -> (symbol: String, role: Role, word: String) {
    switch group {
    case .failed: (symbols.failed, .failed, "failed")
    case .running: (symbols.running, .running, "running")
    case .waiting: (symbols.waiting, .waiting, "waiting")
    case .succeeded: (symbols.succeeded, .succeeded, "done")
    case .ended: (symbols.blocked, .blocked, "blocked, skipped or cancelled")
    }
  }

  /// How long a task has worked, or took; empty before it began.
  func time(of task: Int) -> String {
    let state = run.tasks[task]
    if state.isRunning { return state.elapsed(at: now).clock }
    return state.worked > .zero ? state.worked.spent : ""
  }

  /// Why a task does not run, or what it does, in one line; empty where the symbol says it all.
  func reason(of task: Int) -> String {
    let state = run.tasks[task]
    switch state.phase {
    case .running:
      if let ending = state.ending { return ending.reason.words }
      if state.pausedSince != nil { return "paused" }
      return shown(run.activity(of: task) ?? state.progress?.label ?? "", limit: 200)
    case .backingOff(let until):
      return "attempt \(state.attempt + 1) in \((until - now).clock)"
    case .waiting, .ready: return waitWords(task)
    case .committed: return "waits to be merged"
    case .finished(.failed(let outcome)): return shown(outcome.words, limit: 400)
    case .finished(.needsPerson(let outcome)):
      return shown("needs a person: \(outcome.words)", limit: 400)
    case .finished(.blocked(let cause)):
      return cause == plan.tasks[task].id
        ? "\(plan.tasks[task].status.rawValue) in the task list"
        : "needs \(shown(cause.text, limit: 60))"
    case .finished(.succeeded), .finished(.cancelled), .finished(.skipped): return ""
    }
  }

  /// What keeps a task from starting, shortly: a few dependencies, the level, a slot.
  private func waitWords(_ task: Int) -> String {
    let open = run.openDependencies(of: task)
    if open > 0 {
      let first = plan.graph.dependencies(of: task).lazy
        .filter { [run] in !(run.tasks[$0].result?.satisfiesDependents ?? false) }
        .prefix(open > 4 ? 3 : 4).map { [plan] in shown(plan.tasks[$0].id.text, limit: 60) }
      let more = open > 4 ? " and \(open - 3) more" : ""
      return "waits for " + first.joined(separator: ", ") + more
    }
    switch run.phase {
    case .draining, .stopping, .finished: return "not started"
    case .running: break
    }
    if run.manifest.options.schedule == .levels, level(of: task) > run.openLevel {
      return "waits for level \(run.openLevel)"
    }
    if let words = trackWords(task) { return words }
    if let git = run.git, git.isHeld(task), let holder = git.holders(of: task).first {
      return "would conflict with \(shown(plan.tasks[holder].id.text, limit: 60))"
    }
    return run.isDispatchPaused ? "dispatch is paused" : "waits for a slot"
  }

  /// Why a task's track keeps it waiting; nil where there are no tracks, or it does not.
  private func trackWords(_ task: Int) -> String? {
    guard let track = index.tracks[safe: lane(of: task)], track > 0 else { return nil }
    if run.crew?.tracks?.opened.contains(track) == false { return "track \(track) is not open" }
    return index.lanes[lane(of: task)].count(.running) > 0 ? "waits for its turn" : nil
  }

  /// Whether conflict lines name a task.
  func conflict(of task: Int) -> Bool {
    let id = plan.tasks[task].id
    return conflicts.contains { $0.first == id || $0.second == id }
  }
}
