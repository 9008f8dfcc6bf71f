/// Reads plans out of documents in Markdown that describe their tasks.
///
/// A task begins with a heading or a line in bold, `Task 3: Title`, or with a heading that has fields
/// such as `Dependencies:` below it. What a task states in fields is read; everything else that
/// stands below it becomes its description.
package enum MarkdownImporter {
  /// Reads the plan in a text; `name` is what errors call it.
  ///
  /// Throws when the text is no UTF-8 or describes no task. Cost: O(bytes).
  package static func plan(from bytes: [UInt8], name: String) throws(PlanError) -> Plan {
    let outline = MarkdownOutline(of: try MarkdownDocument(parsing: bytes, name: name))
    guard !outline.tasks.isEmpty else {
      throw PlanError(
        .unsuitable, file: name, problem: "it describes no task",
        remedy: "write headings such as '### Task 1: Title', and '- Dependencies: Task 2' below")
    }
    var reader = MarkdownReader(outline)
    return reader.plan()
  }
}

/// Makes a plan of the tasks of a document.
private struct MarkdownReader {
  private let outline: MarkdownOutline
  private let names: MarkdownNames
  private var findings = FindingList()

  init(_ outline: MarkdownOutline) {
    self.outline = outline
    names = MarkdownNames(of: outline.tasks)
  }

  mutating func plan() -> Plan {
    var specs: [TaskSpec] = []
    var known: [TaskID: Int] = [:]
    for (index, block) in outline.tasks.enumerated() {
      let id = names.ids[index]
      if let line = known.updateValue(line(of: block).number, forKey: id) {
        noteDuplicate(id, block, firstLine: line)
        known[id] = line
      } else {
        specs.append(spec(index, block))
      }
    }
    var stages = MarkdownStages(of: outline, names)
    stages.read()
    for index in specs.indices { stages.describe(&specs[index]) }
    var plan = Plan(
      origin: Plan.Origin(file: outline.document.name, format: .markdown), tasks: specs,
      findings: findings.sorted())
    plan.stages = stages.stages
    plan.findings += plan.cycleFindings()
    return plan
  }

  private func line(of block: MarkdownOutline.Block) -> MarkdownDocument.Line {
    outline.document.lines[block.lines.lowerBound]
  }

  private mutating func spec(_ index: Int, _ block: MarkdownOutline.Block) -> TaskSpec {
    let id = names.ids[index]
    let line = line(of: block)
    var spec = TaskSpec(
      id: id, title: String(block.head.title), status: status(of: id, block),
      priority: block.fields[.priority].flatMap { TaskWords.priority(String($0.text)) },
      estimate: estimate(of: id, block), files: MarkdownText.files(block.fields[.files]),
      place: SourcePlace(line: line.number, column: line.indent + 1))
    spec.worker = block.fields[.worker].map { String($0.text.unmarked) }
    spec.text.description = block.prose.joined(separator: "\n")
    spec.text.acceptanceCriteria = (block.fields[.criteria]?.texts ?? []).map(String.init)
    spec.text.testStrategy = (block.fields[.testStrategy]?.texts ?? []).joined(separator: "\n")
    addDependencies(of: index, block, to: &spec)
    return spec
  }

  private mutating func addDependencies(
    of index: Int, _ block: MarkdownOutline.Block, to spec: inout TaskSpec
  ) {
    let stated = [MarkdownField.dependencies, .softDependencies].compactMap { field in
      block.fields[field].map { (field == .softDependencies, $0) }
    }
    for (isSoft, value) in stated {
      let mentions = value.texts.flatMap {
        DependencyText.mentions(in: $0) { names.index(of: $0) != nil }
      }
      for mention in mentions {
        let targets = names.targets(of: mention.name, before: index)
        if targets.isEmpty { noteDangling(mention.name, of: spec.id, value.line) }
        for target in targets.map({ names.ids[$0] }) {
          if target == spec.id { noteSelf(spec.id, value.line) }
          spec.add(target, isSoft: isSoft || mention.isSoft)
        }
      }
    }
  }

  private mutating func status(of id: TaskID, _ block: MarkdownOutline.Block) -> TaskStatus {
    if let mark = block.head.checkbox { return CheckboxMark.status(mark) ?? .pending }
    guard let value = block.fields[.status] else { return .pending }
    let word = MarkdownText.statusWord(in: value.text)
    if let status = TaskWords.status(String(word)) { return status }
    // Free text about the state of things is no status; only a slip of the pen is worth a word.
    if let nearest = TaskWords.nearestStatus(to: String(word)) {
      findings.append(
        Finding(
          .warning, .unknownStatus, tasks: [id],
          place: outline.document.place(of: value.text, in: value.line),
          problem: "task \(id) has the unknown status '\(word)' and counts as pending",
          remedy: "did you mean '\(nearest)'?"))
    }
    return .pending
  }

  private mutating func estimate(of id: TaskID, _ block: MarkdownOutline.Block) -> Duration? {
    guard let value = block.fields[.estimate] else { return nil }
    if let duration = MarkdownText.estimate(value.text) { return duration }
    findings.append(
      Finding(
        .warning, .malformed, tasks: [id],
        place: outline.document.place(of: value.text, in: value.line),
        problem: "the estimate '\(value.text)' is not understood",
        remedy: "write it like 30 minutes, 4h or 1h 30m"))
    return nil
  }

  private mutating func noteDangling(
    _ name: Substring, of id: TaskID, _ line: MarkdownDocument.Line
  ) {
    let words = (0..<names.ids.count).map { names.ids[$0].text }
    findings.append(
      Finding(
        .warning, .dangling, tasks: [id, TaskID(String(name))],
        place: SourcePlace(line: line.number, column: line.indent + 1),
        problem: "task \(id) depends on '\(name)', which is no task here; it does not wait for it",
        remedy: nearest(String(name), among: words).map { "did you mean '\($0)'?" }
          ?? "correct the name, or remove it"))
  }

  private mutating func noteSelf(_ id: TaskID, _ line: MarkdownDocument.Line) {
    findings.append(
      Finding(
        .warning, .selfDependency, tasks: [id],
        place: SourcePlace(line: line.number, column: line.indent + 1),
        problem: "task \(id) depends on itself; that is left out", remedy: "remove it"))
  }

  private mutating func noteDuplicate(
    _ id: TaskID, _ block: MarkdownOutline.Block, firstLine: Int
  ) {
    findings.append(
      Finding(
        .warning, .duplicateID, tasks: [id],
        place: SourcePlace(line: line(of: block).number, column: 1),
        problem:
          "the id \(id) is there more than once, first in line \(firstLine); the first counts",
        remedy: "give one of them another id"))
  }
}

extension TaskSpec {
  /// Adds a dependency, unless it is there already or is the task itself.
  mutating func add(_ id: TaskID, isSoft: Bool) {
    if id == self.id || dependencies.contains(id) { return }
    if isSoft {
      if !softDependencies.contains(id) { softDependencies.append(id) }
    } else {
      softDependencies.removeAll { $0 == id }
      dependencies.append(id)
    }
  }
}
