/// Colours for lines of plain output: the mark a line begins with decides, so that the colour never
/// says anything the text does not.
package enum LineColor {
  /// Whether to colour at all.
  ///
  /// A flag or setting wins; else `NO_COLOR` (no-color.org), then `CLICOLOR_FORCE`, then whether the
  /// output is a terminal that is not dumb.
  package static func isWanted(
    _ mode: Settings.ColorMode, environment: [String: String], isTerminal: Bool
  ) -> Bool {
    switch mode {
    case .always: return true
    case .never: return false
    case .auto: break
    }
    if let value = environment["NO_COLOR"], !value.isEmpty { return false }
    if let value = environment["CLICOLOR_FORCE"], !value.isEmpty, value != "0" { return true }
    return isTerminal && environment["TERM"] != "dumb"
  }

  /// A line with its mark's colour, as an ANSI sequence around the whole of it.
  package static func painted(_ line: String) -> String {
    guard let mark = line.first(where: { $0 != " " }), let code = codes[mark] else { return line }
    return "\u{1B}[\(code)m\(line)\u{1B}[0m"
  }

  private static let codes: [Character: Int] = [
    "✔": 32, "✅": 32, "🎉": 32, "❌": 31, "✘": 31, "⚠️": 33, "🔁": 33, "■": 33, "⏹": 33,
    "→": 36, "↻": 36, "📊": 1,
  ]
}
