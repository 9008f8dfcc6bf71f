/// What a run is doing, for `lanes status`: in lines for people and in JSON for programs.
package struct StatusReport {
  package let state: RunState
  package let now: Instant
  /// The process that runs it, nil when none does.
  package let runner: Int32?

  package init(state: RunState, now: Instant, runner: Int32?) {
    self.state = state
    self.now = now
    self.runner = runner
  }

  /// A word for what the run is doing: a run that was not ended and has no runner was left.
  package var word: String {
    switch state.phase {
    case .finished(let result): return result.rawValue
    case .running, .draining, .stopping: break
    }
    if runner == nil { return "left without a runner" }
    switch state.phase {
    case .running: return state.isDispatchPaused ? "dispatch paused" : "running"
    case .draining: return "draining"
    case .stopping: return "stopping"
    case .finished(let result): return result.rawValue
    }
  }

  // MARK: Text

  package var lines: [String] {
    let plan = state.manifest.plan
    let metrics = Metrics(state, at: now)
    let process = runner.map { ", runner \($0)" } ?? ""
    var lines = ["Run \(state.manifest.id): \(word)\(process)"]
    lines.append("Tasks: \(tally)")
    lines.append("Wall time: \(metrics.wall.readable), task time: \(metrics.worked.readable)")
    if let reason = state.jobsReason {
      lines.append("At most \(state.jobs) at once: \(reason.words)")
    }
    lines += CrewStatus.lines(state, at: now)
    if state.openLevel < state.levels.count {
      let level = state.levels[state.openLevel]
      lines.append(
        "Level \(state.openLevel) of \(state.levels.count - 1): \(level.total - level.open) of"
          + " \(level.total) ended")
    }
    lines += state.running.sorted().map { "  ▶ " + describe($0) }
    lines += GitStatus.lines(state)
    lines += finished(where: \.isFailure).map {
      "  ❌ \(name($0)): \(state.tasks[$0].result?.words ?? "")"
    }
    let waiting = plan.tasks.indices.filter {
      !state.tasks[$0].isFinished && !state.tasks[$0].isRunning
    }
    lines += waiting.prefix(10).map {
      "  ⋯ \(name($0)) waits for \(Explanation.waits(state, $0).joined(separator: ", "))"
    }
    if waiting.count > 10 { lines.append("  ⋯ and \(waiting.count - 10) more") }
    if state.phase != .finished(.succeeded), runner == nil {
      lines.append("`lanes resume` goes on with it.")
    }
    return lines
  }

  private var tally: String {
    let counts = state.counts
    let waiting = state.unfinished - state.running.count
    let parts = [
      (counts.succeeded, "succeeded"), (state.running.count, "running"), (waiting, "waiting"),
      (counts.failed, "failed"), (counts.cancelled, "cancelled"), (counts.skipped, "skipped"),
      (counts.blocked, "blocked"),
    ]
    let words = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return words.isEmpty ? "none" : words.joined(separator: ", ")
  }

  private func finished(where matches: (TaskResult) -> Bool) -> [Int] {
    state.tasks.indices.filter { state.tasks[$0].result.map(matches) ?? false }
  }

  private func name(_ index: Int) -> String {
    let spec = state.manifest.plan.tasks[index]
    return spec.title.isEmpty
      ? cleaned(spec.id.text) : "\(cleaned(spec.id.text)) \(cleaned(spec.title))"
  }

  private func describe(_ index: Int) -> String {
    let task = state.tasks[index]
    let progress = task.progress.map { " \($0.fraction.percentText) \($0.label)" } ?? ""
    let paused = task.pausedSince == nil ? "" : " paused"
    let attempt = task.attempt > 1 ? ", attempt \(task.attempt)" : ""
    let agent = state.agentWords(of: index).map { ", \($0)" } ?? ""
    let cost = state.costWords(of: index).map { ", \($0)" } ?? ""
    let activity = state.activity(of: index).flatMap {
      $0 == task.progress?.label ? nil : ": \(cleaned($0))"
    }
    return "\(name(index)): \(task.elapsed(at: now).readable)\(attempt)\(agent)\(cost)\(progress)"
      + paused + (activity ?? "")
  }

  // MARK: JSON

  /// One JSON object with a line end; the fields are those of the events.
  package var json: [UInt8] {
    let metrics = Metrics(state, at: now)
    var json = JSONWriter(reservingCapacity: 1024)
    json.object { json in
      json.field("run", state.manifest.id.text)
      json.field("state", word)
      if let runner { json.field("runner", runner) }
      json.field("started_at", state.startedAt.text)
      json.field("wall", metrics.wall.seconds)
      json.field("task_time", metrics.worked.seconds)
      json.field("jobs", state.jobs)
      if let reason = state.jobsReason { json.field("jobs_reason", reason.rawValue) }
      json.field("level", state.openLevel)
      json.field("levels", state.levels.count)
      json.field("speedup", metrics.speedup)
      json.field("theoretical_speedup", metrics.theoreticalSpeedup)
      json.field("efficiency", metrics.efficiency)
      CrewStatus.encode(state, into: &json)
      GitStatus.encode(state, into: &json)
      json.key("tasks")
      json.array { json in
        for index in state.tasks.indices { encode(index, into: &json) }
      }
    }
    json.newline()
    return json.bytes
  }

  private func encode(_ index: Int, into json: inout JSONWriter) {
    let (task, spec) = (state.tasks[index], state.manifest.plan.tasks[index])
    json.object { json in
      json.field("id", spec.id.text)
      json.field("title", spec.title)
      json.field("level", state.manifest.plan.graph.level[index])
      json.field("state", task.word)
      json.field("attempt", task.attempt)
      json.field("elapsed", task.elapsed(at: now).seconds)
      if let process = task.process {
        if process.isJob { json.field(job: process.job) } else { json.field("pid", process.pid) }
      }
      CrewStatus.encode(state, task: index, into: &json)
      GitStatus.encode(state, task: index, into: &json)
      if let progress = task.progress {
        json.field("fraction", progress.fraction)
        json.field("label", progress.label)
      }
      if !task.isFinished, !task.isRunning {
        json.key("waits_for")
        json.array { json in for word in Explanation.waits(state, index) { json.string(word) } }
      }
    }
  }
}

extension TaskState {
  /// The state in one word, for programs.
  package var word: String {
    switch phase {
    case .waiting: "waiting"
    case .ready: "ready"
    case .running: pausedSince == nil ? "running" : "paused"
    case .backingOff: "backing_off"
    case .committed: "committed"
    case .finished(let result): result.name
    }
  }
}
