/// Text for HTML and XML.
enum Markup {
  /// A text that shows as itself between tags and inside quoted attributes, control characters and
  /// invisible ones taken out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in cleaned(text) {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.append(character)
      }
    }
    return result
  }
}
