/// Adds, changes and removes tasks in the bytes of `tasks.md` files and leaves every other byte as it
/// is.
struct SpecEdit {
  let path: String
  let sources: [Source]
  let outlines: [SpecOutline]
  let check: TaskChangeCheck
  private var edits: [Int: [ByteEdit]] = [:]
  /// The tasks whose place alone says what they wait for, and whose place changes.
  private var followers: Set<TaskID> = []

  /// A file as it was read.
  struct Source {
    var file: SpecFolder.File
    var bytes: [UInt8]
  }

  /// An entry of one of the files.
  struct Position {
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
    try check.prepare(&draft)
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
    var new = [head] + draft.descriptionLines.map { marker + $0 }
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
    if draft.description != nil { new += try describe(at, draft.descriptionLines) }
    if let ids = draft.dependencies { new += restate(ids, at) }
    guard !new.isEmpty else { return }
    let marker = outline.detailMarker(of: at.entry)
    edits[at.file, default: []]
      .append(outline.document.insertion(of: new.map { marker + $0 }, after: entry.line))
  }

  /// Replaces the lines that are no more than words; returns those to put in when there are none.
  private mutating func describe(
    _ at: Position, _ texts: [String]
  ) throws(PlanError) -> [String] {
    let (outline, entry) = (outlines[at.file], outlines[at.file].entries[at.entry])
    let stated = entry.details.filter { $0.key == .note }
    let notes = stated.map { $0.line.number - 1 }
    guard let first = notes.first, let last = notes.last else { return texts }
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
    let new = texts.map { marker + $0 }
    var edit = outline.document.removal(of: first..<last + 1)
    if !new.isEmpty {
      let old = outline.document.lines[first...last].map(\.text)
      let range =
        outline.document.range(of: old[0])
        .lowerBound..<outline.document
        .range(of: old[old.count - 1]).upperBound
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
