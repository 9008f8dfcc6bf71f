/// What the mouse does: it selects, opens and scrolls.
extension ViewState {
  mutating func take(_ mouse: MouseEvent) -> [Effect] {
    switch overlay {
    case .question, .input: return []
    case .menu(let menu): return take(mouse, menu)
    case nil: break
    }
    switch mouse.action {
    case .press: return press(at: mouse.at)
    case .doublePress:
      let effects = press(at: mouse.at)
      return effects + openPointed(at: mouse.at)
    case .wheelUp: return turnWheel(-3, at: mouse.at)
    case .wheelDown: return turnWheel(3, at: mouse.at)
    }
  }

  private mutating func take(_ mouse: MouseEvent, _ menu: Overlay.Menu) -> [Effect] {
    var menu = menu
    let layout = MenuLayout(self)
    switch mouse.action {
    case .wheelUp: menu.selected -= 3
    case .wheelDown: menu.selected += 3
    case .press, .doublePress:
      guard layout.items.contains(mouse.at) else { return [] }
      menu.selected = menu.top + mouse.at.row - layout.items.row
      guard menu.selected < menu.items(self).count else { return [] }
      if mouse.action == .doublePress { return choose(menu) }
    }
    return update(menu)
  }

  /// What is drawn at a place of the lanes.
  private func laneRow(at point: Point) -> LaneRow? {
    let layout = LaneLayout(self)
    if shape.isList {
      guard layout.list.contains(point) else { return nil }
      let strip = LaneStrip(state: self, lane: nil, area: layout.list)
      return strip.visible(from: scroll.top).first { $0.area.contains(point) }?.row
    }
    guard let box = layout.boxes.first(where: { $0.area.contains(point) }) else { return nil }
    let strip = LaneStrip(state: self, lane: box.lane, area: box.area.inside)
    let top = LanePosition(lane: box.lane, row: scroll.rows[box.lane] ?? 0)
    return strip.visible(from: top).first { $0.area.contains(point) }?.row
  }

  private mutating func press(at point: Point) -> [Effect] {
    switch view {
    case .lanes:
      guard let row = laneRow(at: point) else { break }
      isCursorFree = false
      cursor = row
    case .graph:
      let area = GraphLayout(self).tree
      let row = graph.top + point.row - area.row
      if area.contains(point), graphRows().task(at: row) != nil { graph.row = row }
    case .timeline:
      let area = TimelineLayout(self).rows
      let row = timelineTop + point.row - area.row
      if area.contains(point), row < history.count { select(history.task(at: row)) }
    case .log, .diff, .statistics, .details, .conflicts, .messages, .help: break
    }
    return []
  }

  private mutating func openPointed(at point: Point) -> [Effect] {
    switch view {
    case .lanes:
      if LaneLayout(self).log.contains(point) { return perform(.log) }
      return laneRow(at: point) == nil ? [] : perform(.open)
    case .graph: return GraphLayout(self).tree.contains(point) ? perform(.open) : []
    case .timeline: return TimelineLayout(self).rows.contains(point) ? perform(.open) : []
    case .log, .diff, .statistics, .details, .conflicts, .messages, .help: return []
    }
  }

  private mutating func turnWheel(_ lines: Int, at point: Point) -> [Effect] {
    if view == .lanes {
      let layout = LaneLayout(self)
      if layout.log.contains(point) { return log.scroll(by: lines) }
      if let box = layout.boxes.first(where: { $0.area.contains(point) }),
        position(of: cursor)?.lane != box.lane,
        let row = row(box.lane, scroll.rows[box.lane] ?? 0)
      {
        cursor = row
      }
    }
    return move(.lines(lines))
  }
}
