/// What is to be said of a task in its source; nil for what stays as it is.
package struct TaskDraft: Equatable, Sendable {
  package var title: String?
  package var description: String?
  package var details: String?
  package var testStrategy: String?
  package var priority: Priority?
  package var dependencies: [TaskID]?

  package init(
    title: String? = nil, description: String? = nil, details: String? = nil,
    testStrategy: String? = nil, priority: Priority? = nil, dependencies: [TaskID]? = nil
  ) {
    self.title = title
    self.description = description
    self.details = details
    self.testStrategy = testStrategy
    self.priority = priority
    self.dependencies = dependencies
  }

  /// The lines of the description; none when it is empty or not given.
  var descriptionLines: [String] {
    guard let description, !description.isEmpty else { return [] }
    return description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The texts that are given, by their key in a task file.
  var texts: [(key: String, text: String)] {
    [
      ("title", title), ("description", description), ("details", details),
      ("testStrategy", testStrategy), ("priority", priority?.rawValue),
    ].compactMap { key, text in text.map { (key, $0) } }
  }
}

/// A change of a task list by a person.
package enum TaskChange: Equatable, Sendable {
  /// Adds a task at the end; without an id it gets the next number.
  case add(TaskID?, TaskDraft)
  case edit(TaskID, TaskDraft)
  /// Removes a task; `cutsDependents` also takes it from the dependencies of others.
  case remove(TaskID, cutsDependents: Bool)
}
