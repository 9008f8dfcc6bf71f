/// Lists of texts as one text: in brackets, with commas between them.
enum ListText {
  /// The elements; commas inside braces or quotes separate nothing.
  static func parts(of text: String) -> [String] {
    var body = text[...]
    if body.first == "[", body.last == "]" { body = body.dropFirst().dropLast() }
    var parts: [String] = []
    var part = ""
    var (depth, isQuoted) = (0, false)
    for character in body {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where depth == 0 && !isQuoted:
        parts.append(part)
        part = ""
        continue
      case "{" where !isQuoted: depth += 1
      case "}" where !isQuoted: depth = max(0, depth - 1)
      default: break
      }
      if character != "\"" { part.append(character) }
    }
    parts.append(part)
    return parts.map(TaskWords.trimmed).filter { !$0.isEmpty }
  }

  /// As lanes.yml would write it.
  static func text(of parts: [String]) -> String {
    "[" + parts.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
  }
}
