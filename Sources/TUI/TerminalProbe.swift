import CNcurses

/// What curses knows of a terminal.
package struct TerminalProbe: Equatable, Sendable {
  /// The version of the curses library, such as `ncurses 6.4.20221231`.
  package static var libraryVersion: String {
    curses_version().map { String(cString: $0) } ?? "unknown"
  }
}
