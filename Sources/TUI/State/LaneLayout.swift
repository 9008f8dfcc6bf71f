import Core

/// Where the parts of the screen are; the picture and the mouse ask the same.
struct ScreenLayout {
  var header: Area
  /// The bar of the whole run; empty on short screens.
  var bar: Area
  var body: Area
  var footer: Area

  init(_ state: ViewState) {
    var rest = Area(state.size)
    let isZoomed = state.isZoomed && state.view.isLog
    header = rest.takeTop(rest.rows > 2 && !isZoomed ? 1 : 0)
    footer = rest.takeBottom(rest.rows > 1 ? 1 : 0)
    bar = rest.takeTop(state.size.rows >= 16 && !isZoomed ? 1 : 0)
    body = rest
  }
}

/// How the lanes lie on a screen of some size.
struct LaneShape: Equatable, Sendable {
  /// Whether the lanes are below each other instead of side by side.
  var isList = false
  /// The rows of the screen that the list, or the inside of a box, has.
  var rows = 1
  var conflictRows = 0
  /// The rows of the end of the selected task's log, its title included.
  var logRows = 0
  /// The rows of a box, or of the list.
  var laneRows = 1

  init() {}

  init(_ state: ViewState) {
    let bars = state.size.rows >= 16 ? 1 : 0
    let body = max(0, state.size.rows - bars - min(2, state.size.rows - 1))
    isList = state.size.columns < 60 || body < 10
    conflictRows = !state.conflicts.isEmpty && body > 6 ? 1 : 0
    laneRows = body - conflictRows
    let most = state.index.largest
    let needed =
      isList
      ? state.index.lanes.count + state.plan.tasks.count
      : most + min(most, max(2, state.run.manifest.options.jobs)) + 2
    if laneRows >= 10 {
      let least = max(4, laneRows / 3)
      logRows = max(least, min(laneRows - needed, laneRows - 6))
      laneRows -= logRows
    }
    rows = max(0, isList ? laneRows : laneRows - 2)
  }
}

/// Where the parts of the lanes are.
struct LaneLayout {
  /// The narrowest column a lane has.
  static let columnWidth = 26

  /// The boxes of the lanes that are seen; none where the lanes are a list.
  var boxes: [(lane: Int, area: Area)] = []
  var list = Area(columns: 0, rows: 0)
  var conflict = Area(columns: 0, rows: 0)
  /// The end of the selected task's log, with a line for its title.
  var log = Area(columns: 0, rows: 0)

  init(_ state: ViewState) {
    var body = ScreenLayout(state).body
    log = body.takeBottom(state.shape.logRows)
    conflict = body.takeBottom(state.shape.conflictRows)
    guard !state.shape.isList else {
      list = body
      return
    }
    let (first, count) = Self.columns(state)
    for place in 0..<count {
      boxes.append((first + place, body.takeLeft(body.columns / (count - place))))
    }
  }

  /// The first lane that is seen and how many are.
  static func columns(_ state: ViewState) -> (first: Int, count: Int) {
    let lanes = state.index.lanes.count
    let count = max(0, min(lanes, max(1, state.size.columns / columnWidth)))
    return (max(0, min(state.scroll.lane, lanes - count)), count)
  }
}
