/// Reads the specs of spec-workflow: the checkboxes of their `tasks.md`.
///
/// The files state no dependencies but their order, so each task waits for the one before it in its
/// spec, unless a line `_Dependencies: 1.1, other-spec/2_` says what it waits for; specs run side by
/// side. A checkbox that only heads others is no task, and follows those below it.
package enum SpecImporter {
  /// Reads one file, one spec's folder, or a folder of specs, below `directory`.
  package static func plan(
    from path: String, directory: String
  ) throws(PlanError) -> Plan {
    let folder = SpecFolder(path, directory: directory)
    return try plan(from: path, files: folder.files) { file throws(PlanError) in
      try PlanSource.bytes(of: file.path, directory: directory)
    }
  }

  /// Reads the files of a path, each as `bytes` gives it.
  static func plan(
    from path: String, files: [SpecFolder.File],
    bytes: (SpecFolder.File) throws(PlanError) -> [UInt8]
  ) throws(PlanError) -> Plan {
    guard !files.isEmpty else {
      throw PlanError(
        .notFound, file: path, problem: "no spec in it has a tasks.md",
        remedy: "write the tasks of a spec into \(path)/NAME/tasks.md")
    }
    var reader = SpecReader()
    for file in files {
      let document = try MarkdownDocument(parsing: bytes(file), name: file.path)
      reader.read(SpecOutline(of: document), file)
    }
    guard !reader.isEmpty else {
      throw PlanError(
        .unsuitable, file: files[0].path, problem: "it has no task with a number",
        remedy: "write lines such as '- [ ] 1. Title'")
    }
    return reader.plan(Plan.Origin(file: path, format: .specs))
  }
}

/// Makes tasks of checkboxes.
private struct SpecReader {
  private var assembler = SpecAssembler()
  /// The titles of the checkboxes of this file that only head others, by number.
  private var headings: [Substring: Substring] = [:]

  var isEmpty: Bool { assembler.specs.isEmpty }

  mutating func plan(_ origin: Plan.Origin) -> Plan { assembler.plan(origin) }

  mutating func read(_ outline: SpecOutline, _ file: SpecFolder.File) {
    var previous: TaskID?
    headings = [:]
    for (index, entry) in outline.entries.enumerated() {
      let next = index + 1 < outline.entries.count ? outline.entries[index + 1] : nil
      if entry.isBare, let next, entry.isAbove(next) {
        headings[entry.number] = entry.title
        continue
      }
      let id = SpecFolder.id(entry.number, in: file.spec)
      let spec = spec(id, entry, outline, file)
      assembler.add(spec, dependingOn: references(of: entry, after: previous, outline, file))
      previous = id
    }
    for finding in outline.findings.findings {
      var finding = finding
      finding.place?.file = file.spec == nil ? nil : file.path
      finding.tasks = finding.tasks.map { SpecFolder.id($0.text[...], in: file.spec) }
      assembler.findings.append(finding)
    }
  }

  private mutating func spec(
    _ id: TaskID, _ entry: SpecOutline.Entry, _ outline: SpecOutline, _ file: SpecFolder.File
  ) -> TaskSpec {
    let line = outline.document.lines[entry.line]
    var spec = TaskSpec(
      id: id, title: String(entry.title), status: CheckboxMark.status(entry.mark) ?? .pending,
      place: place(line, file))
    var details: [String] = heading(of: entry.number).map { ["Part of: \($0)"] } ?? []
    for detail in entry.details { read(detail, into: &spec, &details, file) }
    spec.text.details = details.joined(separator: "\n")
    return spec
  }

  /// The title of the nearest checkbox above that only heads others.
  private func heading(of number: Substring) -> Substring? {
    var number = number
    while let dot = number.lastIndex(of: ".") {
      number = number[..<dot]
      if let title = headings[number] { return title }
    }
    return nil
  }

  private mutating func read(
    _ detail: SpecOutline.Detail, into spec: inout TaskSpec, _ details: inout [String],
    _ file: SpecFolder.File
  ) {
    switch detail.key {
    case .files:
      let value = MarkdownValue(text: detail.text, line: detail.line)
      for path in MarkdownText.files(value) where !spec.files.contains(path) {
        spec.files.append(path)
      }
    case .worker: spec.worker = String(detail.text.unmarked)
    case .estimate:
      spec.estimate = MarkdownText.estimate(detail.text)
      if spec.estimate == nil { noteEstimate(detail, file) }
    case .prompt:
      let parts = detail.text.split(separator: "|").map(\.trimmed)
      details += parts.map(String.init)
      spec.text.acceptanceCriteria += parts.compactMap { part in
        part.folded.hasPrefix("success:") ? String(part.dropFirst("success:".count).trimmed) : nil
      }
    case .leverage: details.append("Build on: \(detail.text)")
    case .requirements: details.append("Requirements: \(detail.text)")
    case .purpose: details.append("Purpose: \(detail.text)")
    case .blocked: details.append("Blocked: \(detail.text)")
    case .dependencies: break
    case .note:
      spec.text.description += (spec.text.description.isEmpty ? "" : "\n") + detail.text
    }
  }

  private func references(
    of entry: SpecOutline.Entry, after previous: TaskID?, _ outline: SpecOutline,
    _ file: SpecFolder.File
  ) -> [SpecAssembler.Reference] {
    let stated = entry.details.filter { $0.key == .dependencies }
    guard !stated.isEmpty else {
      let place = place(outline.document.lines[entry.line], file)
      return previous.map { [SpecAssembler.Reference(name: $0.text, place: place)] } ?? []
    }
    return stated.flatMap { detail in
      DependencyText.mentions(in: detail.text).map { mention in
        let isElsewhere = mention.name.contains("/")
        let name =
          isElsewhere ? String(mention.name) : SpecFolder.id(mention.name, in: file.spec).text
        return SpecAssembler.Reference(
          name: name, isSoft: mention.isSoft, place: place(detail.line, file))
      }
    }
  }

  private func place(_ line: MarkdownDocument.Line, _ file: SpecFolder.File) -> SourcePlace {
    SourcePlace(
      line: line.number, column: line.indent + 1, file: file.spec == nil ? nil : file.path)
  }

  private mutating func noteEstimate(_ detail: SpecOutline.Detail, _ file: SpecFolder.File) {
    assembler.findings.append(
      Finding(
        .warning, .malformed, place: place(detail.line, file),
        problem: "the estimate '\(detail.text)' is not understood",
        remedy: "write it like 30m, 4h or 1h 30m"))
  }
}
