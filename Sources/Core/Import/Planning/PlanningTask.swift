/// One task in YAML.
struct PlanningTask {
  private let node: YAMLNode
  /// The file it is in, when places have to name it.
  private let file: String?
  private(set) var findings: [Finding] = []

  init(_ node: YAMLNode, file: String?) {
    self.node = node
    self.file = file
  }

  /// The task; nil when it has no id and no other is given.
  mutating func spec(orElse name: TaskID?) -> TaskSpec? {
    guard let id = first("id")?.text.map({ TaskID(String($0[...].trimmed)) }) ?? name else {
      return nil
    }
    var spec = TaskSpec(
      id: id, title: first("name", "title")?.text ?? id.text, status: status(of: id),
      priority: first("priority")?.text.flatMap(TaskWords.priority), estimate: estimate(),
      files: files(), place: place(of: node))
    spec.worker = first("type", "worker", "worker_type", "agent")?.text
    spec.track = first("track")?.integer
    spec.command = first("lanes")?["command"]?.text
    spec.text.description = prose("description", "summary")
    spec.text.details = prose("details", "notes", "technical_details")
    spec.text.testStrategy = prose("test_strategy", "testing")
    spec.text.acceptanceCriteria = list("acceptance_criteria", "criteria")
    return spec
  }

  /// What the task depends on, as written.
  var references: [SpecAssembler.Reference] {
    let hard = references("dependencies", "depends_on", "dependsOn")
    return hard
      + references("soft_dependencies").map { reference in
        var reference = reference
        reference.isSoft = true
        return reference
      }
  }

  private func references(_ keys: String...) -> [SpecAssembler.Reference] {
    guard let value = keys.lazy.compactMap({ node[$0] }).first else { return [] }
    let nodes = value.sequence ?? [value]
    return nodes.flatMap { entry in
      (entry["id"] ?? entry).texts.flatMap { text in
        DependencyText.mentions(in: text[...]).map {
          SpecAssembler.Reference(
            name: String($0.name), isSoft: $0.isSoft, place: place(of: entry))
        }
      }
    }
  }

  private func first(_ keys: String...) -> YAMLNode? {
    keys.lazy.compactMap { node[$0] }.first { !$0.isNull }
  }

  private func place(of node: YAMLNode) -> SourcePlace {
    SourcePlace(line: node.place.line, column: node.place.column, file: file)
  }

  private mutating func status(of id: TaskID) -> TaskStatus {
    guard let value = first("status"), let text = value.text else { return .pending }
    if let status = TaskWords.status(text) { return status }
    let known = TaskStatus.allCases.map(\.rawValue).joined(separator: ", ")
    findings.append(
      Finding(
        .warning, .unknownStatus, tasks: [id], place: place(of: value),
        problem: "task \(id) has the unknown status '\(text)' and counts as pending",
        remedy: TaskWords.nearestStatus(to: text).map { "did you mean '\($0)'?" }
          ?? "use one of \(known)"))
    return .pending
  }

  private mutating func estimate() -> Duration? {
    guard let value = first("estimated_hours", "estimate", "hours", "duration_hours"),
      let text = value.text
    else { return nil }
    if let duration = Double(text).map(EstimateText.hours) ?? MarkdownText.estimate(text[...]) {
      return duration
    }
    findings.append(
      Finding(
        .warning, .malformed, place: place(of: value),
        problem: "the estimate '\(text)' is not understood",
        remedy: "write hours, such as 6, or a time such as 30m"))
    return nil
  }

  private func files() -> [String] {
    var paths: [String] = []
    for key in ["files", "files_affected", "files_to_modify", "touches"] {
      for entry in node[key]?.sequence ?? node[key].map({ [$0] }) ?? [] {
        for path in (entry["path"] ?? entry).texts where !paths.contains(path) {
          paths.append(path)
        }
      }
    }
    return paths
  }

  private func list(_ keys: String...) -> [String] {
    guard let value = keys.lazy.compactMap({ node[$0] }).first else { return [] }
    return value.sequence?.compactMap { entry in
      entry.text ?? entry.mapping?.compactMap { $0.value.text }.joined(separator: ": ")
    } ?? value.text.map { [$0] } ?? []
  }

  private func prose(_ keys: String...) -> String {
    guard let value = keys.lazy.compactMap({ node[$0] }).first else { return "" }
    return value.text ?? value.sequence?.compactMap(\.text).joined(separator: "\n") ?? ""
  }
}
