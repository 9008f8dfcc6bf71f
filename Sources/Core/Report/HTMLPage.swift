/// Reports as one HTML page that needs nothing else: no script, no other file, no connection.
extension RunReports {
  package static func html(_ reports: [RunReport]) -> String {
    let names = reports.map { $0.state.manifest.id.text }.joined(separator: ", ")
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(Markup.escaped("lanes: run \(names)"))</title>
      <style>
      \(HTMLStyle.sheet)</style>
      </head>
      <body>
      <main>
      \(reports.count > 1 ? comparison(of: reports) : "")\(reports.map(section).joined())\
      </main>
      </body>
      </html>

      """
  }

  private static func section(_ report: RunReport) -> String {
    let manifest = report.state.manifest
    return """
      <section>
      <h1>Run \(Markup.escaped(manifest.id.text)) \
      <span class="state \(report.badge)">\(Markup.escaped(report.word))</span></h1>
      <p class="facts">\(Markup.escaped(manifest.plan.origin.file)) · \
      \(Markup.escaped(report.state.startedAt.text.shortMoment)) · \
      \(counted(report.state.tasks.count, "task")) in \(counted(report.metrics.levels, "level")) · \
      at most \(report.state.jobs) at once · schedule \
      \(manifest.options.schedule.rawValue) · lanes \(Markup.escaped(manifest.version))</p>
      \(figures(report))
      <h2>Timeline</h2>
      \(HTMLTimeline(report).svg)\(HTMLStyle.legend)
      <h2>Where the slots’ time went</h2>
      \(spending(report))
      <h2>What other choices would have taken</h2>
      \(choices(report))
      <h2>Tasks</h2>
      \(tasks(report))
      <h2>Attempts</h2>
      \(attempts(report))
      </section>

      """
  }

  private static func figures(_ report: RunReport) -> String {
    let metrics = report.metrics
    let cards =
      [
        ("Wall time (Tp)", metrics.wall.readable), ("All work (T1)", metrics.worked.readable),
        ("Longest chain (T∞)", metrics.criticalTime.readable),
        ("Speedup", "\(metrics.speedup.ratioText)x"),
        ("Efficiency", metrics.efficiency.percentText),
        ("Conflicts", String(metrics.conflicts)),
      ] + (report.hasAgents ? [("Cost", dollars(report.state.cost ?? 0))] : [])
    let path = metrics.criticalPath.map { Markup.escaped($0.text) }.joined(separator: " → ")
    return "<dl class=\"cards\">"
      + cards.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" }.joined()
      + "</dl>\n<p>Longest chain: \(path.isEmpty ? "none" : path)</p>"
      + (report.state.git?.speculation?.words.map { "\n<p>Speculation: \($0)</p>" } ?? "")
  }

  private static func spending(_ report: RunReport) -> String {
    let uses = report.slotTime.uses
    let parts = uses.map { use in
      "<div class=\"u-\(use.rawValue)\" style=\"flex-grow:\(report.slotTime[use].decimalText)\""
        + " title=\"\(use.words)\"></div>"
    }
    let rows = uses.map { use in
      [
        "<span class=\"dot u-\(use.rawValue)\"></span>\(use.words)",
        report.slotTime[use].readable, report.slotTime.share(use).tenthsText,
      ]
    }
    return "<div class=\"stack\">\(parts.joined())</div>\n"
      + table(
        ["use", "time", "share"], rows + [["all", report.slotTime.total.readable, "100.0%"]],
        textColumns: 1)
  }

  private static func choices(_ report: RunReport) -> String {
    guard let actual = report.alternatives.first else { return "" }
    return table(
      ["schedule", "slots", "time", "difference"],
      report.alternatives.map { choice in
        [
          choice.schedule.rawValue, String(choice.jobs), choice.makespan.readable,
          choice == actual
            ? "as it was, simulated"
            : RunReport.change(choice.saving, of: actual.makespan),
        ]
      }, textColumns: 1)
  }

  private static func tasks(_ report: RunReport) -> String {
    let lists = report.attemptsByTask
    return table(
      ["task", "result", "attempts", "time", "waited for level", "for a slot", "processor"]
        + (report.hasAgents ? ["cost"] : []),
      report.state.tasks.indices.map { index in
        let task = report.state.tasks[index]
        let mark = report.criticalTasks.contains(index) ? " <b title=\"longest chain\">●</b>" : ""
        return [
          Markup.escaped(report.name(of: index)) + mark,
          Markup.escaped(report.result(of: index)), String(lists[index].count),
          task.worked.readable, lists[index].barrierWait.readable,
          lists[index].slotWait.readable, task.usage.cpu.readable,
        ] + (report.hasAgents ? [lists[index].costText] : [])
      })
  }

  private static func attempts(_ report: RunReport) -> String {
    table(
      ["task", "outcome", "attempt", "started after", "time", "memory"]
        + (report.hasAgents ? ["agent", "tokens in", "tokens out", "cost"] : []),
      report.record.attempts.map { attempt in
        [
          Markup.escaped(report.name(of: attempt.task)),
          Markup.escaped(attempt.outcome?.words ?? "running"), String(attempt.key.attempt),
          (attempt.startedAt - report.state.startedAt).readable,
          attempt.worked(at: report.now).readable,
          "\(attempt.usage.maxResident / 1_048_576) MiB",
        ] + (report.hasAgents ? spending(attempt) : [])
      })
  }

  private static func spending(_ attempt: AttemptRecord) -> [String] {
    guard let agent = attempt.agent else { return ["", "", "", ""] }
    let words = agent + (attempt.model.map { " (\($0))" } ?? "")
    return [
      Markup.escaped(words), String(attempt.tokensIn), String(attempt.tokensOut),
      dollars(attempt.cost),
    ]
  }

  private static func comparison(of reports: [RunReport]) -> String {
    "<h1>\(reports.count) runs compared</h1>\n"
      + table(
        ["run", "state", "slots", "schedule", "wall time", "work", "speedup", "working", "cost"],
        reports.map { report in
          [
            Markup.escaped(report.state.manifest.id.text), Markup.escaped(report.word),
            String(report.state.jobs), report.state.manifest.options.schedule.rawValue,
            report.metrics.wall.readable, report.metrics.worked.readable,
            "\(report.metrics.speedup.ratioText)x", report.slotTime.share(.work).tenthsText,
            report.state.cost.map(dollars) ?? "",
          ]
        })
  }

  /// Cells are markup already; only the first column, or the first two, are text.
  private static func table(
    _ head: [String], _ rows: [[String]], textColumns: Int = 2
  ) -> String {
    let kind = textColumns == 1 ? " class=\"figures\"" : ""
    let cells = { (row: [String], tag: String) in
      "<tr>" + row.map { "<\(tag)>\($0)</\(tag)>" }.joined() + "</tr>\n"
    }
    return "<div class=\"scroll\"><table\(kind)>\n<thead>\(cells(head, "th"))</thead>\n<tbody>\n"
      + rows.map { cells($0, "td") }.joined() + "</tbody></table></div>\n"
  }
}

extension RunReport {
  /// The class of the word beside the heading.
  fileprivate var badge: String {
    switch state.phase {
    case .finished(.succeeded): "good"
    case .finished(.failed): "bad"
    case .finished(.interrupted), .running, .draining, .stopping: "open"
    }
  }
}

extension String {
  /// A moment in ISO 8601 to the second, for people.
  fileprivate var shortMoment: String {
    prefix(19).map { $0 == "T" ? " " : String($0) }.joined() + " UTC"
  }
}
