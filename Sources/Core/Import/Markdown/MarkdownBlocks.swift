// How the tasks of a document look, so that others can be written like them.
extension MarkdownOutline {
  /// The index of the line behind a task's last; throws when text that may not belong to it follows.
  func end(of index: Int) throws(PlanError) -> Int {
    let block = tasks[index]
    var end = block.lines.upperBound
    while end > block.lines.lowerBound + 1, document.lines[end - 1].isBlank { end -= 1 }
    guard block.head.level == MarkdownHead.noHeading else { return end }
    for line in block.lines.lowerBound + 1..<end where document.lines[line - 1].isBlank {
      guard case .plain(let text) = document.lines[line].kind, document.lines[line].indent == 0,
        MarkdownField.read(text) == nil
      else { continue }
      throw PlanError(
        .unsuitable, file: document.name, place: SourcePlace(line: line + 1, column: 1),
        problem: "it is not clear whether this belongs to the task above",
        remedy: "begin it with a heading, or change the file in an editor")
    }
    return end
  }

  /// How many blank lines part a task from the one before it; one when other lines do, or none is.
  func gap(before index: Int) -> Int {
    let block = tasks[index]
    if index > 0, let end = try? end(of: index - 1), end <= block.lines.lowerBound {
      let between = document.lines[end..<block.lines.lowerBound]
      if between.allSatisfy(\.isBlank) { return between.count }
    }
    if case .item = document.lines[block.lines.lowerBound].kind { return 0 }
    return 1
  }

  /// The lines of a task's description.
  func proseLines(of block: Block) -> [Int] {
    block.lines.dropFirst().filter { line in
      let text = document.lines[line].text
      return block.prose.contains {
        $0.startIndex >= text.startIndex && $0.endIndex <= text.endIndex && !$0.isEmpty
      }
    }
  }

  /// What a new line of a description begins with: plain text below a heading, else an item.
  func proseMarker(of block: Block) -> String {
    let head = block.lines.lowerBound
    switch document.lines[head].kind {
    case .heading: return ""
    case .item: return document.whiteSpace(of: head) + "  - "
    default: break
    }
    let item = block.lines.dropFirst().first { document.marker(of: $0) != nil }
    return item.flatMap { document.marker(of: $0) } ?? "- "
  }

  /// The words that say that a task waits for nothing; nil when none do.
  func independentLine(of block: Block) -> Substring? {
    guard block.saysIndependent else { return nil }
    for line in block.lines.dropFirst() {
      switch document.lines[line].kind {
      case .item(let text) where DependencyText.saysNone(text): return text
      case .plain(let text) where DependencyText.saysNone(text): return text
      default: continue
      }
    }
    return nil
  }

  /// A line that begins a task like another one, with an empty checkbox where that has one.
  func headLine(like block: Block, label: String, _ title: String?) -> String {
    let line = document.lines[block.lines.lowerBound].text
    let start = document.range(of: line).lowerBound
    let parts: [(Substring?, String)] = [
      (block.head.checkbox, " "), (block.head.label, label), (block.head.title, title ?? ""),
    ]
    let edits = parts.compactMap { known, text in
      known.map { slice in
        let range = document.range(of: slice)
        return ByteEdit(range.lowerBound - start..<range.upperBound - start, text.utf8)
      }
    }
    return String(decoding: ByteEdit.apply(edits, to: Array(line.utf8)), as: UTF8.self)
  }

  /// How a task writes its fields.
  func fieldStyle(of block: Block) -> (_ key: String, _ value: String) -> String {
    for line in block.lines.dropFirst() {
      guard case .item(let text) = document.lines[line].kind, MarkdownField.read(text) != nil,
        let marker = document.marker(of: line)
      else { continue }
      let isBold = text.hasPrefix("**")
      return { key, value in marker + (isBold ? "**\(key)**" : key) + ": \(value)" }
    }
    var indent = document.whiteSpace(of: block.lines.lowerBound)
    if case .item = document.lines[block.lines.lowerBound].kind { indent += "  " }
    return { key, value in "\(indent)- \(key): \(value)" }
  }
}
