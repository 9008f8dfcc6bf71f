import Core

/// The rows of each lane: which there are, in which order.
///
/// Every question costs O(log of the lane's tasks) at most.
extension ViewState {
  var isFiltered: Bool { !filter.isEmpty }

  /// Whether a lane shows its groups instead of every task.
  ///
  /// Unless the user chose, a lane is folded that does not fit on the screen; in the list also one
  /// that has ended, where the whole run does not fit.
  func isFolded(_ lane: Int) -> Bool {
    if isFiltered { return false }
    if let chosen = folds[lane] { return chosen }
    let total = index.lanes[lane].tasks.count
    if total > shape.rows { return true }
    return shape.isList && openCount(lane) == 0
      && plan.tasks.count + index.lanes.count > shape.rows
  }

  /// The number of rows of a lane, its header not counted.
  func rowCount(_ lane: Int) -> Int {
    let tasks = index.lanes[lane]
    if isFiltered { return tasks.matches.count }
    guard isFolded(lane) else { return tasks.tasks.count }
    return tasks.count(.failed) + tasks.count(.running) + (guest(of: lane) == nil ? 0 : 1)
      + foldedGroups(lane).count
  }

  func row(_ lane: Int, _ row: Int) -> LaneRow? {
    let tasks = index.lanes[lane]
    guard row >= 0, row < rowCount(lane) else { return nil }
    if isFiltered { return .task(index.task(lane, tasks.matches[row])) }
    guard isFolded(lane) else { return .task(Int(tasks.tasks[row])) }
    var rest = row
    for group in [TaskGroup.failed, .running] {
      let places = tasks.groups[group.rawValue]
      if rest < places.count { return .task(index.task(lane, places[rest])) }
      rest -= places.count
    }
    if let guest = guest(of: lane) {
      if rest == 0 { return .task(guest) }
      rest -= 1
    }
    return .group(lane, foldedGroups(lane)[rest])
  }

  /// Where a row is within its lane; nil when it is not shown.
  func position(of row: LaneRow) -> LanePosition? {
    switch row {
    case .header(let lane):
      guard index.lanes.indices.contains(lane), !isFiltered || rowCount(lane) > 0 else {
        return nil
      }
      return LanePosition(lane: lane, row: -1)
    case .group(let lane, let group):
      guard !isFiltered, isFolded(lane),
        let place = foldedGroups(lane).firstIndex(of: group)
      else { return nil }
      let before = rowCount(lane) - foldedGroups(lane).count
      return LanePosition(lane: lane, row: before + place)
    case .task(let task):
      return position(ofTask: task)
    }
  }

  private func position(ofTask task: Int) -> LanePosition? {
    let lane = lane(of: task)
    guard index.lanes.indices.contains(lane) else { return nil }
    let (tasks, place) = (index.lanes[lane], index.places[task])
    if isFiltered {
      let row = tasks.matches.sortedIndex(of: place)
      guard row < tasks.matches.count, tasks.matches[row] == place else { return nil }
      return LanePosition(lane: lane, row: row)
    }
    guard isFolded(lane) else { return LanePosition(lane: lane, row: Int(place)) }
    let group = index.group(of: task)
    var before = 0
    for listed in [TaskGroup.failed, .running] {
      let places = tasks.groups[listed.rawValue]
      if group == listed {
        return LanePosition(lane: lane, row: before + places.sortedIndex(of: place))
      }
      before += places.count
    }
    return guest(of: lane) == task ? LanePosition(lane: lane, row: before) : nil
  }

  /// The selected task, where a folded lane would not list it otherwise.
  private func guest(of lane: Int) -> Int? {
    guard case .task(let task) = cursor, self.lane(of: task) == lane,
      !index.group(of: task).isListed
    else { return nil }
    return task
  }

  /// How many rows of the screen a task takes: a second one for its bar, or for why it does not run,
  /// where there is room for that in the whole lane.
  func rowHeight(_ task: Int, in area: Area) -> Int {
    let lane = max(0, lane(of: task))
    switch index.group(of: task) {
    case .running: return hasRoomForBars(lane, in: area) ? 2 : 1
    case .succeeded: return 1
    case .failed, .waiting, .ended:
      let whole =
        shape.isList
        ? 2 * plan.tasks.count + index.lanes.count
        : 2 * index.lanes[lane].tasks.count
      return whole <= area.rows ? 2 : 1
    }
  }

  /// Whether every running task of a lane can have a row for its bar.
  ///
  /// As many as may run are counted, so that rows do not jump when one ends before the next begins.
  private func hasRoomForBars(_ lane: Int, in area: Area) -> Bool {
    let tasks = index.lanes[lane]
    if shape.isList { return 2 * tasks.count(.running) + 2 <= area.rows }
    let most = min(run.jobs, tasks.count(.running) + tasks.count(.waiting))
    let lines = isFolded(lane) ? tasks.count(.failed) + most + 3 : tasks.tasks.count
    return lines + most <= area.rows
  }

  /// The groups a folded lane has a row for.
  func foldedGroups(_ lane: Int) -> [TaskGroup] {
    let tasks = index.lanes[lane]
    // The header of a list says it all where all tasks are in one group.
    if shape.isList, tasks.kinds <= 1 { return [] }
    return [TaskGroup.waiting, .succeeded, .ended].filter { tasks.count($0) > 0 }
  }
}
