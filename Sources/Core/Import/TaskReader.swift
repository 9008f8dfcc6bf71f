/// Reads the objects of a task list one by one into tasks that have no dependencies yet.
struct TaskReader {
  private var fields: TaskFields
  private(set) var findings = FindingList()
  /// Whether subtasks become part of the text of their task.
  private let summarisesSubtasks: Bool

  /// What a subtask needs to know of its task.
  struct Parent {
    var id: TaskID
    var status: TaskStatus
  }

  init(document: JSONDocument, summarisesSubtasks: Bool) {
    fields = TaskFields(document: document)
    self.summarisesSubtasks = summarisesSubtasks
  }

  /// Reads a task, or a subtask of `parent`; nil and a finding when it has no id.
  mutating func task(_ node: JSONNode, of parent: Parent? = nil) -> TaskSpec? {
    guard node.kind == .object else {
      note(
        .malformed, node, "an entry of the list is no object", "write a task, or remove the entry")
      return nil
    }
    fields.read(node)
    for key in fields.duplicateKeys { noteDuplicate(key) }
    guard let id = identifier(of: node, parent: parent) else { return nil }
    let metadata = fields[.metadata]
    let settings = metadata?["lanes"]
    let status = status(of: id, parent: parent)
    var text = prose()
    if summarisesSubtasks { text.subtasks = summaries(of: id, isDone: status.satisfiesDependents) }
    var spec = TaskSpec(
      id: id, title: title(orElse: text.description, id: id), status: status,
      priority: fields[.priority]?.string.flatMap(TaskWords.priority), text: text,
      command: command(settings, task: id), estimate: estimate(settings),
      files: files(metadata: metadata, settings: settings), parent: parent?.id, place: node.place)
    spec.worker =
      settings?["worker"]?.string ?? fields[.worker]?.string ?? fields[.agentHint]?.string
    spec.track = settings?["track"]?.integer
    spec.complexity = complexity(
      settings?["complexity"] ?? fields[.complexityScore] ?? fields[.complexity])
    spec.tags = fields[.tags]?.elements.compactMap(\.string) ?? []
    spec.resources = resources(settings, task: id)
    spec.repository = settings?["repo"]?.string ?? node["repo"]?.string
    return spec
  }

  /// A number from 1 to 10, or the word for one.
  private func complexity(_ value: JSONNode?) -> Int? {
    guard let value else { return nil }
    if let number = value.number, number.isFinite { return Int(min(100, max(0, number)).rounded()) }
    return switch value.string?.lowercased() {
    case "simple": 2
    case "moderate": 5
    case "complex": 8
    case "very-complex": 10
    default: nil
    }
  }

  /// What the task last read says about dependencies.
  var dependencies: JSONNode? {
    let usual = fields[.dependencies]
    if let usual, !isEmpty(usual) { return usual }
    return fields[.dependsOn] ?? fields[.dependsOnSnake] ?? usual
  }

  /// The array of the subtasks of the task last read.
  var subtasks: JSONNode? { fields[.subtasks].flatMap { $0.kind == .array ? $0 : nil } }

  /// The id a value stands for: text without white space around it, or a number.
  ///
  /// Whole numbers are written without a fraction, whatever their form: `1.0` is `1`.
  static func id(_ value: JSONNode) -> TaskID? {
    if let text = value.string {
      let text = TaskWords.trimmed(text)
      return text.isEmpty ? nil : TaskID(text)
    }
    guard let text = value.numberText else { return nil }
    if value.isDigits { return TaskID(text) }
    guard let number = value.number else { return TaskID(text) }
    return TaskID(Int(exactly: number).map(String.init) ?? String(number))
  }

  /// The id of a subtask: its own when that names its task already, else behind the task's.
  static func subtaskID(_ own: TaskID, of task: TaskID) -> TaskID {
    own.text.utf8.starts(with: (task.text + ".").utf8) ? own : TaskID(task.text + "." + own.text)
  }

  private mutating func identifier(of node: JSONNode, parent: Parent?) -> TaskID? {
    guard let own = fields[.id].flatMap(Self.id) else {
      note(
        .missingID, node,
        "\(parent.map { "a subtask of \($0.id)" } ?? "a task") has no id and is left out",
        "give it an id that no other has")
      return nil
    }
    return parent.map { Self.subtaskID(own, of: $0.id) } ?? own
  }

  private func isEmpty(_ value: JSONNode) -> Bool {
    switch value.kind {
    case .array: value.elements.first { _ in true } == nil
    case .null: true
    case .string: TaskWords.trimmed(value.string ?? "").isEmpty
    case .object, .number, .bool: false
    }
  }

  private mutating func status(of id: TaskID, parent: Parent?) -> TaskStatus {
    let stated = statedStatus(of: id)
    guard let parent, parent.status.satisfiesDependents else { return stated ?? .pending }
    if let stated, !stated.satisfiesDependents, let node = fields[.status] {
      findings.append(
        Finding(
          .note, .subtask, tasks: [id], place: node.place,
          problem:
            "subtask \(id) is \(stated.rawValue), but its task is \(parent.status.rawValue), so it counts as finished",
          remedy: "set the task to pending to have the subtask run"))
    }
    return parent.status
  }

  private mutating func statedStatus(of id: TaskID) -> TaskStatus? {
    guard let value = fields[.status], !value.isNull else { return nil }
    let text = value.string ?? value.numberText ?? "\(value.kind)"
    if let status = TaskWords.status(text) { return status }
    if findings.hasRoom() { findings.append(unknownStatus(text, of: id, at: value)) }
    return .pending
  }

  private func unknownStatus(_ text: String, of id: TaskID, at value: JSONNode) -> Finding {
    let nearest = TaskWords.nearestStatus(to: text).map { "did you mean '\($0)'?" }
    let known = TaskStatus.allCases.map(\.rawValue).joined(separator: ", ")
    return Finding(
      .warning, .unknownStatus, tasks: [id], place: value.place,
      problem: "task \(id) has the unknown status '\(text)' and counts as pending",
      remedy: nearest ?? "use one of \(known)")
  }
}

// The parts of a task that only describe it.
extension TaskReader {
  private mutating func prose() -> TaskText {
    var text = TaskText()
    text.description = string(.description)
    text.details = string(.details)
    text.testStrategy = string(fields[.testStrategy] == nil ? .testStrategySnake : .testStrategy)
    if let criteria = fields[.acceptanceCriteria] ?? fields[.acceptanceCriteriaSnake] {
      text.acceptanceCriteria = strings(criteria)
    }
    return text
  }

  private func title(orElse description: String, id: TaskID) -> String {
    let stated = fields[.title]?.string ?? fields[.name]?.string ?? ""
    if !stated.isEmpty { return stated }
    let line = description.prefix { !$0.isNewline }
    return line.isEmpty ? id.text : String(line.prefix(80))
  }

  /// A text field; a list of texts becomes lines.
  private mutating func string(_ field: TaskField) -> String {
    guard let value = fields[field] else { return "" }
    switch value.kind {
    case .string: return value.string ?? ""
    case .number: return value.numberText ?? ""
    case .array: return strings(value).joined(separator: "\n")
    case .null: return ""
    case .object, .bool:
      note(.malformed, value, "'\(field.key)' is no text and is left out", "write it as text")
      return ""
    }
  }

  /// The texts of a list, or the one text there is instead.
  private func strings(_ value: JSONNode) -> [String] {
    value.string.map { $0.isEmpty ? [] : [$0] } ?? value.elements.compactMap(\.string)
  }

  private mutating func command(_ settings: JSONNode?, task: TaskID) -> String? {
    guard let settings else { return nil }
    let known = [
      "command", "files", "estimate", "repo", "worker", "complexity", "track", "resources",
    ]
    for (key, _) in settings.members {
      let name = key.string ?? ""
      if known.contains(name) { continue }
      note(
        .malformed, key, "metadata.lanes of task \(task) has the unknown key '\(name)'",
        nearest(name, among: known).map { "did you mean '\($0)'?" }
          ?? "use \(known.joined(separator: ", "))")
    }
    guard let value = settings["command"], !value.isNull else { return nil }
    if value.string == nil {
      note(.malformed, value, "the command of task \(task) is no text", "write it as text")
    }
    return value.string
  }

  private mutating func resources(_ settings: JSONNode?, task: TaskID) -> TaskResources {
    guard let node = settings?["resources"], !node.isNull else { return TaskResources() }
    let known = ["cpus", "memory", "gpus", "partition", "licenses"]
    for (key, value) in node.members {
      let name = key.string ?? ""
      if known.contains(name) { continue }
      note(
        .malformed, value, "the resources of task \(task) have the unknown key '\(name)'",
        nearest(name, among: known).map { "did you mean '\($0)'?" }
          ?? "use \(known.joined(separator: ", "))")
    }
    let memory = node["memory"]
    let mebibytes = memory?.integer ?? memory?.string.flatMap(TaskResources.mebibytes)
    if let memory, mebibytes == nil {
      note(
        .malformed, memory, "the memory of task \(task) is not understood",
        "write it like 512M or 4G")
    }
    return TaskResources(
      cpus: count(node["cpus"], task), memory: mebibytes, gpus: count(node["gpus"], task),
      partition: node["partition"]?.string, licenses: node["licenses"]?.string)
  }

  private mutating func count(_ node: JSONNode?, _ task: TaskID) -> Int? {
    guard let node, !node.isNull else { return nil }
    if let number = node.integer, number >= 0 { return number }
    note(.malformed, node, "a resource of task \(task) is no number", "write a whole number")
    return nil
  }

  private mutating func estimate(_ settings: JSONNode?) -> Duration? {
    let stated =
      settings?["estimate"] ?? fields[.estimate] ?? fields[.estimatedHours]
      ?? fields[.estimatedHoursSnake] ?? fields[.dHours]
    guard let value = stated else { return fields[.effort]?.number.flatMap(EstimateText.hours) }
    if let hours = value.number { return EstimateText.hours(hours) }
    guard let text = value.string else { return nil }
    let duration = EstimateText.duration(text)
    if duration == nil {
      note(
        .malformed, value, "the estimate '\(text)' is not understood",
        "write it like 30m, 4h or 1h 30m")
    }
    return duration
  }

  private func files(metadata: JSONNode?, settings: JSONNode?) -> [String] {
    var list = FileList()
    list.add(settings?["files"])
    list.add(metadata?["files"])
    for field in [TaskField.relevantFiles, .files, .file, .touches] { list.add(fields[field]) }
    if summarisesSubtasks, let subtasks {
      for subtask in subtasks.elements {
        for key in ["files", "file", "touches"] { list.add(subtask[key]) }
      }
    }
    return list.paths
  }

  private func summaries(of task: TaskID, isDone: Bool) -> [TaskText.Subtask] {
    guard let subtasks else { return [] }
    return subtasks.elements.compactMap { node in
      guard let own = node["id"].flatMap(Self.id) else { return nil }
      let status = node["status"]?.string.flatMap(TaskWords.status)
      return TaskText.Subtask(
        id: Self.subtaskID(own, of: task).text,
        title: node["title"]?.string ?? node["description"]?.string ?? "",
        isDone: isDone || status?.satisfiesDependents == true)
    }
  }

  private mutating func note(
    _ kind: Finding.Kind, _ node: JSONNode, _ problem: @autoclosure () -> String,
    _ remedy: @autoclosure () -> String
  ) {
    guard findings.hasRoom() else { return }
    findings.append(
      Finding(.warning, kind, place: node.place, problem: problem(), remedy: remedy()))
  }

  private mutating func noteDuplicate(_ key: JSONNode) {
    note(
      .duplicateKey, key, "the key '\(key.string ?? "")' is there twice, and the last one counts",
      "remove one of them")
  }
}

/// Paths in the order they are named, each once.
private struct FileList {
  private(set) var paths: [String] = []
  private var known: Set<String> = []

  /// Adds a path, a list of paths or a list of objects with `path`; files only read are left out.
  mutating func add(_ value: JSONNode?) {
    guard let value else { return }
    if let path = value.string { insert(path) }
    for element in value.elements {
      if let path = element.string { insert(path) }
      if element["action"]?.string != "reference", let path = element["path"]?.string {
        insert(path)
      }
    }
  }

  private mutating func insert(_ path: String) {
    let path = TaskWords.trimmed(path)
    if !path.isEmpty, known.insert(path).inserted { paths.append(path) }
  }
}
