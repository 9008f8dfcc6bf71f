/// A part of a plan that its document tells apart: a phase with its tasks, or a checkpoint.
package struct Stage: Equatable, Sendable {
  package enum Kind: String, Equatable, Sendable {
    case phase
    /// A moment at which something must hold before the work goes on.
    case checkpoint
  }

  package var kind: Kind
  /// The heading, as written.
  package var name: String
  /// The tasks that the document counts to it; a task may be in several.
  package var tasks: [TaskID]
  package var criteria: [Criterion]
  package var place: SourcePlace?

  /// Something that must hold at the end.
  package struct Criterion: Equatable, Sendable {
    package var text: String
    package var isMet: Bool

    package init(_ text: String, isMet: Bool = false) {
      self.text = text
      self.isMet = isMet
    }
  }

  package init(
    _ kind: Kind, name: String, tasks: [TaskID] = [], criteria: [Criterion] = [],
    place: SourcePlace? = nil
  ) {
    self.kind = kind
    self.name = name
    self.tasks = tasks
    self.criteria = criteria
    self.place = place
  }
}

/// A group of tasks that one track works on before its next one.
package struct Sprint: Equatable, Sendable {
  package var id: String
  package var name: String
  /// The track that works on it, from 1; nil when there are no tracks.
  package var track: Int?
  package var goal: String
  package var tasks: [TaskID]
  /// The sprints that come before it.
  package var dependencies: [String]

  package init(
    id: String, name: String, track: Int? = nil, goal: String = "", tasks: [TaskID] = [],
    dependencies: [String] = []
  ) {
    self.id = id
    self.name = name
    self.track = track
    self.goal = goal
    self.tasks = tasks
    self.dependencies = dependencies
  }
}
