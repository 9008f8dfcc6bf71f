import Core

/// A task in a row or two: its state, its id and title, its time, and a bar or a reason below.
extension Canvas {
  mutating func drawTask(_ task: Int, _ state: ViewState, in area: Area, isSelected: Bool) {
    guard !area.isEmpty else { return }
    drawFirstLine(task, state, in: area, isSelected: isSelected)
    if area.rows > 1 { drawSecondLine(task, state, in: area.line(1)) }
    if isSelected { select(area) }
  }

  private mutating func drawFirstLine(
    _ task: Int, _ state: ViewState, in area: Area, isSelected: Bool
  ) {
    var rest = area.padded(1)
    let look = state.look(of: task)
    let (spec, taskState) = (state.plan.tasks[task], state.run.tasks[task])
    text(look.symbol, Style(look.role, isBold: true), in: rest.takeLeft(2))
    drawTime(task, state, in: &rest)
    if area.rows == 1 { drawShortBar(task, state, in: &rest) }
    drawMarks(task, state, in: &rest)
    let idColumns = min(max(state.index.idColumns, 1), max(4, rest.columns / 2), rest.columns)
    textAtRight(
      shown(spec.id.text, limit: 60), Style(.dim), in: rest.takeLeft(idColumns))
    _ = rest.takeLeft(1)
    let role: Role = taskState.isFinished && !isSelected ? .dim : .text
    text(shown(spec.title), Style(role, isBold: isSelected || taskState.isRunning), in: rest)
  }

  private mutating func drawTime(_ task: Int, _ state: ViewState, in rest: inout Area) {
    let time = state.time(of: task)
    let isRunning = state.run.tasks[task].isRunning
    // In a narrow column the title of what has ended says more than its time.
    guard !time.isEmpty, rest.columns > (isRunning ? 16 : 22) else { return }
    let style = Style(isRunning ? .text : .dim)
    textAtRight(time, style, in: rest.takeRight(max(5, width(of: time))))
    _ = rest.takeRight(1)
  }

  /// Signs for a collision with another task and for attempts before this one.
  private mutating func drawMarks(_ task: Int, _ state: ViewState, in rest: inout Area) {
    if state.conflict(of: task) {
      textAtRight(symbols.warning, Style(.conflict), in: rest.takeRight(2))
    }
    let attempt = state.run.tasks[task].attempt
    guard attempt > 1, rest.columns > 12 else { return }
    let words = "\(symbols.times)\(attempt)"
    textAtRight(words, Style(.warning), in: rest.takeRight(width(of: words) + 1))
  }

  /// The progress of a running task that has one row only: a bar where there is room, its share.
  private mutating func drawShortBar(_ task: Int, _ state: ViewState, in rest: inout Area) {
    let taskState = state.run.tasks[task]
    guard taskState.isRunning, rest.columns > 12,
      let value = state.workload.progress(task, taskState, at: state.now)
    else { return }
    textAtRight(
      value.percent, Style(value.isGuess ? .guess : .progress), in: rest.takeRight(5))
    guard rest.columns > 36 else { return }
    drawBarLine(
      value, Style(value.isGuess ? .guess : .progress), in: rest.takeRight(rest.columns / 3))
    _ = rest.takeRight(1)
  }

  /// The bar of a running task, with what it says or how long it still takes; otherwise a reason.
  private mutating func drawSecondLine(_ task: Int, _ state: ViewState, in area: Area) {
    var rest = area.padded(1)
    _ = rest.takeLeft(2)
    let taskState = state.run.tasks[task]
    let reason = state.reason(of: task)
    guard taskState.isRunning else {
      text(reason, Style(.dim), in: rest)
      return
    }
    let isSteered = taskState.ending != nil || taskState.pausedSince != nil
    let isSplit = rest.columns > 40 || isSteered
    let room = rest.columns > 40 ? max(24, rest.columns * 2 / 5) : 14
    let bar = isSplit ? rest.takeLeft(min(room, rest.columns)) : rest
    if let value = state.workload.progress(task, taskState, at: state.now) {
      drawBar(value, in: bar, role: taskState.pausedSince == nil ? nil : .paused)
    } else {
      fill(bar, symbols.track, Style(.track))
    }
    guard isSplit else { return }
    _ = rest.takeLeft(1)
    let left = state.workload.remaining(task, taskState, at: state.now)
    let words = reason.isEmpty ? left.map { "about \($0.about) left" } ?? "" : reason
    text(words, Style(isSteered ? .paused : .dim), in: rest)
  }
}
