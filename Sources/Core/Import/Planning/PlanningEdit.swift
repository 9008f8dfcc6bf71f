/// Adds, changes and removes tasks of a plan in YAML that has a file for each of them.
struct PlanningEdit {
  private let path: String
  private let check: TaskChangeCheck
  private let read: (String) throws(PlanError) -> [UInt8]
  /// The new bytes of files; nil for one that goes.
  private(set) var files: [String: [UInt8]?] = [:]

  private var plan: Plan { check.plan }

  /// Reads the plan at a path: a folder of tasks, or one above it.
  ///
  /// `read` gives the bytes of a file that is to be changed.
  init(
    _ path: String, read: @escaping (String) throws(PlanError) -> [UInt8]
  ) throws(PlanError) {
    self.path = path
    self.read = read
    let plan = try PlanningImporter.plan(from: path, directory: "")
    check = TaskChangeCheck(plan: plan, file: path)
  }

  /// Works out a change, in `files`, and returns the id of the task that it is made to.
  ///
  /// Throws when a task is not there or there already, when its file has other tasks too, when
  /// something still needs one that is to be removed, and when the files would not read as the plan
  /// with this change alone.
  mutating func apply(_ change: TaskChange) throws(PlanError) -> TaskID {
    let id: TaskID
    switch change {
    case .add(let wanted, let draft): id = try add(wanted, draft)
    case .edit(let known, let draft):
      id = known
      try edit(id, draft)
    case .remove(let known, let cutsDependents):
      id = known
      try remove(id, cutsDependents: cutsDependents)
    }
    let after = try PlanningImporter.plan(from: path, directory: "", changes: files)
    try check.expect(change, of: id, in: after)
    return id
  }

  // MARK: Adding

  private mutating func add(_ wanted: TaskID?, _ draft: TaskDraft) throws(PlanError) -> TaskID {
    guard
      let folder = PlanningFolder(path, directory: "").tasks.first(where: { $0 != path })
        .flatMap({ file in file.lastIndex(of: "/").map { String(file[..<$0]) } })
    else {
      throw error("the plan is one file", "add the task to it in an editor")
    }
    let id = wanted ?? nextID
    try check.expectNone(id)
    let isName = id.text.utf8.allSatisfy { byte in
      "-_.".utf8.contains(byte) || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
    }
    guard isName, let first = id.text.first, first != "." else {
      throw error("the id \(id) is no name of a file", "use letters, digits and dashes: TASK-007")
    }
    var lines = ["id: \(YAMLText.scalar(id.text))"]
    lines += texts(of: draft).map { "\($0.keys[0]): \(YAMLText.quoted($0.text))" }
    try check.expect(draft.dependencies ?? [])
    let ids = (draft.dependencies ?? []).map { YAMLText.scalar($0.text) }
    lines.append("dependencies: [\(ids.joined(separator: ", "))]")
    files["\(folder)/\(id.text).yaml"] = Array((lines.joined(separator: "\n") + "\n").utf8)
    return id
  }

  /// The number after the highest of the ids like `TASK-001`.
  private var nextID: TaskID {
    let numbers = plan.tasks.compactMap { task in
      task.id.text.hasPrefix("TASK-") ? Int(task.id.text.dropFirst(5)) : nil
    }
    let number = String((numbers.max() ?? 0) &+ 1)
    return TaskID("TASK-" + String(repeating: "0", count: max(0, 3 - number.count)) + number)
  }

  // MARK: Changing

  private mutating func edit(_ id: TaskID, _ draft: TaskDraft) throws(PlanError) {
    let (file, _) = try file(of: id)
    var edit = try YAMLEdit(read(file), file: file)
    for (keys, text) in texts(of: draft) {
      let key = keys.first { edit[$0] != nil } ?? keys[0]
      try edit.set([key], to: YAMLText.quoted(text))
    }
    if let ids = draft.dependencies {
      try check.expect(ids)
      try depend(on: ids, in: &edit)
    }
    files[file] = try edit.result()
  }

  /// Says what a task waits for; what it names already stays as it is written.
  private func depend(on ids: [TaskID], in edit: inout YAMLEdit) throws(PlanError) {
    let key =
      ["dependencies", "depends_on", "dependsOn"].first { edit[$0] != nil } ?? "dependencies"
    var left: [TaskID] = []
    for id in ids where !left.contains(id) { left.append(id) }
    guard let value = edit[key], value.sequence == nil else {
      let elements = edit[key]?.sequence ?? []
      let kept = elements.map { Self.isKept($0, ids) }
      for (element, isKept) in zip(elements, kept) where isKept {
        for mention in Self.mentions(in: element) { left.removeAll { $0.text == mention.name } }
      }
      return try edit.setList(
        key, keeping: { Self.isKept($0, ids) }, adding: left.map { YAMLText.scalar($0.text) })
    }
    let known = Self.mentions(in: value).map { mention in
      (mention: mention, ids: [TaskID(String(mention.name))].filter { plan.index(of: $0) != nil })
    }
    let text = DependencyText.text(naming: left, keeping: known, none: "", name: \.text)
    try edit.set([key], to: text.isEmpty ? "none" : YAMLText.scalar(text))
  }

  private static func mentions(in node: YAMLNode) -> [DependencyText.Mention] {
    (node["id"] ?? node).texts.flatMap { DependencyText.mentions(in: $0[...]) }
  }

  private static func isKept(_ element: YAMLNode, _ ids: [TaskID]) -> Bool {
    let mentions = mentions(in: element)
    return !mentions.isEmpty
      && mentions.allSatisfy { ids.contains(TaskID(String($0.name))) != $0.isSoft }
  }

  /// What is given, with the keys it can have, the usual one first.
  private func texts(of draft: TaskDraft) -> [(keys: [String], text: String)] {
    [
      (["name", "title"], draft.title), (["description", "summary"], draft.description),
      (["details", "notes", "technical_details"], draft.details),
      (["test_strategy", "testing"], draft.testStrategy),
      (["priority"], draft.priority?.rawValue),
    ].compactMap { keys, text in text.map { (keys, $0) } }
  }

  // MARK: Removing

  private mutating func remove(_ id: TaskID, cutsDependents: Bool) throws(PlanError) {
    try check.expectOthers(than: id)
    let (file, place) = try file(of: id)
    let waiting = plan.tasks.filter {
      $0.dependencies.contains(id) || $0.softDependencies.contains(id)
    }.map(\.id)
    let sprints = plan.sprints.filter { $0.tasks.contains(id) }.map(\.id)
    if !cutsDependents {
      let users = waiting.map { "task \($0)" } + sprints.map { "sprint \($0)" }
      guard users.isEmpty else {
        throw PlanError(
          .unsuitable, file: file, place: place,
          problem: "task \(id) is named by \(users.prefix(5).joined(separator: ", "))",
          remedy: "take it out there first, or --force does")
      }
    }
    let keys = ["dependencies", "depends_on", "dependsOn", "soft_dependencies"]
    for task in waiting { try cut(id, from: keys, in: self.file(of: task).path) }
    if !sprints.isEmpty {
      for sprint in PlanningFolder(path, directory: "").sprints {
        try cut(id, from: ["tasks"], in: sprint)
      }
    }
    files[file] = .some(nil)
  }

  /// Takes a task out of the lists in a file.
  private mutating func cut(
    _ id: TaskID, from keys: [String], in file: String
  ) throws(PlanError) {
    let names = { (node: YAMLNode) in
      Self.mentions(in: node).contains { $0.name == id.text }
    }
    let bytes = try read(file)
    var edit = try YAMLEdit(bytes, file: file)
    for key in keys {
      guard let value = edit[key], names(value) || value.sequence?.contains(where: names) == true
      else { continue }
      if value.sequence != nil {
        try edit.setList(key, keeping: { !names($0) }, adding: [])
      } else {
        let left = Self.mentions(in: value).filter { $0.name != id.text }.map { String($0.text) }
        let text = left.isEmpty ? "none" : left.joined(separator: ", ")
        try edit.set([key], to: YAMLText.scalar(text))
      }
    }
    let edited = try edit.result()
    if edited != bytes { files[file] = edited }
  }

  // MARK: Places

  /// The file that has this task and nothing else.
  private func file(of id: TaskID) throws(PlanError) -> (path: String, place: SourcePlace?) {
    let place = plan.tasks[try check.index(of: id)].place
    let file = place?.file ?? path
    let documents = try PlanningImporter.documents(file, directory: "")
    guard documents.count == 1, documents[0].mapping != nil, documents[0]["tasks"] == nil else {
      throw PlanError(
        .unsuitable, file: file, place: place, problem: "the file has more than task \(id)",
        remedy: "change it there in an editor")
    }
    return (file, place)
  }

  private func error(_ problem: String, _ remedy: String) -> PlanError {
    PlanError(.unsuitable, file: path, problem: problem, remedy: remedy)
  }
}
