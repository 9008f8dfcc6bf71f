/// The views that fill the screen, one at a time.
enum ViewKind: Int, CaseIterable, Hashable, Sendable {
  case lanes
  case log
  case graph
  case timeline
  case statistics
  case details
  case diff
  case conflicts
  case messages
  case help

  /// The views that Tab goes through.
  static let main: [ViewKind] = [.lanes, .log, .graph, .timeline, .statistics]

  /// The name in the header.
  var name: String {
    switch self {
    case .lanes: "lanes"
    case .log: "log"
    case .graph: "graph"
    case .timeline: "timeline"
    case .statistics: "statistics"
    case .details: "task"
    case .diff: "changes"
    case .conflicts: "conflicts"
    case .messages: "messages"
    case .help: "keys"
    }
  }

  /// Whether it is a text of any size that is searched and scrolled in its file.
  var isLog: Bool { self == .log || self == .diff }

  /// Whether it is text that is scrolled and has no selection.
  var isText: Bool {
    switch self {
    case .statistics, .details, .conflicts, .messages, .help: true
    case .lanes, .log, .diff, .graph, .timeline: false
    }
  }
}
