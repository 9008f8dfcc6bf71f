/// The values of fields as documents word them.
enum MarkdownText {
  /// The paths of a field: what is marked as code, or else what commas part, without remarks.
  static func files(_ value: MarkdownValue?) -> [String] {
    guard let value else { return [] }
    var paths: [String] = []
    for text in value.texts {
      let marked = code(in: text)
      let plain = text.split(separator: ",").map { ($0.splitOnce("(")?.head ?? $0).unmarked }
      for path in marked.isEmpty ? plain : marked {
        let path = String(path)
        let isNone = ["", "none", "n/a", "tbd", "-"].contains(path.lowercased())
        if !isNone, !paths.contains(path) { paths.append(path) }
      }
    }
    return paths
  }

  /// What stands between marks of code.
  private static func code(in text: Substring) -> [Substring] {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    return parts.indices.filter { $0 % 2 == 1 && $0 < parts.count - 1 }.map { parts[$0].trimmed }
  }

  /// A time such as `~30 minutes`, `about 4 hours (with tests)` or `2-3 hours`, of which the longer
  /// counts.
  static func estimate(_ text: Substring) -> Duration? {
    var words = (text.splitOnce("(")?.head ?? text).unmarked
    for prefix in ["~", "≈", "about ", "approx. ", "approximately ", "ca. "]
    where words.lowercased().hasPrefix(prefix) {
      words = words.dropFirst(prefix.count).trimmed
    }
    if let dash = words.lastIndex(where: { $0 == "-" || $0 == "–" }) {
      let first = words[..<dash].trimmed
      guard first.allSatisfy({ $0.isNumber || $0 == "." || $0.isLetter || $0 == " " }) else {
        return nil
      }
      words = words[words.index(after: dash)...].trimmed
    }
    return EstimateText.duration(String(words))
  }

  /// The words of a status before a remark, without signs such as ✅.
  static func statusWord(in text: Substring) -> Substring {
    let end = text.firstIndex { $0 == "(" || $0 == "," || $0 == ";" } ?? text.endIndex
    var word = text[..<end].unmarked
    while let first = word.first, !first.isLetter, !first.isNumber {
      word = word.dropFirst().trimmed
    }
    return word.trimmed
  }
}

/// What stands in a checkbox.
enum CheckboxMark {
  /// The status a mark means; nil for a mark that means none.
  static func status(_ mark: some StringProtocol) -> TaskStatus? {
    switch mark {
    case " ": .pending
    case "-": .inProgress
    case "x", "X": .done
    case "~": .blocked
    default: nil
    }
  }

  /// The mark for a status; nil when there is none.
  static func mark(for status: TaskStatus) -> UInt8? {
    switch status {
    case .pending: UInt8(ascii: " ")
    case .inProgress, .review: UInt8(ascii: "-")
    case .done: UInt8(ascii: "x")
    case .blocked: UInt8(ascii: "~")
    case .deferred, .cancelled: nil
    }
  }
}
