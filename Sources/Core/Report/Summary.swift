/// The end of a run in lines for people: results, figures, and where the time went.
package enum Summary {
  /// The lines for a run that has ended or is being looked at.
  ///
  /// `logEnd` gives the last lines of an attempt's log, cleaned.
  package static func lines(
    _ state: RunState, at now: Instant, logEnd: (AttemptKey) -> [String] = { _ in [] }
  ) -> [String] {
    let metrics = Metrics(state, at: now)
    return failures(state, logEnd) + [title(state)] + figures(state, metrics)
      + losses(state, metrics) + crew(state, metrics) + GitStatus.remedies(state)
  }

  private static func title(_ state: RunState) -> String {
    switch state.phase {
    case .finished(.succeeded): "🎉 ALL LEVELS COMPLETED SUCCESSFULLY!"
    case .finished(.failed): "❌ Run \(state.manifest.id) failed"
    case .finished(.interrupted):
      "⏹ Run \(state.manifest.id) stopped; `lanes resume` goes on with it"
    case .running, .draining, .stopping: "▶ Run \(state.manifest.id) is not over"
    }
  }

  private static func figures(_ state: RunState, _ metrics: Metrics) -> [String] {
    let left = state.unfinished
    let counts = [
      (state.counts.succeeded, "succeeded"), (state.counts.failed, "failed"),
      (state.counts.cancelled, "cancelled"), (state.counts.skipped, "skipped"),
      (state.counts.blocked, "blocked"), (left, "not run"),
    ]
    let tasks = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return [
      "📊 Tasks: \(tasks.isEmpty ? "none" : tasks)",
      "📊 Levels: \(metrics.levels)",
      "📊 Wall time: \(metrics.wall.readable) for \(metrics.worked.readable) of task time",
      "📊 Theoretical speedup: \(metrics.theoreticalSpeedup.ratioText)x",
      "📊 Actual speedup: \(metrics.speedup.ratioText)x",
      "📊 Efficiency: \(metrics.efficiency.percentText) of \(metrics.peak) at once",
      "📊 Conflict rate: \(metrics.conflictRate.percentText)",
    ] + (state.git?.speculation?.words.map { ["📊 Speculation: \($0)"] } ?? [])
  }

  private static func losses(_ state: RunState, _ metrics: Metrics) -> [String] {
    var lines: [String] = []
    if metrics.criticalPath.count > 1 {
      let path = metrics.criticalPath.prefix(20).map { cleaned($0.text) }.joined(separator: " → ")
      let rest = metrics.criticalPath.count > 20 ? " → …" : ""
      lines.append("📊 Critical path: \(path)\(rest) (\(metrics.criticalTime.readable))")
    }
    let shares = metrics.slots.uses.map { (metrics.slots.share($0), $0.words) }
      .filter { $0.0 >= 0.005 }.map { "\($0.0.percentText) \($0.1)" }.joined(separator: ", ")
    if shares.isEmpty { return lines }
    return lines + ["📊 Where the slots' time went: \(shares)"]
  }

  private static func failures(
    _ state: RunState, _ logEnd: (AttemptKey) -> [String]
  ) -> [String] {
    if state.counts.failed == 0 { return stageFailures(state) }
    var lines: [String] = []
    for (index, task) in state.tasks.enumerated() {
      guard let result = task.result, result.isFailure else { continue }
      let spec = state.manifest.plan.tasks[index]
      let name = "Task \(cleaned(spec.id.text)) \(cleaned(spec.title))"
      switch result {
      case .failed(let outcome): lines.append("❌ \(name): \(outcome.words)")
      case .needsPerson: lines.append("🙋 \(name) \(result.words)")
      case .succeeded, .cancelled, .skipped, .blocked: continue
      }
      lines += logEnd(AttemptKey(spec.id, task.attempt)).map { "    │ \($0)" }
    }
    return lines + stageFailures(state)
  }
}
