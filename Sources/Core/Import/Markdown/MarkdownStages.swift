/// What a document says about its tasks elsewhere: phases in tables, checkpoints, and sections about
/// one task.
struct MarkdownStages {
  private(set) var stages: [Stage] = []
  private let outline: MarkdownOutline
  private let names: MarkdownNames
  /// Lines about each task, by its index.
  private var remarks: [Int: [String]] = [:]
  private var workers: [Int: String] = [:]
  private var section = Section()

  /// The heading that the lines now read stand below.
  private struct Section {
    var title: Substring = ""
    var line = 0
    var level = 0
    /// The task that the heading names in parentheses.
    var task: Int?
    var header: [Substring] = []
    var tasks: [Int] = []
    var criteria: [Stage.Criterion] = []
  }

  init(of outline: MarkdownOutline, _ names: MarkdownNames) {
    self.outline = outline
    self.names = names
  }

  mutating func read() {
    let inTasks = Set(outline.tasks.flatMap { $0.lines })
    for (index, line) in outline.document.lines.enumerated() {
      if inTasks.contains(index) {
        if index > 0, !inTasks.contains(index - 1) { close() }
        continue
      }
      read(line)
    }
    close()
  }

  /// Adds what was found about a task to it.
  func describe(_ spec: inout TaskSpec) {
    guard let index = names.index(of: spec.id.text) else { return }
    if spec.worker == nil { spec.worker = workers[index] }
    spec.text.details = (remarks[index] ?? []).joined(separator: "\n")
  }

  private mutating func read(_ line: MarkdownDocument.Line) {
    switch line.kind {
    case .heading(let level, let title):
      close()
      section = Section(title: Self.plain(title), line: line.number, level: level)
      section.task = Self.parenthesis(in: title).flatMap { names.index(of: $0) }
    case .row(let cells): read(row: cells)
    case .item(let text): read(item: text)
    case .plain, .blank, .code, .rule: section.header = []
    }
  }

  private mutating func read(row cells: [Substring]) {
    guard !section.header.isEmpty else {
      let first = cells.first?.folded ?? ""
      if ["spec", "specification", "task", "tasks", "id", "name"].contains(first) {
        section.header = cells
      }
      return
    }
    guard let name = cells.first?.unmarked, let task = names.index(of: name) else { return }
    if !section.tasks.contains(task) { section.tasks.append(task) }
    for (key, cell) in zip(section.header, cells).dropFirst() where !cell.isEmpty {
      if ["worker", "worker type", "workers"].contains(key.folded) {
        if workers[task] == nil { workers[task] = String(cell.unmarked) }
      } else {
        remarks[task, default: []].append("\(section.title), \(key.folded): \(cell)")
      }
    }
  }

  private mutating func read(item: Substring) {
    let (mark, text) = MarkdownHead.checkbox(in: item)
    if let task = section.task {
      let remark = text.filter { $0 != "*" }
      remarks[task, default: []].append("\(section.title): \(remark)")
    } else if isCheckpoint ? mark != nil : !section.tasks.isEmpty {
      section.criteria.append(
        Stage.Criterion(String(text), isMet: mark == "x" || mark == "X"))
    }
  }

  private var isCheckpoint: Bool {
    section.title.lowercased().split { !$0.isLetter }.contains("checkpoint")
  }

  private mutating func close() {
    defer { section = Section() }
    let place = SourcePlace(line: section.line, column: 1)
    if !section.tasks.isEmpty {
      stages.append(
        Stage(
          .phase, name: String(section.title), tasks: section.tasks.map { names.ids[$0] },
          criteria: section.criteria, place: place))
    } else if isCheckpoint, !section.criteria.isEmpty {
      stages.append(
        Stage(.checkpoint, name: String(section.title), criteria: section.criteria, place: place))
    }
  }

  private static func plain(_ title: Substring) -> Substring {
    let text = title.filter { $0 != "*" && $0 != "`" }
    return text[...].trimmed
  }

  private static func parenthesis(in title: Substring) -> Substring? {
    guard title.last == ")", let open = title.lastIndex(of: "(") else { return nil }
    return title[title.index(after: open)...].dropLast()
  }
}
