/// The timeline of a run as a drawing in SVG: what ran when, what waited, and the longest chain.
///
/// One row for each task; with very many of them one for each slot.
struct HTMLTimeline {
  private let report: RunReport
  /// The row of each attempt, and how many rows there are.
  private let rows: [Int]
  private let count: Int
  /// The label of each row.
  private let labels: [String]
  private let isBySlot: Bool

  private static let labelWidth = 230.0
  private static let chartWidth = 950.0
  private static let rowHeight = 22.0
  private static let axisHeight = 26.0
  /// With more tasks than this the rows are slots.
  private static let mostTaskRows = 400

  init(_ report: RunReport) {
    self.report = report
    let attempts = report.record.attempts
    var order: [Int: Int] = [:]
    for attempt in attempts where order[attempt.task] == nil { order[attempt.task] = order.count }
    isBySlot = order.count > Self.mostTaskRows
    if isBySlot {
      rows = attempts.map(\.slot)
      count = report.record.slots
      labels = (0..<count).map { "slot \($0 + 1)" }
    } else {
      rows = attempts.map { order[$0.task] ?? 0 }
      count = order.count
      labels = order.sorted { $0.value < $1.value }.map { report.name(of: $0.key) }
    }
  }

  var svg: String {
    let width = Self.labelWidth + Self.chartWidth + 20
    let height = Self.axisHeight + Double(count) * Self.rowHeight + 8
    return """
      <svg viewBox="0 0 \(width.plain) \(height.plain)" role="img" \
      aria-label="Timeline of the run" class="timeline">
      <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" \
      patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" class="hatch"/></pattern></defs>
      \(axis(height))\(labelTexts)\(chain)\(bars)</svg>

      """
  }

  private var span: Double { max(0.000_001, (report.now - report.state.startedAt).seconds) }

  private func x(_ instant: Instant) -> Double {
    let share = (instant - report.state.startedAt).seconds / span
    return Self.labelWidth + Self.chartWidth * min(1, max(0, share))
  }

  private func y(_ row: Int) -> Double { Self.axisHeight + Double(row) * Self.rowHeight }

  // MARK: Parts

  private func axis(_ height: Double) -> String {
    let step = Self.step(for: span)
    var marks = ""
    var time = 0.0
    while time <= span {
      let x = Self.labelWidth + Self.chartWidth * time / span
      let words = Duration.microseconds(Int64(time * 1_000_000)).readable
      marks += """
        <line x1="\(x.plain)" y1="\(Self.axisHeight - 6)" x2="\(x.plain)" y2="\(height.plain)" \
        class="grid"/><text x="\(x.plain)" y="14" class="axis">\(words)</text>

        """
      time += step
    }
    return marks
  }

  /// A round number of seconds of which 4 to 10 fit into the span.
  static func step(for span: Double) -> Double {
    let steps = [
      1.0, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400,
    ]
    if span < 5 {
      var step = 0.000_001
      while span / step > 10 {
        step *= span / (step * 2) <= 10 ? 2 : span / (step * 5) <= 10 ? 5 : 10
      }
      return step
    }
    var step = steps.first { span / $0 <= 10 } ?? 86_400
    while span / step > 10 { step *= 2 }
    return step
  }

  private var labelTexts: String {
    labels.enumerated().map { row, label in
      let short = label.count > 32 ? label.prefix(31) + "…" : label
      return """
        <text x="\(Self.labelWidth - 8)" y="\((y(row) + 15).plain)" class="label">\
        \(Markup.escaped(String(short)))</text>

        """
    }.joined()
  }

  private var bars: String {
    report.record.attempts.indices.map { bar(report.record.attempts[$0], row: rows[$0]) }.joined()
  }

  private func bar(_ attempt: AttemptRecord, row: Int) -> String {
    let end = attempt.endedAt ?? report.now
    let isCritical = report.criticalTasks.contains(attempt.task)
    let title = Markup.escaped(words(of: attempt))
    var text = isBySlot ? "" : waiting(attempt, row: row)
    text += rectangle(
      attempt.startedAt, end, row, inset: 3, kind(of: attempt) + (isCritical ? " critical" : ""),
      title)
    for pause in attempt.pauses {
      text += rectangle(pause.from, pause.to ?? end, row, inset: 8, "pause", "paused")
    }
    return text
  }

  /// The time in which the task could have run: hatched where a slot was missing, dotted where only
  /// the level before was in the way.
  private func waiting(_ attempt: AttemptRecord, row: Int) -> String {
    let lifted = attempt.readyAt + attempt.barrierWait
    var text = ""
    if attempt.barrierWait > .zero {
      text += rectangle(
        attempt.readyAt, lifted, row, inset: 9, "barrier",
        "waited \(attempt.barrierWait.readable) for the level before")
    }
    if attempt.slotWait > .zero {
      text += rectangle(
        attempt.startedAt + (.zero - attempt.slotWait), attempt.startedAt, row, inset: 6, "slot",
        "waited \(attempt.slotWait.readable) for a slot or its turn")
    }
    return text
  }

  private func rectangle(
    _ from: Instant, _ to: Instant, _ row: Int, inset: Double, _ kind: String, _ title: String
  ) -> String {
    let (left, right) = (x(from), x(to))
    return """
      <rect x="\(left.plain)" y="\((y(row) + inset).plain)" \
      width="\(max(1, right - left).plain)" height="\((Self.rowHeight - 2 * inset).plain)" \
      class="\(kind)"><title>\(title)</title></rect>

      """
  }

  private func kind(of attempt: AttemptRecord) -> String {
    guard let outcome = attempt.outcome else { return "running" }
    return switch outcome.use {
    case .work: "work"
    case .interrupted: "stopped"
    default: "failed"
    }
  }

  private func words(of attempt: AttemptRecord) -> String {
    let number = attempt.key.attempt > 1 ? ", attempt \(attempt.key.attempt)" : ""
    return "\(report.name(of: attempt.task))\(number): \(attempt.worked(at: report.now).readable), "
      + (attempt.outcome?.words ?? "running")
  }

  /// Lines that join the bars of the longest chain.
  private var chain: String {
    let last = Dictionary(
      report.record.attempts.indices.map { (report.record.attempts[$0].task, $0) },
      uniquingKeysWith: { _, new in new })
    let places = report.metrics.criticalPath
      .compactMap { report.state.index(of: $0) }.compactMap { last[$0] }
    return zip(places, places.dropFirst()).map { one, next in
      let (from, to) = (report.record.attempts[one], report.record.attempts[next])
      let middle = Self.rowHeight / 2
      return """
        <path d="M\(x(from.endedAt ?? report.now).plain) \((y(rows[one]) + middle).plain) \
        L\(x(to.startedAt).plain) \((y(rows[next]) + middle).plain)" class="chain"/>

        """
    }.joined()
  }
}

extension Double {
  /// The number with at most two decimals, as attributes hold it.
  fileprivate var plain: String {
    var json = JSONWriter()
    json.number(self, decimals: 2)
    return json.text
  }
}
