import Core

/// Where the parts of the graph are.
struct GraphLayout {
  var tree: Area
  /// All tasks by lane, where there is room for it.
  var map: Area
  /// Whether the map is at the right of the tree, and not below it.
  var isBeside: Bool

  init(_ state: ViewState) {
    var body = ScreenLayout(state).body
    isBeside = body.columns >= 100
    if isBeside {
      map = body.takeRight(body.columns * 2 / 5)
    } else {
      let free = body.rows - state.graphRows().rows.count - 1
      map = body.takeBottom(free > 2 ? min(free, state.index.lanes.count + 1) : 0)
    }
    tree = body
  }
}

/// Who waits for whom: a tree around one task, and beside it every lane.
extension Canvas {
  mutating func drawGraph(_ state: ViewState) {
    let layout = GraphLayout(state)
    let rows = state.graphRows()
    for line in 0..<layout.tree.rows {
      guard let row = rows.rows[safe: state.graph.top + line] else { break }
      let isRoot = state.graph.top + line == rows.rootRow
      let area = layout.tree.line(line)
      draw(row, state, in: area, isRoot: isRoot)
      if state.graph.top + line == state.graph.row { select(area) }
    }
    drawMap(state, rows, layout)
  }

  private mutating func draw(
    _ row: GraphRows.Row, _ state: ViewState, in area: Area, isRoot: Bool
  ) {
    var rest = area.padded(1)
    var stems = ""
    for (place, hasMore) in row.stems.enumerated() {
      let isLast = place == row.stems.count - 1
      stems +=
        isLast ? (hasMore ? symbols.branch : symbols.lastBranch) : hasMore ? symbols.stem : "  "
    }
    if !stems.isEmpty {
      text(stems + " ", Style(.border), in: rest.takeLeft(min(width(of: stems) + 1, rest.columns)))
    }
    switch row.content {
    case .heading(let words): text(words, Style(.dim), in: rest)
    case .more(let count): text("\(symbols.ellipsis) \(count) more", Style(.dim), in: rest)
    case .task(let task): draw(task, state, in: rest, isRoot: isRoot, note: "")
    case .again(let task): draw(task, state, in: rest, isRoot: false, note: " (see above)")
    }
  }

  private mutating func draw(
    _ task: Int, _ state: ViewState, in area: Area, isRoot: Bool, note: String
  ) {
    var rest = area
    let look = state.look(of: task)
    text(look.symbol, Style(look.role, isBold: true), in: rest.takeLeft(2))
    let time = state.time(of: task)
    let reason = state.reason(of: task)
    if rest.columns > 24 { textAtRight(time, Style(.dim), in: rest.takeRight(8)) }
    line(
      [
        Span(state.name(of: task), isRoot ? .title : .text, isBold: isRoot), Span(note, .dim),
        Span(reason.isEmpty ? "" : "  \(reason)", .dim),
      ], in: rest)
  }

  /// Every lane with the ids of its tasks; those that the tree shows stand out.
  private mutating func drawMap(_ state: ViewState, _ rows: GraphRows, _ layout: GraphLayout) {
    let area = layout.map
    guard !area.isEmpty else { return }
    var rest = area
    let edge = layout.isBeside ? rest.takeLeft(1) : rest.takeTop(1)
    fill(edge, layout.isBeside ? symbols.vertical : symbols.horizontal, Style(.border))
    _ = rest.takeLeft(1)
    let related = Set(rows.rows.indices.compactMap { rows.task(at: $0) })
    let root = rows.task(at: rows.rootRow)
    let first = max(0, (root.map { state.lane(of: $0) } ?? 0) - rest.rows / 2)
    for lane in state.index.lanes.indices.dropFirst(first) {
      guard rest.rows > 0 else { break }
      drawMapLine(lane, state, related, root, in: rest.takeTop(1))
    }
  }

  private mutating func drawMapLine(
    _ lane: Int, _ state: ViewState, _ related: Set<Int>, _ root: Int?, in area: Area
  ) {
    var rest = area
    text(state.laneName(lane).uppercased(), Style(.title), in: rest.takeLeft(10))
    let tasks = state.index.lanes[lane].tasks
    for (place, task) in tasks.enumerated() {
      let id = shown(state.plan.tasks[Int(task)].id.text, limit: 40)
      let left = tasks.count - place
      if width(of: id) + 3 > rest.columns - (left > 1 ? 7 : 0) {
        text("+\(left)", Style(.dim), in: rest)
        return
      }
      let isRelated = related.contains(Int(task))
      let look = state.look(of: Int(task))
      var style = Style(isRelated ? look.role : .dim, isBold: isRelated)
      style.isUnderlined = Int(task) == root
      _ = rest.takeLeft(text(isRelated ? "\(look.symbol)\(id)" : " \(id)", style, in: rest) + 1)
    }
  }
}
