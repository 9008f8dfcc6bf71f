import CLinux
import Core
import Glibc

/// The terminal of this process: its descriptors, its name, and what is written to it besides cells.
package struct Terminal: Sendable {
  package let input: Int32
  package let output: Int32
  /// The value of `TERM`.
  package let name: String
  package let environment: [String: String]
  /// Whether the locale's characters are UTF-8.
  package let isUTF8: Bool

  /// The terminal on standard output, with its keyboard; nil when there is none.
  ///
  /// When standard input is something else the keyboard is that of the controlling terminal.
  package init?(environment: [String: String]) {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    output = STDOUT_FILENO
    let isKeyboard = isatty(STDIN_FILENO) == 1
    input = isKeyboard ? STDIN_FILENO : Glibc.open("/dev/tty", O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { return nil }
    self.environment = environment
    name = environment["TERM"] ?? ""
    isUTF8 = Self.useLocale(environment)
  }

  /// A terminal with these descriptors, which stay open as long as it is used.
  package init(input: Int32, output: Int32, name: String, isUTF8: Bool = true) {
    self.input = input
    self.output = output
    self.name = name
    self.isUTF8 = isUTF8
    environment = [:]
  }

  /// Takes the user's characters over for this process, and returns whether they are UTF-8.
  ///
  /// A UTF-8 locale that is not installed is as good as any other one.
  private static func useLocale(_ environment: [String: String]) -> Bool {
    let isFound = setlocale(LC_CTYPE, "") != nil
    if isFound, isCharacterSetUTF8 { return true }
    let wanted =
      ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty } ?? ""
    let name = wanted.uppercased().filter { $0 != "-" }
    guard name.hasSuffix("UTF8"), setlocale(LC_CTYPE, "C.UTF-8") != nil else { return false }
    return isCharacterSetUTF8
  }

  private static var isCharacterSetUTF8: Bool {
    nl_langinfo(nl_item(CODESET)).map { String(cString: $0) == "UTF-8" } ?? false
  }

  /// The name of the terminal as a message shows it.
  var shownName: String { cleaned(String(name.prefix(80))) }

  /// The size in characters; 80×24 when the terminal does not say.
  package var size: Size {
    var (columns, rows) = (Int32(80), Int32(24))
    _ = lanes_terminal_size(output, &columns, &rows)
    return Size(columns: min(Int(columns), 1000), rows: min(Int(rows), 1000))
  }

  /// Whether this process may draw: a shell gives the terminal to one of its jobs at a time.
  package var isForeground: Bool {
    let group = tcgetpgrp(output)
    return group < 0 || group == getpgrp()
  }

  func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        var wait = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        poll(&wait, 1, -1)
        continue
      }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  var hasTitle: Bool {
    [
      "xterm", "tmux", "screen", "rxvt", "alacritty", "kitty", "foot", "wezterm", "gnome",
      "konsole",
    ]
    .contains { name.hasPrefix($0) }
  }

  /// Keeps the window's title; presses and the wheel of the mouse as SGR reports; pastes in brackets.
  static let opening = "\u{1B}[22;2t\u{1B}[?1000h\u{1B}[?1006h\u{1B}[?2004h"
  static let closing = "\u{1B}[?2004l\u{1B}[?1006l\u{1B}[?1000l\u{1B}[23;2t"

  static func title(_ text: String) -> String {
    "\u{1B}]2;" + cleaned(String(text.prefix(200))) + "\u{7}"
  }

  /// The sequence that fills the clipboard (OSC 52); terminals ignore what is longer than about 100 kB.
  static func copying(_ text: String) -> String {
    "\u{1B}]52;c;" + Base64.text(Array(text.utf8.prefix(74_994))) + "\u{7}"
  }

  /// A capability without the delays of old terminals, such as `$<5/>`.
  static func withoutDelays(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "$<") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: ">") else { return result + rest }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}

/// Bytes as text of letters, digits, `+` and `/` (RFC 4648).
enum Base64 {
  static func text(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let bits = (0..<3).reduce(0) { sum, offset in
        sum << 8 | (offset < part.count ? Int(part[start + offset]) : 0)
      }
      let all = [18, 12, 6, 0].map { digits[bits >> $0 & 63] }
      text += all.prefix(part.count + 1)
      text += repeatElement(UInt8(ascii: "="), count: 3 - part.count)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
