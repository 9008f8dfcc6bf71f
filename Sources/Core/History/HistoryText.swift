/// What earlier runs did, in lines for people and in JSON for programs.
extension History {
  /// The runs, the newest last, then the tasks, or only those of the given ids with each time.
  package func lines(only ids: [TaskID] = []) -> [String] {
    guard ids.isEmpty else { return ids.flatMap(lines(of:)) }
    return runTable + [""] + taskTable + [""] + estimates
  }

  private var runTable: [String] {
    let head = ["run", "state", "tasks", "failed", "-j", "schedule", "wall", "work", "speedup"]
    let rows = runs.map { run in
      [
        cleaned(run.id.text), run.word, String(run.tasks), String(run.counts.failed),
        String(run.jobs), run.schedule.rawValue, run.wall.readable, run.worked.readable,
        run.speedup.ratioText + "x",
      ]
    }
    return ["📋 \(counted(runs.count, "run"))"] + TextTable.lines(head, rows, rightFrom: 2)
  }

  private var taskTable: [String] {
    let head = ["task", "runs", "attempts", "failed", "flaky", "usual time", "spread", "last"]
    let rows = tasks.map { task in
      [
        Self.name(task), String(task.runs), String(task.attempts), String(task.failures),
        task.flakiness.percentText, task.median?.readable ?? "-",
        task.spread.map { "±\($0.percentText)" } ?? "-", task.times.last?.readable ?? "-",
      ]
    }
    return ["📋 \(counted(tasks.count, "task"))"] + TextTable.lines(head, rows, rightFrom: 1)
  }

  private static func name(_ task: TaskHistory) -> String {
    trimmed("\(cleaned(task.key.id.text)) \(cleaned(task.key.title))")
  }

  private var estimates: [String] {
    guard let half = errorFactor(0.5), let most = errorFactor(0.9) else {
      return ["📊 Estimates: no task that ran had one"]
    }
    let low = estimateErrors.count { $0 > 1 }
    return [
      "📊 Estimates: \(estimateErrors.count) to compare; half were off by less than"
        + " \(half.ratioText)x, 9 of 10 by less than \(most.ratioText)x;"
        + " \((Double(low) / Double(estimateErrors.count)).percentText) were too low"
    ]
  }

  private func lines(of id: TaskID) -> [String] {
    let found = tasks.filter { $0.key.id == id }
    if found.isEmpty { return ["No run had an attempt at task \(cleaned(id.text))"] }
    return found.flatMap { task -> [String] in
      let times = runs.compactMap { run in
        run.times[task.key].map { "  \(cleaned(run.id.text))  \($0.readable)" }
      }
      return [
        "Task \(Self.name(task)): \(counted(task.attempts, "attempt")) in"
          + " \(counted(task.runs, "run")), \(task.failures) failed,"
          + " usually \(task.median?.readable ?? "-")"
      ] + times
    }
  }

  /// One JSON object with a line end; times in seconds.
  package var json: [UInt8] {
    var json = JSONWriter(reservingCapacity: 4096)
    json.object { json in
      json.key("runs")
      json.array { json in for run in runs { Self.encode(run, into: &json) } }
      json.key("tasks")
      json.array { json in for task in tasks { Self.encode(task, into: &json) } }
      json.key("estimates")
      json.object { json in
        json.field("count", estimateErrors.count)
        if let half = errorFactor(0.5) { json.field("median_error_factor", half) }
        if let most = errorFactor(0.9) { json.field("p90_error_factor", most) }
      }
    }
    json.newline()
    return json.bytes
  }

  private static func encode(_ run: Run, into json: inout JSONWriter) {
    json.object { json in
      json.field("run", run.id.text)
      json.field("started_at", run.startedAt.text)
      json.field("state", run.word)
      json.field("tasks", run.tasks)
      json.field("succeeded", run.counts.succeeded)
      json.field("failed", run.counts.failed)
      json.field("attempts", run.attempts)
      json.field("jobs", run.jobs)
      json.field("schedule", run.schedule.rawValue)
      json.field("wall", run.wall.seconds)
      json.field("work", run.worked.seconds)
      json.field("speedup", run.speedup)
    }
  }

  private static func encode(_ task: TaskHistory, into json: inout JSONWriter) {
    json.object { json in
      json.field("id", task.key.id.text)
      json.field("title", task.key.title)
      json.field("runs", task.runs)
      json.field("attempts", task.attempts)
      json.field("failures", task.failures)
      json.field("flakiness", task.flakiness)
      if let median = task.median { json.field("median", median.seconds) }
      if let spread = task.spread { json.field("spread", spread) }
      json.key("times")
      json.array { json in for time in task.times { json.number(time.seconds) } }
    }
  }
}
