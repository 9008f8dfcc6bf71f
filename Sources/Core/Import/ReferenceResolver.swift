/// Turns what tasks say about dependencies into ids of tasks that exist.
struct ReferenceResolver {
  private(set) var tasks: [TaskSpec] = []
  private(set) var findings: [Finding] = []
  private var index: TaskIndex
  private let list: TaskList
  private let others: [TaskList]
  /// The task that last got each task as a dependency, to add none twice.
  private var marks: [Int32] = []
  /// The task each subtask belongs to, made when a reference first needs it.
  private var owners: [TaskID: Int]?
  /// The other tag each id was found in, made when a reference first needs it.
  private var tags: [TaskID: String]?

  init(list: TaskList, others: [TaskList]) {
    self.list = list
    self.others = others
    index = TaskIndex(capacity: 1024)
  }

  /// Enters a task, or finds the one that has its id already.
  mutating func enter(_ spec: TaskSpec) -> (task: Int, isNew: Bool) {
    let task = index.insert(spec.id, at: tasks.count)
    guard task == tasks.count else { return (task, false) }
    tasks.append(spec)
    marks.append(-1)
    return (task, true)
  }

  /// Adds to a task what it says it waits for; a subtask of another task stands for that task.
  mutating func resolveTask(_ task: Int, _ dependencies: JSONNode?) {
    guard let dependencies else { return }
    var reader = ReferenceReader()
    for reference in reader.references(in: dependencies) {
      if let target = index[reference.id], tasks[target].parent == nil {
        add(target, to: task, at: reference)
      } else if let owner = owner(of: reference.id) {
        if owner != task { noteLifted(reference, from: task, to: owner) }
        add(owner, to: task, at: reference)
      } else {
        noteDangling(reference, of: task)
      }
    }
    findings += reader.findings
  }

  /// Adds to a subtask what its task waits for and what it says it waits for itself.
  ///
  /// A reference without a dot is a sibling's number; only when there is none, a task's.
  mutating func resolveSubtask(_ task: Int, of parent: Int, _ dependencies: JSONNode?) {
    inherit(from: parent, to: task)
    guard let dependencies else { return }
    var reader = ReferenceReader()
    for reference in reader.references(in: dependencies) {
      resolve(reference, of: task, parent: parent)
    }
    findings += reader.findings
  }

  private mutating func resolve(_ reference: Reference, of task: Int, parent: Int) {
    var target = index[reference.id]
    if !reference.id.text.utf8.contains(UInt8(ascii: ".")) {
      let sibling = TaskReader.subtaskID(reference.id, of: tasks[parent].id)
      if let found = index[sibling] {
        target = found
      } else if target != nil, target != parent {
        noteFallback(reference, of: task)
      }
    }
    switch target {
    case nil: noteDangling(reference, of: task)
    case parent?: noteOnParent(reference, of: task)
    case let target?: add(target, to: task, at: reference)
    }
  }

  /// Lets tasks wait for their subtasks; the same pair twice in a row counts once.
  mutating func addSubtasksToTasks(_ pairs: [(subtask: Int, task: Int)]) {
    var previous = (subtask: -1, task: -1)
    for pair in pairs where pair != previous && pair.subtask != pair.task {
      tasks[pair.task].dependencies.append(tasks[pair.subtask].id)
      previous = pair
    }
  }

  private mutating func inherit(from parent: Int, to task: Int) {
    let inherited = tasks[parent].dependencies
    if tasks[task].dependencies.isEmpty { tasks[task].dependencies = inherited }
    for id in inherited {
      guard let target = index[id] else { continue }
      marks[target] = Int32(task)
    }
  }

  private mutating func add(_ target: Int, to task: Int, at reference: Reference) {
    guard target != task else { return noteSelf(reference, of: task) }
    guard marks[target] != Int32(task) else { return }
    marks[target] = Int32(task)
    tasks[task].dependencies.append(tasks[target].id)
  }
}

// Look-ups that only unusual references need.
extension ReferenceResolver {
  private mutating func owner(of id: TaskID) -> Int? {
    guard id.text.utf8.contains(UInt8(ascii: ".")) else { return nil }
    let known = owners ?? subtaskOwners()
    owners = known
    return known[id]
  }

  private func subtaskOwners() -> [TaskID: Int] {
    var owners: [TaskID: Int] = [:]
    for node in list.tasks.elements {
      guard let id = node["id"].flatMap(TaskReader.id), let task = index[id] else { continue }
      guard let subtasks = node["subtasks"] else { continue }
      for own in subtasks.elements.lazy.compactMap({ $0["id"].flatMap(TaskReader.id) }) {
        owners[TaskReader.subtaskID(own, of: id)] = task
      }
    }
    return owners
  }

  private mutating func otherTag(with id: TaskID) -> String? {
    if others.isEmpty { return nil }
    let known = tags ?? idsOfOtherTags()
    tags = known
    return known[id]
  }

  private func idsOfOtherTags() -> [TaskID: String] {
    var tags: [TaskID: String] = [:]
    for list in others {
      for node in list.tasks.elements {
        if let id = node["id"].flatMap(TaskReader.id), tags[id] == nil { tags[id] = list.tag }
      }
    }
    return tags
  }
}

// Findings.
extension ReferenceResolver {
  private mutating func noteDangling(_ reference: Reference, of task: Int) {
    let id = tasks[task].id
    let tag = otherTag(with: reference.id).map { ", only in the tag '\($0)'" } ?? ""
    note(
      .dangling, [id, reference.id], reference,
      "task \(id) depends on \(reference.id), which is not in this list\(tag); it does not wait for it",
      "correct the dependency or remove it")
  }

  private mutating func noteSelf(_ reference: Reference, of task: Int) {
    let id = tasks[task].id
    note(
      .selfDependency, [id], reference, "task \(id) depends on itself, which is left out",
      "remove the dependency")
  }

  private mutating func noteLifted(_ reference: Reference, from task: Int, to owner: Int) {
    let (id, other) = (tasks[task].id, tasks[owner].id)
    note(
      .subtask, [id, other], reference,
      "task \(id) depends on the subtask \(reference.id), so it waits for the whole task \(other)",
      "nothing needs to be done", severity: .note)
  }

  private mutating func noteFallback(_ reference: Reference, of task: Int) {
    let id = tasks[task].id
    note(
      .subtask, [id, reference.id], reference,
      "subtask \(id) depends on \(reference.id), which is no sibling of it; it waits for task \(reference.id)",
      "write the full id of the subtask that is meant, as in 2.\(reference.id)")
  }

  private mutating func noteOnParent(_ reference: Reference, of task: Int) {
    let id = tasks[task].id
    note(
      .subtask, [id], reference,
      "subtask \(id) depends on its own task, which waits for it; the dependency is left out",
      "remove the dependency")
  }

  private mutating func note(
    _ kind: Finding.Kind, _ tasks: [TaskID], _ reference: Reference, _ problem: String,
    _ remedy: String, severity: Finding.Severity = .warning
  ) {
    findings.append(
      Finding(
        severity, kind, tasks: tasks, place: reference.node.place, problem: problem,
        remedy: remedy))
  }
}
