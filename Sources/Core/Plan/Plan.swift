/// A task list ready to look at or to run: its tasks, their graph, and what the preflight found.
package struct Plan: Sendable {
  package var origin: Origin
  /// In the order of the source; a task's index here is its index in `graph`.
  package let tasks: [TaskSpec]
  package let graph: TaskGraph
  package var findings: [Finding]
  /// The phases and checkpoints that the source describes, in its order.
  package var stages: [Stage] = []
  /// The sprints that the source describes, in the order of their ids.
  package var sprints: [Sprint] = []
  /// The names of tracks that the source gives.
  package var trackNames: [Int: String] = [:]
  private let indexes: TaskIndex

  /// Where a plan was read from.
  package struct Origin: Equatable, Sendable {
    /// The path as the user would type it.
    package var file: String
    package var tag: String?
    package var granularity: Granularity
    package var format: Format

    package init(
      file: String, tag: String? = nil, granularity: Granularity = .task,
      format: Format = .taskMaster
    ) {
      self.format = format
      self.file = file
      self.tag = tag
      self.granularity = granularity
    }
  }

  /// Whether subtasks are part of their task or tasks of their own.
  package enum Granularity: String, Equatable, Sendable, CaseIterable {
    case task
    case subtask
  }

  /// The kinds of task lists.
  package enum Format: String, Equatable, Sendable, CaseIterable {
    /// A JSON file of TaskMaster.
    case taskMaster = "taskmaster"
    /// A folder of YAML files, one for each task, or one such file.
    case planning
    /// Folders with a `tasks.md` of checkboxes, or one such file.
    case specs
    /// A document in Markdown that describes its tasks.
    case markdown
  }

  /// Builds the graph of `tasks`; dependencies on ids that are not among them are dropped.
  ///
  /// Of tasks with the same id the first one is kept by look-ups. Cost: O(tasks + dependencies).
  package init(origin: Origin, tasks: [TaskSpec], findings: [Finding] = []) {
    var indexes = TaskIndex(capacity: tasks.count)
    for index in tasks.indices { _ = indexes.insert(tasks[index].id, at: index) }
    var starts: [Int32] = [0]
    starts.reserveCapacity(tasks.count + 1)
    var dependencies: [Int32] = []
    for index in tasks.indices {
      for id in tasks[index].dependencies {
        if let target = indexes[id], target != index { dependencies.append(Int32(target)) }
      }
      starts.append(Int32(dependencies.count))
    }
    self.origin = origin
    self.tasks = tasks
    self.findings = findings
    self.indexes = indexes
    graph = TaskGraph(starts: starts, dependencies: dependencies)
  }

  /// The index of a task, or nil when the plan has none of that id.
  ///
  /// Cost: O(1).
  package func index(of id: TaskID) -> Int? { indexes[id] }

  /// The tasks that should start before a task of the same level does, if they can.
  package func softDependencies(of task: Int) -> [Int] {
    tasks[task].softDependencies.compactMap { index(of: $0) }.filter { $0 != task }
  }

  /// The graph with soft dependencies as if they were firm; nil when there are none.
  ///
  /// Where they close a circle only those count that lead from a task to one before it in the order of
  /// levels. Cost: O(tasks + dependencies).
  var softGraph: TaskGraph? {
    guard tasks.contains(where: { !$0.softDependencies.isEmpty }) else { return nil }
    let all = graphAdding { _, _ in true }
    return all.stuck == graph.stuck
      ? all : graphAdding { (graph.level[$0], $0) > (graph.level[$1], $1) }
  }

  private func graphAdding(_ isAdded: (_ task: Int, _ other: Int) -> Bool) -> TaskGraph {
    TaskGraph(
      count: tasks.count,
      edges: tasks.indices.map { task in
        let soft = softDependencies(of: task).filter { isAdded(task, $0) }
        return (task, Array(graph.dependencies(of: task)) + soft)
      })
  }

  /// The same stages, sprints and names for other tasks.
  func keepingSurroundings(of other: Plan) -> Plan {
    var plan = self
    plan.stages = other.stages
    plan.sprints = other.sprints
    plan.trackNames = other.trackNames
    return plan
  }
}
