/// Rows below each other: of one lane, or of all of them where the lanes are a list.
///
/// A position with row -1 is a lane's header.
struct LaneStrip {
  let state: ViewState
  /// The only lane; nil for a list of all.
  let lane: Int?
  /// The columns a row has, and how many rows of the screen there are.
  let area: Area

  /// The first position.
  var start: LanePosition? {
    if let lane { return state.rowCount(lane) > 0 ? LanePosition(lane: lane, row: 0) : nil }
    return firstListed(from: 0)
  }

  /// The last position.
  var end: LanePosition? {
    if let lane {
      let count = state.rowCount(lane)
      return count > 0 ? LanePosition(lane: lane, row: count - 1) : nil
    }
    var lane = state.index.lanes.count - 1
    while lane >= 0, !isListed(lane) { lane -= 1 }
    return lane < 0 ? nil : LanePosition(lane: lane, row: state.rowCount(lane) - 1)
  }

  func after(_ position: LanePosition) -> LanePosition? {
    if position.row + 1 < state.rowCount(position.lane) {
      return LanePosition(lane: position.lane, row: position.row + 1)
    }
    return lane == nil ? firstListed(from: position.lane + 1) : nil
  }

  func before(_ position: LanePosition) -> LanePosition? {
    if position.row > (lane == nil ? -1 : 0) {
      return LanePosition(lane: position.lane, row: position.row - 1)
    }
    guard lane == nil else { return nil }
    var lane = position.lane - 1
    while lane >= 0, !isListed(lane) { lane -= 1 }
    return lane < 0 ? nil : LanePosition(lane: lane, row: state.rowCount(lane) - 1)
  }

  /// A filter hides lanes without a match.
  private func isListed(_ lane: Int) -> Bool {
    !state.isFiltered || !state.index.lanes[lane].matches.isEmpty
  }

  private func firstListed(from lane: Int) -> LanePosition? {
    var lane = lane
    while lane < state.index.lanes.count, !isListed(lane) { lane += 1 }
    return lane < state.index.lanes.count ? LanePosition(lane: lane, row: -1) : nil
  }

  func row(at position: LanePosition) -> LaneRow? {
    guard state.index.lanes.indices.contains(position.lane), isListed(position.lane) else {
      return nil
    }
    return position.row < 0 ? .header(position.lane) : state.row(position.lane, position.row)
  }

  /// How many rows of the screen a row takes.
  func height(at position: LanePosition) -> Int {
    guard case .task(let task) = row(at: position) else { return 1 }
    return state.rowHeight(task, in: area)
  }

  /// The first position to show so that `target` is seen, as near to `top` as can be.
  func top(showing target: LanePosition, from top: LanePosition) -> LanePosition {
    if target <= top { return target }
    var (position, room) = (top, area.rows)
    while position < target, room > 0 {
      room -= height(at: position)
      guard let next = after(position) else { return top }
      position = next
    }
    if room >= height(at: target) { return top }
    return self.top(endingAt: target)
  }

  /// The first position to show so that `last` is the last one seen.
  func top(endingAt last: LanePosition) -> LanePosition {
    var (position, room) = (last, area.rows - height(at: last))
    while let previous = before(position) {
      room -= height(at: previous)
      if room < 0 { break }
      position = previous
    }
    return position
  }

  /// What is seen from `top` on: rows with their place on the screen.
  func visible(from top: LanePosition) -> [(row: LaneRow, area: Area)] {
    var rows: [(row: LaneRow, area: Area)] = []
    var rest = area
    var next = start == nil ? nil : top
    while let position = next, rest.rows > 0 {
      if let row = row(at: position) { rows.append((row, rest.takeTop(height(at: position)))) }
      next = after(position)
    }
    return rows
  }
}
