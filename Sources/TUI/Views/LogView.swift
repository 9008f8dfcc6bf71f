import Core

/// The log of a task's attempt.
extension Canvas {
  mutating func drawLog(_ state: ViewState, in area: Area) {
    var rest = area
    drawLogTitle(state, in: rest.takeTop(1))
    drawLogLines(state, in: rest)
  }

  /// The line above a log: whose it is, and how it is shown.
  mutating func drawLogTitle(_ state: ViewState, in area: Area) {
    guard !area.isEmpty else { return }
    fill(area, symbols.horizontal, Style(.border))
    var rest = area.padded(1)
    let flags = state.logFlags
    if !flags.isEmpty, rest.columns > 40 {
      _ = rest.takeRight(1)
      text(" \(flags) ", Style(.dim), in: rest.takeRight(width(of: flags) + 2))
    }
    let title = state.logTitle
    var room = rest.takeLeft(min(rest.columns, title.reduce(2) { $0 + width(of: $1.text) }))
    text(" ", Style(), in: room.takeLeft(1))
    line(title + [Span(" ")], in: room)
  }

  mutating func drawLogLines(_ state: ViewState, in area: Area) {
    guard !area.isEmpty else { return }
    if let words = state.logWords {
      text(words, Style(.dim), in: area.padded(1).line(0))
      return
    }
    let log = state.log
    let inner = area.padded(1)
    var rows: [(text: String, isMatch: Bool)] = []
    for line in log.lines {
      let isMatch = line.offset == log.match
      let clean = shown(line.text, limit: log.isWrapped ? 20_000 : 8 * (log.column + inner.columns))
      if log.isWrapped {
        rows += wrappedLine(clean, columns: inner.columns).map { ($0, isMatch) }
      } else {
        rows.append((clean, isMatch))
      }
      if !log.isFollowing, rows.count >= area.rows { break }
    }
    for (place, row) in rows.suffix(log.isFollowing ? area.rows : rows.count).enumerated() {
      guard place < area.rows else { break }
      drawLogLine(row.text, log, in: inner.line(place), isMatch: row.isMatch)
    }
  }

  private mutating func drawLogLine(
    _ line: String, _ log: LogState, in area: Area, isMatch: Bool
  ) {
    let skipped = log.isWrapped ? Substring() : prefix(of: line, columns: log.column)
    let rest = line[skipped.endIndex...]
    let columns = text(String(rest), style(of: line, log), in: area)
    guard !log.query.isEmpty, rest.utf8.count < 20_000 else { return }
    highlight(log.query, in: rest, area: area, columns: columns, isMatch: isMatch)
  }

  /// The look of a line: in differences it tells what was added and what was taken away.
  private func style(of line: String, _ log: LogState) -> Style {
    guard case .diff = log.source else {
      return Style(line.hasPrefix("::progress ") ? .dim : .text)
    }
    if line.hasPrefix("diff --git ") { return Style(.title, isBold: true) }
    if line.hasPrefix("@@") { return Style(.header) }
    if line.hasPrefix("+++ ") || line.hasPrefix("--- ") || line.hasPrefix("index ") {
      return Style(.dim)
    }
    if line.hasPrefix("+") { return Style(.succeeded) }
    return line.hasPrefix("-") ? Style(.failed) : Style(.text)
  }

  /// Draws each place where a text occurs, whatever its case, in the look of a match.
  private mutating func highlight(
    _ query: String, in line: Substring, area: Area, columns: Int, isMatch: Bool
  ) {
    let wanted = Array(query.lowercased())
    let letters = Array(line)
    let lower = letters.map { $0.lowercased() }
    var (place, column) = (0, 0)
    while place + wanted.count <= letters.count, column < columns {
      let isHere = wanted.indices.allSatisfy { lower[place + $0] == String(wanted[$0]) }
      let length = isHere ? wanted.count : 1
      let taken = letters[place..<place + length].reduce(0) { $0 + width(of: $1) }
      if isHere {
        let room = Area(
          column: area.column + column, row: area.row, columns: min(taken, columns - column),
          rows: 1)
        var style = Style(.match, isBold: isMatch)
        style.isUnderlined = true
        text(String(letters[place..<place + length]), style, in: room)
      }
      column += taken
      place += length
    }
  }
}

extension ViewState {
  var logTitle: [Span] {
    guard let task = selectedTask else {
      return [Span(groupName, .dim)]
    }
    var spans = [Span(name(of: task), .title, isBold: true)]
    let dot = " \(symbols.dot) "
    if let attempt = log.attempt {
      let newest = run.tasks[task].attempt
      let number =
        newest > 1 ? "attempt \(attempt.attempt) of \(newest)" : "attempt \(attempt.attempt)"
      spans.append(Span(dot + number, .dim))
    }
    if case .diff(_, let diff, _) = log.source {
      let end = diff.head.map { "to \(shown($0, limit: 10))" } ?? "now"
      spans.append(Span(dot + "changes from \(shown(diff.base, limit: 10)) \(end)", .dim))
      return spans
    }
    if log.attempt != nil, let agent = run.manifest.options.agent {
      spans.append(Span(dot + shown(agent, limit: 60), .dim))
    }
    let state = run.tasks[task]
    if state.isRunning, let left = workload.remaining(task, state, at: now) {
      spans.append(Span("\(dot)about \(left.about) left", .dim))
    }
    return spans
  }

  private var groupName: String {
    switch cursor {
    case .header(let lane): laneName(lane)
    case .group(let lane, let group): "\(laneName(lane)): \(look(of: group).word)"
    case .task: ""
    }
  }

  /// How the log is shown: which part of it, and how it moves.
  var logFlags: String {
    guard log.source != nil, log.problem == nil else { return "" }
    var flags: [String] = []
    if log.isWrapped { flags.append("wrapped") }
    if log.column > 0, !log.isWrapped { flags.append("from column \(log.column + 1)") }
    if log.isFollowing {
      let isLive = log.attempt.map { run.runningTask($0) != nil } ?? false
      flags.append(isLive ? "following" : "end")
    } else if log.size > 0 {
      let share = Double(log.end) / Double(log.size)
      flags.append(share >= 1 ? "end" : "\(Int(share.clamped * 100))%")
    }
    return flags.joined(separator: ", ")
  }

  /// What stands in place of a log that has nothing to show.
  var logWords: String? {
    guard let task = selectedTask else { return "select a task to see its log" }
    if log.source == nil, view == .diff { return diffObstacle(task) }
    if log.source == nil {
      let reason = reason(of: task)
      return reason.isEmpty ? "this task has no log" : "no log yet: \(reason)"
    }
    if let problem = log.problem { return shown(problem, limit: 400) }
    if !log.isRead { return view == .diff ? "asking git \(symbols.ellipsis)" : "" }
    guard log.lines.isEmpty else { return nil }
    return view == .diff ? "nothing has changed" : "nothing written yet"
  }

  private func diffObstacle(_ task: Int) -> String {
    if run.manifest.options.git == nil {
      return "this run works in no worktrees: nothing to compare"
    }
    let reason = reason(of: task)
    return "no changes yet" + (reason.isEmpty ? "" : ": \(reason)")
  }
}
