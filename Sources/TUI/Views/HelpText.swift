/// The help, made from the table of keys.
struct HelpText {
  let lines: [[Span]]

  init(_ keys: Keymap, columns: Int, isUnicode: Bool) {
    let groups = ActionGroup.allCases.map { group in
      [[Span(group.rawValue, .title, isBold: true)]]
        + keys.entries.filter { $0.group == group }.map { Self.line($0, isUnicode) } + [[]]
    }
    let isWide = columns >= 116
    let all = groups.flatMap { $0 }
    guard isWide else {
      lines = all
      return
    }
    let (left, right) = Self.halves(groups)
    let mark = Symbols(isUnicode: isUnicode).ellipsis
    lines = [Span].beside(left, right, columns: columns / 2, mark: mark)
  }

  private static func line(_ entry: KeyEntry, _ isUnicode: Bool) -> [Span] {
    let names = entry.keys.map { $0.label(isUnicode: isUnicode) }.joined(separator: " ")
    return [Span("  \(names)", .key)].fitted(to: 14, mark: "")
      + [Span(entry.words + (entry.asks ? " (asks)" : ""))]
  }

  /// The groups in two columns of about the same height.
  private static func halves(_ groups: [[[Span]]]) -> ([[Span]], [[Span]]) {
    let whole = groups.reduce(0) { $0 + $1.count }
    var left: [[Span]] = []
    var rest = groups[...]
    while let group = rest.first, left.count + group.count / 2 < whole / 2 {
      left += group
      rest = rest.dropFirst()
    }
    return (left, rest.flatMap { $0 })
  }
}
