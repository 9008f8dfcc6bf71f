/// What a person's command means for a run.
extension RunState {
  func decide(_ command: ControlCommand, at now: Instant) -> Decision {
    if hasEnded { return refuse("the run has ended; `lanes resume` takes it up again") }
    switch command {
    case .pauseDispatch:
      return isDispatchPaused
        ? refuse("dispatch is paused already")
        : Decision(events: [.dispatchPaused], reply: .done("dispatch paused; what runs goes on"))
    case .continueDispatch:
      return isDispatchPaused
        ? Decision(events: [.dispatchContinued], reply: .done("dispatch continues"))
        : refuse("dispatch is not paused")
    case .jobs(let count): return changeJobs(to: count)
    case .automaticJobs: return adaptJobs()
    case .pause(let ids): return each(ids, "paused") { pause($0) }
    case .proceed(let ids): return each(ids, "continues") { proceed($0, at: now) }
    case .cancel(let ids): return each(ids, "cancelled") { cancel($0, at: now) }
    case .cancelAll: return cancelAll(at: now)
    case .kill(let ids): return each(ids, "killed") { kill($0, at: now) }
    case .skip(let ids): return each(ids, "skipped") { skip($0) }
    case .retry(let ids, let withDependents): return retry(ids, withDependents: withDependents)
    case .retryFailed: return retryFailed()
    case .openTrack(let track): return openTrack(track)
    case .drain:
      return phase == .running
        ? Decision(events: [.runDraining(.request)], reply: .done("what runs may end"))
        : refuse("the run is ending already")
    case .stop:
      return stop(.request, at: now) + Decision(reply: .done("stopping"))
    }
  }

  private func refuse(_ words: String) -> Decision { Decision(reply: .refused(words)) }

  private func changeJobs(to count: Int) -> Decision {
    guard (1...100_000).contains(count) else {
      return refuse("jobs must be from 1 to 100000, not \(count)")
    }
    return Decision(events: [.jobsChanged(count, nil)], reply: .done("at most \(count) at once"))
  }

  private func adaptJobs() -> Decision {
    if manifest.options.launcher == .slurm {
      return refuse("only the cluster knows what it can bear; name a number")
    }
    if jobsReason != nil { return refuse("that is so already") }
    return Decision(
      events: [.jobsChanged(jobs, .processors)],
      reply: .done("\(jobs) at once, and then what the machine can bear"))
  }

  /// Decides for each task, all or none: one that cannot is the answer for the whole command.
  private func each(
    _ ids: [TaskID], _ done: String, _ decide: (Int) -> Result<Decision, Refusal>
  ) -> Decision {
    if ids.isEmpty { return refuse("no task is meant by that") }
    var whole = Decision()
    for id in ids {
      guard let index = index(of: id) else { return refuse("the run has no task \(id)") }
      switch decide(index) {
      case .success(let decision): whole = whole + decision
      case .failure(let refusal): return refuse("task \(id) \(refusal.why)")
      }
    }
    whole.reply = .done("\(ids.count == 1 ? "task \(ids[0])" : "\(ids.count) tasks") \(done)")
    return whole
  }

  private func pause(_ index: Int) -> Result<Decision, Refusal> {
    guard tasks[index].isRunning else { return .failure(.notRunning) }
    guard tasks[index].pausedSince == nil else { return .failure(Refusal("is paused already")) }
    guard tasks[index].ending == nil else { return .failure(Refusal("is ending")) }
    let key = key(of: index)
    return .success(
      Decision(events: [.attemptPaused(key)], actions: [.signal(key, .pause)]))
  }

  func proceed(_ index: Int, at now: Instant) -> Result<Decision, Refusal> {
    guard tasks[index].isRunning, tasks[index].pausedSince != nil,
      let start = tasks[index].startedAt
    else { return .failure(Refusal("is not paused")) }
    let key = key(of: index)
    let paused = now - start - tasks[index].elapsed(at: now)
    return .success(
      Decision(
        events: [.attemptContinued(key)],
        actions: [.signal(key, .proceed)] + limits(of: key, from: start + paused)))
  }

  private func cancel(_ index: Int, at now: Instant) -> Result<Decision, Refusal> {
    if tasks[index].isFinished { return .failure(Refusal("has ended already")) }
    guard tasks[index].isRunning else {
      return .success(
        Decision(events: finishing(index, .cancelled), actions: removals(of: index, .cancelled)))
    }
    guard tasks[index].ending == nil else { return .success(Decision()) }
    return .success(end(key(of: index), .cancel, at: now))
  }

  /// Takes the last step of ending a task, whichever were taken before.
  private func kill(_ index: Int, at now: Instant) -> Result<Decision, Refusal> {
    guard tasks[index].isRunning else { return .failure(.notRunning) }
    let last = Teardown.steps(grace: manifest.options.grace).count - 1
    if tasks[index].ending?.step == last { return .success(Decision()) }
    let reason = tasks[index].ending?.reason ?? .cancel
    return .success(end(key(of: index), reason, step: last, at: now))
  }

  private func cancelAll(at now: Instant) -> Decision {
    let open = tasks.indices.filter { !tasks[$0].isFinished }
    let waiting = open.filter { !tasks[$0].isRunning }
    return open.filter { tasks[$0].isRunning && tasks[$0].ending == nil }
      .map { end(key(of: $0), .cancel, at: now) }
      .reduce(
        Decision(
          events: waiting.map { .taskFinished(id(of: $0), .cancelled) },
          reply: .done("\(counted(open.count, "task")) cancelled")), +)
  }

  private func skip(_ index: Int) -> Result<Decision, Refusal> {
    if tasks[index].isRunning { return .failure(Refusal("is running; cancel it first")) }
    if tasks[index].result?.satisfiesDependents == true {
      return .failure(Refusal("has ended already"))
    }
    let freed = blocked(behind: [index]).map { RunEvent.Kind.taskReset(id(of: $0)) }
    return .success(Decision(events: finishing(index, .skipped) + freed))
  }

  private func retry(_ ids: [TaskID], withDependents: Bool) -> Decision {
    if ids.isEmpty { return refuse("no task is meant by that") }
    for id in ids {
      guard let index = index(of: id) else { return refuse("the run has no task \(id)") }
      if tasks[index].isRunning { return refuse("task \(id) is running; cancel it first") }
      if !tasks[index].isFinished { return refuse("task \(id) has not ended") }
    }
    let whole = (withDependents ? addingDependents(to: ids) : ids).compactMap(index(of:))
      .filter { tasks[$0].isFinished }
    let reset = whole + blocked(behind: whole).filter { !whole.contains($0) }
    return Decision(
      events: reset.flatMap { [.taskReset(id(of: $0))] + rerunning($0) },
      reply: .done(
        whole.count == 1 ? "task \(ids[0]) will be retried" : "\(whole.count) tasks will be retried"
      ))
  }

  /// Somebody who wants a task again whose work did not merge does not want that work.
  private func rerunning(_ index: Int) -> [RunEvent.Kind] {
    guard tasks[index].result == .failed(.conflicted), let work = git?.works[index] else {
      return []
    }
    let conflict = MergeConflict(files: work.conflictedFiles, others: [], next: .rerun)
    return [.git(.mergeConflicted(key(of: index), conflict))]
  }

  private func retryFailed() -> Decision {
    let count = counts.failed
    if count == 0 { return refuse("no task has failed") }
    return Decision(
      events: resettingFailed,
      reply: .done("\(counted(count, "failed task")) will be retried"))
  }

  /// Another try for what failed, and for what could not start because of that.
  var resettingFailed: [RunEvent.Kind] {
    let failed = tasks.indices.filter { tasks[$0].result?.isFailure ?? false }
    return (failed + blocked(behind: failed)).map { .taskReset(id(of: $0)) }
  }

  /// The blocked tasks that nothing but `roots` keeps from starting, in the order they can start.
  private func blocked(behind roots: [Int]) -> [Int] {
    let graph = manifest.plan.graph
    var (found, open): ([Int], [Int]) = ([], roots)
    var seen = Set(roots)
    while let next = open.popLast() {
      for dependent in graph.dependents(of: next) where seen.insert(dependent).inserted {
        guard case .finished(.blocked) = tasks[dependent].phase else { continue }
        found.append(dependent)
        open.append(dependent)
      }
    }
    var freed = Set(roots)
    return found.sorted { (graph.level[$0], $0) < (graph.level[$1], $1) }.filter { index in
      let isFree = graph.dependencies(of: index).allSatisfy {
        freed.contains($0) || tasks[$0].result?.satisfiesDependents ?? true
      }
      if isFree { freed.insert(index) }
      return isFree
    }
  }

  private func addingDependents(to ids: [TaskID]) -> [TaskID] {
    var seen = Set(ids)
    var whole = ids
    var next = 0
    while next < whole.count {
      defer { next += 1 }
      guard let index = index(of: whole[next]) else { continue }
      for dependent in manifest.plan.graph.dependents(of: index)
      where seen.insert(id(of: dependent)).inserted {
        whole.append(id(of: dependent))
      }
    }
    return whole
  }
}

/// Why a command cannot be done to a task, as the rest of a sentence that names it.
struct Refusal: Error {
  let why: String

  init(_ why: String) {
    self.why = why
  }

  static var notRunning: Refusal { Refusal("is not running") }
}
