import Core

/// What follows from every change: the cursor is on a row that there is, and what is selected is
/// seen.
extension ViewState {
  /// Brings cursor, scrolling and the log in line with everything else.
  ///
  /// Cost: O(visible).
  mutating func settle() -> [Effect] {
    if isCursorFree { followWork() }
    keepCursor()
    switch view {
    case .lanes: scrollLanes()
    case .graph: scrollGraph()
    case .timeline: scrollTimeline()
    case .log: break
    case .statistics, .details, .conflicts, .messages, .help: scrollText()
    }
    return settleLog()
  }

  /// Puts the cursor on a task that runs, of the lowest level that has one, or on one that failed.
  mutating func followWork() {
    if case .task(let task) = cursor, index.group(of: task) == .running { return }
    let task = run.running.min {
      (level(of: $0), index.places[$0]) < (level(of: $1), index.places[$1])
    }
    if let task {
      cursor = .task(task)
    } else if let failed = firstFailed {
      cursor = .task(failed)
    } else if case .header = cursor, let first = index.levels.first?.tasks.first {
      cursor = .task(Int(first))
    }
  }

  private var firstFailed: Int? {
    guard run.counts.failed > 0 else { return nil }
    for (level, tasks) in index.levels.enumerated() {
      if let place = tasks.groups[TaskGroup.failed.rawValue].first {
        return index.task(level, place)
      }
    }
    return nil
  }

  /// Moves the cursor to a row near it when its own is not shown.
  private mutating func keepCursor() {
    if case .header = cursor, !shape.isList {
      cursor = nearestRow(to: cursor) ?? cursor
    } else if position(of: cursor) == nil {
      cursor = nearestRow(to: cursor) ?? cursor
    }
  }

  private func nearestRow(to row: LaneRow) -> LaneRow? {
    let level =
      switch row {
      case .header(let level), .group(let level, _): level
      case .task(let task): self.level(of: task)
      }
    if index.levels.indices.contains(level), let first = self.row(level, 0) { return first }
    for level in index.levels.indices { if let first = self.row(level, 0) { return first } }
    return nil
  }

  // MARK: Scrolling

  private mutating func scrollLanes() {
    guard let place = position(of: cursor) else { return }
    if shape.isList { return scrollList(to: place) }
    let (first, count) = LaneLayout.columns(self)
    scroll.level = first
    if place.level < first { scroll.level = place.level }
    if place.level >= first + count { scroll.level = place.level - count + 1 }
    // The level before what runs, and as many behind it as there is room for.
    if isCursorFree { scroll.level = max(0, min(place.level - 1, index.levels.count - count)) }
    for (level, area) in LaneLayout(self).boxes {
      let strip = LaneStrip(state: self, level: level, area: area.inside)
      let row = scroll.rows[level] ?? 0
      guard row > 0 || level == place.level, let end = strip.end else {
        scroll.rows[level] = nil
        continue
      }
      var top = min(LanePosition(level: level, row: row), strip.top(endingAt: end))
      if level == place.level { top = strip.top(showing: place, from: top) }
      scroll.rows[level] = top.row > 0 ? top.row : nil
    }
  }

  private mutating func scrollList(to place: LanePosition) {
    let strip = LaneStrip(state: self, level: nil, area: LaneLayout(self).list)
    guard let start = strip.start, let end = strip.end else { return }
    var top = strip.row(at: scroll.top) == nil ? start : max(start, scroll.top)
    top = min(top, strip.top(endingAt: end))
    // The header above the first task is worth its row.
    let target = place.row == 0 ? LanePosition(level: place.level, row: -1) : place
    if target < top { top = target }
    scroll.top = strip.top(showing: place, from: top)
  }

  private mutating func scrollGraph() {
    let rows = graphRows().rows.count
    let height = ScreenLayout(self).body.rows
    graph.row = max(0, min(graph.row, rows - 1))
    graph.top = scrolled(graph.top, showing: graph.row, of: rows, height: height)
  }

  private mutating func scrollTimeline() {
    let height = TimelineLayout(self).rows.rows
    var row = timelineTop
    if case .task(let task) = cursor { row = history.row(of: task) ?? row }
    timelineTop = scrolled(timelineTop, showing: row, of: history.count, height: height)
  }

  private mutating func scrollText() {
    let height = ScreenLayout(self).body.rows
    let most = max(0, textLines().count - height)
    textTops[view] = max(0, min(textTops[view] ?? 0, most))
  }

  /// The first row to show of `count` so that `row` is seen.
  private func scrolled(_ top: Int, showing row: Int, of count: Int, height: Int) -> Int {
    var top = max(0, min(top, count - height))
    if row < top { top = row }
    if row >= top + height { top = row - height + 1 }
    return max(0, top)
  }

  // MARK: The log

  /// How many lines of a log there is room for; 0 where none is shown.
  var logHeight: Int {
    switch view {
    case .lanes: max(0, shape.logRows - 1)
    case .log: max(0, ScreenLayout(self).body.rows - 1)
    case .graph, .timeline, .statistics, .details, .conflicts, .messages, .help: 0
    }
  }

  private mutating func settleLog() -> [Effect] {
    let height = logHeight
    guard height > 0 else { return [] }
    let wanted = wantedAttempt
    if wanted != log.attempt {
      let isWrapped = log.isWrapped
      log = LogState(wanted)
      log.isWrapped = isWrapped
      log.height = height
      return log.read(.end)
    }
    guard height != log.height else { return [] }
    log.height = height
    return log.isFollowing ? log.read(.end) : log.read(.offset(log.lines.first?.offset ?? 0))
  }

  private var wantedAttempt: AttemptKey? {
    guard let task = selectedTask else { return nil }
    let id = plan.tasks[task].id
    if let chosenAttempt, chosenAttempt.task == id { return chosenAttempt }
    let newest = run.tasks[task].attempt
    return newest > 0 ? AttemptKey(id, newest) : nil
  }

  /// Reads what was added to a log that is followed.
  mutating func followLog() -> [Effect] {
    guard logHeight > 0, log.isFollowing, !log.isSearching, let attempt = log.attempt else {
      return []
    }
    return run.runningTask(attempt) != nil || !log.isRead ? log.read(.end) : []
  }
}
