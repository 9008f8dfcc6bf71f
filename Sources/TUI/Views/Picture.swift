import Core

/// The picture of a state, exactly as large as its screen.
///
/// Cost: O(visible).
package func frame(of state: ViewState) -> Frame {
  var canvas = Canvas(size: state.size, isUnicode: state.options.isUnicode)
  let layout = ScreenLayout(state)
  canvas.setTitle(Header(state).windowTitle)
  canvas.draw(Header(state), in: layout.header)
  canvas.drawRunBar(state, in: layout.bar)
  canvas.drawBody(state, in: layout.body)
  canvas.drawFooter(state, in: layout.footer)
  if case .menu(let menu) = state.overlay { canvas.draw(menu, state) }
  return canvas.frame
}

extension Canvas {
  fileprivate mutating func drawBody(_ state: ViewState, in area: Area) {
    switch state.view {
    case .lanes: drawLanes(state)
    case .log, .diff: drawLog(state, in: area)
    case .graph: drawGraph(state)
    case .timeline: drawTimeline(state)
    case .statistics, .details, .conflicts, .messages, .help: drawText(state, in: area)
    }
  }

  /// How far the whole run is.
  fileprivate mutating func drawRunBar(_ state: ViewState, in area: Area) {
    guard !area.isEmpty else { return }
    let fraction = state.workload.fraction(state.run, at: state.now)
    let role: Role? =
      switch state.run.phase {
      case .finished(.succeeded): .succeeded
      case .finished(.failed): .failed
      case .finished(.interrupted): .warning
      case .running, .draining, .stopping: nil
      }
    drawBar(BarValue(fraction: fraction, isGuess: false), in: area.padded(1), role: role)
  }

  /// A bar with its share in per cent at the right.
  mutating func drawBar(_ value: BarValue, in area: Area, role: Role? = nil) {
    var rest = area
    let percent = value.percent
    let label = rest.columns > 12 ? rest.takeRight(5) : Area(columns: 0, rows: 0)
    let style = Style(role ?? (value.isGuess ? .guess : .progress))
    drawBarLine(value, style, in: rest)
    textAtRight(percent, style, in: label)
  }

  /// A bar alone.
  mutating func drawBarLine(_ value: BarValue, _ style: Style, in area: Area) {
    guard !area.isEmpty else { return }
    let steps = value.fraction.clamped * Double(area.columns)
    let whole = Int(steps)
    fill(area, symbols.track, Style(.track))
    var done = area
    done = done.takeLeft(whole)
    fill(done, value.isGuess ? symbols.guessed : symbols.filled, style)
    if !value.isGuess, symbols.isUnicode, steps - Double(whole) >= 0.5, whole < area.columns {
      set(symbols.half, style, column: area.column + whole, row: area.row)
    }
  }
}

extension BarValue {
  /// The share in whole per cent, with a tilde when it is a guess; only what is done has 100.
  var percent: String {
    let share = fraction >= 1 ? 100 : min(99, Int((fraction.clamped * 100).rounded()))
    return "\(isGuess ? "~" : "")\(share)%"
  }
}
