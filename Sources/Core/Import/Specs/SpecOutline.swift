/// The checkboxes of a `tasks.md` of spec-workflow, with what stands below each.
struct SpecOutline {
  let document: MarkdownDocument
  private(set) var entries: [Entry] = []
  private(set) var findings = FindingList()

  /// A line with a checkbox and a number.
  struct Entry {
    /// `1`, `2.1`, without a dot at the end.
    var number: Substring
    var title: Substring
    var mark: Substring
    /// The index of its line in the document.
    var line: Int
    var details: [Detail] = []

    /// Whether it is there only to head others: nothing is said of it.
    var isBare: Bool { details.isEmpty }

    func isAbove(_ other: Entry) -> Bool {
      other.number.count > number.count && other.number.hasPrefix(number)
        && other.number.dropFirst(number.count).first == "."
    }
  }

  /// A line below a checkbox.
  struct Detail {
    var key: Key
    var text: Substring
    var line: MarkdownDocument.Line
  }

  enum Key: String, CaseIterable {
    case files = "file"
    case leverage
    case requirements
    case dependencies
    case blocked
    case purpose
    case prompt
    case worker
    case estimate
    case note
  }

  init(of document: MarkdownDocument) {
    self.document = document
    for (index, line) in document.lines.enumerated() {
      switch line.kind {
      case .item(let text):
        if !beginEntry(text, index), !entries.isEmpty { add(text, line) }
      case .plain(let text): if !entries.isEmpty, line.indent > 0 { add(text, line) }
      case .heading, .rule, .row, .blank, .code: break
      }
    }
  }

  /// Enters a line with a checkbox and a number; returns whether it is one.
  private mutating func beginEntry(_ text: Substring, _ index: Int) -> Bool {
    let (mark, rest) = MarkdownHead.checkbox(in: text)
    guard let mark, let (number, title) = Self.numbered(rest) else { return false }
    let line = document.lines[index]
    if CheckboxMark.status(mark) == nil || mark == "X" {
      findings.append(
        Finding(
          .warning, .unknownStatus, tasks: [TaskID(String(number))],
          place: document.place(of: mark, in: line),
          problem: "task \(number) has the mark '\(mark)' in its checkbox"
            + (mark == "X" ? ", which others do not read" : " and counts as pending"),
          remedy: "write [ ], [-], [x] or [~]"))
    }
    entries.append(Entry(number: number, title: title, mark: mark, line: index))
    return true
  }

  /// `1. Title`, `1 Title`, `2.1 Title` or `1\. Title`.
  private static func numbered(_ text: Substring) -> (number: Substring, title: Substring)? {
    var number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard number.first?.isNumber == true, !number.contains("..") else { return nil }
    var rest = text.dropFirst(number.count)
    if number.last == "." { number = number.dropLast() }
    if rest.hasPrefix("\\.") { rest = rest.dropFirst(2) }
    guard rest.first == " " || rest.first == "\t" else { return nil }
    let title = rest.trimmed
    return title.isEmpty ? nil : (number, title)
  }

  private mutating func add(_ text: Substring, _ line: MarkdownDocument.Line) {
    var body = text
    let isMarked = body.hasPrefix("_") && body.hasSuffix("_") && body.count > 2
    if isMarked { body = body.dropFirst().dropLast() }
    if let (head, tail) = body.splitOnce(":"), let key = Self.key(head, isMarked: isMarked) {
      body = tail.trimmed
      entries[entries.count - 1].details.append(Detail(key: key, text: body, line: line))
    } else {
      entries[entries.count - 1].details.append(Detail(key: .note, text: text, line: line))
    }
  }

  private static func key(_ word: Substring, isMarked: Bool) -> Key? {
    switch word.folded {
    case "file", "files": .files
    case "purpose": .purpose
    case "estimate": .estimate
    case "worker": .worker
    case "leverage" where isMarked: .leverage
    case "requirements", "requirement": isMarked ? .requirements : nil
    case "dependencies" where isMarked, "depends on" where isMarked: .dependencies
    case "blocked" where isMarked: .blocked
    case "prompt" where isMarked: .prompt
    default: nil
    }
  }
}
