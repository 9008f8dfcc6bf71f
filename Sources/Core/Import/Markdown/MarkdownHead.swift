/// A line that may begin a task: a heading, a line in bold, or an item with a checkbox.
struct MarkdownHead {
  /// How much says that this is a task.
  enum Form: Equatable {
    /// `Task 3: Title`.
    case named
    /// `3. Title`, when fields follow.
    case numbered
    /// `Title`, when a field for dependencies follows.
    case titled
  }

  var form: Form
  /// The number or name that stands before the title; nil when nothing does.
  var label: Substring?
  var title: Substring
  /// What is between the brackets of a checkbox.
  var checkbox: Substring?
  /// Where what follows ends: at a heading of at most this level.
  var level: Int

  /// The level of what is no heading: every heading ends it.
  static let noHeading = 7

  /// Reads a line; nil when it cannot begin a task.
  init?(_ line: MarkdownDocument.Line) {
    switch line.kind {
    case .heading(let level, let text): self.init(text, level: level, isHeading: true)
    case .plain(let text):
      guard Self.isBold(text) else { return nil }
      self.init(text, level: Self.noHeading, isHeading: false)
    case .item(let text):
      let (checkbox, rest) = Self.checkbox(in: text)
      guard checkbox != nil || Self.isBold(rest) else { return nil }
      self.init(text, level: Self.noHeading, isHeading: false)
    case .blank, .row, .code, .rule: return nil
    }
  }

  private init?(_ text: Substring, level: Int, isHeading: Bool) {
    let (checkbox, rest) = Self.checkbox(in: text)
    self.checkbox = checkbox
    self.level = level
    let body = rest.unmarked
    if let (label, title) = Self.named(body) {
      form = .named
      self.label = label
      self.title = title.isEmpty ? body : title
      return
    }
    guard isHeading else { return nil }
    if let (number, title) = Self.numbered(body) {
      form = .numbered
      label = number
      self.title = title
    } else {
      form = .titled
      label = nil
      title = body
    }
    guard !title.isEmpty else { return nil }
  }

  static func checkbox(in text: Substring) -> (mark: Substring?, rest: Substring) {
    guard text.hasPrefix("["), text.count >= 3 else { return (nil, text) }
    let mark = text.dropFirst().prefix(1)
    let rest = text.dropFirst(2)
    guard rest.first == "]", rest.count == 1 || rest.dropFirst().first == " " else {
      return (nil, text)
    }
    return (mark, rest.dropFirst().trimmed)
  }

  private static func isBold(_ text: Substring) -> Bool {
    text.hasPrefix("**") || text.hasPrefix("__")
  }

  /// `Task 3: Title`, `Task A-1 – Title` or `**Task 3**: Title`; an id has a digit in it.
  private static func named(_ text: Substring) -> (label: Substring, title: Substring)? {
    var rest = text
    while let first = rest.first, first == "*" { rest = rest.dropFirst() }
    guard rest.prefix(5).lowercased() == "task " else { return nil }
    rest = rest.dropFirst(5).trimmed
    if rest.first == "#" { rest = rest.dropFirst() }
    let label = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == "." }
    guard label.contains(where: \.isNumber) else { return nil }
    rest = rest.dropFirst(label.count)
    var id = label
    let endsInMark = id.last == "." || id.last == "-"
    if endsInMark { id = id.dropLast() }
    while rest.first == "*" { rest = rest.dropFirst() }
    let mark = rest.trimmed.first
    let separators: [Character] = [":", "-", "–", "—", ")", "*"]
    guard mark.map(separators.contains) ?? true || endsInMark else { return nil }
    var title = rest.trimmed
    while let first = title.first, separators.contains(first) { title = title.dropFirst().trimmed }
    return (id, title.unmarked)
  }

  /// `3. Title`, `3) Title` or `3.1 Title`.
  private static func numbered(_ text: Substring) -> (label: Substring, title: Substring)? {
    let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard let first = number.first, first != "." else { return nil }
    let rest = text.dropFirst(number.count)
    let isMarked = number.last == "." || rest.first == ")" || rest.first == ":"
    guard isMarked || number.contains("."), number.contains(where: \.isNumber) else { return nil }
    let title = (rest.first == ")" || rest.first == ":" ? rest.dropFirst() : rest).unmarked
    let label = number.last == "." ? number.dropLast() : number
    return (label, title)
  }
}
