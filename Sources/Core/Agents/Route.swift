/// Which tasks are worked on by which agent, and in which pool.
package struct Route: Equatable, Sendable {
  package var match: Match
  package var agent: String?
  /// The agents of a task's attempts, the last one for all further ones.
  package var ladder: [String]
  package var pool: String?

  /// What a task must be; what is not said may be anything.
  package struct Match: Equatable, Sendable {
    package var worker: String?
    package var complexity: ClosedRange<Int>?
    package var priority: Priority?
    package var tag: String?

    package init(
      worker: String? = nil, complexity: ClosedRange<Int>? = nil, priority: Priority? = nil,
      tag: String? = nil
    ) {
      self.worker = worker
      self.complexity = complexity
      self.priority = priority
      self.tag = tag
    }

    /// Words are compared without regard to case; a task's own tags count, and that of the list.
    package func fits(_ task: TaskSpec, listTag: String?) -> Bool {
      if let worker, task.worker?.lowercased() != worker.lowercased() { return false }
      if let complexity, !(task.complexity.map(complexity.contains) ?? false) { return false }
      if let priority, task.priority != priority { return false }
      guard let tag = tag?.lowercased() else { return true }
      return task.tags.contains { $0.lowercased() == tag } || listTag?.lowercased() == tag
    }
  }

  package init(
    match: Match, agent: String? = nil, ladder: [String] = [], pool: String? = nil
  ) {
    self.match = match
    self.agent = agent
    self.ladder = ladder
    self.pool = pool
  }
}

/// So many tasks at once of those that are in it.
package struct Pool: Equatable, Sendable {
  package var name: String
  package var limit: Int

  package init(_ name: String, limit: Int) {
    self.name = name
    self.limit = limit
  }
}
