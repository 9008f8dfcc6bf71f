/// What `.project-state.yaml` says about a project.
struct ProjectState {
  private(set) var tasks: [TaskID: Entry] = [:]
  private(set) var trackNames: [Int: String] = [:]
  private(set) var findings: [Finding] = []

  struct Entry: Equatable {
    var status: TaskStatus?
    var track: Int?
    var startedAt: String?
  }

  /// Reads a state; throws when it is none: no mapping, or `tasks` is none.
  init(_ documents: [YAMLNode], file: String) throws(PlanError) {
    guard documents.count == 1, let root = documents.first, root.mapping != nil else {
      throw Self.damaged(documents.first?.place, file)
    }
    if let node = root["tasks"], !node.isNull {
      guard let entries = node.mapping else { throw Self.damaged(node.place, file) }
      for entry in entries { read(entry, file: file) }
    }
    for entry in root["parallel_tracks"]?["track_info"]?.mapping ?? [] {
      if let number = Int(entry.key), let name = entry.value["name"]?.text {
        trackNames[number] = name
      }
    }
  }

  private mutating func read(_ entry: YAMLNode.Entry, file: String) {
    let node = entry.value["status"]
    let text = node?.text
    let status = text.flatMap(Self.status)
    if let text, status == nil, let place = node?.place {
      findings.append(
        Finding(
          .warning, .unknownStatus, tasks: [TaskID(entry.key)],
          place: SourcePlace(line: place.line, column: place.column, file: file),
          problem: "task \(entry.key) has the unknown status '\(text)' and counts as pending",
          remedy: "use pending, in_progress, completed or failed"))
    }
    tasks[TaskID(entry.key)] = Entry(
      status: text == nil ? nil : status ?? .pending, track: entry.value["track"]?.integer,
      startedAt: entry.value["started_at"]?.text)
  }

  private static func damaged(_ place: SourcePlace?, _ file: String) -> PlanError {
    PlanError(
      .unsuitable, file: file, place: place, problem: "it is no mapping with tasks",
      remedy: "repair it, or remove it")
  }

  /// A status as the state words it: `failed` is worked on again.
  static func status(_ text: String) -> TaskStatus? {
    text.folded == "failed" ? .pending : TaskWords.status(text)
  }

  /// The word of a state for a status.
  static func word(for status: TaskStatus) -> String {
    switch status {
    case .pending: "pending"
    case .inProgress: "in_progress"
    case .done: "completed"
    case .review, .deferred, .cancelled, .blocked: status.rawValue
    }
  }
}
