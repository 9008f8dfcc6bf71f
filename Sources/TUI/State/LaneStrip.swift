/// Rows below each other: of one level, or of all of them where the lanes are a list.
///
/// A position with row -1 is a level's header.
struct LaneStrip {
  let state: ViewState
  /// The only level; nil for a list of all.
  let level: Int?
  /// The columns a row has, and how many rows of the screen there are.
  let area: Area

  /// The first position.
  var start: LanePosition? {
    if let level { return state.rowCount(level) > 0 ? LanePosition(level: level, row: 0) : nil }
    return firstListed(from: 0)
  }

  /// The last position.
  var end: LanePosition? {
    if let level {
      let count = state.rowCount(level)
      return count > 0 ? LanePosition(level: level, row: count - 1) : nil
    }
    var level = state.index.levels.count - 1
    while level >= 0, !isListed(level) { level -= 1 }
    return level < 0 ? nil : LanePosition(level: level, row: state.rowCount(level) - 1)
  }

  func after(_ position: LanePosition) -> LanePosition? {
    if position.row + 1 < state.rowCount(position.level) {
      return LanePosition(level: position.level, row: position.row + 1)
    }
    return level == nil ? firstListed(from: position.level + 1) : nil
  }

  func before(_ position: LanePosition) -> LanePosition? {
    if position.row > (level == nil ? -1 : 0) {
      return LanePosition(level: position.level, row: position.row - 1)
    }
    guard level == nil else { return nil }
    var level = position.level - 1
    while level >= 0, !isListed(level) { level -= 1 }
    return level < 0 ? nil : LanePosition(level: level, row: state.rowCount(level) - 1)
  }

  /// A filter hides levels without a match.
  private func isListed(_ level: Int) -> Bool {
    !state.isFiltered || !state.index.levels[level].matches.isEmpty
  }

  private func firstListed(from level: Int) -> LanePosition? {
    var level = level
    while level < state.index.levels.count, !isListed(level) { level += 1 }
    return level < state.index.levels.count ? LanePosition(level: level, row: -1) : nil
  }

  func row(at position: LanePosition) -> LaneRow? {
    guard state.index.levels.indices.contains(position.level), isListed(position.level) else {
      return nil
    }
    return position.row < 0 ? .header(position.level) : state.row(position.level, position.row)
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
