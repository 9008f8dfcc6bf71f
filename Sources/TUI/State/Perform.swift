import Core

/// What each action does.
extension ViewState {
  /// Does an action in the place the user is; what makes no sense there is refused in words.
  mutating func perform(_ action: ViewAction) -> [Effect] {
    needsDrawing = true
    switch action {
    case .up: return move(.lines(-1))
    case .down: return move(.lines(1))
    case .left: return moveSideways(-1)
    case .right: return moveSideways(1)
    case .top: return move(.top)
    case .bottom: return move(.bottom)
    case .pageUp: return move(.pages(-1))
    case .pageDown: return move(.pages(1))
    case .halfPageUp: return move(.pages(-0.5))
    case .halfPageDown: return move(.pages(0.5))
    case .open: open()
    case .back: back()
    case .lanes: show(.lanes)
    case .log: show(.log)
    case .graph: show(.graph)
    case .timeline: show(.timeline)
    case .statistics: show(.statistics)
    case .nextView: show(neighbour(1))
    case .previousView: show(neighbour(-1))
    case .diff: showDiff()
    case .conflicts: show(.conflicts)
    case .messages: show(.messages)
    case .help: show(.help)
    case .palette: overlay = .menu(Overlay.Menu(kind: .actions))
    case .theme: openThemes()
    case .search: startSearch()
    case .pauseTask: return pauseTask()
    case .retry: return retry(withDependents: false)
    case .retryWithDependents: return retry(withDependents: true)
    case .cancel: return cancelTask()
    case .kill: return killTask()
    case .skip: return skipTask()
    case .pauseDispatch: return pauseDispatch()
    case .retryFailed: return retryFailed()
    case .moreJobs: return changeJobs(by: 1)
    case .fewerJobs: return changeJobs(by: -1)
    case .nextMatch: return findNext(forward: true)
    case .previousMatch: return findNext(forward: false)
    case .follow: return toggleFollowing()
    case .wrap: log.isWrapped.toggle()
    case .fold: fold()
    case .previousAttempt: chooseAttempt(-1)
    case .nextAttempt: chooseAttempt(1)
    case .copy: return copy()
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .quit: return quit()
    case .stop: return stopAll()
    }
    return []
  }

  // MARK: Views

  mutating func show(_ kind: ViewKind) {
    guard kind != view else { return }
    if kind == .graph {
      let task = selectedTask
      graph = GraphCursor(root: task)
      graph.row = graphRows().rootRow
    } else if view == .graph, let task = selectedTask {
      select(task)
    }
    previous.removeAll { $0 == kind }
    previous.append(view)
    view = kind
    isZoomed = false
    if kind == .conflicts { unseenWarnings = 0 }
    refreshFigures()
  }

  private mutating func showDiff() {
    diffNumber += 1
    show(.diff)
  }

  private func neighbour(_ step: Int) -> ViewKind {
    let views = ViewKind.main
    guard let place = views.firstIndex(of: view) else { return .lanes }
    return views[(place + step + views.count) % views.count]
  }

  private mutating func back() {
    if isZoomed {
      isZoomed = false
    } else if view != .lanes {
      let last = previous.popLast() ?? .lanes
      show(last)
      previous.removeLast()
    } else if isFiltered {
      setFilter("")
    } else if !isCursorFree {
      isCursorFree = true
      say("the selection follows what runs")
    }
  }

  private mutating func open() {
    switch view {
    case .lanes: openRow()
    case .graph:
      let rows = graphRows()
      if graph.row == rows.rootRow { show(.details) } else { center(on: rows.task(at: graph.row)) }
    case .timeline: if selectedTask != nil { show(.details) }
    case .details: show(.log)
    case .log, .diff: isZoomed.toggle()
    case .statistics, .conflicts, .messages, .help: break
    }
  }

  private mutating func openRow() {
    switch cursor {
    case .header(let lane): folds[lane] = !isFolded(lane)
    case .group(let lane, let group):
      folds[lane] = false
      if let place = index.lanes[lane].groups[group.rawValue].first {
        select(index.task(lane, place))
      }
    case .task: show(.details)
    }
  }

  /// Makes a task the middle of the graph.
  mutating func center(on task: Int?) {
    guard let task else { return }
    graph = GraphCursor(root: task)
    graph.row = graphRows().rootRow
  }

  /// Puts the cursor on a task, which the user has chosen.
  mutating func select(_ task: Int) {
    isCursorFree = false
    cursor = .task(task)
  }

  private mutating func fold() {
    guard view == .lanes else {
      if view.isLog { isZoomed.toggle() }
      return
    }
    guard let lane = position(of: cursor)?.lane else { return }
    if isFiltered { return say("a filter shows every match; Esc drops it") }
    folds[lane] = !isFolded(lane)
    if case .task(let task) = cursor, isFolded(lane), !index.group(of: task).isListed,
      shape.isList
    {
      cursor = .header(lane)
    }
  }

  // MARK: The log

  private mutating func startSearch() {
    if view.isLog {
      overlay = .input(Overlay.Input(kind: .search))
    } else {
      show(.lanes)
      overlay = .input(Overlay.Input(kind: .filter(before: filter), text: filter))
    }
  }

  private mutating func findNext(forward: Bool) -> [Effect] {
    if !view.isLog {
      say("there is no search here; `2` opens the log, `/` searches it", .warning)
    } else if log.query.isEmpty {
      say("nothing was searched for yet; `/` begins", .warning)
    } else {
      return log.search(forward: forward)
    }
    return []
  }

  private mutating func toggleFollowing() -> [Effect] {
    log.isFollowing.toggle()
    return log.isFollowing ? log.read(.end) : []
  }

  private mutating func chooseAttempt(_ step: Int) {
    guard let task = selectedTask, run.tasks[task].attempt > 0 else {
      return say("no attempt has been made yet", .warning)
    }
    let (id, newest) = (plan.tasks[task].id, run.tasks[task].attempt)
    let shown = chosenAttempt?.task == id ? chosenAttempt?.attempt ?? newest : newest
    guard (1...newest).contains(shown + step) else {
      return say(step < 0 ? "this is the first attempt" : "this is the newest attempt", .warning)
    }
    chosenAttempt = shown + step == newest ? nil : AttemptKey(id, shown + step)
  }
}
