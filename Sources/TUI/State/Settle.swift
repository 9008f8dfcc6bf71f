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
    case .log, .diff: break
    case .statistics, .details, .conflicts, .messages, .help: scrollText()
    }
    return settleLog()
  }

  /// Puts the cursor on a task that runs, of the lowest lane that has one, or on one that failed.
  mutating func followWork() {
    if case .task(let task) = cursor, index.group(of: task) == .running { return }
    let task = run.running.min {
      (lane(of: $0), index.places[$0]) < (lane(of: $1), index.places[$1])
    }
    if let task {
      cursor = .task(task)
    } else if let failed = firstFailed {
      cursor = .task(failed)
    } else if case .header = cursor, let first = index.lanes.first?.tasks.first {
      cursor = .task(Int(first))
    }
  }

  private var firstFailed: Int? {
    guard run.counts.failed > 0 else { return nil }
    for (lane, tasks) in index.lanes.enumerated() {
      if let place = tasks.groups[TaskGroup.failed.rawValue].first {
        return index.task(lane, place)
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
    let lane =
      switch row {
      case .header(let lane), .group(let lane, _): lane
      case .task(let task): self.lane(of: task)
      }
    if index.lanes.indices.contains(lane), let first = self.row(lane, 0) { return first }
    for lane in index.lanes.indices { if let first = self.row(lane, 0) { return first } }
    return nil
  }

  // MARK: Scrolling

  private mutating func scrollLanes() {
    guard let place = position(of: cursor) else { return }
    if shape.isList { return scrollList(to: place) }
    let (first, count) = LaneLayout.columns(self)
    scroll.lane = first
    if place.lane < first { scroll.lane = place.lane }
    if place.lane >= first + count { scroll.lane = place.lane - count + 1 }
    // The lane before what runs, and as many behind it as there is room for.
    if isCursorFree { scroll.lane = max(0, min(place.lane - 1, index.lanes.count - count)) }
    for (lane, area) in LaneLayout(self).boxes {
      let strip = LaneStrip(state: self, lane: lane, area: area.inside)
      let row = scroll.rows[lane] ?? 0
      guard row > 0 || lane == place.lane, let end = strip.end else {
        scroll.rows[lane] = nil
        continue
      }
      var top = min(LanePosition(lane: lane, row: row), strip.top(endingAt: end))
      if lane == place.lane { top = strip.top(showing: place, from: top) }
      scroll.rows[lane] = top.row > 0 ? top.row : nil
    }
  }

  private mutating func scrollList(to place: LanePosition) {
    let strip = LaneStrip(state: self, lane: nil, area: LaneLayout(self).list)
    guard let start = strip.start, let end = strip.end else { return }
    var top = strip.row(at: scroll.top) == nil ? start : max(start, scroll.top)
    top = min(top, strip.top(endingAt: end))
    // The header above the first task is worth its row.
    let target = place.row == 0 ? LanePosition(lane: place.lane, row: -1) : place
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
    case .log, .diff: max(0, ScreenLayout(self).body.rows - 1)
    case .graph, .timeline, .statistics, .details, .conflicts, .messages, .help: 0
    }
  }

  private mutating func settleLog() -> [Effect] {
    let height = logHeight
    guard height > 0 else { return [] }
    let wanted: LogSource? = view == .diff ? wantedDiff : wantedAttempt.map { .attempt($0) }
    if wanted != log.source {
      let isWrapped = log.isWrapped
      log = LogState(wanted)
      log.isWrapped = isWrapped
      log.height = height
      return log.begin()
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

  /// What the selected task has changed; nil when it has not begun, or works in no worktree.
  private var wantedDiff: LogSource? {
    guard let task = selectedTask, let work = run.git?.works[safe: task],
      let options = run.manifest.options.git
    else { return nil }
    let id = plan.tasks[task].id
    if let workspace = work.workspace, !work.isLeaving {
      let spared = options.setup.linked
      let diff = WorkDiff(folder: workspace.path, base: workspace.base, spared: spared)
      return .diff(id, diff, number: diffNumber)
    }
    guard let base = work.base, let head = work.head,
      let repository = options.repositories[safe: work.repository]
    else { return nil }
    return .diff(
      id, WorkDiff(folder: repository.root, base: base, head: head), number: diffNumber)
  }

  /// Reads what was added to a log that is followed.
  mutating func followLog() -> [Effect] {
    guard logHeight > 0, log.isFollowing, !log.isSearching, let attempt = log.attempt else {
      return []
    }
    return run.runningTask(attempt) != nil || !log.isRead ? log.read(.end) : []
  }
}
