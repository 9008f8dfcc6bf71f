/// What a setting or a flag takes.
package enum ValueKind: Equatable, Sendable {
  case integer(ClosedRange<Int>)
  /// A number, or `auto`.
  case integerOrAuto(ClosedRange<Int>)
  /// A length of time; `none`, where it is allowed, means without limit.
  case duration(ClosedRange<Duration>, allowsNone: Bool)
  /// `true` or `false`.
  case toggle
  /// One of these words.
  case choice([String])
  /// Any text; the word stands for it in messages and help.
  case text(String)
  /// Texts with commas between them.
  case list

  /// Why a text is not a value of this kind, and what would be; nil when it is one.
  package func problem(with text: String) -> (problem: String, remedy: String)? {
    switch self {
    case .integer(let range):
      if let number = Int(text), range.contains(number) { return nil }
      return ("\(quoted(text)) is not a number from \(range.lowerBound) to \(range.upperBound)", "")
    case .integerOrAuto(let range):
      if text == "auto" { return nil }
      return ValueKind.integer(range).problem(with: text).map {
        (
          $0.problem + " nor auto",
          nearest(text, among: ["auto"]).map { "did you mean \($0)?" } ?? ""
        )
      }
    case .duration(let range, let allowsNone):
      if allowsNone && text == "none" { return nil }
      if let duration = Duration(text: text), range.contains(duration) { return nil }
      return durationProblem(text, range, allowsNone)
    case .toggle:
      return text == "true" || text == "false"
        ? nil : ("\(quoted(text)) is neither true nor false", "")
    case .choice(let words):
      if words.contains(text) { return nil }
      return (
        "\(quoted(text)) is not one of \(words.joined(separator: ", "))",
        nearest(text, among: words).map { "did you mean \($0)?" } ?? ""
      )
    case .text, .list: return nil
    }
  }

  private func durationProblem(
    _ text: String, _ range: ClosedRange<Duration>, _ allowsNone: Bool
  ) -> (problem: String, remedy: String) {
    let example = "write a time such as 90s, 15m or 1h30m" + (allowsNone ? ", or none" : "")
    guard Duration(text: text) != nil else { return ("\(quoted(text)) is not a time", example) }
    return (
      "\(quoted(text)) is not between \(range.lowerBound.text) and \(range.upperBound.text)",
      example
    )
  }

  /// What stands for the value in help: `N`, `TIME`, `a|b|c`.
  package var placeholder: String {
    switch self {
    case .integer: "N"
    case .integerOrAuto: "N|auto"
    case .duration: "TIME"
    case .toggle: "true|false"
    case .choice(let words): words.joined(separator: "|")
    case .text(let word): word
    case .list: "LIST"
    }
  }
}

/// A text of the user's between quotes, safe to show: printable, and not too long.
package func quoted(_ text: String) -> String {
  let isLong = text.unicodeScalars.count > 80
  return "\"\(printable(String(text.unicodeScalars.prefix(80))))\(isLong ? "…" : "")\""
}

/// A text with a sign in place of each control and format character, so that it cannot act on a
/// terminal.
package func printable(_ text: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
      shown.append("\u{FFFD}")
    default: shown.append(scalar)
    }
  }
  return String(shown)
}
