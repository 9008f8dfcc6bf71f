/// One list of tasks in a task file, and the tag it is for.
struct TaskList {
  /// Nil for a list that is not below a tag.
  var tag: String?
  /// The array of tasks.
  var tasks: JSONNode

  /// The task lists of a document, in its order.
  ///
  /// An array is a list itself. In an object, `tasks` and `data.tasks` are lists without a tag; every
  /// other key whose value has `tasks` is a tag, as are the entries of `tags`, an object by name or an
  /// array of objects with `name`. Of a key that is there twice the last one counts.
  static func all(in document: JSONDocument) -> [TaskList] {
    let root = document.root
    if root.kind == .array { return [TaskList(tasks: root)] }
    var found = Collection()
    for (key, value) in root.members {
      let name = key.string ?? ""
      if name == "tasks", value.kind == .array {
        found.add(TaskList(tasks: value))
      } else if name == "tags" {
        for list in wrapped(in: value) { found.add(list) }
      }
      if let tasks = value["tasks"], tasks.kind == .array {
        found.add(TaskList(tag: name == "data" ? nil : name, tasks: tasks))
      }
    }
    return found.lists
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

  private static func wrapped(in tags: JSONNode) -> [TaskList] {
    let byName = tags.members.compactMap { key, value in list(tag: key.string, in: value) }
    return byName + tags.elements.compactMap { list(tag: $0["name"]?.string, in: $0) }
  }

  private static func list(tag: String?, in value: JSONNode) -> TaskList? {
    guard let tasks = value["tasks"], tasks.kind == .array else { return nil }
    return TaskList(tag: tag, tasks: tasks)
  }
}
