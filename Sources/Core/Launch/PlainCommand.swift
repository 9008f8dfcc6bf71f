/// A command that means the same without a shell: a program and its arguments.
///
/// Such a command is executed directly, which saves a process that reads it, as make does. Whatever a shell
/// might read in another way than as plain words goes to the shell.
package struct PlainCommand: Equatable {
  package var words: [String]

  /// Nil for anything but words of plain characters, quoted or not, or when the shell knows the first one itself.
  package init?(_ command: String) {
    var words: [String] = []
    var word: [UInt8]?
    var quote: UInt8?
    for byte in command.utf8 {
      if let open = quote {
        if byte == open {
          quote = nil
        } else if byte == 0 || open == UInt8(ascii: "\"") && Self.isLiveInQuotes(byte) {
          return nil
        } else {
          word?.append(byte)
        }
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        if words.isEmpty { return nil }
        quote = byte
        word = word ?? []
      } else if byte == UInt8(ascii: " ") {
        if let ended = word { words.append(String(decoding: ended, as: UTF8.self)) }
        word = nil
      } else if Self.isPlain(byte), !words.isEmpty || byte != UInt8(ascii: "=") {
        word = (word ?? []) + [byte]
      } else {
        return nil
      }
    }
    guard quote == nil else { return nil }
    if let ended = word { words.append(String(decoding: ended, as: UTF8.self)) }
    guard let program = words.first, !Self.known.contains(program) else { return nil }
    self.words = words
  }

  /// Whether a character means itself in a shell, wherever it stands.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "_-./:,@%+=".utf8.contains(byte)
    }
  }

  private static func isLiveInQuotes(_ byte: UInt8) -> Bool {
    "$`\\".utf8.contains(byte)
  }

  /// What shells do themselves, reserved or built in, and otherwise than the programs of the same name; `true` and
  /// `false` are the same both ways.
  private static let known = Set(
    """
    if then else elif fi do done case esac while until for in function select time coproc . : alias bg bind break
    builtin caller cd chdir command compgen complete compopt continue declare dirs disown echo enable eval exec exit
    export fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray
    readonly return set shift shopt source suspend test times trap type typeset ulimit umask unalias unset wait
    """.split { $0.isWhitespace }.map(String.init))
}
