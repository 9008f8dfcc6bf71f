/// A pattern of paths as in .gitignore, without negation.
///
/// `*` and `?` stay within a name, `**` crosses names, `[a-z]` is a set, `{a,b}` a choice. A pattern
/// without a slash, except at its end, means a name in any folder; one that ends with a slash means
/// everything in a folder.
package struct GlobPattern: Equatable, Sendable {
  private let alternatives: [[Part]]

  private enum Part: Equatable, Sendable {
    case literal(UInt8)
    case anyOne
    case anyName
    case anyPath
    case set([ClosedRange<UInt8>], isNegated: Bool)
  }

  /// The most texts that the choices of one pattern stand for.
  private static let mostAlternatives = 64

  package init(_ text: String) {
    alternatives = Self.expanded(Array(text.utf8)).prefix(Self.mostAlternatives).map(Self.parts)
  }

  /// Whether a text has anything in it that only a pattern has.
  package static func isPattern(_ text: String) -> Bool {
    text.utf8.contains { [UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "{")].contains($0) }
      || text.contains("[") && text.contains("]")
  }

  /// Whether a path, relative and without a leading slash, is meant.
  package func matches(_ path: String) -> Bool {
    let bytes = Array(path.utf8)
    return alternatives.contains { Self.matches($0[...], bytes[...]) }
  }

  private static func parts(_ text: [UInt8]) -> [Part] {
    var text = text[...]
    let slash = UInt8(ascii: "/")
    var parts: [Part] = []
    let isFolder = text.last == slash
    if isFolder { text = text.dropLast() }
    if text.first == slash {
      text = text.dropFirst()
    } else if !text.contains(slash) {
      parts.append(.anyPath)
    }
    while let byte = text.popFirst() {
      switch byte {
      case UInt8(ascii: "*"):
        guard text.first == UInt8(ascii: "*") else {
          parts.append(.anyName)
          continue
        }
        text = text.dropFirst()
        // `a/**/b` also means `a/b`.
        if text.first == slash, parts.isEmpty || parts.last == .literal(slash) {
          text = text.dropFirst()
        }
        parts.append(.anyPath)
      case UInt8(ascii: "?"): parts.append(.anyOne)
      case UInt8(ascii: "["): parts.append(set(&text))
      case UInt8(ascii: "\\"): parts.append(.literal(text.popFirst() ?? byte))
      default: parts.append(.literal(byte))
      }
    }
    if isFolder { parts += [.literal(slash), .anyPath] }
    return parts
  }

  private static func set(_ text: inout ArraySlice<UInt8>) -> Part {
    guard let end = text.dropFirst().firstIndex(of: UInt8(ascii: "]")) else {
      return .literal(UInt8(ascii: "["))
    }
    var body = text[..<end]
    text = text[(end + 1)...]
    let isNegated = body.first == UInt8(ascii: "!") || body.first == UInt8(ascii: "^")
    if isNegated { body = body.dropFirst() }
    var ranges: [ClosedRange<UInt8>] = []
    while let first = body.popFirst() {
      if body.first == UInt8(ascii: "-"), let last = body.dropFirst().first, last >= first {
        ranges.append(first...last)
        body = body.dropFirst(2)
      } else {
        ranges.append(first...first)
      }
    }
    return .set(ranges, isNegated: isNegated)
  }

  /// The texts that the choices in braces stand for.
  private static func expanded(_ text: [UInt8]) -> [[UInt8]] {
    guard let open = text.firstIndex(of: UInt8(ascii: "{")),
      let close = text[open...].firstIndex(of: UInt8(ascii: "}"))
    else { return [text] }
    let choices = text[(open + 1)..<close].split(
      separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    let rest = expanded(Array(text[(close + 1)...]))
    return choices.prefix(mostAlternatives).flatMap { choice in
      rest.prefix(mostAlternatives).map { Array(text[..<open]) + choice + $0 }
    }
  }

  private static func matches(_ parts: ArraySlice<Part>, _ path: ArraySlice<UInt8>) -> Bool {
    var (parts, path) = (parts, path)
    while let part = parts.first {
      switch part {
      case .anyName, .anyPath: return matchesAny(part, parts.dropFirst(), path)
      case .literal(let byte): guard path.first == byte else { return false }
      case .anyOne: guard let byte = path.first, byte != UInt8(ascii: "/") else { return false }
      case .set(let ranges, let isNegated):
        guard let byte = path.first, byte != UInt8(ascii: "/"),
          ranges.contains(where: { $0.contains(byte) }) != isNegated
        else { return false }
      }
      parts = parts.dropFirst()
      path = path.dropFirst()
    }
    return path.isEmpty
  }

  private static func matchesAny(
    _ part: Part, _ rest: ArraySlice<Part>, _ path: ArraySlice<UInt8>
  ) -> Bool {
    var path = path
    // A `**` at a beginning stands for whole folders only.
    let needsBoundary = part == .anyPath && rest.first != .literal(UInt8(ascii: "/"))
    var isAtStart = true
    while true {
      let isBoundary = isAtStart || rest.isEmpty || !needsBoundary
      if isBoundary, matches(rest, path) { return true }
      guard let byte = path.first, part == .anyPath || byte != UInt8(ascii: "/") else {
        return false
      }
      isAtStart = byte == UInt8(ascii: "/")
      path = path.dropFirst()
    }
  }
}

/// Files in which conflicts are not looked for.
package struct IgnoreList: Equatable, Sendable {
  private let patterns: [GlobPattern]

  package init(_ patterns: [String]) {
    self.patterns = patterns.map(GlobPattern.init)
  }

  package func contains(_ path: String) -> Bool { patterns.contains { $0.matches(path) } }
}
