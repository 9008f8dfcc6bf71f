/// Puts the tasks of a list together: their ids, then who waits for whom.
struct PlanAssembler {
  private let list: TaskList
  private let granularity: Plan.Granularity
  private var reader: TaskReader
  private var resolver: ReferenceResolver
  private var rows: [Row] = []
  private var findings: [Finding] = []

  /// An entry of the list that became a task, or joined one of the same id.
  private struct Row {
    var task: Int
    var dependencies: JSONNode?
    /// The task this one is a subtask of; -1 for none.
    var parent: Int
  }

  /// The most dependencies that subtasks may inherit, so that they cannot fill the memory.
  private static let dependencyLimit = 1 << 24

  init(list: TaskList, others: [TaskList], granularity: Plan.Granularity) {
    self.list = list
    self.granularity = granularity
    reader = TaskReader(
      document: list.tasks.document, summarisesSubtasks: granularity == .task)
    resolver = ReferenceResolver(list: list, others: others)
    if list.tag == nil, !others.isEmpty { noteMixed(others) }
  }

  mutating func plan(file: String) throws(PlanError) -> Plan {
    for node in list.tasks.elements { add(node) }
    // Rows of the same id next to each other, for their dependencies to become one set.
    if rows.count > resolver.tasks.count { rows.sort { $0.task < $1.task } }
    for row in rows where row.parent < 0 {
      resolver.resolveTask(row.task, row.dependencies)
    }
    if granularity == .subtask { try resolveSubtasks(file: file) }
    findings += reader.findings + resolver.findings
    findings.sort { left, right in
      (left.place?.line ?? 0, left.place?.column ?? 0)
        < (right.place?.line ?? 0, right.place?.column ?? 0)
    }
    return Plan(
      origin: Plan.Origin(file: file, tag: list.tag, granularity: granularity),
      tasks: resolver.tasks, findings: findings)
  }

  private mutating func add(_ node: JSONNode) {
    guard let entry = reader.entry(node) else { return }
    let task = enter(entry, parent: -1)
    guard granularity == .subtask, let subtasks = entry.subtasks else { return }
    for node in subtasks.elements {
      guard let subtask = reader.entry(node, parent: entry.spec) else { continue }
      _ = enter(subtask, parent: task)
    }
  }

  private mutating func enter(_ entry: TaskReader.Entry, parent: Int) -> Int {
    let (task, isNew) = resolver.enter(entry.spec)
    rows.append(Row(task: task, dependencies: entry.dependencies, parent: parent))
    if !isNew { noteDuplicate(of: task, at: entry.spec.place) }
    return task
  }

  /// Lets subtasks wait for what they and their task wait for, and tasks for their subtasks.
  private mutating func resolveSubtasks(file: String) throws(PlanError) {
    let subtasks = rows.filter { $0.parent >= 0 }
    let inherited = subtasks.reduce(0) { $0 + resolver.tasks[$1.parent].dependencies.count }
    guard inherited <= Self.dependencyLimit else {
      throw PlanError(
        .unsuitable, file: file,
        problem: "its subtasks inherit \(inherited) dependencies, more than can be worked with",
        remedy: "read it without subtasks, or split it")
    }
    for row in subtasks { resolver.resolveSubtask(row.task, of: row.parent, row.dependencies) }
    resolver.addSubtasksToTasks(subtasks.map { ($0.task, $0.parent) })
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

  private mutating func noteMixed(_ others: [TaskList]) {
    let tags = others.prefix(5).compactMap(\.tag).joined(separator: ", ")
    findings.append(
      Finding(
        .warning, .malformed, place: list.tasks.place,
        problem: "the file has a list without a tag, which is read, and tags beside it: \(tags)",
        remedy: "choose a tag with --tag, or remove what is out of date"))
  }
}
