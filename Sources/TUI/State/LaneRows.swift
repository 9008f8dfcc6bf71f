import Core

/// The rows of each level: which there are, in which order.
///
/// Every question costs O(log of the level's tasks) at most.
extension ViewState {
  var isFiltered: Bool { !filter.isEmpty }

  /// Whether a level shows its groups instead of every task.
  ///
  /// Unless the user chose, a level is folded that does not fit on the screen; in the list also one
  /// that has ended, where the whole run does not fit.
  func isFolded(_ level: Int) -> Bool {
    if isFiltered { return false }
    if let chosen = folds[level] { return chosen }
    let total = index.levels[level].tasks.count
    if total > shape.rows { return true }
    return shape.isList && run.levels[level].open == 0
      && plan.tasks.count + index.levels.count > shape.rows
  }

  /// The number of rows of a level, its header not counted.
  func rowCount(_ level: Int) -> Int {
    let tasks = index.levels[level]
    if isFiltered { return tasks.matches.count }
    guard isFolded(level) else { return tasks.tasks.count }
    return tasks.count(.failed) + tasks.count(.running) + (guest(of: level) == nil ? 0 : 1)
      + foldedGroups(level).count
  }

  func row(_ level: Int, _ row: Int) -> LaneRow? {
    let tasks = index.levels[level]
    guard row >= 0, row < rowCount(level) else { return nil }
    if isFiltered { return .task(index.task(level, tasks.matches[row])) }
    guard isFolded(level) else { return .task(Int(tasks.tasks[row])) }
    var rest = row
    for group in [TaskGroup.failed, .running] {
      let places = tasks.groups[group.rawValue]
      if rest < places.count { return .task(index.task(level, places[rest])) }
      rest -= places.count
    }
    if let guest = guest(of: level) {
      if rest == 0 { return .task(guest) }
      rest -= 1
    }
    return .group(level, foldedGroups(level)[rest])
  }

  /// Where a row is within its level; nil when it is not shown.
  func position(of row: LaneRow) -> LanePosition? {
    switch row {
    case .header(let level):
      guard index.levels.indices.contains(level), !isFiltered || rowCount(level) > 0 else {
        return nil
      }
      return LanePosition(level: level, row: -1)
    case .group(let level, let group):
      guard !isFiltered, isFolded(level),
        let place = foldedGroups(level).firstIndex(of: group)
      else { return nil }
      let before = rowCount(level) - foldedGroups(level).count
      return LanePosition(level: level, row: before + place)
    case .task(let task):
      return position(ofTask: task)
    }
  }

  private func position(ofTask task: Int) -> LanePosition? {
    let level = level(of: task)
    guard index.levels.indices.contains(level) else { return nil }
    let (tasks, place) = (index.levels[level], index.places[task])
    if isFiltered {
      let row = tasks.matches.sortedIndex(of: place)
      guard row < tasks.matches.count, tasks.matches[row] == place else { return nil }
      return LanePosition(level: level, row: row)
    }
    guard isFolded(level) else { return LanePosition(level: level, row: Int(place)) }
    let group = index.group(of: task)
    var before = 0
    for listed in [TaskGroup.failed, .running] {
      let places = tasks.groups[listed.rawValue]
      if group == listed {
        return LanePosition(level: level, row: before + places.sortedIndex(of: place))
      }
      before += places.count
    }
    return guest(of: level) == task ? LanePosition(level: level, row: before) : nil
  }

  /// The selected task, where a folded level would not list it otherwise.
  private func guest(of level: Int) -> Int? {
    guard case .task(let task) = cursor, self.level(of: task) == level,
      !index.group(of: task).isListed
    else { return nil }
    return task
  }

  /// How many rows of the screen a task takes: a second one for its bar, or for why it does not run,
  /// where there is room for that in the whole level.
  func rowHeight(_ task: Int, in area: Area) -> Int {
    let level = max(0, level(of: task))
    switch index.group(of: task) {
    case .running: return hasRoomForBars(level, in: area) ? 2 : 1
    case .succeeded: return 1
    case .failed, .waiting, .ended:
      let whole =
        shape.isList
        ? 2 * plan.tasks.count + index.levels.count
        : 2 * index.levels[level].tasks.count
      return whole <= area.rows ? 2 : 1
    }
  }

  /// Whether every running task of a level can have a row for its bar.
  ///
  /// As many as may run are counted, so that rows do not jump when one ends before the next begins.
  private func hasRoomForBars(_ level: Int, in area: Area) -> Bool {
    let tasks = index.levels[level]
    if shape.isList { return 2 * tasks.count(.running) + 2 <= area.rows }
    let most = min(run.jobs, tasks.count(.running) + tasks.count(.waiting))
    let lines = isFolded(level) ? tasks.count(.failed) + most + 3 : tasks.tasks.count
    return lines + most <= area.rows
  }

  /// The groups a folded level has a row for.
  func foldedGroups(_ level: Int) -> [TaskGroup] {
    let tasks = index.levels[level]
    // The header of a list says it all where all tasks are in one group.
    if shape.isList, tasks.kinds <= 1 { return [] }
    return [TaskGroup.waiting, .succeeded, .ended].filter { tasks.count($0) > 0 }
  }
}
