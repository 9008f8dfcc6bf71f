/// Adds, changes and removes tasks in the bytes of `tasks.md` files and leaves every other byte as it
/// is.
struct SpecEdit {
  private let path: String
  private let sources: [Source]
  private let outlines: [SpecOutline]
  private let check: TaskChangeCheck
  private var edits: [Int: [ByteEdit]] = [:]
  /// The tasks whose place alone says what they wait for, and whose place changes.
  private var followers: Set<TaskID> = []

  /// A file as it was read.
  struct Source {
    var file: SpecFolder.File
    var bytes: [UInt8]
  }

  /// An entry of one of the files.
  private struct Position {
    var file: Int
    var entry: Int
  }

  /// Takes the files of the specs at a path.
  init(_ path: String, _ sources: [Source]) throws(PlanError) {
    self.path = path
    self.sources = sources
    var outlines: [SpecOutline] = []
    for source in sources {
      let document = try MarkdownDocument(parsing: source.bytes, name: source.file.path)
      outlines.append(SpecOutline(of: document))
    }
    self.outlines = outlines
    check = TaskChangeCheck(plan: try Self.plan(path, sources), file: path)
  }

  private static func plan(_ path: String, _ sources: [Source]) throws(PlanError) -> Plan {
    var rest = sources[...]
    return try SpecImporter.plan(from: path, files: sources.map(\.file)) { _ in
      rest.popFirst()?.bytes ?? []
    }
  }

  /// Returns the files with a change made, nil for those that stay as they are, and the id of the
  /// task that it was made to.
  ///
  /// Throws when a task is not there or there already, when others wait for one that is to be
  /// removed, and when the files would not read as the plan with this change alone.
  mutating func apply(
    _ change: TaskChange
  ) throws(PlanError) -> (files: [[UInt8]?], id: TaskID) {
    var change = change
    let id: TaskID
    switch change {
    case .add(let wanted, var draft):
      try prepare(&draft)
      id = try add(wanted, draft)
      change = .add(id, draft)
    case .edit(let known, var draft):
      id = known
      try prepare(&draft)
      try edit(known, draft)
      change = .edit(id, draft)
    case .remove(let known, let cutsDependents):
      id = known
      try remove(known, cutsDependents: cutsDependents)
    }
    var edited = sources
    for (file, edits) in edits {
      edited[file].bytes = ByteEdit.apply(edits, to: sources[file].bytes)
    }
    try check.expect(change, of: id, in: try Self.plan(path, edited), followers: followers)
    try checkKind(of: edited)
    return (zip(sources, edited).map { $0.bytes == $1.bytes ? nil : $1.bytes }, id)
  }

  /// Trims what is said, and refuses what `tasks.md` cannot hold.
  private func prepare(_ draft: inout TaskDraft) throws(PlanError) {
    try check.expectNone(
      of: [
        ("details", draft.details), ("test-strategy", draft.testStrategy),
        ("priority", draft.priority?.rawValue),
      ], in: "a tasks.md of spec-workflow")
    try check.expectOneLine(draft.title, "the title")
    draft.title = draft.title.map { String($0[...].trimmed) }
    for line in lines(of: draft.description) {
      try check.expectOneLine(line, "a line of the description")
    }
    try check.expect(draft.dependencies ?? [])
  }

  private func lines(of text: String?) -> [String] {
    guard let text, !text.isEmpty else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Throws when a file on its own would no longer be taken for the kind of list that it is.
  private func checkKind(of edited: [Source]) throws(PlanError) {
    for (before, after) in zip(sources, edited) where before.bytes != after.bytes {
      let kind = PlanDetection.format(of: before.bytes, isMarkdown: true)
      if PlanDetection.format(of: after.bytes, isMarkdown: true) == kind { continue }
      throw PlanError(
        .unsuitable, file: before.file.path,
        problem: "then it would read as a plan of another kind",
        remedy: "use other words")
    }
  }

  // MARK: Places

  private func position(of id: TaskID) throws(PlanError) -> Position {
    _ = try check.index(of: id)
    for (file, outline) in outlines.enumerated() {
      let entry = outline.entries.firstIndex {
        SpecFolder.id($0.number, in: sources[file].file.spec) == id
      }
      if let entry { return Position(file: file, entry: entry) }
    }
    throw StatusEdit.lostTask(id, file: path)
  }

  /// The file and the number of a new task.
  private func place(for wanted: TaskID?) throws(PlanError) -> (file: Int, number: String) {
    guard let wanted else {
      guard sources.count == 1 else {
        let name = sources[0].file.spec ?? ""
        throw PlanError(
          .unsuitable, file: path, problem: "there are several specs",
          remedy: "say with --id which is meant, such as \(name)/\(outlines[0].nextNumber)")
      }
      return (0, String(outlines[0].nextNumber))
    }
    try check.expectNone(wanted)
    for (file, source) in sources.enumerated() {
      let spec = source.file.spec.map { $0 + "/" } ?? ""
      guard wanted.text.hasPrefix(spec) else { continue }
      let number = wanted.text.dropFirst(spec.count)
      let parts = number.split(separator: ".", omittingEmptySubsequences: false)
      let isNumber = parts.allSatisfy { part in
        1...6 ~= part.utf8.count && part.utf8.allSatisfy { $0 &- 0x30 < 10 }
      }
      guard isNumber, !outlines[file].entries.contains(where: { $0.number == number }) else {
        break
      }
      return (file, String(number))
    }
    throw PlanError(
      .unsuitable, file: path, problem: "the id \(wanted) is taken, or no number in a spec",
      remedy: "write a number such as 3 or 3.1, after the name of its spec where there are several")
  }

  // MARK: Changes

  private mutating func add(_ wanted: TaskID?, _ draft: TaskDraft) throws(PlanError) -> TaskID {
    let (file, number) = try place(for: wanted)
    let (outline, document) = (outlines[file], outlines[file].document)
    let before = outline.predecessor(of: number[...])
    var (head, marker, gap) = ("- [ ] \(number). \(draft.title ?? "")", "  - ", 0)
    if let model = outline.model(for: number[...]) {
      let entry = outline.entries[model]
      let rest = document.lines[entry.line].text[entry.number.endIndex...]
      let end = ["\\.", "."].first { rest.hasPrefix($0) } ?? ""
      head = (document.marker(of: entry.line) ?? "- ") + "[ ] \(number)\(end) \(draft.title ?? "")"
      marker = outline.detailMarker(of: model)
      gap = outline.gap(before: model)
    }
    var new = [head] + lines(of: draft.description).map { marker + $0 }
    if let ids = draft.dependencies {
      new.append(marker + statement(text(naming: ids, file: file)))
    }
    let blank = Array(repeating: "", count: gap)
    if let before {
      let last = outline.lines(of: before).upperBound - 1
      edits[file] = [document.insertion(of: blank + new, after: last)]
    } else {
      let first = outline.entries.first?.line ?? document.lines.count
      edits[file] = [document.insertion(of: new + blank, before: first)]
    }
    noteFollower(of: before.map { $0 + 1 } ?? 0, file: file)
    return SpecFolder.id(number[...], in: sources[file].file.spec)
  }

  private mutating func edit(_ id: TaskID, _ draft: TaskDraft) throws(PlanError) {
    let at = try position(of: id)
    let outline = outlines[at.file]
    let entry = outline.entries[at.entry]
    if let title = draft.title {
      edits[at.file, default: []]
        .append(ByteEdit(outline.document.range(of: entry.title), title.utf8))
    }
    var new: [String] = []
    if let description = draft.description { new += try describe(at, description) }
    if let ids = draft.dependencies { new += restate(ids, at) }
    guard !new.isEmpty else { return }
    let marker = outline.detailMarker(of: at.entry)
    edits[at.file, default: []]
      .append(outline.document.insertion(of: new.map { marker + $0 }, after: entry.line))
  }

  /// Replaces the lines that are no more than words; returns those to put in when there are none.
  private mutating func describe(
    _ at: Position, _ description: String
  ) throws(PlanError) -> [String] {
    let (outline, entry) = (outlines[at.file], outlines[at.file].entries[at.entry])
    let stated = entry.details.filter { $0.key == .note }
    let notes = stated.map { $0.line.number - 1 }
    guard let first = notes.first, let last = notes.last else { return lines(of: description) }
    // A line that begins a field over several lines is no description.
    let areItems = stated.allSatisfy {
      outline.document.marker(of: $0.line.number - 1) != nil && !$0.text.hasPrefix("_")
    }
    guard areItems, last - first + 1 == notes.count,
      outline.lines(of: at.entry).contains(last)
    else {
      throw PlanError(
        .unsuitable, file: sources[at.file].file.path,
        place: SourcePlace(line: first + 1, column: 1),
        problem: "the description stands in several places", remedy: "change it in an editor")
    }
    let marker = outline.document.marker(of: first) ?? ""
    let new = lines(of: description).map { marker + $0 }
    var edit = outline.document.removal(of: first..<last + 1)
    if !new.isEmpty {
      let texts = outline.document.lines[first...last].map(\.text)
      let range =
        outline.document.range(of: texts[0])
        .lowerBound..<outline.document
        .range(of: texts[texts.count - 1]).upperBound
      let end = outline.document.lineBreak(at: first)
      edit = ByteEdit(range, new.joined(separator: end).utf8)
    }
    edits[at.file, default: []].append(edit)
    return []
  }

  /// Says what a task waits for; returns the line to put in when there is none.
  private mutating func restate(
    _ ids: [TaskID], _ at: Position, without removed: TaskID? = nil
  ) -> [String] {
    let (outline, entry) = (outlines[at.file], outlines[at.file].entries[at.entry])
    var stated = entry.details.filter { $0.key == .dependencies }
    guard let first = stated.first else { return [statement(text(naming: ids, file: at.file))] }
    let known = stated.flatMap { mentions(in: $0, file: at.file) }
      .filter { mention in removed.map { !mention.ids.contains($0) } ?? true }
    let text = text(naming: ids, keeping: known, file: at.file)
    let range = outline.document.range(of: first.text)
    edits[at.file, default: []].append(ByteEdit(range, ((range.isEmpty ? " " : "") + text).utf8))
    stated.removeFirst()
    for other in stated {
      let line = other.line.number - 1
      edits[at.file, default: []].append(outline.document.removal(of: line..<line + 1))
    }
    return []
  }

  private mutating func remove(_ id: TaskID, cutsDependents: Bool) throws(PlanError) {
    let at = try position(of: id)
    try check.expectOthers(than: id)
    let dependents = dependents(of: id)
    if !cutsDependents { try check.expectUnneeded(id, by: dependents.map(\.id)) }
    for (dependent, position) in dependents {
      let left = check.plan.index(of: dependent).map { check.plan.tasks[$0].dependencies } ?? []
      _ = restate(left.filter { $0 != id }, position, without: id)
    }
    let outline = outlines[at.file]
    edits[at.file, default: []].append(
      outline.document.removal(
        ofBlock: outline.lines(of: at.entry), isFirst: !outline.follows(at.entry)))
    noteFollower(of: at.entry + 1, file: at.file)
  }

  // MARK: Dependencies

  /// The tasks that name another, not those that only come after it.
  private func dependents(of id: TaskID) -> [(id: TaskID, position: Position)] {
    var found: [(TaskID, Position)] = []
    for (file, outline) in outlines.enumerated() {
      for (index, entry) in outline.entries.enumerated() {
        let own = SpecFolder.id(entry.number, in: sources[file].file.spec)
        let names = entry.details.filter { $0.key == .dependencies }
          .flatMap { mentions(in: $0, file: file) }.flatMap(\.ids)
        if own != id, names.contains(id) { found.append((own, Position(file: file, entry: index))) }
      }
    }
    return found
  }

  private func mentions(
    in detail: SpecOutline.Detail, file: Int
  ) -> [(mention: DependencyText.Mention, ids: [TaskID])] {
    DependencyText.mentions(in: detail.text).map { mention in
      let isElsewhere = mention.name.contains("/")
      let id =
        isElsewhere
        ? TaskID(String(mention.name))
        : SpecFolder.id(mention.name, in: sources[file].file.spec)
      return (mention, check.plan.index(of: id) == nil ? [] : [id])
    }
  }

  private func text(
    naming ids: [TaskID],
    keeping mentions: [(mention: DependencyText.Mention, ids: [TaskID])] = [], file: Int
  ) -> String {
    let spec = sources[file].file.spec.map { $0 + "/" } ?? ""
    return DependencyText.text(naming: ids, keeping: mentions, none: "none") { id in
      id.text.hasPrefix(spec) ? String(id.text.dropFirst(spec.count)) : id.text
    }
  }

  private func statement(_ text: String) -> String { "_Dependencies: \(text)_" }

  private mutating func noteFollower(of entry: Int, file: Int) {
    // Headings are no tasks; the next task below one follows as well.
    for entry in outlines[file].entries.dropFirst(entry) {
      let id = SpecFolder.id(entry.number, in: sources[file].file.spec)
      guard check.plan.index(of: id) != nil else { continue }
      if !entry.details.contains(where: { $0.key == .dependencies }) { followers.insert(id) }
      return
    }
  }
}
