extension PlanReport {
  /// The report as text for people; its first lines are an interface that scripts read.
  ///
  /// No control character of the task file is in it.
  package func text() -> String {
    var text: [UInt8] = []
    text.reserveCapacity(1024 + plan.tasks.count * 64)
    appendHead(to: &text)
    appendLevels(to: &text)
    appendFindings(to: &text)
    for line in conflictLines() { text += (line + "\n").utf8 }
    if isRunnable, !plan.tasks.isEmpty { appendTimes(to: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The findings of a plan alone, one a line.
  package static func findingLines(of plan: Plan) -> String {
    var text: [UInt8] = []
    for finding in plan.findings { append(finding, of: plan, to: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  private func appendHead(to text: inout [UInt8]) {
    if plan.tasks.isEmpty {
      text += "⚠️  No tasks found in input file\n".utf8
    } else if isRunnable {
      text += "✅ Dependency graph built successfully\n".utf8
    } else {
      for path in cycles.paths.prefix(20) {
        text += "❌ Circular dependency detected: \(way(path))\n".utf8
      }
    }
    text += "📊 Total tasks: \(plan.tasks.count)\n".utf8
    guard isRunnable else { return }
    text += "📊 Execution levels: \(levels.count)\n".utf8
    text += "📊 Max parallel tasks: \(maxParallel)\n".utf8
    if let theoreticalSpeedup {
      text += "📊 Theoretical speedup: \(decimal(theoreticalSpeedup))x\n".utf8
    }
  }

  private func appendLevels(to text: inout [UInt8]) {
    if levels.isEmpty && isRunnable { return }
    text += (isRunnable ? "\nExecution plan:\n" : "\nExecution plan up to the cycle:\n").utf8
    for (level, tasks) in levels.enumerated() {
      text += "  Level \(level): Tasks [".utf8
      appendIDs(tasks, to: &text)
      text += (tasks.count > 1 ? "] (parallel)\n" : "]\n").utf8
      for task in tasks { appendTask(task, to: &text) }
    }
    guard !isRunnable else { return }
    text += "  On a cycle or behind it: Tasks [".utf8
    appendIDs(stuck, to: &text)
    text += "]\n".utf8
    for task in stuck { appendTask(task, to: &text) }
  }

  private func appendIDs(_ tasks: [Int], to text: inout [UInt8]) {
    for (position, task) in tasks.enumerated() {
      if position > 0 { text += ", ".utf8 }
      appendCleaned(plan.tasks[task].id.text, to: &text)
    }
  }

  private func appendTask(_ task: Int, to text: inout [UInt8]) {
    text += "    ".utf8
    appendCleaned(plan.tasks[task].id.text, to: &text)
    text += "  ".utf8
    appendCleaned(plan.tasks[task].title, to: &text)
    if plan.tasks[task].estimate != nil {
      text += "  (".utf8
      append(time: estimates.weights[task], to: &text)
      text += ")".utf8
    }
    let status = plan.tasks[task].status
    if status != .pending { text += "  [\(status.rawValue)]".utf8 }
    text += "\n".utf8
  }

  private func appendFindings(to text: inout [UInt8]) {
    let limit = 50
    if plan.findings.isEmpty { return }
    text += "\nFindings:\n".utf8
    for finding in plan.findings.prefix(limit) { Self.append(finding, of: plan, to: &text) }
    if plan.findings.count > limit {
      text += "  … and \(plan.findings.count - limit) more; --format json has all\n".utf8
    }
  }

  private static func append(_ finding: Finding, of plan: Plan, to text: inout [UInt8]) {
    switch finding.severity {
    case .error: text += "  ❌ ".utf8
    case .warning: text += "  ⚠️  ".utf8
    case .note: text += "  ℹ️  ".utf8
    }
    let place = finding.place.map { ":\($0.line):\($0.column)" } ?? ""
    let file = finding.place?.file ?? plan.origin.file
    text += cleaned("\(file)\(place): \(finding.problem); \(finding.remedy)").utf8
    text += "\n".utf8
  }

  private func appendTimes(to text: inout [UInt8]) {
    text += "\nCritical path: \(way(times.criticalPath, isClosed: false))\n".utf8
    text += "Work and time, by \(sourceOfEstimates):\n".utf8
    text += "  All work, one task at a time:     \(hours(times.work))\n".utf8
    text += "  Critical path:                    \(hours(times.criticalPathLength))\n".utf8
    text += "  Level by level, any number:       \(hours(times.levelBound))\n".utf8
    text += "  Level by level, -j \(padded(jobs)) \(hours(times.levels))\n".utf8
    text += "  Without barriers, -j \(padded(jobs, 12)) \(hours(times.dataflow))\n".utf8
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

  private func hours(_ microseconds: Int64) -> String {
    var text: [UInt8] = []
    append(time: microseconds, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Time in the two largest units that say something: `2h 30m`, `45m`, `1m 30s`, `0.35s`.
  private func append(time microseconds: Int64, to text: inout [UInt8]) {
    let seconds = microseconds / 1_000_000
    if seconds < 60 {
      text += (seconds < 10 ? decimal(Double(microseconds) / 1_000_000) : String(seconds)).utf8
      text += "s".utf8
      return
    }
    let isLong = seconds >= 3600
    let (large, small) = isLong ? (seconds / 3600, seconds / 60 % 60) : (seconds / 60, seconds % 60)
    text += String(large).utf8
    text += (isLong ? "h" : "m").utf8
    if small == 0 { return }
    text += " ".utf8
    text += String(small).utf8
    text += (isLong ? "m" : "s").utf8
  }
}
