/// Dependencies in words, as plans in Markdown state them.
enum DependencyText {
  /// One task that is named, and whether the words after it say that work overlaps.
  struct Mention: Equatable {
    var name: Substring
    var isSoft: Bool
    /// The name with its remark.
    var text: Substring
  }

  /// The tasks a text names; none for `None (foundational)`.
  ///
  /// Names are parted by commas, semicolons, `and` and `&` outside parentheses. Text in parentheses
  /// belongs to the name before it. A name that is known as a whole is not parted at an `and`.
  static func mentions(
    in text: Substring, isKnown: (Substring) -> Bool = { _ in false }
  ) -> [Mention] {
    parts(of: text, at: [",", ";"]).flatMap { part -> [Mention] in
      if let whole = mention(part), isKnown(whole.name) { return [whole] }
      return parts(of: part, at: [" and ", " & ", " + "]).compactMap(mention)
    }
  }

  /// The words for other tasks to wait for: names that stay keep their remarks, and soft ones stay.
  ///
  /// `mentions` are those there are, with the tasks that each means; `name` is how a task is called.
  static func text(
    naming ids: [TaskID], keeping mentions: [(mention: Mention, ids: [TaskID])],
    none: String, name: (TaskID) -> String
  ) -> String {
    var left: [TaskID] = []
    for id in ids where !left.contains(id) { left.append(id) }
    var parts: [Substring] = []
    for (mention, known) in mentions where !mention.isSoft && !known.isEmpty {
      guard known.allSatisfy(left.contains) else { continue }
      parts.append(mention.text.droppingLast("."))
      left.removeAll { known.contains($0) }
    }
    parts += left.map { name($0)[...] }
    for (mention, known) in mentions where mention.isSoft && !known.isEmpty {
      if !known.contains(where: ids.contains) { parts.append(mention.text.droppingLast(".")) }
    }
    return parts.isEmpty ? none : parts.joined(separator: ", ")
  }

  /// Whether a remark says that a task can start before what it depends on is done.
  static func isSoft(_ remark: some StringProtocol) -> Bool {
    let remark = remark.folded
    let refusals = ["not ", "n't", "only after", "cannot", "never"]
    if refusals.contains(where: remark.contains) { return false }
    let words = ["can start", "can begin", "minimal", "in parallel", "overlap", "soft"]
    return words.contains(where: remark.contains)
  }

  /// Whether a sentence says that a task waits for nothing.
  static func saysNone(_ text: some StringProtocol) -> Bool {
    let text = text.folded
    return text.hasPrefix("no dependenc") || text == "independent"
  }

  private static func parts(of text: Substring, at separators: [String]) -> [Substring] {
    var parts: [Substring] = []
    var depth = 0
    var start = text.startIndex
    var position = text.startIndex
    while position < text.endIndex {
      let character = text[position]
      if character == "(" { depth += 1 }
      if character == ")" { depth = max(0, depth - 1) }
      let rest = text[position...]
      let separator = depth > 0 ? nil : separators.first { rest.hasPrefix($0) }
      if let separator {
        parts.append(text[start..<position])
        position = text.index(position, offsetBy: separator.count)
        start = position
      } else {
        position = text.index(after: position)
      }
    }
    return parts + [text[start...]]
  }

  private static func mention(_ part: Substring) -> Mention? {
    var name = part.trimmed
    if name.hasPrefix("and ") { name = name.dropFirst(4) }
    let text = name
    var isSoft = false
    if let (head, remark) = name.splitOnce("(") {
      isSoft = Self.isSoft(remark)
      name = head.trimmed
    }
    name = name.unmarked
    while let last = name.last, last == "." || last == ":" { name = name.dropLast() }
    let none = ["", "none", "no", "n/a", "na", "nothing", "-", "–", "—", "[]", "null"]
    return none.contains(name.folded) ? nil : Mention(name: name, isSoft: isSoft, text: text)
  }
}
