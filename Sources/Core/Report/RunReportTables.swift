/// Reports as comma-separated values and as metrics.
extension RunReports {
  /// One line for each attempt, by RFC 4180; times in seconds.
  ///
  /// A text that a spreadsheet would take for a formula has a `'` before it.
  package static func csv(_ reports: [RunReport]) -> String {
    let head =
      "run,task,title,level,attempt,slot,ready_at,started_at,ended_at,barrier_wait,slot_wait,work,"
      + "outcome,cpu,max_rss,agent,model,cost,tokens_in,tokens_out"
    let rows = reports.flatMap { report in report.record.attempts.map { row($0, report) } }
    return ([head] + rows).map { $0 + "\r\n" }.joined()
  }

  private static func row(_ attempt: AttemptRecord, _ report: RunReport) -> String {
    let plan = report.state.manifest.plan
    let cells =
      [
        report.state.manifest.id.text, attempt.key.task.text, plan.tasks[attempt.task].title,
        String(plan.graph.level[attempt.task]), String(attempt.key.attempt), String(attempt.slot),
        attempt.readyAt.text, attempt.startedAt.text, attempt.endedAt?.text ?? "",
        attempt.barrierWait.decimalText, attempt.slotWait.decimalText,
        attempt.worked(at: report.now).decimalText, attempt.outcome?.words ?? "running",
        attempt.usage.cpu.decimalText, String(attempt.usage.maxResident),
      ] + spending(attempt)
    return cells.map(cell).joined(separator: ",")
  }

  /// Who worked on an attempt and what it cost; empty for a command.
  private static func spending(_ attempt: AttemptRecord) -> [String] {
    guard let agent = attempt.agent else { return ["", "", "", "", ""] }
    return [
      agent, attempt.model ?? "", Instant.decimal(attempt.cost), String(attempt.tokensIn),
      String(attempt.tokensOut),
    ]
  }

  private static func cell(_ text: String) -> String {
    var text = cleaned(text)
    if let first = text.first, "=+-@".contains(first), Double(text) == nil { text = "'" + text }
    guard text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
    return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }

  /// The figures as an OpenMetrics text file, as for node_exporter's folder of text files.
  package static func openMetrics(_ reports: [RunReport]) -> String {
    var text = ""
    for family in families where reports.contains(where: { !family.samples($0).isEmpty }) {
      text += "# TYPE \(family.name) gauge\n"
      if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
      text += "# HELP \(family.name) \(family.help)\n"
      for report in reports {
        for (labels, value) in family.samples(report) {
          let all = [("run", report.state.manifest.id.text)] + labels
          let words = all.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
          text += "\(family.name){\(words)} \(value)\n"
        }
      }
    }
    return text + "# EOF\n"
  }

  private struct Family {
    var name: String
    var unit: String?
    var help: String
    var samples: (RunReport) -> [(labels: [(String, String)], value: String)]

    init(
      _ name: String, _ unit: String?, _ help: String,
      _ samples: @escaping (RunReport) -> [(labels: [(String, String)], value: String)]
    ) {
      (self.name, self.unit, self.help, self.samples) = (name, unit, help, samples)
    }

    static func one(
      _ name: String, _ unit: String?, _ help: String, _ value: @escaping (RunReport) -> String
    ) -> Family {
      Family(name, unit, help) { [([], value($0))] }
    }
  }

  private static var families: [Family] {
    [
      .one("lanes_run_wall_seconds", "seconds", "Wall time, without time that nobody ran it.") {
        $0.metrics.wall.decimalText
      },
      .one("lanes_run_work_seconds", "seconds", "Time of all attempts.") {
        $0.metrics.worked.decimalText
      },
      .one("lanes_run_critical_path_seconds", "seconds", "Longest chain of dependent tasks.") {
        $0.metrics.criticalTime.decimalText
      },
      .one("lanes_run_speedup_ratio", "ratio", "Time of all attempts over wall time.") {
        Instant.decimal($0.metrics.speedup)
      },
      .one("lanes_run_slots", nil, "The most tasks at once.") { String($0.state.jobs) },
      Family("lanes_run_tasks", nil, "Tasks by how they stand.") { report in
        Dictionary(grouping: report.state.tasks, by: \.word).sorted { $0.key < $1.key }
          .map { ([("state", $0.key)], String($0.value.count)) }
      },
      Family("lanes_run_slot_time_seconds", "seconds", "Time of the slots by use.") { report in
        SlotTime.Use.allCases.map {
          ([("use", $0.rawValue)], report.slotTime[$0].decimalText)
        }
      },
      Family("lanes_task_work_seconds", "seconds", "Time of a task's attempts.") { report in
        report.state.tasks.indices.map { index in
          let id = report.state.manifest.plan.tasks[index].id.text
          return ([("task", id)], report.state.tasks[index].worked.decimalText)
        }
      },
      Family("lanes_run_cost_usd", "usd", "What the agents cost, in US dollars.") { report in
        report.hasAgents ? [([], Instant.decimal(report.state.crew?.totals.cost ?? 0))] : []
      },
      Family("lanes_run_tokens", nil, "Tokens of the agents by direction.") { report in
        guard report.hasAgents, let totals = report.state.crew?.totals else { return [] }
        return [
          ([("direction", "in")], String(totals.tokensIn)),
          ([("direction", "out")], String(totals.tokensOut)),
        ]
      },
      Family("lanes_task_cost_usd", "usd", "What a task cost, in US dollars.") { report in
        guard report.hasAgents, let crew = report.state.crew else { return [] }
        return report.state.tasks.indices.map { index in
          let id = report.state.manifest.plan.tasks[index].id.text
          return ([("task", id)], Instant.decimal(crew.works[index].cost))
        }
      },
    ]
  }

  private static func escaped(_ text: String) -> String {
    cleaned(text).map { $0 == "\\" ? "\\\\" : $0 == "\"" ? "\\\"" : String($0) }.joined()
  }
}

extension Duration {
  /// The duration in seconds with decimals, as programs read it.
  var decimalText: String { Instant.decimal(seconds) }
}

extension Instant {
  /// A number with at most six decimals.
  static func decimal(_ value: Double) -> String {
    var json = JSONWriter()
    json.number(value)
    return json.text
  }
}
