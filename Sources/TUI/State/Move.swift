import Core

/// Moving the cursor, or the text where there is none.
extension ViewState {
  enum Step: Equatable {
    case lines(Int)
    case pages(Double)
    case top
    case bottom
  }

  mutating func move(_ step: Step) -> [Effect] {
    switch view {
    case .lanes: moveCursor(step)
    case .log, .diff: return moveLog(step)
    case .graph: moveGraph(step)
    case .timeline: moveTimeline(step)
    case .statistics, .details, .conflicts, .messages, .help: moveText(step)
    }
    return []
  }

  /// How many rows a step is where a page has so many; nil for the ends.
  private func count(_ step: Step, page: Int) -> Int? {
    switch step {
    case .lines(let count): count
    case .pages(let pages): Int((pages * Double(max(1, page - 1))).rounded(.awayFromZero))
    case .top, .bottom: nil
    }
  }

  // MARK: Lanes

  private mutating func moveCursor(_ step: Step) {
    isCursorFree = false
    guard let place = position(of: cursor) else { return }
    let area = Area(columns: 1, rows: shape.rows)
    let strip = LaneStrip(state: self, lane: shape.isList ? nil : place.lane, area: area)
    var target: LanePosition? = place
    if let count = count(step, page: shape.rows) {
      for _ in 0..<abs(count) {
        guard let here = target, let next = count < 0 ? strip.before(here) : strip.after(here)
        else { break }
        target = next
      }
    } else {
      target = step == .top ? strip.start : strip.end
    }
    if let target, let row = strip.row(at: target) { cursor = row }
  }

  mutating func moveSideways(_ step: Int) -> [Effect] {
    switch view {
    case .lanes: changeLane(step)
    case .log, .diff:
      if !log.isWrapped { log.column = max(0, min(log.column + 8 * step, 100_000)) }
    case .graph:
      guard let task = selectedTask else { break }
      let next = step < 0 ? plan.graph.dependencies(of: task) : plan.graph.dependents(of: task)
      center(on: next.first)
    case .timeline, .statistics, .details, .conflicts, .messages, .help: break
    }
    return []
  }

  /// Goes to the nearest row of the next lane that has one.
  private mutating func changeLane(_ step: Int) {
    isCursorFree = false
    guard let place = position(of: cursor) else { return }
    var lane = place.lane + step
    if shape.isList {
      if step < 0, place.row >= 0 { lane = place.lane }
      while index.lanes.indices.contains(lane), isFiltered, rowCount(lane) == 0 { lane += step }
      if index.lanes.indices.contains(lane) { cursor = .header(lane) }
      return
    }
    while index.lanes.indices.contains(lane), rowCount(lane) == 0 { lane += step }
    guard index.lanes.indices.contains(lane) else { return }
    let offset = place.row - (scroll.rows[place.lane] ?? 0) + (scroll.rows[lane] ?? 0)
    if let row = row(lane, min(max(0, offset), rowCount(lane) - 1)) { cursor = row }
  }

  // MARK: Log and text

  private mutating func moveLog(_ step: Step) -> [Effect] {
    switch step {
    case .top:
      log.isFollowing = false
      return log.read(.offset(0))
    case .bottom:
      log.isFollowing = true
      return log.read(.end)
    case .lines, .pages: return log.scroll(by: count(step, page: logHeight) ?? 0)
    }
  }

  private mutating func moveText(_ step: Step) {
    let page = ScreenLayout(self).body.rows
    let top = textTops[view] ?? 0
    textTops[view] = count(step, page: page).map { top + $0 } ?? (step == .top ? 0 : .max / 2)
  }

  // MARK: Graph and timeline

  private mutating func moveGraph(_ step: Step) {
    let rows = graphRows()
    let places = rows.rows.indices.filter { rows.task(at: $0) != nil }
    guard let here = places.firstIndex(where: { $0 >= graph.row }) else { return }
    let target = count(step, page: ScreenLayout(self).body.rows).map { here + $0 }
    let place = target ?? (step == .top ? 0 : places.count - 1)
    graph.row = places[max(0, min(place, places.count - 1))]
  }

  private mutating func moveTimeline(_ step: Step) {
    guard history.count > 0 else { return }
    let here = selectedTask.flatMap { history.row(of: $0) } ?? timelineTop
    let target = count(step, page: TimelineLayout(self).rows.rows).map { here + $0 }
    let row = target ?? (step == .top ? 0 : history.count - 1)
    select(history.task(at: max(0, min(row, history.count - 1))))
  }
}
