/// Why a task is in the state it is in, in words.
package enum Explanation {
  /// One sentence or more about a task of the run.
  ///
  /// Cost: O(its dependencies).
  package static func lines(_ state: RunState, task index: Int, at now: Instant) -> [String] {
    let spec = state.manifest.plan.tasks[index]
    let name =
      "Task \(cleaned(spec.id.text))" + (spec.title.isEmpty ? "" : " \(cleaned(spec.title))")
    return ["\(name): \(sentence(state, index, now))"] + history(state.tasks[index])
      + agent(state, index) + speculation(state, index)
  }

  private static func agent(_ state: RunState, _ index: Int) -> [String] {
    guard let agent = state.agentWords(of: index) else { return [] }
    let cost = state.costWords(of: index).map { ", \($0) so far" } ?? ""
    let activity = state.activity(of: index).map { ": \(cleaned($0))" } ?? ""
    return ["  \(agent)\(cost)\(activity)"]
  }

  private static func sentence(_ state: RunState, _ index: Int, _ now: Instant) -> String {
    let task = state.tasks[index]
    switch task.phase {
    case .finished(let result): return state.words(for: result, of: index)
    case .running:
      let isQueued = state.manifest.options.launcher == .slurm && task.process == nil
      return isQueued ? "waits in the queue of the cluster" : running(task, now)
    case .backingOff(let until):
      return "waits \(max(.zero, until - now).readable) for attempt \(task.attempt + 1)"
    case .committed: return "is done, and waits to be merged"
    case .ready, .waiting: return "waits for " + waits(state, index).joined(separator: ", ")
    }
  }

  private static func running(_ task: TaskState, _ now: Instant) -> String {
    let process = task.process.map { " as \($0.words)" } ?? ""
    let paused = task.pausedSince == nil ? "" : ", paused"
    let ending = task.ending.map { ", \($0.reason.words)" } ?? ""
    let progress = task.progress.map { ", \($0.fraction.percentText) \($0.label)" } ?? ""
    return "runs\(process) for \(task.elapsed(at: now).readable), attempt \(task.attempt)"
      + paused + ending + progress
  }

  /// What keeps an unfinished task from starting: dependencies, barrier, slots, the run itself.
  package static func waits(_ state: RunState, _ index: Int) -> [String] {
    let plan = state.manifest.plan
    var reasons = plan.graph.dependencies(of: index)
      .filter { !(state.tasks[$0].result?.satisfiesDependents ?? false) }
      .map { cleaned(plan.tasks[$0].id.text) }
    if state.manifest.options.schedule == .levels, plan.graph.level[index] > state.openLevel {
      let open = state.levels[state.openLevel].open
      reasons.append("the level barrier (level \(state.openLevel) has \(open) to go)")
    }
    if state.tasks[index].phase == .committed { return ["its merge"] }
    reasons += (state.git?.holders(of: index) ?? []).map {
      "\(cleaned(plan.tasks[$0].id.text)), which changes the same files"
    }
    if state.tasks[index].phase == .ready, state.git?.isHeld(index) == false {
      reasons += (state.git?.rivalsAtWork(of: index) ?? []).map {
        "\(cleaned(plan.tasks[$0].id.text)), which will probably change the same files, or a slot that no"
          + " other task could use"
      }
    }
    reasons += state.ready.obstacles(of: index).map { $0.words(state) }
    if reasons.isEmpty, let stage = state.crew?.stage { reasons.append("the gate \(stage.gate)") }
    switch state.phase {
    case .running where state.isDispatchPaused: reasons.append("dispatch, which is paused")
    case .running where reasons.isEmpty: reasons.append("a slot (\(slots(state)))")
    case .running: break
    case .draining, .stopping: reasons.append("a new runner: this run is ending")
    case .finished: reasons.append("a new runner: the run has ended")
    }
    return reasons
  }

  private static func slots(_ state: RunState) -> String {
    "\(state.jobs) of them" + (state.jobsReason.map { ": \($0.words)" } ?? "")
  }

  private static func history(_ task: TaskState) -> [String] {
    guard task.attempt > 0, let outcome = task.outcome else { return [] }
    return ["  attempt \(task.attempt): \(outcome.words), \(task.worked.readable) of work in all"]
  }
}

extension RunState {
  /// A result of a task in words, as the end of a sentence about it.
  ///
  /// Here a task that the list keeps from running is told apart from one that had to wait in vain.
  package func words(for result: TaskResult, of task: Int) -> String {
    guard case .blocked(let id) = result, let cause = index(of: id),
      !manifest.plan.tasks[cause].status.isRunnable
    else { return result.words }
    let status = "is \(manifest.plan.tasks[cause].status.rawValue) in the task list"
    return cause == task ? status : "cannot start, because task \(cleaned(id.text)) \(status)"
  }
}

extension TaskResult {
  /// The result in words, as the end of a sentence about a task.
  package var words: String {
    switch self {
    case .succeeded: "succeeded"
    case .failed(let outcome): "failed: \(outcome.words)"
    case .needsPerson(let outcome):
      "needs a person: \(outcome.words); look at its log, help, and `lanes retry` it or `lanes skip` it"
    case .cancelled: "cancelled"
    case .skipped: "skipped"
    case .blocked(let cause): "cannot start, because of task \(cleaned(cause.text))"
    }
  }
}
