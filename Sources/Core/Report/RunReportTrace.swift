/// Reports in the Trace Event Format that Perfetto and chrome://tracing open.
extension RunReports {
  /// Each run is a process, each slot a thread, each attempt a slice; arrows are dependencies.
  ///
  /// "Trace Event Format" (Google, 2016), in its JSON object form; times in microseconds since the
  /// run began.
  package static func trace(_ reports: [RunReport]) -> [UInt8] {
    var json = JSONWriter(reservingCapacity: 16_384)
    json.object { json in
      json.field("displayTimeUnit", "ms")
      json.key("traceEvents")
      json.array { json in
        for (number, report) in reports.enumerated() {
          var trace = RunTrace(report, process: number + 1)
          trace.encode(into: &json)
        }
      }
    }
    json.newline()
    return json.bytes
  }
}

/// The trace events of one run.
private struct RunTrace {
  private let report: RunReport
  private let process: Int
  private var arrows = 0

  init(_ report: RunReport, process: Int) {
    self.report = report
    self.process = process
  }

  mutating func encode(into json: inout JSONWriter) {
    name("process_name", thread: 0, "run \(report.state.manifest.id)", &json)
    for slot in 0..<report.record.slots {
      name("thread_name", thread: slot + 1, "slot \(slot + 1)", &json)
    }
    for attempt in report.record.attempts { slice(attempt, &json) }
    counters(&json)
    encodeArrows(&json)
  }

  private func time(_ instant: Instant) -> Int64 {
    (instant - report.state.startedAt).microseconds
  }

  private func event(
    _ phase: String, _ name: String, thread: Int, at instant: Instant, _ json: inout JSONWriter,
    _ rest: (inout JSONWriter) -> Void
  ) {
    json.object { json in
      json.field("ph", phase)
      json.field("name", name)
      json.field("pid", process)
      json.field("tid", thread)
      json.field("ts", time(instant))
      rest(&json)
    }
  }

  private func name(_ what: String, thread: Int, _ name: String, _ json: inout JSONWriter) {
    event("M", what, thread: thread, at: report.state.startedAt, &json) { json in
      json.key("args")
      json.object { $0.field("name", name) }
    }
  }

  private func slice(_ attempt: AttemptRecord, _ json: inout JSONWriter) {
    let end = attempt.endedAt ?? report.now
    let name = report.name(of: attempt.task)
    event("X", name, thread: attempt.slot + 1, at: attempt.startedAt, &json) { json in
      json.field("dur", (end - attempt.startedAt).microseconds)
      json.field("cat", "attempt")
      json.key("args")
      json.object { json in
        json.field(attempt.key)
        json.field("level", report.state.manifest.plan.graph.level[attempt.task])
        json.field("outcome", attempt.outcome?.words ?? "running")
        json.field("is_critical", report.criticalTasks.contains(attempt.task))
        json.field("barrier_wait_s", attempt.barrierWait.seconds)
        json.field("slot_wait_s", attempt.slotWait.seconds)
        json.field("cpu_s", attempt.usage.cpu.seconds)
        guard let agent = attempt.agent else { return }
        json.field("agent", agent)
        json.field("cost_usd", attempt.cost)
        json.field("tokens_in", attempt.tokensIn)
        json.field("tokens_out", attempt.tokensOut)
      }
    }
  }

  /// How many attempts ran, at each change.
  private func counters(_ json: inout JSONWriter) {
    var changes = report.record.attempts.flatMap { attempt in
      [(attempt.startedAt, 1)] + (attempt.endedAt.map { [($0, -1)] } ?? [])
    }
    changes.sort { ($0.0, $0.1) < ($1.0, $1.1) }
    var running = 0
    for (place, (instant, change)) in changes.enumerated() {
      running += change
      if place + 1 < changes.count, changes[place + 1].0 == instant { continue }
      event("C", "running", thread: 0, at: instant, &json) { json in
        json.key("args")
        json.object { $0.field("tasks", running) }
      }
    }
  }

  /// From the end of each task's last attempt to the first one of those that waited for it.
  private mutating func encodeArrows(_ json: inout JSONWriter) {
    let lists = report.attemptsByTask
    let graph = report.state.manifest.plan.graph
    for (task, attempts) in lists.enumerated() {
      guard let last = attempts.last, let end = last.endedAt else { continue }
      for dependent in graph.dependents(of: task) {
        // One that somebody ran again after those that needed it has no arrow back in time.
        guard let first = lists[dependent].first, first.startedAt >= end else { continue }
        arrows += 1
        // An arrow belongs to the slice it begins in, which is over at its last moment.
        arrow("s", last, at: max(last.startedAt, end + .microseconds(-1)), &json)
        arrow("f", first, at: first.startedAt, &json)
      }
    }
  }

  private func arrow(
    _ phase: String, _ attempt: AttemptRecord, at instant: Instant, _ json: inout JSONWriter
  ) {
    event(phase, "dependency", thread: attempt.slot + 1, at: instant, &json) { json in
      json.field("cat", "dependency")
      json.field("id", process << 32 | arrows)
      if phase == "f" { json.field("bp", "e") }
    }
  }
}
