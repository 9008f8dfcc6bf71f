/// Who works on the tasks of a run, what is accepted, and what it may cost.
///
/// A run that only has a command has none of this.
package struct CrewOptions: Equatable, Sendable {
  /// By name, each once.
  package var agents: [AgentProfile] = []
  /// The agents of the attempts at a task for which no route says otherwise; empty for a command.
  package var ladder: [String] = []
  /// Whether `ladder` was asked for, so that its end is the end of a task's attempts.
  package var escalates = false
  package var routes: [Route] = []
  package var pools: [Pool] = []
  package var gates: [Gate] = []
  package var budget = Budget()
  /// What agents are told in place of the usual prompt, with `{{name}}` for parts of the task.
  package var template: String?
  /// The longest wait for a usage limit to pass; a longer one ends the run.
  package var longestHold: Duration = .seconds(12 * 3600)
  /// The tracks of the plan and its sprints, where there are any.
  package var tracks: TrackOptions?

  package init() {}

  package func agent(_ name: String) -> AgentProfile? { agents.first { $0.name == name } }

  /// The gates of a moment, in their order.
  package func gates(at moment: Gate.Moment) -> [Gate] { gates.filter { $0.moment == moment } }

  /// The agents of a task's attempts: those of the first route that fits and names some, from where
  /// the route's agent stands in the common ladder.
  package func ladder(for task: TaskSpec, listTag: String?) -> [String] {
    if task.command != nil { return [] }
    let route = routes.first {
      ($0.agent != nil || !$0.ladder.isEmpty) && $0.match.fits(task, listTag: listTag)
    }
    guard let route else { return ladder }
    if !route.ladder.isEmpty { return route.ladder }
    guard let agent = route.agent else { return ladder }
    return ladder.firstIndex(of: agent).map { Array(ladder[$0...]) } ?? [agent]
  }

  /// The pool of a task: that of the first route that fits and names one.
  package func pool(for task: TaskSpec, listTag: String?) -> String? {
    routes.first { $0.pool != nil && $0.match.fits(task, listTag: listTag) }?.pool
  }
}

/// Tracks: sequences of tasks, of which each is worked on by one worker at a time.
package struct TrackOptions: Equatable, Sendable {
  /// By number from 1.
  package var names: [String]
  /// The track of each task that has one, from 1.
  package var assignment: [TaskID: Int]
  package var sprints: [SprintPart]
  /// The tracks this run begins with; nil for all.
  package var opened: [Int]?

  /// A sprint as a run needs to know it.
  package struct SprintPart: Equatable, Sendable {
    package var id: String
    package var name: String
    package var track: Int?
    package var tasks: [TaskID]

    package init(id: String, name: String, track: Int? = nil, tasks: [TaskID]) {
      self.id = id
      self.name = name
      self.track = track
      self.tasks = tasks
    }
  }

  package init(
    names: [String] = [], assignment: [TaskID: Int] = [:], sprints: [SprintPart] = [],
    opened: [Int]? = nil
  ) {
    self.names = names
    self.assignment = assignment
    self.sprints = sprints
    self.opened = opened
  }

  package var count: Int { max(names.count, assignment.values.max() ?? 0) }

  package func name(of track: Int) -> String {
    names.indices.contains(track - 1) ? names[track - 1] : ""
  }
}
