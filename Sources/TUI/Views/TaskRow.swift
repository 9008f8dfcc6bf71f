import Core

/// A task in a row or two: its state, its id and title, its time, and a bar or a reason below.
extension Canvas {
  mutating func drawTask(_ task: Int, _ state: ViewState, in area: Area, isSelected: Bool) {
    guard !area.isEmpty else { return }
    drawFirstLine(task, state, in: area.line(0), isSelected: isSelected)
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
    let time = state.time(of: task)
    if rest.columns > 16 {
      textAtRight(
        time, Style(taskState.isRunning ? .text : .dim), in: rest.takeRight(max(5, width(of: time)))
      )
      _ = rest.takeRight(1)
    }
    if area.rows == 1, taskState.isRunning, rest.columns > 12,
      let value = state.workload.progress(task, taskState, at: state.now)
    {
      textAtRight(value.percent, Style(value.isGuess ? .guess : .progress), in: rest.takeRight(5))
    }
    if state.conflict(of: task) {
      text(symbols.warning, Style(.conflict), in: rest.takeRight(2))
    }
    if taskState.attempt > 1, rest.columns > 12 {
      let attempt = "\(symbols.times)\(taskState.attempt)"
      textAtRight(attempt, Style(.warning), in: rest.takeRight(width(of: attempt) + 1))
      _ = rest.takeRight(1)
    }
    let id = shown(spec.id.text, limit: 60)
    let idColumns = min(max(state.index.idColumns, 1), max(4, rest.columns / 2))
    textAtRight(id, Style(.dim), in: rest.takeLeft(min(idColumns, rest.columns)))
    _ = rest.takeLeft(1)
    let role: Role = taskState.isFinished && !isSelected ? .dim : .text
    text(shown(spec.title), Style(role, isBold: isSelected || taskState.isRunning), in: rest)
  }

  private mutating func drawSecondLine(_ task: Int, _ state: ViewState, in area: Area) {
    var rest = area.padded(1)
    _ = rest.takeLeft(2)
    let taskState = state.run.tasks[task]
    let reason = state.reason(of: task)
    guard taskState.isRunning,
      let value = state.workload.progress(task, taskState, at: state.now)
    else {
      text(reason.isEmpty && taskState.isRunning ? "running" : reason, Style(.dim), in: rest)
      return
    }
    if rest.columns > 40 || !reason.isEmpty && taskState.progress?.label != reason {
      let bar = rest.takeLeft(rest.columns > 40 ? max(24, rest.columns * 2 / 5) : 14)
      drawBar(value, in: bar)
      _ = rest.takeLeft(1)
      let left = state.workload.remaining(task, taskState, at: state.now)
      let words = reason.isEmpty ? left.map { "about \($0.about) left" } ?? "" : reason
      text(words, Style(.dim), in: rest)
    } else {
      drawBar(value, in: rest)
    }
  }
}
