/// The run as lines for people, one or more for each event that a reader of a log wants to see.
///
/// A fold with a state of its own: feed it every event of one run, in order.
package struct PlainLines {
  package private(set) var state: RunState?
  /// Where a failed task's log is, for the line that tells of the failure.
  private let logPath: @Sendable (AttemptKey) -> String

  package init(logPath: @escaping @Sendable (AttemptKey) -> String) {
    self.logPath = logPath
  }

  /// Goes on from a state whose events are not shown.
  package mutating func begin(with state: RunState) {
    self.state = state
  }

  /// Takes one event in and returns the lines it is worth, without line ends.
  package mutating func take(_ event: RunEvent) -> [String] {
    if case .runStarted(let manifest) = event.kind {
      state = RunState(manifest: manifest, at: event.at)
    } else {
      state?.apply(event)
    }
    guard let state else { return [] }
    return lines(for: event, state)
  }

  private func lines(for event: RunEvent, _ state: RunState) -> [String] {
    switch event.kind {
    case .runStarted(let manifest): opening(manifest)
    case .runResumed: ["🔁 Run \(state.manifest.id) taken up again"]
    case .levelStarted(let level, let tasks): heading(level, tasks)
    case .levelFinished(let level, _, _): [levelEnd(level, state)]
    case .attemptStarted(let key, _):
      ["  → Task \(name(key.task))" + (key.attempt > 1 ? " (attempt \(key.attempt))" : "")]
    case .attemptAdopted(let key, let process):
      ["  ↻ Task \(name(key.task)) still runs as \(process.words)"]
    case .attemptLaunched, .attemptProgressed: []
    case .attemptPaused(let key): ["  ⏸ Task \(name(key.task)) paused"]
    case .attemptContinued(let key): ["  ▶ Task \(name(key.task)) continues"]
    case .attemptEnding(let key, let reason, let step):
      step == 0 ? ["  ■ Task \(name(key.task)): \(reason.words)"] : []
    case .attemptEnded(let key, let outcome, _): attemptEnd(key, outcome, state)
    case .retryScheduled(let id, let at):
      ["  🔁 Task \(name(id)): next attempt in \((at - event.at).readable)"]
    case .taskFinished(let id, let result): taskEnd(id, result, state)
    case .taskReset(let id): resetLine(id, state)
    case .dispatchPaused: ["⏸ Dispatch paused: nothing new starts"]
    case .dispatchContinued: ["▶ Dispatch continues"]
    case .jobsChanged(let count, let reason):
      ["⚙ At most \(count) at once" + (reason.map { ": \($0.words)" } ?? "")]
    case .runDraining(let reason): [draining(reason, state)]
    case .runStopping: ["■ Stopping: what runs is being ended"]
    case .git(let event): lines(for: event, state)
    case .warning(_, let message, _): ["⚠️ \(cleaned(message))"]
    case .runFinished: []
    case .crew(let kind): crewLines(kind, at: event.at)
    }
  }

  private func opening(_ manifest: RunManifest) -> [String] {
    let plan = manifest.plan
    return [
      "📋 Run \(manifest.id): \(counted(plan.tasks.count, "task"))"
        + " in \(counted(plan.graph.levels.count, "level"))"
        + " from \(cleaned(plan.origin.file)), at most \(manifest.options.jobs) at once"
    ] + predictionLines(manifest)
  }

  private func heading(_ level: Int, _ tasks: Int) -> [String] {
    [
      "📊 LEVEL \(level)", String(repeating: "═", count: 40),
      tasks == 1
        ? "🚀 Launching the task of level \(level):"
        : "🚀 Launching \(tasks) parallel tasks for level \(level):",
    ]
  }

  private func levelEnd(_ level: Int, _ state: RunState) -> String {
    let figures = state.levels[level]
    let time = figures.startedAt.map { " in \(((figures.endedAt ?? $0) - $0).readable)" } ?? ""
    return figures.succeeded == figures.total
      ? "✅ All tasks in level \(level) completed successfully\(time)"
      : "⚠️ Level \(level) ended\(time): \(figures.succeeded) of \(figures.total) tasks succeeded"
  }

  private func resetLine(_ id: TaskID, _ state: RunState) -> [String] {
    // What becomes of a task that is put aside is said next.
    let isAside = state.index(of: id).map { state.git?.search?.concerns($0) ?? false } ?? false
    return isAside ? [] : ["  🔁 Task \(name(id)) will be tried again"]
  }

  private func attemptEnd(_ key: AttemptKey, _ outcome: Outcome, _ state: RunState) -> [String] {
    if outcome.isSuccess { return [] }
    let time =
      state.task(key.task).map { " after \($0.elapsed(at: state.lastEventAt).readable)" } ?? ""
    var line = "  ✘ Task \(name(key.task)): \(outcome.words)\(time)"
    // What never began has written nothing.
    if case .unavailable = outcome { return [line] }
    line += "; log: \(logPath(key))"
    return [line]
  }

  private func taskEnd(_ id: TaskID, _ result: TaskResult, _ state: RunState) -> [String] {
    switch result {
    case .succeeded:
      ["  ✔ Task \(name(id)) completed in \(state.task(id)?.worked.readable ?? "")"]
    case .failed: ["  ❌ Task \(name(id)) failed"]
    case .needsPerson: ["  🙋 Task \(name(id)) needs a person"]
    case .cancelled: ["  ✘ Task \(name(id)) cancelled"]
    case .skipped: ["  ↷ Task \(name(id)) skipped"]
    case .blocked(let cause):
      cause == id
        ? ["  ◌ Task \(name(id)) is \(status(id, state)) in the task list and does not run"]
        : ["  ◌ Task \(name(id)) cannot start: it needs task \(cleaned(cause.text))"]
    }
  }

  private func status(_ id: TaskID, _ state: RunState) -> String {
    state.index(of: id).map { state.manifest.plan.tasks[$0].status.rawValue } ?? "not pending"
  }

  private func draining(_ reason: StopReason, _ state: RunState) -> String {
    let running = state.running.count
    let wait = running == 0 ? "" : "; waiting for \(running) that \(running == 1 ? "runs" : "run")"
    return switch reason {
    case .failure: "⏹ A task failed: nothing new starts\(wait)"
    case .interrupt: "⏹ Interrupted: nothing new starts\(wait) (again to stop)"
    case .budget: "⏹ The budget is spent: nothing new starts\(wait)"
    case .limit: "⏹ The usage limit does not pass soon: nothing new starts\(wait)"
    case .gate: "⏹ A gate refused the work: nothing new starts\(wait)"
    case .track: "⏹ The tracks that were to be worked on are done"
    case .terminate, .request: "⏹ Nothing new starts\(wait)"
    }
  }

  func name(_ id: TaskID) -> String {
    let title = state?.index(of: id).map { state?.manifest.plan.tasks[$0].title ?? "" } ?? ""
    return title.isEmpty ? cleaned(id.text) : "\(cleaned(id.text)) \(cleaned(title))"
  }
}

extension Outcome {
  /// The outcome in words, as the end of a sentence about a task.
  package var words: String {
    switch self {
    case .exited(0): "succeeded"
    case .exited(126): "exit status 126 (the command is not executable)"
    case .exited(127): "exit status 127 (the command was not found)"
    case .exited(let code): "exit status \(code)"
    case .signaled(let signal): "killed by signal \(signal)"
    case .timedOut: "timed out"
    case .stalled: "no output for too long"
    case .cancelled: "cancelled"
    case .interrupted: "stopped with the run"
    case .lost: "ended while no runner watched, and left no exit status"
    case .notStarted(let message): "could not be started: \(cleaned(message))"
    case .unavailable(let message): "could not be started now: \(cleaned(message))"
    case .agentFailed(let message): "the agent failed: \(cleaned(message))"
    case .limited(let message): "usage limit: \(cleaned(message))"
    case .refused(let gate, let message): "refused by \(cleaned(gate)): \(cleaned(message))"
    case .uncommitted(let message): "its work could not be committed: \(cleaned(message))"
    case .unchanged: "succeeded but changed no file, and git.require_changes is set"
    case .conflicted: "its work does not merge with that of other tasks"
    }
  }
}

extension EndReason {
  package var words: String {
    switch self {
    case .timeout: "timed out, being ended"
    case .stall: "no output for too long, being ended"
    case .concluded: "has said how it ended and stays, being ended"
    case .cancel: "being cancelled"
    case .stop: "being stopped"
    case .conflict: "would conflict with a task that started before it, being ended to run after it"
    }
  }
}
