/// Changes tasks in the bytes of a TaskMaster file and leaves every other byte as it is.
package struct TaskMasterEdit {
  private let document: JSONDocument
  private let list: TaskList
  private let plan: Plan
  private let tag: String?
  /// The tasks of the list by their ids; of two with one id the first.
  private let nodes: [TaskID: JSONNode]

  /// Reads a file; `tag` names its list, nil the one without a tag.
  package init(_ bytes: [UInt8], name: String, tag: String?) throws(PlanError) {
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes, name: name)
    } catch {
      throw PlanError(error)
    }
    list = try StatusEdit.list(tag, in: document)
    plan = try TaskMasterImporter.plan(from: document, tag: list.tag)
    self.tag = list.tag
    var nodes: [TaskID: JSONNode] = [:]
    for node in list.tasks.elements {
      if let id = node["id"].flatMap(TaskReader.id), nodes[id] == nil { nodes[id] = node }
    }
    self.nodes = nodes
  }

  /// Returns the file with a change made, and the id of the task that it was made to.
  ///
  /// Throws when a task is not there or there already, when others depend on one that is to be
  /// removed, and when the change would make tasks wait for each other.
  package func apply(
    _ change: TaskChange
  ) throws(PlanError) -> (bytes: [UInt8], id: TaskID) {
    let (edits, id) = try edits(for: change)
    let bytes = ByteEdit.apply(edits, to: document.bytes)
    try check(try Self.plan(bytes, name: document.name, tag: tag), id)
    return (bytes, id)
  }

  private static func plan(
    _ bytes: [UInt8], name: String, tag: String?
  ) throws(PlanError) -> Plan {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes, name: name)
    } catch {
      throw PlanError(error)
    }
    return try TaskMasterImporter.plan(from: document, tag: tag)
  }

  private func edits(
    for change: TaskChange
  ) throws(PlanError) -> ([ByteEdit], TaskID) {
    switch change {
    case .add(let id, let draft):
      let id = try newID(id)
      return ([try addition(of: id, draft)], id)
    case .edit(let id, let draft): return (try edits(of: node(id), id, draft), id)
    case .remove(let id, let cutsDependents):
      return (try removal(of: id, cutsDependents: cutsDependents), id)
    }
  }

  private func node(_ id: TaskID) throws(PlanError) -> JSONNode {
    if let node = nodes[id] { return node }
    let meant = nearest(id.text, among: nodes.keys.map(\.text).sorted())
    throw PlanError(
      .lostTask, file: document.name, problem: "there is no task \(id)",
      remedy: meant.map { "did you mean \($0)?" } ?? "lanes task list shows them")
  }

  private func newID(_ id: TaskID?) throws(PlanError) -> TaskID {
    if let id {
      guard nodes[id] == nil else {
        throw PlanError(
          .unsuitable, file: document.name, place: nodes[id]?.place,
          problem: "there is a task \(id) already", remedy: "choose another id, or leave it out")
      }
      return id
    }
    let last = nodes.keys.compactMap { Int($0.text) }.max() ?? 0
    return TaskID(String(last + 1))
  }

  // MARK: Values

  /// An id as the list writes ids: as a number when all are numbers.
  private func value(of id: TaskID) -> String {
    let areNumbers = nodes.values.allSatisfy { $0["id"]?.kind == .number }
    return areNumbers && Int(id.text).map { String($0) == id.text } == true
      ? id.text : Self.quoted(id.text)
  }

  private func value(of ids: [TaskID]) throws(PlanError) -> String {
    var values: [String] = []
    for id in ids {
      let known = try node(id)["id"]
      values.append(
        known.map { String(decoding: document.bytes[$0.range], as: UTF8.self) } ?? value(of: id))
    }
    return "[" + values.joined(separator: ", ") + "]"
  }

  private static func quoted(_ text: String) -> String {
    var writer = JSONWriter()
    writer.string(text)
    return writer.text
  }

  private func members(of draft: TaskDraft) throws(PlanError) -> [(key: String, value: String)] {
    var members = draft.texts.map { ($0.key, Self.quoted($0.text)) }
    if let ids = draft.dependencies { members.append(("dependencies", try value(of: ids))) }
    return members
  }

  // MARK: Edits

  private func edits(
    of task: JSONNode, _ id: TaskID, _ draft: TaskDraft
  ) throws(PlanError) -> [ByteEdit] {
    var edits: [ByteEdit] = []
    for (key, value) in try members(of: draft) {
      let known = key == "title" ? task["title"] ?? task["name"] : task[key]
      if let known {
        edits.append(ByteEdit(known.range, value.utf8))
      } else if let edit = StatusEdit.insertion(of: key, value, into: task) {
        edits.append(edit)
      }
    }
    return edits
  }

  /// A new task behind the last one, with the white space that one has.
  private func addition(of id: TaskID, _ draft: TaskDraft) throws(PlanError) -> ByteEdit {
    var members = [("id", value(of: id))]
    let given = try self.members(of: draft)
    members += given.filter { $0.key != "dependencies" }
    members.append(("status", "\"pending\""))
    members.append(given.last { $0.key == "dependencies" } ?? ("dependencies", "[]"))
    let bytes = document.bytes
    guard let last = Array(list.tasks.elements).last else {
      let start = list.tasks.range.lowerBound + 1
      let text = members.map { "\"\($0)\": \($1)" }.joined(separator: ", ")
      return ByteEdit(at: start, "{\(text)}")
    }
    let keys = Array(last.members)
    let gap = Self.space(before: keys.first?.key.range.lowerBound, in: bytes)
    let colon =
      keys.first.map { bytes[$0.key.range.upperBound..<$0.value.range.lowerBound] }
      .map { String(decoding: $0, as: UTF8.self) } ?? ": "
    let end = Self.space(before: last.range.upperBound - 1, in: bytes)
    let body = members.map { "\(gap)\"\($0)\"\(colon)\($1)" }.joined(separator: ",")
    let before = Self.space(before: last.range.lowerBound, in: bytes)
    return ByteEdit(at: last.range.upperBound, ",\(before){\(body)\(end)}")
  }

  /// The white space before a byte.
  private static func space(before position: Int?, in bytes: [UInt8]) -> String {
    guard let position else { return "" }
    var start = position
    while start > 0, StatusEdit.isSpace(bytes[start - 1]) { start -= 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private func removal(of id: TaskID, cutsDependents: Bool) throws(PlanError) -> [ByteEdit] {
    let task = try node(id)
    let dependents = plan.tasks.filter { $0.dependencies.contains(id) }
    if !cutsDependents {
      try TaskChangeCheck(plan: plan, file: document.name)
        .expectUnneeded(id, by: dependents.map(\.id))
    }
    var edits = [cut(task, from: list.tasks)].compactMap { $0 }
    for dependent in dependents {
      guard let known = nodes[dependent.id]?["dependencies"], known.kind == .array else {
        throw PlanError(
          .unsuitable, file: document.name, place: nodes[dependent.id]?.place,
          problem: "the dependencies of task \(dependent.id) are no array",
          remedy: "change them by hand first")
      }
      let left = dependent.dependencies.filter { $0 != id }
      edits.append(ByteEdit(known.range, try value(of: left).utf8))
    }
    return edits
  }

  /// Takes an element out of an array with the comma that belongs to it.
  private func cut(_ element: JSONNode, from array: JSONNode) -> ByteEdit? {
    let all = Array(array.elements)
    guard let position = all.firstIndex(where: { $0.range == element.range }) else { return nil }
    if position > 0 {
      return ByteEdit(all[position - 1].range.upperBound..<element.range.upperBound, [])
    }
    let end = all.count > 1 ? all[1].range.lowerBound : element.range.upperBound
    return ByteEdit(element.range.lowerBound..<end, [])
  }

  /// Makes sure that nothing but one task and what waited for it is different.
  private func check(_ after: Plan, _ id: TaskID) throws(PlanError) {
    try TaskChangeCheck(plan: plan, file: document.name).expectNoNewCycle(in: after)
    let others = { (plan: Plan) in plan.tasks.filter { $0.id != id }.map(\.id) }
    guard others(after) == others(plan) else {
      throw PlanError(
        .unsuitable, file: document.name, problem: "the task cannot be changed in place",
        remedy: "change the file by hand")
    }
  }
}
