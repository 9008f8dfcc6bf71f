import Glibc

/// Adds, changes and removes tasks of a plan in YAML that has a file for each of them.
struct PlanningEdit {
  private let path: String
  private let plan: Plan

  /// Reads the plan at a path: a folder of tasks, or one above it.
  init(_ path: String) throws(PlanError) {
    self.path = path
    plan = try PlanningImporter.plan(from: path, directory: "")
  }

  /// Makes a change and returns the id of the task that it was made to.
  ///
  /// Throws when a task is not there or there already, when its file has other tasks too, and when
  /// something still needs one that is to be removed.
  func apply(_ change: TaskChange) throws(PlanError) -> TaskID {
    switch change {
    case .add(let id, let draft): return try add(id, draft)
    case .edit(let id, let draft):
      try edit(id, draft)
      return id
    case .remove(let id, _):
      try remove(id)
      return id
    }
  }

  // MARK: Adding

  private func add(_ wanted: TaskID?, _ draft: TaskDraft) throws(PlanError) -> TaskID {
    guard
      let folder = PlanningFolder(path, directory: "").tasks.first(where: { $0 != path })
        .flatMap({ file in file.lastIndex(of: "/").map { String(file[..<$0]) } })
    else {
      throw error("the plan is one file", "add the task to it in an editor")
    }
    let id = wanted ?? nextID
    if plan.index(of: id) != nil {
      throw error("there is a task \(id) already", "choose another id, or leave it out")
    }
    let isName = id.text.utf8.allSatisfy { byte in
      "-_.".utf8.contains(byte) || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
    }
    guard isName, let first = id.text.first, first != "." else {
      throw error("the id \(id) is no name of a file", "use letters, digits and dashes: TASK-007")
    }
    var lines = ["id: \(YAMLText.scalar(id.text))"]
    lines += texts(of: draft).map { "\($0.keys[0]): \(YAMLText.quoted($0.text))" }
    let ids = try known(draft.dependencies ?? []).map { YAMLText.scalar($0.text) }
    lines.append("dependencies: [\(ids.joined(separator: ", "))]")
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    try writing("\(folder)/\(id.text).yaml") { file throws(SourceFile.Failure) in
      try NewFile.write(bytes, to: file)
    }
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

  private func known(_ ids: [TaskID]) throws(PlanError) -> [TaskID] {
    for id in ids { _ = try index(of: id) }
    return ids
  }

  // MARK: Changing

  private func edit(_ id: TaskID, _ draft: TaskDraft) throws(PlanError) {
    let (file, place) = try file(of: id)
    if draft.dependencies != nil {
      throw PlanError(
        .unsuitable, file: file, place: place,
        problem: "dependencies in YAML cannot be changed from here", remedy: "change them there")
    }
    var bytes: [UInt8] = []
    try writing(file) { file throws(SourceFile.Failure) in bytes = try SourceFile.read(file) }
    var edit = try YAMLEdit(bytes, file: file)
    for (keys, text) in texts(of: draft) {
      let key = keys.first { edit[$0] != nil } ?? keys[0]
      try edit.set([key], to: YAMLText.quoted(text))
    }
    let edited = try edit.result()
    try writing(file) { file throws(SourceFile.Failure) in
      _ = try FileReplacement(of: file).write(edited)
    }
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

  private func remove(_ id: TaskID) throws(PlanError) {
    let (file, place) = try file(of: id)
    let waiting = plan.tasks.filter { $0.dependencies.contains(id) }.map(\.id.text)
    let sprints = plan.sprints.filter { $0.tasks.contains(id) }.map(\.id)
    let users = waiting.map { "task \($0)" } + sprints.map { "sprint \($0)" }
    guard users.isEmpty else {
      throw PlanError(
        .unsuitable, file: file, place: place,
        problem: "task \(id) is named by \(users.prefix(5).joined(separator: ", "))",
        remedy: "take it out there first")
    }
    try writing(file) { file throws(SourceFile.Failure) in
      guard unlink(file) == 0 else { throw .system(errno) }
    }
  }

  // MARK: Places

  private func index(of id: TaskID) throws(PlanError) -> Int {
    if let index = plan.index(of: id) { return index }
    let meant = nearest(id.text, among: plan.tasks.map(\.id.text))
    throw PlanError(
      .lostTask, file: path, problem: "there is no task \(id)",
      remedy: meant.map { "did you mean \($0)?" } ?? "lanes task list shows them")
  }

  /// The file that has this task and nothing else.
  private func file(of id: TaskID) throws(PlanError) -> (path: String, place: SourcePlace?) {
    let place = plan.tasks[try index(of: id)].place
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

  private func writing(
    _ file: String, _ body: (String) throws(SourceFile.Failure) -> Void
  ) throws(PlanError) {
    do throws(SourceFile.Failure) {
      try body(file)
    } catch {
      throw PlanError(
        .unwritable, file: file, problem: "it cannot be changed: \(error)",
        remedy: "check the file and the permissions of its folder")
    }
  }
}
