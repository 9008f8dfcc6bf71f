/// Changes statuses in the bytes of a TaskMaster file.
package enum StatusEdit {
  /// Returns the file with the statuses of some tasks changed and every other byte as it was.
  ///
  /// `name` is what errors call the file, `tag` the list the tasks are in, nil for the one without a
  /// tag. Of several tasks with the same id the first one counts, a task before a subtask. A status
  /// that already means what is wanted stays as it is worded; a missing one is added after the id.
  /// Throws when the file does not parse or a task is not there. Cost: O(bytes).
  package static func apply(
    _ changes: [TaskID: TaskStatus], to bytes: [UInt8], name: String, tag: String?
  ) throws(PlanError) -> [UInt8] {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes, name: name)
    } catch {
      throw PlanError(error)
    }
    let list = try list(tag, in: document)
    let found = tasks(Set(changes.keys), in: list)
    let lost = changes.keys.filter { found[$0] == nil }.sorted()
    if let id = lost.first { throw lostTask(id, file: name) }
    let edits = found.compactMap { id, node in edit(node, to: changes[id] ?? .pending) }
    return ByteEdit.apply(edits, to: bytes)
  }

  static func lostTask(_ id: TaskID, file: String) -> PlanError {
    PlanError(
      .lostTask, file: file, problem: "task \(id) is no longer in it",
      remedy: "put it back, or start a new run")
  }

  static func list(
    _ tag: String?, in document: JSONDocument
  ) throws(PlanError) -> TaskList {
    let lists = TaskList.all(in: document)
    if let list = lists.first(where: { $0.tag == tag }) { return list }
    guard tag == nil, lists.count == 1 else {
      throw PlanError(
        .tag, file: document.name,
        problem: tag.map { "the tag '\($0)' is no longer in it" } ?? "its task list is gone",
        remedy: "put it back, or start a new run")
    }
    return lists[0]
  }

  private static func tasks(_ ids: Set<TaskID>, in list: TaskList) -> [TaskID: JSONNode] {
    var found: [TaskID: JSONNode] = [:]
    for node in list.tasks.elements {
      guard let id = node["id"].flatMap(TaskReader.id), ids.contains(id) else { continue }
      if found[id] == nil { found[id] = node }
    }
    if found.count < ids.count { addSubtasks(ids, in: list, to: &found) }
    return found
  }

  private static func addSubtasks(
    _ ids: Set<TaskID>, in list: TaskList, to found: inout [TaskID: JSONNode]
  ) {
    for node in list.tasks.elements {
      guard let task = node["id"].flatMap(TaskReader.id), let subtasks = node["subtasks"]
      else { continue }
      for subtask in subtasks.elements {
        guard let own = subtask["id"].flatMap(TaskReader.id) else { continue }
        let id = TaskReader.subtaskID(own, of: task)
        if ids.contains(id), found[id] == nil { found[id] = subtask }
      }
    }
  }

  private static func edit(_ task: JSONNode, to status: TaskStatus) -> ByteEdit? {
    guard let value = task["status"] else {
      return insertion(of: "status", "\"\(status.rawValue)\"", into: task)
    }
    if let text = value.string, TaskWords.status(text) == status { return nil }
    return ByteEdit(value.range, "\"\(status.rawValue)\"".utf8)
  }

  /// A new member after the id, with the white space its neighbours have.
  static func insertion(
    of name: String, _ text: String, into task: JSONNode
  ) -> ByteEdit? {
    let members = Array(task.members)
    guard let position = members.lastIndex(where: { $0.key.isString("id") }) else { return nil }
    let (key, value) = members[position]
    let bytes = task.document.bytes
    let model = position + 1 < members.count ? members[position + 1].key : key
    var start = model.range.lowerBound
    while isSpace(bytes[start - 1]) { start -= 1 }
    let member =
      [UInt8(ascii: ",")] + bytes[start..<model.range.lowerBound] + Array("\"\(name)\"".utf8)
      + bytes[key.range.upperBound..<value.range.lowerBound]
      + Array(text.utf8)
    return ByteEdit(value.range.upperBound..<value.range.upperBound, member)
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
