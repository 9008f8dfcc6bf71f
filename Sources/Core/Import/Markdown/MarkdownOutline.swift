/// The tasks of a document: where each begins and ends, and what it states.
struct MarkdownOutline {
  let document: MarkdownDocument
  private(set) var tasks: [Block] = []

  /// A task as the document has it.
  struct Block {
    var head: MarkdownHead
    /// The indexes of its lines, the head's first.
    var lines: Range<Int>
    var fields: [MarkdownField: MarkdownValue] = [:]
    /// Everything else that is said of it, line by line.
    var prose: [Substring] = []
    /// Whether a line says that it waits for nothing.
    var saysIndependent = false
  }

  init(of document: MarkdownDocument) {
    self.document = document
    let heads = Self.heads(in: document)
    for (position, entry) in heads.enumerated() {
      let next = position + 1 < heads.count ? heads[position + 1].line : document.lines.count
      let end = end(of: entry.head, from: entry.line, before: next)
      tasks.append(read(Block(head: entry.head, lines: entry.line..<end)))
    }
  }

  private typealias Entry = (line: Int, head: MarkdownHead)

  /// The lines that begin tasks.
  ///
  /// When some lines name tasks by the word `Task`, those alone count; otherwise headings with fields
  /// below them do.
  private static func heads(in document: MarkdownDocument) -> [Entry] {
    let candidates = document.lines.indices.compactMap { line -> Entry? in
      MarkdownHead(document.lines[line]).map { (line, $0) }
    }
    let named = candidates.filter { $0.head.form == .named }
    if !named.isEmpty { return named }
    return candidates.filter { isTask($0, in: document) }
  }

  private static func isTask(_ entry: Entry, in document: MarkdownDocument) -> Bool {
    for line in document.lines[(entry.line + 1)...] {
      if case .heading = line.kind { return false }
      guard let (field, _) = field(on: line) else { continue }
      switch field {
      case .dependencies, .softDependencies: return true
      case .files, .estimate, .worker, .status: if entry.head.form == .numbered { return true }
      case .priority, .criteria, .testStrategy: continue
      }
    }
    return false
  }

  private static func field(
    on line: MarkdownDocument.Line
  ) -> (field: MarkdownField, value: Substring)? {
    switch line.kind {
    case .item(let text), .plain(let text): MarkdownField.read(text)
    case .blank, .heading, .row, .code, .rule: nil
    }
  }

  private func end(of head: MarkdownHead, from start: Int, before next: Int) -> Int {
    let indent = document.lines[start].indent
    var isItem = false
    if case .item = document.lines[start].kind { isItem = true }
    for index in start + 1..<max(next, start + 1) {
      let line = document.lines[index]
      switch line.kind {
      case .heading(let level, _) where level <= head.level: return index
      case .rule: return index
      case .item where isItem && line.indent <= indent: return index
      case .blank, .heading, .item, .row, .code, .plain: continue
      }
    }
    return next
  }

  private func read(_ block: Block) -> Block {
    var block = block
    var index = block.lines.lowerBound + 1
    while index < block.lines.upperBound {
      let line = document.lines[index]
      index += 1
      if let (field, value) = Self.field(on: line) {
        var stated = MarkdownValue(text: value, line: line)
        stated.items = items(below: line, from: &index, before: block.lines.upperBound)
        if block.fields[field] == nil { block.fields[field] = stated }
      } else if !line.isBlank {
        note(line, in: &block)
      }
    }
    return block
  }

  /// The items of a list below a line, deeper than it.
  private func items(
    below line: MarkdownDocument.Line, from index: inout Int, before end: Int
  ) -> [MarkdownValue.Item] {
    var isItem = false
    if case .item = line.kind { isItem = true }
    var items: [MarkdownValue.Item] = []
    while index < end {
      let next = document.lines[index]
      guard case .item(let text) = next.kind, !isItem || next.indent > line.indent,
        isItem || MarkdownField.read(text) == nil
      else { break }
      let (mark, rest) = MarkdownHead.checkbox(in: text)
      items.append(
        MarkdownValue.Item(text: rest, isChecked: mark == "x" || mark == "X"))
      index += 1
    }
    return items
  }

  private func note(_ line: MarkdownDocument.Line, in block: inout Block) {
    if case .item(let text) = line.kind, DependencyText.saysNone(text) {
      block.saysIndependent = true
    } else if case .plain(let text) = line.kind, DependencyText.saysNone(text) {
      block.saysIndependent = true
    } else {
      block.prose.append(line.text.trimmed)
    }
  }
}

extension MarkdownDocument.Line {
  var isBlank: Bool { kind == .blank }
}
