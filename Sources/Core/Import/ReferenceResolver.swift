/// Turns what tasks say about dependencies into ids of tasks that exist.
struct ReferenceResolver {
  private(set) var tasks: [TaskSpec] = []
  /// What is needed of each task to resolve a reference to it, close together in memory.
  private var targets: [Target] = []
  /// What was found, in the order of the tasks that were resolved.
  var findings: FindingList {
    var findings = notes
    findings.append(contentsOf: reader.findings)
    return findings
  }
  private var notes = FindingList()
  private var index: TaskIndex
  private let list: TaskList
  private let others: [TaskList]
  /// The task each subtask belongs to, made when a reference first needs it.
  private var owners: [TaskID: Int]?
  /// The other tag each id was found in, made when a reference first needs it.
  private var tags: [TaskID: String]?

  private var reader: ReferenceReader

  /// The most tasks room is made for before they are seen.
  private static let reservation = 1 << 20

  private struct Target {
    var id: TaskID
    var isSubtask: Bool
    /// The task that last got this one as a dependency, to add none twice; -1 for none.
    var mark: Int32 = -1
  }

  init(list: TaskList, others: [TaskList]) {
    self.list = list
    self.others = others
    reader = ReferenceReader(document: list.tasks.document)
    let count = list.tasks.elements.reduce(0) { count, _ in count + 1 }
    let capacity = min(count, Self.reservation)
    index = TaskIndex(capacity: capacity)
    tasks.reserveCapacity(capacity)
    targets.reserveCapacity(capacity)
  }

  /// Enters a task, or finds the one that has its id already.
  mutating func enter(_ spec: consuming TaskSpec) -> (task: Int, isNew: Bool) {
    let task = index.insert(spec.id, at: tasks.count)
    guard task == tasks.count else { return (task, false) }
    targets.append(Target(id: spec.id, isSubtask: spec.parent != nil))
    tasks.append(spec)
    return (task, true)
  }

  /// Adds to a task what it says it waits for; a subtask of another task stands for that task.
  mutating func resolveTask(_ task: Int, _ dependencies: JSONNode) {
    var waitsFor = tasks[task].dependencies
    let references = reader.references(in: dependencies)
    waitsFor.reserveCapacity(waitsFor.count + references.count)
    for reference in references {
      if let target = index[reference], !targets[target].isSubtask {
        add(target, to: task, &waitsFor, at: reference)
      } else if let owner = owner(of: reference.id) {
        if owner != task { noteLifted(reference, from: task, to: owner) }
        add(owner, to: task, &waitsFor, at: reference)
      } else {
        noteDangling(reference, of: task)
      }
    }
    tasks[task].dependencies = waitsFor
  }

  /// Adds to a subtask what its task waits for and what it says it waits for itself.
  ///
  /// A reference without a dot is a sibling's number; only when there is none, a task's.
  mutating func resolveSubtask(_ task: Int, of parent: Int, _ dependencies: JSONNode?) {
    var waitsFor = inherited(by: task, from: parent)
    if let dependencies {
      for reference in reader.references(in: dependencies) {
        switch target(of: reference, for: task, in: parent) {
        case nil: noteDangling(reference, of: task)
        case parent?: noteOnParent(reference, of: task)
        case let target?: add(target, to: task, &waitsFor, at: reference)
        }
      }
    }
    tasks[task].dependencies = waitsFor
  }

  private mutating func target(of reference: Reference, for task: Int, in parent: Int) -> Int? {
    let stated = index[reference]
    if reference.id.text.utf8.contains(UInt8(ascii: ".")) { return stated }
    let sibling = TaskReader.subtaskID(reference.id, of: tasks[parent].id)
    if let target = index[sibling] { return target }
    if stated != nil, stated != parent { noteFallback(reference, of: task) }
    return stated
  }

  /// Lets tasks wait for their subtasks; the same pair twice in a row counts once.
  mutating func addSubtasksToTasks(_ pairs: [(subtask: Int, task: Int)]) {
    var previous = (subtask: -1, task: -1)
    for pair in pairs where pair != previous && pair.subtask != pair.task {
      tasks[pair.task].dependencies.append(tasks[pair.subtask].id)
      previous = pair
    }
  }

  /// What a subtask waits for already and what its task waits for, all of it marked.
  private mutating func inherited(by task: Int, from parent: Int) -> [TaskID] {
    let own = tasks[task].dependencies
    for id in own { _ = mark(index[id], for: task) }
    let inherited = tasks[parent].dependencies.filter { id in mark(index[id], for: task) }
    return own + inherited
  }

  private mutating func add(
    _ target: Int, to task: Int, _ waitsFor: inout [TaskID], at reference: Reference
  ) {
    guard target != task else { return noteSelf(reference, of: task) }
    if mark(target, for: task) { waitsFor.append(targets[target].id) }
  }

  /// Marks a task as a dependency of another; returns whether that is new.
  private mutating func mark(_ target: Int?, for task: Int) -> Bool {
    guard let target, targets[target].mark != Int32(task) else { return false }
    targets[target].mark = Int32(task)
    return true
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
    _ kind: Finding.Kind, _ tasks: [TaskID], _ reference: Reference,
    _ problem: @autoclosure () -> String, _ remedy: @autoclosure () -> String,
    severity: Finding.Severity = .warning
  ) {
    guard notes.hasRoom() else { return }
    let place = JSONNode(document: list.tasks.document, index: reference.position).place
    notes.append(
      Finding(
        severity, kind, tasks: tasks, place: place, problem: problem(), remedy: remedy()))
  }
}
