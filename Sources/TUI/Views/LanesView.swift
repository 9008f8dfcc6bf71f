import Core

/// The lanes side by side, or below each other on narrow screens, over the end of a log.
extension Canvas {
  mutating func drawLanes(_ state: ViewState) {
    let layout = LaneLayout(state)
    for (lane, area) in layout.boxes { drawBox(lane, state, in: area) }
    drawMoreLanes(state, layout)
    drawList(state, in: layout.list)
    drawConflict(state, in: layout.conflict)
    drawLogEnd(state, in: layout.log)
  }

  // MARK: Boxes

  private mutating func drawBox(_ lane: Int, _ state: ViewState, in area: Area) {
    let isFocused = state.position(of: state.cursor)?.lane == lane
    let style = Style(isFocused ? .focusedBorder : .border)
    border(area, style)
    drawTitle(
      lane, state,
      in: Area(
        column: area.column + 1, row: area.row, columns: area.columns - 2, rows: 1))
    let strip = LaneStrip(state: state, lane: lane, area: area.inside)
    let top = LanePosition(lane: lane, row: state.scroll.rows[lane] ?? 0)
    let rows = strip.visible(from: top)
    for (row, place) in rows { drawRow(row, state, in: place) }
    if rows.isEmpty, state.isFiltered {
      text("no match", Style(.dim), in: area.inside.padded(1).line(0))
    }
    let count = state.rowCount(lane)
    let below = count - top.row - rows.count
    let bottom = Area(
      column: area.column + 2, row: area.endRow - 1, columns: area.columns - 4, rows: 1)
    if top.row > 0 { text(" \(symbols.above) \(top.row) ", Style(.dim), in: bottom) }
    if below > 0 { textAtRight(" \(symbols.below) \(below) ", Style(.dim), in: bottom) }
  }

  /// The upper border of a box: its lane, how far it is, and its time; while the lane runs, the
  /// border itself is the bar.
  private mutating func drawTitle(_ lane: Int, _ state: ViewState, in area: Area) {
    var rest = area
    let (title, time) = state.laneTitle(lane)
    let columns = title.reduce(2) { $0 + width(of: $1.text) }
    let isRunning =
      state.openCount(lane) > 0 && state.index.lanes[lane].count(.running) > 0
    if !time.isEmpty, columns + width(of: time) + (isRunning ? 9 : 3) <= rest.columns {
      _ = rest.takeRight(1)
      text(" \(time) ", Style(.dim), in: rest.takeRight(width(of: time) + 2))
    }
    line([Span(" ")] + title + [Span(" ")], in: rest.takeLeft(min(columns, rest.columns)))
    if isRunning { drawBarLine(state.laneValue(lane), Style(.progress), in: rest) }
  }

  /// Says at the edges how many lanes are out of sight.
  private mutating func drawMoreLanes(_ state: ViewState, _ layout: LaneLayout) {
    guard let first = layout.boxes.first, let last = layout.boxes.last else { return }
    let style = Style(.key, isBold: true)
    if first.lane > 0 {
      set(symbols.more.left, style, column: first.area.column, row: first.area.row)
    }
    if last.lane < state.index.lanes.count - 1 {
      set(symbols.more.right, style, column: last.area.endColumn - 1, row: last.area.row)
    }
  }

  // MARK: Rows

  private mutating func drawRow(_ row: LaneRow, _ state: ViewState, in area: Area) {
    let isSelected = state.cursor == row
    switch row {
    case .task(let task): drawTask(task, state, in: area, isSelected: isSelected)
    case .header(let lane): drawHeader(lane, state, in: area, isSelected: isSelected)
    case .group(let lane, let group):
      let look = state.look(of: group)
      var rest = area.padded(1)
      text(look.symbol, Style(look.role), in: rest.takeLeft(2))
      let count = state.index.lanes[lane].count(group)
      text("\(count) \(look.word)", Style(.dim), in: rest)
      if isSelected { select(area) }
    }
  }

  private mutating func drawList(_ state: ViewState, in area: Area) {
    guard !area.isEmpty else { return }
    let strip = LaneStrip(state: state, lane: nil, area: area)
    for (row, place) in strip.visible(from: state.scroll.top) { drawRow(row, state, in: place) }
    if strip.start == nil { text("no task matches", Style(.dim), in: area.padded(1)) }
  }

  private mutating func drawHeader(
    _ lane: Int, _ state: ViewState, in area: Area, isSelected: Bool
  ) {
    var rest = area
    let (title, time) = state.laneTitle(lane)
    let isFolded = state.isFolded(lane)
    text(isFolded ? symbols.folded : symbols.unfolded, Style(.dim), in: rest.takeLeft(2))
    if !time.isEmpty, rest.columns > 24 {
      textAtRight("\(time) ", Style(.dim), in: rest.takeRight(width(of: time) + 2))
    }
    let columns = line(title, in: rest)
    _ = rest.takeLeft(columns + 1)
    if state.openCount(lane) > 0, state.laneTime(lane) != nil, rest.columns > 8 {
      drawBarLine(state.laneValue(lane), Style(.progress), in: rest)
    }
    if isSelected { select(area) }
  }

  // MARK: Below the lanes

  private mutating func drawConflict(_ state: ViewState, in area: Area) {
    guard !area.isEmpty, let conflict = state.conflicts.first else { return }
    var rest = area.padded(1)
    let more = state.conflicts.count > 1 ? "\(state.conflicts.count - 1) more" : "all conflicts"
    if let key = state.options.keys.label(for: .conflicts), rest.columns > 50 {
      let hint = "\(key): \(more)"
      textAtRight(hint, Style(.dim), in: rest.takeRight(width(of: hint)))
      _ = rest.takeRight(2)
    }
    line(state.conflictSpans(conflict), in: rest)
  }

  private mutating func drawLogEnd(_ state: ViewState, in area: Area) {
    guard area.rows > 1 else { return }
    var rest = area
    drawLogTitle(state, in: rest.takeTop(1))
    drawLogLines(state, in: rest)
  }
}

extension ViewState {
  /// What the border or the header of a lane says.
  func laneTitle(_ lane: Int) -> (title: [Span], time: String) {
    let tasks = index.lanes[lane]
    let failed = tasks.count(.failed)
    let look: (symbol: String, role: Role) =
      if tasks.count(.running) > 0 {
        (" \(symbols.running)", .running)
      } else if openCount(lane) > 0 {
        ("", .dim)
      } else if failed > 0 {
        (" \(symbols.failed)", .failed)
      } else if tasks.count(.ended) > 0 {
        (" \(symbols.blocked)", .blocked)
      } else {
        (" \(symbols.succeeded)", .succeeded)
      }
    var title = [
      Span(laneName(lane).uppercased(), .title, isBold: true),
      Span("\(look.symbol) \(tasks.count(.succeeded))/\(tasks.tasks.count)", look.role),
    ]
    if let track = index.tracks[safe: lane], track > 0,
      let name = run.manifest.options.crew?.tracks?.names[safe: track - 1], !name.isEmpty
    {
      title.append(Span(" \(shown(name, limit: 60))", .dim))
    }
    if failed > 0, look.role != .failed {
      title.append(Span(" \(symbols.failed) \(failed)", .failed))
    }
    return (title, laneTime(lane)?.clock ?? "")
  }

  /// What a lane is called: `level 0`, or `track 1`.
  func laneName(_ lane: Int) -> String {
    guard let track = index.tracks[safe: lane] else { return "level \(lane)" }
    return track == 0 ? "no track" : "track \(track)"
  }

  /// How many of a lane's tasks have not finished.
  func openCount(_ lane: Int) -> Int {
    index.lanes[lane].count(.running) + index.lanes[lane].count(.waiting)
  }

  /// How long a level has been worked on, or how much work a track has done; nil before it began.
  func laneTime(_ lane: Int) -> Duration? {
    if let track = index.tracks[safe: lane] {
      let tasks = index.lanes[lane]
      let done = run.crew?.tracks?.worked[safe: track] ?? .zero
      let running = tasks.groups[TaskGroup.running.rawValue].reduce(Duration.zero) {
        $0 + run.tasks[Int(tasks.tasks[Int($1)])].elapsed(at: now)
      }
      return done + running > .zero ? done + running : nil
    }
    guard let start = run.levels[lane].startedAt else { return nil }
    return (run.levels[lane].endedAt ?? (run.hasEnded ? run.lastEventAt : now)) - start
  }

  /// How far a lane is, by work.
  func laneValue(_ lane: Int) -> BarValue {
    let tasks = index.lanes[lane]
    let running = tasks.groups[TaskGroup.running.rawValue].lazy
      .map { Int(tasks.tasks[Int($0)]) }.filter { run.tasks[$0].isRunning }
    return BarValue(
      fraction: workload.fraction(ofLane: lane, running: running, run, now), isGuess: false)
  }

  func conflictSpans(_ conflict: ConflictLine) -> [Span] {
    let ids =
      "\(shown(conflict.first.text, limit: 40)) \(symbols.times)"
      + " \(shown(conflict.second.text, limit: 40))"
    let lines = conflict.lines.map { ":\($0.lowerBound)-\($0.upperBound)" } ?? ""
    let words = conflict.kind == .conflict ? "would conflict" : "both changed it"
    return [
      Span("\(symbols.warning) ", .conflict), Span(ids, .conflict, isBold: true),
      Span("  \(shown(conflict.file, limit: 400))\(lines)", .text), Span("  \(words)", .dim),
    ]
  }
}
