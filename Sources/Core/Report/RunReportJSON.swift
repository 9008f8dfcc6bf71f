/// A report for programs.
extension RunReport {
  /// One JSON object with a line end; times in seconds, moments in ISO 8601.
  package var json: [UInt8] {
    var json = JSONWriter(reservingCapacity: 4096)
    encode(into: &json)
    json.newline()
    return json.bytes
  }

  func encode(into json: inout JSONWriter) {
    json.object { json in
      encodeHeading(into: &json)
      json.key("critical_path")
      json.array { json in for id in metrics.criticalPath { json.string(id.text) } }
      json.key("slot_time")
      json.object { json in
        for use in SlotTime.Use.allCases {
          json.key(use.rawValue)
          json.number(slotTime[use].seconds)
        }
      }
      json.key("alternatives")
      json.array { json in for choice in alternatives { Self.encode(choice, into: &json) } }
      json.key("tasks")
      json.array { json in for index in state.tasks.indices { encode(index, into: &json) } }
      json.key("attempts")
      json.array { json in for attempt in record.attempts { encode(attempt, into: &json) } }
    }
  }

  private func encodeHeading(into json: inout JSONWriter) {
    json.field("run", state.manifest.id.text)
    json.field("version", state.manifest.version)
    json.field("file", state.manifest.plan.origin.file)
    json.field("state", word)
    json.field("started_at", state.startedAt.text)
    json.field("ended_at", now.text)
    json.field("jobs", state.jobs)
    json.field("schedule", state.manifest.options.schedule.rawValue)
    json.field("levels", metrics.levels)
    json.field("wall", metrics.wall.seconds)
    json.field("work", metrics.worked.seconds)
    json.field("wasted", metrics.wasted.seconds)
    json.field("critical_time", metrics.criticalTime.seconds)
    json.field("level_bound", metrics.levelBound.seconds)
    json.field("speedup", metrics.speedup)
    json.field("theoretical_speedup", metrics.theoreticalSpeedup)
    json.field("efficiency", metrics.efficiency)
    json.field("peak", metrics.peak)
    json.field("conflict_rate", metrics.conflictRate)
    state.git?.speculation?.encode(into: &json)
    json.field("slots_time", slotTime.total.seconds)
    CrewStatus.encode(state, into: &json)
  }

  private static func encode(_ choice: Alternative, into json: inout JSONWriter) {
    json.object { json in
      json.field("jobs", choice.jobs)
      json.field("schedule", choice.schedule.rawValue)
      json.field("makespan", choice.makespan.seconds)
      json.field("saving", choice.saving.seconds)
    }
  }

  private func encode(_ index: Int, into json: inout JSONWriter) {
    let (task, spec) = (state.tasks[index], state.manifest.plan.tasks[index])
    json.object { json in
      json.field("id", spec.id.text)
      json.field("title", spec.title)
      json.field("level", state.manifest.plan.graph.level[index])
      json.field("state", task.word)
      json.field("work", task.worked.seconds)
      json.field("is_critical", criticalTasks.contains(index))
      json.field("cpu", task.usage.cpu.seconds)
      json.field("max_rss", task.usage.maxResident)
      if let estimate = spec.estimate { json.field("estimate", estimate.seconds) }
      CrewStatus.encode(state, task: index, into: &json)
    }
  }

  private func encode(_ attempt: AttemptRecord, into json: inout JSONWriter) {
    json.object { json in
      json.field(attempt.key)
      json.field("slot", attempt.slot)
      json.field("ready_at", attempt.readyAt.text)
      json.field("started_at", attempt.startedAt.text)
      if let end = attempt.endedAt { json.field("ended_at", end.text) }
      json.field("barrier_wait", attempt.barrierWait.seconds)
      json.field("slot_wait", attempt.slotWait.seconds)
      json.field("work", attempt.worked(at: now).seconds)
      if let outcome = attempt.outcome { json.field("outcome", outcome.words) }
      json.field("cpu", attempt.usage.cpu.seconds)
      json.field("max_rss", attempt.usage.maxResident)
      guard let agent = attempt.agent else { return }
      json.field("agent", agent)
      if let model = attempt.model { json.field("model", model) }
      json.field("cost", attempt.cost)
      json.field("tokens_in", attempt.tokensIn)
      json.field("tokens_out", attempt.tokensOut)
    }
  }
}

/// Several runs in one file, in each of the forms.
package enum RunReports {
  /// One run as an object, several as `{"runs": […]}`.
  package static func json(_ reports: [RunReport]) -> [UInt8] {
    if reports.count == 1 { return reports[0].json }
    var json = JSONWriter(reservingCapacity: 8192)
    json.object { json in
      json.key("runs")
      json.array { json in for report in reports { report.encode(into: &json) } }
    }
    json.newline()
    return json.bytes
  }

  /// The reports one after the other, and after several a table that compares them.
  package static func text(_ reports: [RunReport]) -> [String] {
    guard reports.count > 1 else { return reports.flatMap(\.lines) }
    return reports.flatMap { $0.lines + [""] } + comparison(reports)
  }

  private static func comparison(_ reports: [RunReport]) -> [String] {
    let head = ["run", "state", "-j", "schedule", "wall", "work", "speedup", "working", "cost"]
    let rows = reports.map { report in
      [
        report.state.manifest.id.text, report.word, String(report.state.jobs),
        report.state.manifest.options.schedule.rawValue, report.metrics.wall.readable,
        report.metrics.worked.readable, report.metrics.speedup.ratioText + "x",
        report.slotTime.share(.work).tenthsText, report.state.cost.map(dollars) ?? "",
      ]
    }
    return ["📊 Compared:"] + TextTable.lines(head, rows, rightFrom: 4)
  }
}
