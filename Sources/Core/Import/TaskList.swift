/// One list of tasks in a task file, and the tag it is for.
struct TaskList {
  /// Nil for a list that is not below a tag.
  var tag: String?
  /// The array of tasks.
  var tasks: JSONNode
  /// Keys on the way to the list that are there more than once; the last one counts.
  var duplicateKeys: [JSONNode] = []

  /// The task lists of a document, in its order.
  ///
  /// An array is a list itself. In an object, `tasks` and `data.tasks` are lists without a tag; every
  /// other key whose value has `tasks` is a tag, as are the entries of `tags`, an object by name or an
  /// array of objects with `name`. Of two lists for the same tag the later one counts.
  static func all(in document: JSONDocument) -> [TaskList] {
    let root = document.root
    if root.kind == .array { return [TaskList(tasks: root)] }
    var found = Collection()
    for (name, member) in LastMembers(of: root).all {
      if name == "tasks", member.value.kind == .array {
        found.add(TaskList(tasks: member.value, duplicateKeys: member.duplicateKeys))
      } else if name == "tags" {
        for list in wrapped(in: member) { found.add(list) }
      }
      if let list = list(tag: name == "data" ? nil : name, in: member) { found.add(list) }
    }
    return found.lists
  }

  private static func wrapped(in tags: LastMembers.Member) -> [TaskList] {
    let byName = LastMembers(of: tags.value).all.compactMap { list(tag: $0, in: $1) }
    let listed = tags.value.elements.compactMap { value in
      list(tag: value["name"]?.string, in: LastMembers.Member(value: value))
    }
    return byName + listed
  }

  private static func list(tag: String?, in member: LastMembers.Member) -> TaskList? {
    guard let tasks = member.value["tasks"], tasks.kind == .array else { return nil }
    let keys = member.value.members.map(\.key).filter { $0.isString("tasks") }
    return TaskList(
      tag: tag, tasks: tasks, duplicateKeys: member.duplicateKeys + keys.dropFirst())
  }

  /// Lists by tag, the later of two for the same tag in the place of the earlier.
  private struct Collection {
    private(set) var lists: [TaskList] = []
    private var positions: [String?: Int] = [:]

    mutating func add(_ list: TaskList) {
      if let position = positions[list.tag] {
        lists[position] = list
      } else {
        positions[list.tag] = lists.count
        lists.append(list)
      }
    }
  }
}

/// The members of an object as JavaScript sees them: each key once, with its last value.
private struct LastMembers {
  private(set) var all: [(name: String, member: Member)] = []

  struct Member {
    var value: JSONNode
    /// The keys that repeat an earlier one.
    var duplicateKeys: [JSONNode] = []
  }

  init(of object: JSONNode) {
    var positions: [String: Int] = [:]
    for (key, value) in object.members {
      let name = key.string ?? ""
      if let position = positions[name] {
        all[position].member.value = value
        all[position].member.duplicateKeys.append(key)
      } else {
        positions[name] = all.count
        all.append((name, Member(value: value)))
      }
    }
  }
}
