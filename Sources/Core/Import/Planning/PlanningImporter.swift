/// Reads plans in YAML: a file for each task, sprints beside them, and the state of the work.
package enum PlanningImporter {
  /// Reads a folder of tasks, or one file with tasks, below `directory`.
  ///
  /// Statuses come from `.project-state.yaml` where it has them, else from the tasks. A state that
  /// cannot be read is a finding, and its tasks count as pending. Throws when a task file is no YAML.
  package static func plan(from path: String, directory: String) throws(PlanError) -> Plan {
    try plan(from: path, directory: directory, changes: [:])
  }

  /// Reads a plan as it would be with other bytes in some of its files; nil for one that is gone.
  static func plan(
    from path: String, directory: String, changes: [String: [UInt8]?]
  ) throws(PlanError) -> Plan {
    let folder = PlanningFolder(path, directory: directory)
    let known = Set(folder.tasks + folder.sprints)
    let added = changes.keys.filter { !known.contains($0) }
    let tasks = added.isEmpty ? folder.tasks : (folder.tasks + added).sorted()
    guard !tasks.isEmpty else {
      throw PlanError(
        .notFound, file: path, problem: "there is no task in YAML in it",
        remedy: "write each task into a file such as \(path)/TASK-001.yaml")
    }
    var reader = PlanningReader(isAlone: tasks == [path], changes: changes)
    for file in tasks { try reader.readTasks(file, directory: directory) }
    guard !reader.isEmpty else {
      throw PlanError(
        .unsuitable, file: tasks[0], problem: "there is no task in it",
        remedy: "write 'id: TASK-001', 'name: Title' and 'dependencies: []'")
    }
    for file in folder.sprints { try reader.readSprint(file, directory: directory) }
    reader.readState(folder.state, directory: directory)
    return reader.plan(Plan.Origin(file: path, format: .planning))
  }

  /// The documents of a file.
  static func documents(
    _ file: String, directory: String
  ) throws(PlanError) -> [YAMLNode] {
    try documents(of: PlanSource.bytes(of: file, directory: directory), file: file)
  }

  fileprivate static func documents(
    of bytes: [UInt8], file: String
  ) throws(PlanError) -> [YAMLNode] {
    do throws(YAMLError) {
      return try YAML.documents(bytes, file: file)
    } catch {
      throw PlanError(
        .syntax, file: file, place: error.place, problem: error.problem, remedy: error.remedy)
    }
  }
}

/// Collects tasks, sprints and statuses.
private struct PlanningReader {
  private var assembler = SpecAssembler()
  private var sprints: [Sprint] = []
  private var trackNames: [Int: String] = [:]
  /// Whether there is but one file, so that places need not name it.
  private let isAlone: Bool

  /// The bytes of files that are not as they are on the disk; nil for one that is gone.
  private let changes: [String: [UInt8]?]

  init(isAlone: Bool, changes: [String: [UInt8]?]) {
    self.isAlone = isAlone
    self.changes = changes
  }

  private func documents(_ file: String, directory: String) throws(PlanError) -> [YAMLNode] {
    guard let change = changes[file] else {
      return try PlanningImporter.documents(file, directory: directory)
    }
    return try change.map { bytes throws(PlanError) in
      try PlanningImporter.documents(of: bytes, file: file)
    } ?? []
  }

  var isEmpty: Bool { assembler.specs.isEmpty }

  mutating func plan(_ origin: Plan.Origin) -> Plan {
    var plan = assembler.plan(origin)
    plan.sprints = sprints
    plan.trackNames = trackNames
    return plan
  }

  mutating func readTasks(_ file: String, directory: String) throws(PlanError) {
    for document in try documents(file, directory: directory) {
      let list = document["tasks"]?.sequence ?? document.sequence ?? [document]
      for node in list {
        guard node.mapping != nil else {
          if !node.isNull { note(.malformed, node, file, "a task is no mapping", "write 'id: …'") }
          continue
        }
        var task = PlanningTask(node, file: isAlone ? nil : file)
        let name = Self.stem(of: file)
        let isNamed = list.count == 1 && !isAlone
        guard let spec = task.spec(orElse: isNamed ? TaskID(name) : nil) else {
          note(.missingID, node, file, "a task has no id and is left out", "give it an id")
          continue
        }
        for finding in task.findings { assembler.findings.append(finding) }
        assembler.add(spec, dependingOn: task.references)
      }
    }
  }

  private static func stem(of file: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    return String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
  }

  mutating func readSprint(_ file: String, directory: String) throws(PlanError) {
    for node in try documents(file, directory: directory) where node.mapping != nil {
      var sprint = Sprint(id: node["id"]?.text ?? Self.stem(of: file), name: "")
      sprint.name = node["name"]?.text ?? sprint.id
      sprint.track = node["track"]?.integer
      sprint.goal = node["goal"]?.text ?? ""
      sprint.dependencies = (node["dependencies"]?.texts ?? []).filter { $0.folded != "none" }
      for entry in node["tasks"]?.sequence ?? [] {
        guard let text = (entry["id"] ?? entry).text else { continue }
        enter(TaskID(text), into: &sprint, at: entry, file)
      }
      sprints.append(sprint)
    }
    sprints.sort { $0.id < $1.id }
  }

  private mutating func enter(
    _ id: TaskID, into sprint: inout Sprint, at node: YAMLNode, _ file: String
  ) {
    guard assembler.contains(id) else {
      let meant = nearest(id.text, among: assembler.specs.map(\.id.text))
      note(
        .dangling, node, file, "sprint \(sprint.id) has the task \(id), which is not there",
        meant.map { "did you mean '\($0)'?" } ?? "correct the id, or remove it", tasks: [id, id])
      return
    }
    sprint.tasks.append(id)
    let track = sprint.track
    assembler.update(id) { if $0.track == nil { $0.track = track } }
  }

  mutating func readState(_ file: String, directory: String) {
    guard SourceFile.exists(PlanSource.path(file, in: directory)) else { return }
    do throws(PlanError) {
      let documents = try PlanningImporter.documents(file, directory: directory)
      let state = try ProjectState(documents, file: file)
      for (id, entry) in state.tasks {
        assembler.update(id) { spec in
          spec.status = entry.status ?? spec.status
          spec.track = spec.track ?? entry.track
        }
      }
      trackNames = state.trackNames
      for finding in state.findings { assembler.findings.append(finding) }
    } catch {
      assembler.findings.append(
        Finding(
          .warning, .malformed,
          place: error.place.map { SourcePlace(line: $0.line, column: $0.column, file: file) },
          problem:
            "the state of the work cannot be read, and every task counts as pending: \(error.problem)",
          remedy: "repair it, or leave it: a run sets it aside and begins a new one"))
    }
  }

  private mutating func note(
    _ kind: Finding.Kind, _ node: YAMLNode, _ file: String, _ problem: String, _ remedy: String,
    tasks: [TaskID] = []
  ) {
    var place = node.place
    place.file = isAlone ? nil : file
    assembler.findings.append(
      Finding(.warning, kind, tasks: tasks, place: place, problem: problem, remedy: remedy))
  }
}

extension YAMLNode {
  /// The texts of a sequence, or of one text with commas.
  var texts: [String] {
    if let sequence { return sequence.compactMap { ($0["id"] ?? $0).text } }
    return text?.split(separator: ",").map { String($0.trimmed) }.filter { !$0.isEmpty } ?? []
  }
}
