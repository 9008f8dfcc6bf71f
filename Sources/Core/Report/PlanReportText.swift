extension PlanReport {
  /// The report as text for people; its first lines are an interface that scripts read.
  ///
  /// No control character of the task file is in it.
  package func text() -> String {
    var text = ""
    text.reserveCapacity(1024 + plan.tasks.count * 64)
    appendHead(to: &text)
    appendLevels(to: &text)
    appendFindings(to: &text)
    if isRunnable, !plan.tasks.isEmpty { appendTimes(to: &text) }
    return text
  }

  /// The findings alone, one a line.
  package func findingLines() -> String {
    var text = ""
    for finding in plan.findings { append(finding, to: &text) }
    return text
  }

  private func appendHead(to text: inout String) {
    if plan.tasks.isEmpty {
      text += "⚠️  No tasks found in input file\n"
    } else if isRunnable {
      text += "✅ Dependency graph built successfully\n"
    } else {
      for path in cycles.paths { text += "❌ Circular dependency detected: \(way(path))\n" }
    }
    text += "📊 Total tasks: \(plan.tasks.count)\n"
    guard isRunnable else { return }
    text += "📊 Execution levels: \(levels.count)\n"
    text += "📊 Max parallel tasks: \(maxParallel)\n"
    if let theoreticalSpeedup {
      text += "📊 Theoretical speedup: \(decimal(theoreticalSpeedup))x\n"
    }
  }

  private func appendLevels(to text: inout String) {
    if levels.isEmpty && isRunnable { return }
    text += isRunnable ? "\nExecution plan:\n" : "\nExecution plan up to the cycle:\n"
    for (level, tasks) in levels.enumerated() {
      text += "  Level \(level): Tasks ["
      appendIDs(tasks, to: &text)
      text += tasks.count > 1 ? "] (parallel)\n" : "]\n"
      for task in tasks { appendTask(task, to: &text) }
    }
    guard !isRunnable else { return }
    text += "  On a cycle or behind it: Tasks ["
    appendIDs(stuck, to: &text)
    text += "]\n"
    for task in stuck { appendTask(task, to: &text) }
  }

  private func appendIDs(_ tasks: [Int], to text: inout String) {
    for (position, task) in tasks.enumerated() {
      if position > 0 { text += ", " }
      text += cleaned(id(task))
    }
  }

  private func appendTask(_ task: Int, to text: inout String) {
    let spec = plan.tasks[task]
    text += "    "
    text += cleaned(spec.id.text)
    text += "  "
    text += cleaned(spec.title)
    if let estimate = spec.estimate { text += "  (\(hours(estimate.microseconds)))" }
    if spec.status != .pending { text += "  [\(spec.status.rawValue)]" }
    text += "\n"
  }

  private func appendFindings(to text: inout String) {
    let limit = 50
    if plan.findings.isEmpty { return }
    text += "\nFindings:\n"
    for finding in plan.findings.prefix(limit) { append(finding, to: &text) }
    if plan.findings.count > limit {
      text += "  … and \(plan.findings.count - limit) more; --format json has all\n"
    }
  }

  private func append(_ finding: Finding, to text: inout String) {
    switch finding.severity {
    case .error: text += "  ❌ "
    case .warning: text += "  ⚠️  "
    case .note: text += "  ℹ️  "
    }
    let place = finding.place.map { ":\($0.line):\($0.column)" } ?? ""
    text += cleaned("\(plan.origin.file)\(place): \(finding.problem); \(finding.remedy)")
    text += "\n"
  }

  private func appendTimes(to text: inout String) {
    text += "\nCritical path: \(way(times.criticalPath, isClosed: false))\n"
    text += "Work and time, by \(sourceOfEstimates):\n"
    text += "  All work, one task at a time:     \(hours(times.work))\n"
    text += "  Critical path:                    \(hours(times.criticalPathLength))\n"
    text += "  Level by level, any number:       \(hours(times.levelBound))\n"
    text += "  Level by level, -j \(padded(jobs)) \(hours(times.levels))\n"
    text += "  Without barriers, -j \(padded(jobs, 12)) \(hours(times.dataflow))\n"
  }

  private var sourceOfEstimates: String {
    let count = estimates.weights.count
    let guess = hours(estimates.fallback.microseconds)
    if estimates.declared == 0 { return "the default estimate of \(guess) for each task" }
    if estimates.declared == count { return "the estimates of all tasks" }
    return
      "the estimates of \(estimates.declared) of \(count) tasks, and their median, \(guess), for the others"
  }

  private func padded(_ number: Int, _ width: Int = 14) -> String {
    let text = "\(number):"
    return text + String(repeating: " ", count: max(0, width - text.count))
  }

  /// Tasks with arrows between them, the middle of a long way left out.
  private func way(_ tasks: [Int], isClosed: Bool = true) -> String {
    var words = tasks.map { cleaned(id($0)) }
    if isClosed, let first = words.first { words.append(first) }
    if words.count > 24 {
      words.replaceSubrange(12..<words.count - 11, with: ["… (\(words.count - 23) more)"])
    }
    return words.joined(separator: " → ")
  }

  /// Two decimals at most and one at least.
  private func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let fraction = hundredths % 100
    let digits =
      fraction % 10 == 0 ? "\(fraction / 10)" : (fraction < 10 ? "0" : "") + "\(fraction)"
    return "\(hundredths / 100).\(digits)"
  }

  /// Time in the two largest units that say something: `2h 30m`, `45m`, `1m 30s`, `0.35s`.
  private func hours(_ microseconds: Int64) -> String {
    let seconds = microseconds / 1_000_000
    if seconds < 60 {
      return seconds >= 10 ? "\(seconds)s" : decimal(Double(microseconds) / 1_000_000) + "s"
    }
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    let parts = hour > 0 ? [(hour, "h"), (minute, "m")] : [(minute, "m"), (second, "s")]
    return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
  }
}
