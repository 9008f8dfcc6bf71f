/// Adds, changes and removes tasks in the bytes of a document in Markdown and leaves every other byte
/// as it is.
struct MarkdownEdit {
  private let bytes: [UInt8]
  private let outline: MarkdownOutline
  private let names: MarkdownNames
  private let check: TaskChangeCheck
  private var edits: [ByteEdit] = []

  private var document: MarkdownDocument { outline.document }
  private var plan: Plan { check.plan }

  /// Reads a document; `name` is what errors call it.
  init(_ bytes: [UInt8], name: String) throws(PlanError) {
    self.bytes = bytes
    outline = MarkdownOutline(of: try MarkdownDocument(parsing: bytes, name: name))
    names = MarkdownNames(of: outline.tasks)
    check = TaskChangeCheck(plan: try MarkdownImporter.plan(from: bytes, name: name), file: name)
  }

  /// Returns the document with a change made, and the id of the task that it was made to.
  ///
  /// Throws when a task is not there or there already, when others wait for one that is to be
  /// removed, when it is not clear where a task ends, and when the document would not read as the
  /// plan with this change alone.
  mutating func apply(_ change: TaskChange) throws(PlanError) -> (bytes: [UInt8], id: TaskID) {
    var change = change
    var id: TaskID
    switch change {
    case .add(let wanted, var draft):
      try prepare(&draft)
      try add(wanted, &draft)
      id = wanted ?? ""
      change = .add(wanted, draft)
    case .edit(let known, var draft):
      id = known
      try prepare(&draft)
      try edit(id, &draft)
      change = .edit(id, draft)
    case .remove(let known, let cutsDependents):
      id = known
      try remove(id, cutsDependents: cutsDependents)
    }
    let edited = ByteEdit.apply(edits, to: bytes)
    let after = try MarkdownImporter.plan(from: edited, name: document.name)
    if case .add(nil, _) = change {
      id = after.tasks.first { plan.index(of: $0.id) == nil }?.id ?? id
    }
    try check.expect(change, of: id, in: after)
    try checkRest(after, edited)
    return (edited, id)
  }

  private func prepare(_ draft: inout TaskDraft) throws(PlanError) {
    try check.expectNone(of: [("details", draft.details)], in: "a plan in Markdown")
    try check.prepare(&draft)
  }

  /// Makes sure that phases and checkpoints stay, and that the document is still taken for a plan.
  private func checkRest(_ after: Plan, _ edited: [UInt8]) throws(PlanError) {
    let stages = { (plan: Plan) in
      plan.stages.map { stage in
        var stage = stage
        stage.place = nil
        return stage
      }
    }
    let kind = { (bytes: [UInt8]) in PlanDetection.format(of: bytes, isMarkdown: true) }
    if stages(after) == stages(plan), kind(edited) == kind(bytes) { return }
    throw unsuitable(nil, "this cannot be changed in place: then the phases would change too")
  }

  private func unsuitable(_ line: Int?, _ problem: String) -> PlanError {
    PlanError(
      .unsuitable, file: document.name,
      place: line.map { SourcePlace(line: $0 + 1, column: 1) }, problem: problem,
      remedy: "change it in an editor")
  }

  private func position(of id: TaskID) throws(PlanError) -> Int {
    _ = try check.index(of: id)
    return names.ids.firstIndex(of: id) ?? 0
  }

  // MARK: Changing

  private mutating func edit(_ id: TaskID, _ draft: inout TaskDraft) throws(PlanError) {
    let index = try position(of: id)
    let block = outline.tasks[index]
    if let title = draft.title {
      edits.append(ByteEdit(document.range(of: block.head.title), title.utf8))
    }
    if draft.description != nil {
      draft.description = try describe(block, draft.descriptionLines)
    }
    if let text = draft.testStrategy { try set(.testStrategy, "Test strategy", text, block) }
    if let text = draft.priority?.rawValue { try set(.priority, "Priority", text, block) }
    if let ids = draft.dependencies { try depend(index, on: ids) }
  }

  private mutating func set(
    _ field: MarkdownField, _ key: String, _ value: String, _ block: MarkdownOutline.Block
  ) throws(PlanError) {
    guard let known = block.fields[field] else {
      return edits.append(MarkdownStatusEdit.insertion(of: key, value, block, document))
    }
    guard known.items.isEmpty else {
      throw unsuitable(known.line.number - 1, "\(key) is a list")
    }
    let range = document.range(of: known.text)
    edits.append(ByteEdit(range, ((range.isEmpty ? " " : "") + value).utf8))
  }

  /// Replaces what is said of a task outside of fields, and returns how that reads.
  private mutating func describe(
    _ block: MarkdownOutline.Block, _ new: [String]
  ) throws(PlanError) -> String {
    let known = outline.proseLines(of: block)
    guard let first = known.first, let last = known.last else {
      let marker = outline.proseMarker(of: block)
      let lines = new.map { marker + $0 }
      edits.append(document.insertion(of: lines, after: block.lines.lowerBound))
      return lines.map { String($0[...].trimmed) }.joined(separator: "\n")
    }
    let isWhole = (first...last).allSatisfy { index in
      switch document.lines[index].kind {
      case .blank: true
      case .item, .plain: known.contains(index)
      case .heading, .row, .code, .rule: false
      }
    }
    guard isWhole else { throw unsuitable(first, "the description stands in several places") }
    let marker = document.marker(of: first) ?? document.whiteSpace(of: first)
    let lines = new.map { marker + $0 }
    if lines.isEmpty {
      edits.append(document.removal(of: first..<last + 1))
    } else {
      let start = document.range(of: document.lines[first].text).lowerBound
      let end = document.range(of: document.lines[last].text).upperBound
      let text = lines.joined(separator: document.lineBreak(at: first))
      edits.append(ByteEdit(start..<end, text.utf8))
    }
    return lines.map { String($0[...].trimmed) }.joined(separator: "\n")
  }

  // MARK: Dependencies

  /// Says what a task waits for; `removed` is named no longer, be it soft.
  private mutating func depend(
    _ index: Int, on ids: [TaskID], without removed: TaskID? = nil
  ) throws(PlanError) {
    let block = outline.tasks[index]
    guard let value = block.fields[.dependencies] else {
      if ids.isEmpty { return }
      let text = DependencyText.text(naming: ids, keeping: [], none: "None", name: name)
      guard let line = outline.independentLine(of: block) else {
        return try set(.dependencies, "Dependencies", text, block)
      }
      return edits.append(ByteEdit(document.range(of: line), "Dependencies: \(text)".utf8))
    }
    guard value.items.isEmpty else {
      throw unsuitable(value.line.number - 1, "the dependencies are a list")
    }
    let known = mentions(in: value.text, of: index).filter { mention in
      removed.map { !mention.ids.contains($0) } ?? true
    }
    let text = DependencyText.text(naming: ids, keeping: known, none: "None", name: name)
    try set(.dependencies, "Dependencies", text, block)
  }

  private func mentions(
    in text: Substring, of index: Int
  ) -> [(mention: DependencyText.Mention, ids: [TaskID])] {
    DependencyText.mentions(in: text) { names.index(of: $0) != nil }.map { mention in
      (mention, names.targets(of: mention.name, before: index).map { names.ids[$0] })
    }
  }

  private func name(_ id: TaskID) -> String {
    outline.tasks.first?.head.form == .named ? "Task \(id)" : id.text
  }

  // MARK: Adding and removing

  private mutating func add(_ wanted: TaskID?, _ draft: inout TaskDraft) throws(PlanError) {
    if let wanted { try check.expectNone(wanted) }
    guard let model = outline.tasks.indices.last, let label = outline.tasks[model].head.label,
      outline.tasks[model].head.title.startIndex >= label.endIndex
    else { throw unsuitable(nil, "its tasks have no numbers, so there is no next one") }
    let block = outline.tasks[model]
    let end = try outline.end(of: model)
    let last = outline.tasks.compactMap { $0.head.label.flatMap { Int($0) } }.max() ?? 0
    let head = outline.headLine(like: block, label: wanted?.text ?? String(last &+ 1), draft.title)
    let style = outline.fieldStyle(of: block)
    var new = [head]
    let marker = outline.proseMarker(of: block)
    let prose = draft.descriptionLines.map { marker + $0 }
    if draft.description != nil {
      draft.description = prose.map { String($0[...].trimmed) }.joined(separator: "\n")
    }
    new += prose
    if let text = draft.priority?.rawValue { new.append(style("Priority", text)) }
    if let text = draft.testStrategy { new.append(style("Test strategy", text)) }
    if draft.dependencies != nil || block.head.form != .named {
      let ids = draft.dependencies ?? []
      let text = DependencyText.text(naming: ids, keeping: [], none: "None", name: name)
      new.append(style("Dependencies", text))
    }
    let gap = Array(repeating: "", count: outline.gap(before: model))
    edits.append(document.insertion(of: gap + new, after: end - 1))
  }

  private mutating func remove(_ id: TaskID, cutsDependents: Bool) throws(PlanError) {
    try check.expectOthers(than: id)
    let index = try position(of: id)
    let dependents = plan.tasks.filter {
      $0.dependencies.contains(id) || $0.softDependencies.contains(id)
    }
    if !cutsDependents { try check.expectUnneeded(id, by: dependents.map(\.id)) }
    if let stage = plan.stages.first(where: { $0.tasks.contains(id) }) {
      throw unsuitable(
        stage.place.map { $0.line - 1 }, "task \(id) is named by the phase '\(stage.name)'")
    }
    for task in dependents {
      let own = try position(of: task.id)
      try depend(own, on: task.dependencies.filter { $0 != id }, without: id)
      guard let value = outline.tasks[own].fields[.softDependencies] else { continue }
      let left = mentions(in: value.text, of: own).filter { !$0.ids.contains(id) }
        .map { String($0.mention.text) }
      let text = left.isEmpty ? "None" : left.joined(separator: ", ")
      try set(.softDependencies, "Soft dependencies", text, outline.tasks[own])
    }
    let block = outline.tasks[index].lines.lowerBound..<(try outline.end(of: index))
    var isFirst = true
    if index > 0 {
      let before = try outline.end(of: index - 1)
      isFirst = !document.lines[before..<max(before, block.lowerBound)].allSatisfy(\.isBlank)
    }
    edits.append(document.removal(ofBlock: block, isFirst: isFirst))
  }
}
