/// The shell commands that profiles stand for.
///
/// Nothing of a task list is in them: the prompt is the standard input, and a session's id a variable.
extension AgentProfile {
  /// The text of the shell command; `isResuming`: the session named by `LANES_SESSION` goes on.
  package func commandText(isResuming: Bool = false) -> String {
    guard command == nil else { return listened(command ?? "") }
    let words: [String?] =
      switch preset {
      case .claude:
        [
          "env -u CLAUDECODE", programWord("claude"),
          "-p --output-format stream-json --verbose --permission-mode acceptEdits",
          model.map { "--model \(Self.word($0))" }, arguments,
          isResuming ? #"--resume "$LANES_SESSION""# : nil,
        ]
      case .codex:
        [
          programWord("codex"), "exec --json --skip-git-repo-check --sandbox workspace-write",
          model.map { "-m \(Self.word($0))" }, arguments,
          isResuming ? #"resume "$LANES_SESSION" -"# : "-",
        ]
      case .gemini:
        [
          programWord("gemini"), "-o stream-json --approval-mode auto_edit",
          model.map { "-m \(Self.word($0))" }, arguments,
          isResuming ? #"-r "$LANES_SESSION""# : nil,
        ]
      case .shell: [program.map(Self.word) ?? ":", arguments]
      }
    return listened(words.compactMap(\.self).joined(separator: " "))
  }

  /// Keeps standard error out of the output when that is read by a program.
  private func listened(_ text: String) -> String {
    output == .text ? text : "{\n\(text)\n} 2>>\"$LANES_ERROR_FILE\""
  }

  private func programWord(_ standard: String) -> String { program.map(Self.word) ?? standard }

  /// A text as one word of a shell line.
  static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"):
        true
      default: false
      }
    }
    if isPlain, !text.isEmpty { return text }
    return "'" + text.replacing("'", with: #"'\''"#) + "'"
  }
}
