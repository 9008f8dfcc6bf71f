/// A Markdown text in lines, each with what it is; every slice keeps its place in the bytes.
struct MarkdownDocument {
  let name: String
  let text: String
  let lines: [Line]

  struct Line {
    /// Counted from 1.
    var number: Int
    /// The line without its end.
    var text: Substring
    /// How many columns of white space it begins with; a tab counts as four.
    var indent: Int
    var kind: Kind
  }

  enum Kind: Equatable {
    case blank
    case heading(level: Int, Substring)
    /// An item of a list: what follows its marker.
    case item(Substring)
    /// A row of a table: its cells.
    case row([Substring])
    /// A line of code, of a comment, or one that fences them.
    case code
    /// A line across that parts sections.
    case rule
    case plain(Substring)
  }

  /// The most bytes that are read.
  static let sizeLimit = 16 << 20

  /// Reads a text; throws when it is not UTF-8 or too large.
  init(parsing bytes: [UInt8], name: String) throws(PlanError) {
    guard bytes.count <= Self.sizeLimit else {
      throw PlanError(
        .unsuitable, file: name, problem: "it has more than \(Self.sizeLimit >> 20) MiB",
        remedy: "split it")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PlanError(
        .syntax, file: name, place: Self.placeOfDamage(in: bytes),
        problem: "there are bytes that are no UTF-8", remedy: "save the file as UTF-8 text")
    }
    self.name = name
    self.text = text
    lines = Self.lines(of: text)
  }

  /// The bytes a slice of `text` has in the file.
  func range(of slice: Substring) -> Range<Int> {
    let start = text.utf8.distance(from: text.utf8.startIndex, to: slice.startIndex)
    return start..<start + slice.utf8.count
  }

  /// Where a slice of a line begins.
  func place(of slice: Substring, in line: Line) -> SourcePlace {
    let before = line.text[line.text.startIndex..<slice.startIndex]
    return SourcePlace(line: line.number, column: before.unicodeScalars.count + 1)
  }

  private static func placeOfDamage(in bytes: [UInt8]) -> SourcePlace {
    var number = 1
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: line, as: UTF8.self) == nil { break }
      number += 1
    }
    return SourcePlace(line: number, column: 1)
  }

  private static func lines(of text: String) -> [Line] {
    var lines: [Line] = []
    var fence: Fence?
    var rest = text[...]
    if rest.utf8.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.unicodeScalars.dropFirst().text }
    while !rest.utf8.isEmpty {
      let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      var line = rest[rest.startIndex..<end]
      if line.utf8.last == UInt8(ascii: "\r") {
        line = line[line.startIndex..<line.utf8.index(before: line.endIndex)]
      }
      rest = end == rest.endIndex ? rest[end...] : rest[rest.utf8.index(after: end)...]
      let (indent, body) = indentation(of: line)
      let kind = Self.kind(of: body, &fence)
      lines.append(Line(number: lines.count + 1, text: line, indent: indent, kind: kind))
    }
    return lines
  }

  private static func indentation(of line: Substring) -> (columns: Int, body: Substring) {
    var columns = 0
    var body = line
    while let first = body.utf8.first, first == 0x20 || first == 0x09 {
      columns += first == 0x09 ? 4 : 1
      body = body[body.utf8.index(after: body.startIndex)...]
    }
    return (columns, body.trimmed)
  }
}

/// What is open over several lines.
private enum Fence {
  case code(UInt8, count: Int)
  case comment
}

extension MarkdownDocument {
  private static func kind(of body: Substring, _ fence: inout Fence?) -> Kind {
    if let open = fence {
      if isEnd(body, of: open) { fence = nil }
      return .code
    }
    if body.isEmpty { return .blank }
    if body.hasPrefix("<!--") {
      if !body.dropFirst(4).contains("-->") { fence = .comment }
      return .code
    }
    if let first = body.utf8.first, first == UInt8(ascii: "`") || first == UInt8(ascii: "~") {
      let count = body.utf8.prefix { $0 == first }.count
      if count >= 3 {
        fence = .code(first, count: count)
        return .code
      }
    }
    return open(body)
  }

  private static func isEnd(_ body: Substring, of fence: Fence) -> Bool {
    switch fence {
    case .comment: body.contains("-->")
    case .code(let mark, let count):
      body.utf8.count >= count && body.utf8.allSatisfy { $0 == mark }
    }
  }

  private static func open(_ body: Substring) -> Kind {
    let bytes = body.utf8
    let level = bytes.prefix { $0 == UInt8(ascii: "#") }.count
    if 1...6 ~= level, let title = after(level, in: body) {
      return .heading(level: level, title.droppingLast("#"))
    }
    if bytes.count >= 3, let first = bytes.first, "-*_".utf8.contains(first),
      bytes.allSatisfy({ $0 == first || $0 == 0x20 })
    {
      return .rule
    }
    if bytes.first == UInt8(ascii: "|") { return .row(cells(of: body)) }
    if let first = bytes.first, "-*+".utf8.contains(first), let rest = after(1, in: body) {
      return .item(rest)
    }
    let digits = bytes.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
    if 1...9 ~= digits, let mark = bytes.dropFirst(digits).first, ".)".utf8.contains(mark),
      let rest = after(digits + 1, in: body)
    {
      return .item(rest)
    }
    return .plain(body)
  }

  /// What follows some bytes and white space; nil when no white space follows.
  private static func after(_ count: Int, in body: Substring) -> Substring? {
    let rest = body[body.utf8.index(body.startIndex, offsetBy: count)...]
    guard let first = rest.utf8.first else { return rest }
    return first == 0x20 || first == 0x09 ? rest.trimmed : nil
  }

  private static func cells(of body: Substring) -> [Substring] {
    var row = body.dropFirst()
    if row.utf8.last == UInt8(ascii: "|") { row = row.dropLast() }
    return row.split(separator: "|", omittingEmptySubsequences: false).map(\.trimmed)
  }
}
