import Core

/// Views that are lines of text, longer than the screen or not.
extension ViewState {
  /// All lines of the view that is shown.
  ///
  /// Cost: O(lines), which are limited.
  func textLines() -> [[Span]] {
    let columns = max(10, size.columns - 2)
    return switch view {
    case .statistics: StatisticsText(self, columns: columns).lines
    case .details: DetailsText(self, columns: columns).lines
    case .conflicts: conflictLines(columns: columns)
    case .messages: messageLines(columns: columns)
    case .help: HelpText(options.keys, columns: columns, isUnicode: options.isUnicode).lines
    case .lanes, .log, .diff, .graph, .timeline: []
    }
  }

  private func conflictLines(columns: Int) -> [[Span]] {
    var lines: [[Span]] = [[Span("Conflicts", .title, isBold: true)]]
    lines += conflicts.map { conflictSpans($0) }
    if conflicts.isEmpty { lines.append([Span("No two tasks collide.", .dim)]) }
    lines += [[], [Span("Warnings", .title, isBold: true)]]
    lines += warnings.reversed().flatMap { self.lines(of: $0, columns: columns) }
    if warnings.isEmpty { lines.append([Span("None.", .dim)]) }
    return lines
  }

  private func messageLines(columns: Int) -> [[Span]] {
    if messages.all.isEmpty { return [[Span("Nothing was said yet.", .dim)]] }
    return messages.all.reversed().flatMap { lines(of: $0, columns: columns) }
  }

  private func lines(of message: Message, columns: Int) -> [[Span]] {
    let role: Role =
      switch message.weight {
      case .news: .text
      case .warning: .warning
      case .error: .error
      }
    return wrappedLine(message.text, columns: max(10, columns - 10)).enumerated().map {
      [
        Span(
          $0.offset == 0 ? "\(message.at.timeOfDay(options.secondsFromUTC))  " : "          ", .dim),
        Span($0.element, role),
      ]
    }
  }
}

extension Canvas {
  mutating func drawText(_ state: ViewState, in area: Area) {
    let lines = state.textLines()
    let top = state.textTops[state.view] ?? 0
    let inner = area.columns > 4 ? area.padded(1) : area
    for place in 0..<area.rows {
      guard let spans = lines[safe: top + place] else { break }
      line(spans, in: inner.line(place))
    }
    let below = lines.count - top - area.rows
    guard below > 0, area.columns > 20 else { return }
    let mark = " \(symbols.below) \(below) more "
    textAtRight(mark, Style(.key), in: area.line(area.rows - 1))
  }
}
