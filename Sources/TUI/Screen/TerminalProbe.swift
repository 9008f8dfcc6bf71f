import CNcurses

/// What curses knows of a terminal.
package enum TerminalProbe {
  /// The version of the curses library, such as `ncurses 6.4.20221231`.
  package static var libraryVersion: String {
    curses_version().map { String(cString: $0) } ?? "unknown"
  }

  /// How many colours a kind of terminal has; nil when it is unknown, as after a mistyped `TERM`.
  package static func colors(ofTerminal name: String) -> Int? {
    var code: Int32 = 0
    guard setupterm(name, 1, &code) == 0 else { return nil }
    defer { lanes_forget_terminal() }
    return max(0, Int(lanes_colors()))
  }
}
