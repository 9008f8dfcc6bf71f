/// Puts the tasks of a list together: their ids, then who waits for whom.
struct PlanAssembler {
  private let list: TaskList
  private let granularity: Plan.Granularity
  private var reader: TaskReader
  private var resolver: ReferenceResolver
  private var rows: [Row] = []
  private var findings = FindingList()

  /// An entry of the list that became a task, or joined one of the same id.
  private struct Row {
    var task: Int32
    /// The task this one is a subtask of; -1 for none.
    var parent: Int32
    /// Where what it says about dependencies is on the tape; -1 for nowhere.
    var dependencies: Int32
  }

  /// The most tasks, so that a hostile file cannot fill the memory.
  private static let taskLimit = 1 << 20
  /// The most dependencies that subtasks may inherit, so that they cannot fill the memory.
  private static let dependencyLimit = 1 << 24

  init(list: TaskList, others: [TaskList], granularity: Plan.Granularity) {
    self.list = list
    self.granularity = granularity
    reader = TaskReader(
      document: list.tasks.document, summarisesSubtasks: granularity == .task)
    resolver = ReferenceResolver(list: list, others: others)
    if list.tag == nil, !others.isEmpty { noteMixed(others) }
    for key in list.duplicateKeys { noteDuplicate(key) }
  }

  mutating func plan(file: String) throws(PlanError) -> Plan {
    for node in list.tasks.elements {
      add(node)
      guard rows.count <= Self.taskLimit else { throw tooMany("tasks", file: file) }
    }
    // Rows of the same id next to each other, for their dependencies to become one set.
    if rows.count > resolver.tasks.count { rows.sort { $0.task < $1.task } }
    for row in rows where row.parent < 0 && row.dependencies >= 0 {
      resolver.resolveTask(Int(row.task), node(row.dependencies))
    }
    if granularity == .subtask { try resolveSubtasks(file: file) }
    findings.append(contentsOf: reader.findings)
    findings.append(contentsOf: resolver.findings)
    return Plan(
      origin: Plan.Origin(file: file, tag: list.tag, granularity: granularity),
      tasks: resolver.tasks, findings: findings.sorted())
  }

  private mutating func add(_ node: JSONNode) {
    guard let spec = reader.task(node) else { return }
    let subtasks = granularity == .subtask ? reader.subtasks : nil
    let task = enter(spec, parent: -1)
    guard let subtasks else { return }
    // Of tasks with the same id the first one's status counts, for the subtasks of all.
    let parent = TaskReader.Parent(
      id: resolver.tasks[task].id, status: resolver.tasks[task].status)
    for node in subtasks.elements {
      if rows.count > Self.taskLimit { return }
      if let subtask = reader.task(node, of: parent) { _ = enter(subtask, parent: task) }
    }
  }

  /// Enters the task last read.
  private mutating func enter(_ spec: consuming TaskSpec, parent: Int) -> Int {
    let place = spec.place
    let (task, isNew) = resolver.enter(spec)
    rows.append(
      Row(
        task: Int32(task), parent: Int32(parent),
        dependencies: Int32(reader.dependencies?.index ?? -1)))
    if !isNew { noteDuplicate(of: task, at: place) }
    return task
  }

  /// Lets subtasks wait for what they and their task wait for, and tasks for their subtasks.
  private mutating func resolveSubtasks(file: String) throws(PlanError) {
    let subtasks = rows.filter { $0.parent >= 0 }
    let inherited = subtasks.reduce(0) { $0 + resolver.tasks[Int($1.parent)].dependencies.count }
    guard inherited <= Self.dependencyLimit else {
      throw tooMany("dependencies that subtasks inherit", file: file)
    }
    for row in subtasks {
      resolver.resolveSubtask(
        Int(row.task), of: Int(row.parent), row.dependencies < 0 ? nil : node(row.dependencies))
    }
    resolver.addSubtasksToTasks(subtasks.map { (Int($0.task), Int($0.parent)) })
  }

  private func tooMany(_ what: String, file: String) -> PlanError {
    PlanError(
      .unsuitable, file: file, place: list.tasks.place,
      problem: "there are more \(what) than can be worked with",
      remedy: granularity == .subtask ? "read it without subtasks, or split it" : "split it")
  }

  private func node(_ position: Int32) -> JSONNode {
    JSONNode(document: list.tasks.document, index: Int(position))
  }

  private mutating func noteDuplicate(of task: Int, at place: SourcePlace?) {
    let first = resolver.tasks[task]
    let line = first.place.map { ", first in line \($0.line)" } ?? ""
    findings.append(
      Finding(
        .warning, .duplicateID, tasks: [first.id], place: place,
        problem: "the id \(first.id) is there more than once\(line); they count as one task",
        remedy: "give one of them another id"))
  }

  private mutating func noteDuplicate(_ key: JSONNode) {
    findings.append(
      Finding(
        .warning, .duplicateKey, place: key.place,
        problem: "the key '\(key.string ?? "")' is there twice, and the last one counts",
        remedy: "remove one of them"))
  }

  private mutating func noteMixed(_ others: [TaskList]) {
    let tags = others.prefix(5).compactMap(\.tag).joined(separator: ", ")
    findings.append(
      Finding(
        .warning, .malformed, place: list.tasks.place,
        problem: "the file has a list without a tag, which is read, and tags beside it: \(tags)",
        remedy: "choose a tag with --tag, or remove what is out of date"))
  }
}
