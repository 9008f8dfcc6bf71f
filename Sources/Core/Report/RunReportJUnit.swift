/// Reports as JUnit XML, which build servers show as tests.
extension RunReports {
  /// One suite for each level of each run, one case for each task.
  ///
  /// `logEnd` gives the last lines of an attempt's log, cleaned.
  package static func junit(
    _ reports: [RunReport], logEnd: (RunReport, AttemptKey) -> [String] = { _, _ in [] }
  ) -> String {
    let body = reports.map { suites(of: $0, logEnd) }.joined()
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\(body)</testsuites>\n"
  }

  private static func suites(
    of report: RunReport, _ logEnd: (RunReport, AttemptKey) -> [String]
  ) -> String {
    let state = report.state
    return state.manifest.plan.graph.levels.enumerated().map { level, tasks in
      let results = tasks.map { state.tasks[$0].result }
      let failures = results.count { $0?.isUnsuccessful == true }
      let skipped = results.count { $0 != .succeeded && $0?.isUnsuccessful != true }
      let time = tasks.reduce(Duration.zero) { $0 + state.tasks[$1].worked }
      let start = state.levels[level].startedAt ?? state.startedAt
      return """
          <testsuite name="level \(level)" package="\(Markup.escaped(state.manifest.id.text))" \
        tests="\(tasks.count)" failures="\(failures)" errors="0" skipped="\(skipped)" \
        time="\(time.decimalText)" timestamp="\(start.text.prefix(19))">
        \(tasks.map { testCase($0, report, logEnd) }.joined())  </testsuite>

        """
    }.joined()
  }

  private static func testCase(
    _ index: Int, _ report: RunReport, _ logEnd: (RunReport, AttemptKey) -> [String]
  ) -> String {
    let (task, spec) = (report.state.tasks[index], report.state.manifest.plan.tasks[index])
    let file = Markup.escaped(report.state.manifest.plan.origin.file)
    let name = Markup.escaped(report.name(of: index))
    let opening =
      "    <testcase classname=\"\(file)\" name=\"\(name)\" time=\"\(task.worked.decimalText)\""
    switch task.result {
    case .succeeded: return opening + "/>\n"
    case .failed, .needsPerson:
      let log = logEnd(report, AttemptKey(spec.id, task.attempt)).map(Markup.escaped)
      let body =
        log.isEmpty
        ? "" : "      <system-out>\(log.joined(separator: "\n"))</system-out>\n"
      return opening
        + ">\n      <failure message=\"\(Markup.escaped(report.result(of: index)))\"/>\n\(body)    </testcase>\n"
    case .cancelled, .skipped, .blocked, nil:
      let words = Markup.escaped(report.result(of: index))
      return opening + "><skipped message=\"\(words)\"/></testcase>\n"
    }
  }
}

extension TaskResult {
  /// Whether the task was worked on and did not succeed.
  fileprivate var isUnsuccessful: Bool {
    switch self {
    case .failed, .needsPerson: true
    case .succeeded, .cancelled, .skipped, .blocked: false
    }
  }
}
