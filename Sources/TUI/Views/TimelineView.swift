import Core

/// Where the parts of the timeline are.
struct TimelineLayout {
  /// The line with the times.
  var axis: Area
  var rows: Area
  var legend: Area
  /// The columns of the names; the rest of a row is the chart.
  var names: Int

  init(_ state: ViewState) {
    var body = ScreenLayout(state).body
    axis = body.takeTop(1)
    legend = body.takeBottom(body.rows > 6 ? 1 : 0)
    rows = body
    names = body.columns < 50 ? min(14, body.columns / 2) : min(40, body.columns * 3 / 10)
  }
}

/// The span of time that the chart shows, and its columns.
private struct Scale {
  let start: Instant
  let end: Instant
  let columns: Int

  /// The column of a moment, from 0 to the number of columns.
  func column(_ moment: Instant) -> Int {
    let whole = max(1, (end - start).seconds)
    let share = ((moment - start).seconds / whole).clamped
    return Int((share * Double(columns)).rounded(.down))
  }

  /// The seconds between marks, so that their times do not touch.
  var step: Int {
    let steps = [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400,
    ]
    let whole = max(1, (end - start).seconds)
    let least = whole * 12 / Double(max(1, columns))
    return steps.first { Double($0) >= least } ?? Int(min(least, 1e9)) / 86400 * 86400 + 86400
  }
}

/// When each task ran: one row for each, over the time of the run.
extension Canvas {
  mutating func drawTimeline(_ state: ViewState) {
    let layout = TimelineLayout(state)
    let run = state.run
    let scale = Scale(
      start: run.startedAt, end: state.chartEnd, columns: layout.rows.columns - layout.names - 2)
    guard scale.columns > 0 else { return }
    drawAxis(scale, layout)
    for line in 0..<layout.rows.rows where state.timelineTop + line < state.history.count {
      drawRow(state.history.task(at: state.timelineTop + line), state, scale, layout, line)
    }
    drawLegend(in: layout.legend)
  }

  private mutating func drawAxis(_ scale: Scale, _ layout: TimelineLayout) {
    var area = layout.axis
    _ = area.takeLeft(layout.names + 1)
    let whole = (scale.end - scale.start).seconds
    for mark in stride(from: 0, through: Int(min(whole, 1e9)), by: scale.step) {
      let column = scale.column(scale.start + .seconds(mark))
      let label = Duration.seconds(mark).clock
      guard column + width(of: label) <= scale.columns else { break }
      text(
        label, Style(.dim),
        in: Area(
          column: area.column + column, row: area.row, columns: width(of: label), rows: 1))
    }
  }

  private mutating func drawRow(
    _ task: Int, _ state: ViewState, _ scale: Scale, _ layout: TimelineLayout, _ line: Int
  ) {
    let area = layout.rows.line(line)
    var rest = area
    var name = rest.takeLeft(layout.names).padded(1)
    let look = state.look(of: task)
    let isCritical = state.figures?.critical.contains(task) ?? false
    text(look.symbol, Style(look.role, isBold: true), in: name.takeLeft(2))
    text(isCritical ? symbols.critical : " ", Style(.critical), in: name.takeLeft(2))
    text(state.name(of: task), Style(.text), in: name)
    _ = rest.takeLeft(1)
    drawBars(task, state, scale, at: rest, isCritical: isCritical)
    if state.cursor == .task(task) { select(area) }
  }

  private mutating func drawBars(
    _ task: Int, _ state: ViewState, _ scale: Scale, at area: Area, isCritical: Bool
  ) {
    let taskState = state.run.tasks[task]
    let attempts = state.history.attempts(of: task)
    let first = attempts.first?.start ?? taskState.startedAt
    let last = taskState.isFinished ? attempts.last?.end ?? taskState.endedAt : state.now
    if let eligible = taskState.eligibleAt, let last, eligible < last || first != nil {
      let from = scale.column(min(eligible, first ?? eligible))
      let end = scale.column(last)
      fill(
        Area(column: area.column + from, row: area.row, columns: end - from, rows: 1), symbols.wait,
        Style(.waiting))
    }
    for attempt in attempts where attempt.number != taskState.attempt || !taskState.isRunning {
      let isGood = attempt.outcome.isSuccess
      draw(
        attempt.start, attempt.end, isGood ? symbols.block : symbols.shade,
        Style(isGood ? (isCritical ? .critical : .succeeded) : .failed), scale, at: area)
    }
    if taskState.isRunning, let start = taskState.startedAt {
      let isPaused = taskState.pausedSince != nil
      draw(
        start, state.now, symbols.block,
        Style(isPaused ? .paused : isCritical ? .critical : .running), scale, at: area)
      if let left = state.workload.remaining(task, taskState, at: state.now), left > .zero {
        draw(state.now, state.now + left, symbols.guessed, Style(.guess), scale, at: area)
      }
    }
  }

  private mutating func draw(
    _ start: Instant, _ end: Instant, _ glyph: String, _ style: Style, _ scale: Scale, at area: Area
  ) {
    let from = min(scale.column(start), scale.columns - 1)
    let columns = min(max(1, scale.column(end) - from), scale.columns - from)
    fill(Area(column: area.column + from, row: area.row, columns: columns, rows: 1), glyph, style)
  }

  private mutating func drawLegend(in area: Area) {
    line(
      [
        Span(symbols.block, .running), Span(" working  ", .dim), Span(symbols.shade, .failed),
        Span(" failed  ", .dim), Span(symbols.wait, .waiting), Span(" waiting  ", .dim),
        Span(symbols.guessed, .guess), Span(" expected  ", .dim),
        Span(symbols.critical, .critical), Span(" critical path", .dim),
      ], in: area.padded(1))
  }
}

extension ViewState {
  /// The moment at the right of the chart: the end of the run, or when what runs is thought to end,
  /// unless that would leave what was too little room.
  fileprivate var chartEnd: Instant {
    if run.hasEnded { return run.lastEventAt }
    let left = run.running.compactMap { workload.remaining($0, run.tasks[$0], at: now) }.max()
    let elapsed = max(now - run.startedAt, .seconds(1))
    return run.startedAt + elapsed + min(left ?? .zero, elapsed * 2)
  }
}
