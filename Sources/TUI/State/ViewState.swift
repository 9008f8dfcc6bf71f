package import Core

/// All that the view shows and remembers, as a value; `reduce` alone changes it.
package struct ViewState: Equatable, Sendable {
  package internal(set) var run: RunState
  package internal(set) var size: Size
  /// The moment shown; ticks move it.
  package internal(set) var now: Instant
  package let options: ViewOptions
  /// Whether the picture has changed since `drawn` was called.
  package internal(set) var needsDrawing = true
  /// Conflicts between running tasks, newest first.
  package internal(set) var conflicts: [ConflictLine] = []
  /// Warnings of the run, newest last; the oldest are forgotten.
  package internal(set) var warnings: [Message] = []
  /// Conflicts and warnings that were not looked at yet.
  var unseenWarnings = 0
  /// What the run has cost in US dollars; nil when nothing tells.
  package var cost: Double? { run.cost }
  package internal(set) var machine: MachineLoad?
  /// Whether no more events will come.
  package internal(set) var hasStreamEnded = false
  /// The name of the theme in use.
  package internal(set) var theme = "default"

  var view = ViewKind.lanes
  /// The view to go back to.
  var previous: [ViewKind] = []
  var overlay: Overlay?
  var messages = Messages()

  var index: LaneIndex
  var workload: Workload
  var history: History
  var figures: Figures?

  var cursor: LaneRow
  /// Whether the cursor goes along with what runs, as it does until the user moves it.
  var isCursorFree = true
  var scroll = LaneScroll()
  var shape = LaneShape()
  /// Lanes that the user folded or unfolded.
  var folds: [Int: Bool] = [:]
  var filter = ""

  var log: LogState
  /// The attempt whose log the user chose; nil is the newest of the selected task.
  var chosenAttempt: AttemptKey?
  /// How often differences were looked at, as git tells new ones each time.
  var diffNumber = 0
  /// Whether the log has the whole screen.
  var isZoomed = false
  /// The task around which the graph is drawn, and the row in it that is selected.
  var graph = GraphCursor()
  /// The first row of the timeline that is shown.
  var timelineTop = 0
  /// The first line shown of views that are text.
  var textTops: [ViewKind: Int] = [:]

  package init(run: RunState, size: Size, now: Instant, options: ViewOptions) {
    self.run = run
    self.size = size
    self.now = now
    self.options = options
    theme = options.themes.first ?? "default"
    index = LaneIndex(run)
    workload = Workload(run, index)
    history = History(run, index: index)
    cursor = .header(0)
    log = LogState(nil)
    shape = LaneShape(self)
    followWork()
    _ = settle()
  }

  /// Notes that the picture is on the screen.
  package mutating func drawn() { needsDrawing = false }

  /// Shows conflicts between running tasks, in place of those shown before.
  package mutating func show(conflicts: [ConflictLine]) {
    unseenWarnings += max(0, conflicts.count - self.conflicts.count)
    self.conflicts = conflicts
    shape = LaneShape(self)
    needsDrawing = true
  }

  var plan: Plan { run.manifest.plan }

  func level(of task: Int) -> Int { plan.graph.level[task] }

  /// The column a task is in: its level, or its track where the work is divided over tracks.
  func lane(of task: Int) -> Int { index.lane(of: task) }

  /// The task that keys act on; nil when a group or a lane is selected.
  var selectedTask: Int? {
    if view == .graph, let task = graphRows().task(at: graph.row) { return task }
    guard case .task(let task) = cursor else { return nil }
    return task
  }

  /// Tells the user something.
  mutating func say(_ text: String, _ weight: Message.Weight = .news) {
    messages.add(text, weight, at: now)
    needsDrawing = true
  }
}

/// What the lanes show of the rows there are.
struct LaneScroll: Equatable, Sendable {
  /// The first lane that has a column.
  var lane = 0
  /// The first row shown of each lane that is scrolled.
  var rows: [Int: Int] = [:]
  /// The first row of the list on narrow screens: its lane, and the row within that.
  var top = LanePosition(lane: 0, row: 0)
}

/// A row of the lanes: a lane and a row within it.
struct LanePosition: Hashable, Comparable, Sendable {
  var lane: Int
  var row: Int

  static func < (left: LanePosition, right: LanePosition) -> Bool {
    (left.lane, left.row) < (right.lane, right.row)
  }
}

/// Where the graph is looked at.
struct GraphCursor: Equatable, Sendable {
  /// The task in the middle; nil is the one that is selected in the lanes.
  var root: Int?
  /// The selected row, and the first one shown.
  var row = 0
  var top = 0
}
