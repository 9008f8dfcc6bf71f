import CLinux
import CNcurses
import Glibc

/// A terminal that curses draws on; the only file that knows of curses.
///
/// Curses keeps its state in globals, so there is at most one at a time, for one thread.
package final class CursesScreen: Screen {
  package private(set) var size: Size
  private let terminal: Terminal
  private var screen: OpaquePointer?
  private var files: [UnsafeMutablePointer<FILE>] = []
  private var isOpen = false
  private var theme = Theme.standard
  private var palette: PaletteMap
  private var pairs: [ColorPair: Int32] = [:]
  private var looks: [Style: (attributes: attr_t, pair: Int32)] = [:]
  private var glyphs: [String: [wchar_t]] = [:]
  private var shown: Frame?
  private var shownTitle = ""

  private struct ColorPair: Hashable {
    var foreground: Int
    var background: Int
  }

  /// Prepares for a terminal; nothing is written before `open`.
  package init(_ terminal: Terminal) {
    self.terminal = terminal
    size = terminal.size
    palette = PaletteMap(depth: .none)
  }

  deinit {
    close()
    if let screen { delscreen(screen) }
    for file in files { fclose(file) }
  }

  package func open() throws(ScreenError) {
    guard !isOpen else { return }
    if screen == nil {
      try check()
      guard lanes_guard_terminal(terminal.output) == 0 else {
        throw ScreenError("standard output is no terminal")
      }
      do { try begin() } catch {
        lanes_release_terminal()
        throw error
      }
    } else {
      lanes_guard_terminal(terminal.output)
      // At once, and not with the next frame: a key may be pressed before that.
      reset_prog_mode()
    }
    isOpen = true
    guardTerminal()
    terminal.write(Terminal.opening)
    resize()
  }

  /// Curses would end the program, or draw rubbish, on what is refused here.
  private func check() throws(ScreenError) {
    var code: Int32 = 0
    guard setupterm(terminal.name, terminal.output, &code) == 0 else {
      throw ScreenError(
        terminal.name.isEmpty
          ? "TERM is not set"
          : "this machine does not know the terminal that TERM names, \(terminal.shownName)")
    }
    defer { lanes_forget_terminal() }
    guard lanes_capability("cup") != nil, lanes_capability("clear") != nil else {
      throw ScreenError("the terminal \(terminal.shownName) cannot move its cursor")
    }
  }

  /// The description to use: the one with direct colour, where the terminal promises that and this
  /// machine has one.
  private var description: String {
    guard ["truecolor", "24bit"].contains(terminal.environment["COLORTERM"] ?? "") else {
      return terminal.name
    }
    let base = terminal.name.hasSuffix("-256color") ? terminal.name.dropLast(9) : terminal.name[...]
    var code: Int32 = 0
    guard setupterm(base + "-direct", terminal.output, &code) == 0 else { return terminal.name }
    defer { lanes_forget_terminal() }
    return lanes_flag("RGB") != 0 ? base + "-direct" : terminal.name
  }

  private func begin() throws(ScreenError) {
    for (descriptor, mode) in [(terminal.output, "w"), (terminal.input, "r")] {
      let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
      guard copy >= 0, let file = fdopen(copy, mode) else {
        throw ScreenError("the terminal cannot be opened: \(String(cString: strerror(errno)))")
      }
      files.append(file)
    }
    // The size is the terminal's own, whatever LINES says or a description lacks.
    use_env(false)
    use_tioctl(true)
    screen = newterm(description, files[0], files[1])
    guard screen != nil else {
      throw ScreenError("curses cannot use the terminal \(terminal.shownName)")
    }
    raw()
    noecho()
    nonl()
    let depth = ColorDepth(
      colors: Int(lanes_colors()), hasDirect: lanes_flag("RGB") != 0,
      environment: terminal.environment)
    palette = PaletteMap(depth: depth)
    if palette.depth != .none, start_color() == OK { use_default_colors() }
    use(theme)
  }

  private func guardTerminal() {
    let names = ["sgr0", "op", "cnorm", "rmcup"]
    let texts: [String] = names.compactMap { name in
      lanes_capability(name).map { String(cString: $0) }
    }
    var bytes = Terminal.closing + texts.map(Terminal.withoutDelays).joined()
    bytes.withUTF8 { buffer in
      buffer.withMemoryRebound(to: CChar.self) { lanes_guard_bytes($0.baseAddress, $0.count) }
    }
  }

  package func close() {
    guard isOpen else { return }
    isOpen = false
    terminal.write(Terminal.closing)
    endwin()
    lanes_guard_bytes("", 0)
    lanes_release_terminal()
    shownTitle = ""
  }

  package func resize() {
    size = terminal.size
    guard isOpen else { return }
    resizeterm(Int32(size.rows), Int32(size.columns))
    redraw()
  }

  /// Forgets what is on the terminal.
  private func redraw() {
    shown = nil
    clearok(lanes_shown(), true)
    werase(lanes_window())
  }

  package func use(_ theme: Theme) {
    self.theme = theme
    looks = [:]
    pairs = [:]
    palette = PaletteMap(depth: palette.depth)
    if isOpen { redraw() }
  }

  package func copy(_ text: String) {
    if isOpen { terminal.write(Terminal.copying(text)) }
  }

  // MARK: Drawing

  package func draw(_ frame: Frame) {
    guard isOpen else { return }
    let last = shown.flatMap { $0.size == frame.size ? $0 : nil }
    let (rows, columns) = (
      min(size.rows, frame.size.rows), min(size.columns, frame.size.columns)
    )
    for row in 0..<rows {
      let start = row * frame.size.columns
      for place in start..<start + columns where last?.cells[place] != frame.cells[place] {
        put(frame, place, row: row, column: place - start, columns: columns)
      }
    }
    showCursor(frame)
    wrefresh(lanes_window())
    if frame.title != shownTitle {
      shownTitle = frame.title
      if terminal.hasTitle { terminal.write(Terminal.title(frame.title)) }
    }
    shown = frame
  }

  private func attributes(of style: Style) -> (attributes: attr_t, pair: Int32) {
    if let known = looks[style] { return known }
    let look = curses(theme.look(of: style, hasColors: palette.depth != .none))
    looks[style] = look
    return look
  }

  private func curses(_ look: Theme.Look) -> (attr_t, Int32) {
    var attributes: attr_t = 0
    if look.isBold { attributes |= lanes_bold }
    if look.isDim { attributes |= lanes_dim }
    if look.isItalic { attributes |= lanes_italic }
    if look.isUnderlined { attributes |= lanes_underline }
    if look.isReversed { attributes |= lanes_reverse }
    return (attributes, pair(look))
  }

  private func pair(_ look: Theme.Look) -> Int32 {
    if palette.depth == .none { return 0 }
    let colors = ColorPair(
      foreground: palette.number(of: look.foreground),
      background: palette.number(of: look.background))
    if let known = pairs[colors] { return known }
    let number = Int32(pairs.count + 1)
    pairs[colors] = number
    let code = init_extended_pair(number, Int32(colors.foreground), Int32(colors.background))
    return code == OK ? number : 0
  }

  private func put(_ frame: Frame, _ place: Int, row: Int, column: Int, columns: Int) {
    let cell = frame.cells[place]
    if cell.glyph.isEmpty { return }
    let isWide = column + 1 < columns && frame.cells[place + 1].glyph.isEmpty
    let (attributes, pair) = attributes(of: cell.style)
    var text = characters(of: cell.glyph)
    let width = Int(lanes_width(text[0]))
    if width != 1, width != 2 || !isWide { text = characters(of: "?") }
    lanes_put(Int32(row), Int32(column), text, attributes, pair)
    // What curses counts as narrow and the frame as wide is followed by a space.
    if isWide, width != 2 {
      lanes_put(Int32(row), Int32(column + 1), characters(of: " "), attributes, pair)
    }
  }

  /// A character and what combines with it, ended by 0, as much as curses keeps in a cell.
  private func characters(of glyph: String) -> [wchar_t] {
    if let known = glyphs[glyph] { return known }
    if glyphs.count > 4096 { glyphs = [:] }
    let scalars = glyph.unicodeScalars.map { wchar_t(bitPattern: $0.value) }
    let marks = scalars.dropFirst().prefix { lanes_width($0) == 0 }.prefix(4)
    let text = [scalars.first ?? 32] + marks + [0]
    glyphs[glyph] = text
    return text
  }

  private func showCursor(_ frame: Frame) {
    guard let cursor = frame.cursor, cursor.row < size.rows, cursor.column < size.columns else {
      curs_set(0)
      leaveok(lanes_window(), true)
      return
    }
    leaveok(lanes_window(), false)
    wmove(lanes_window(), Int32(cursor.row), Int32(cursor.column))
    curs_set(1)
  }
}

/// What curses knows of terminals.
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
