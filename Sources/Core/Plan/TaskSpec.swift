/// One task of a plan, as its source describes it.
package struct TaskSpec: Equatable, Sendable {
  package var id: TaskID
  package var title: String
  package var status: TaskStatus
  package var priority: Priority?
  /// The tasks this one waits for; references that lead nowhere are findings and are not kept.
  package var dependencies: [TaskID]
  /// Tasks whose work overlaps with this one's: they start earlier within a level, but are not waited
  /// for.
  package var softDependencies: [TaskID] = []
  /// What the task is about, for its prompt.
  package var text: TaskText
  /// The command the task itself names, which wins over every other one.
  package var command: String?
  /// Declared work, for ordering and for guesses of progress.
  package var estimate: Duration?
  /// Files the task declares it will touch, as written.
  package var files: [String]
  /// The kind of worker the task asks for, as written: `frontend`, `Database Engineer`.
  package var worker: String?
  /// How hard the source says it is, from 1 to 10.
  package var complexity: Int?
  /// Words the source sorts it by.
  package var tags: [String] = []
  /// The track the task is assigned to, from 1.
  package var track: Int?
  /// What it asks of the machine it runs on.
  package var resources = TaskResources()
  /// The name of the repository it works in; nil for the project's own.
  package var repository: String?
  /// The task this one is a part of, when subtasks are tasks of their own.
  package var parent: TaskID?
  /// Where the task begins in its source.
  package var place: SourcePlace?

  package init(
    id: TaskID, title: String, status: TaskStatus = .pending, priority: Priority? = nil,
    dependencies: [TaskID] = [], text: TaskText = TaskText(), command: String? = nil,
    estimate: Duration? = nil, files: [String] = [], parent: TaskID? = nil,
    place: SourcePlace? = nil
  ) {
    self.id = id
    self.title = title
    self.status = status
    self.priority = priority
    self.dependencies = dependencies
    self.text = text
    self.command = command
    self.estimate = estimate
    self.files = files
    self.parent = parent
    self.place = place
  }
}

/// The prose of a task, kept for its prompt.
package struct TaskText: Equatable, Sendable {
  package var description = ""
  package var details = ""
  package var testStrategy = ""
  package var acceptanceCriteria: [String] = []
  package var subtasks: [Subtask] = []

  package init() {}

  /// A part of a task that is not a task of its own at this granularity.
  package struct Subtask: Equatable, Sendable {
    package var id: String
    package var title: String
    package var isDone: Bool

    package init(id: String, title: String, isDone: Bool) {
      self.id = id
      self.title = title
      self.isDone = isDone
    }
  }
}

/// What a source says of a task's state, in TaskMaster's words.
package enum TaskStatus: String, Equatable, Sendable, CaseIterable {
  case pending
  case inProgress = "in-progress"
  case done
  case review
  case deferred
  case cancelled
  case blocked

  /// Whether tasks that depend on this one need not wait: done and cancelled.
  package var satisfiesDependents: Bool { self == .done || self == .cancelled }

  /// Whether a run works on the task: pending, or left in progress by an earlier run.
  package var isRunnable: Bool { self == .pending || self == .inProgress }
}

/// How urgent a source says a task is.
package enum Priority: String, Equatable, Sendable, CaseIterable {
  case low
  case medium
  case high
  case critical
}

/// A position in a text file: line and column count from 1, the column in characters.
package struct SourcePlace: Equatable, Sendable {
  package var line: Int
  package var column: Int
  /// The file, when a plan has several; nil for the plan's own.
  package var file: String?

  package init(line: Int, column: Int, file: String? = nil) {
    self.line = line
    self.column = column
    self.file = file
  }
}
