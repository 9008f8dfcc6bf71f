/// The texts of `lanes help`.
package enum Help {
  /// All commands, each in one line.
  package static var overview: String {
    let commands = Command.allCases.map { command in
      ([command.rawValue, command.operands].joined(separator: " "), command.summary)
    }
    return """
      lanes runs a task list in parallel.

      Usage: lanes [-C DIR] COMMAND [FLAG…] [OPERAND…]

      Commands:
      \(table(commands))
      Flags of every command:
      \(table(Flag.global.map(row)))
      lanes help COMMAND explains a command.

      """
  }

  /// One command with its operands and flags.
  package static func text(for command: Command) -> String {
    let usage = [
      "lanes", command.rawValue, command.flags.isEmpty ? "" : "[FLAG…]", command.operands,
    ]
    var text = """
      \(command.summary.prefix(1).uppercased())\(command.summary.dropFirst()).

      Usage: \(usage.filter { !$0.isEmpty }.joined(separator: " "))

      """
    let flags = command.flags.filter { !$0.isHidden }
    if !flags.isEmpty { text += "\nFlags:\n\(table(flags.map(row)))" }
    return text + "\nFlags of every command:\n\(table(Flag.global.map(row)))"
  }

  private static func row(_ flag: Flag) -> (String, String) {
    let short = flag.short.map { "-\($0), " } ?? "    "
    guard let value = flag.value else { return ("\(short)--\(flag.name)", flag.help) }
    guard case .choice(let words) = value else {
      return ("\(short)--\(flag.name) \(value.placeholder)", flag.help)
    }
    let choices = words.joined(separator: ", ")
    return ("\(short)--\(flag.name) WORD", "\(flag.help) (\(choices))")
  }

  /// Two columns, the second one broken so that lines have at most 80 characters.
  private static func table(_ rows: [(String, String)]) -> String {
    let width = rows.reduce(0) { max($0, $1.0.count) }
    return rows.map { first, second in
      let lines = broken(second, width: max(20, 80 - width - 4))
      let indent = String(repeating: " ", count: width + 4)
      return "  \(padded(first, width))  \(lines.joined(separator: "\n\(indent)"))\n"
    }.joined()
  }

  private static func broken(_ text: String, width: Int) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
