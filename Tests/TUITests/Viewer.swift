import Core
import TUI

/// A view with a fake log behind it: feeds events, answers what is read, keeps what is asked for.
struct Viewer {
  var state: ViewState
  /// The lines of every log.
  var log: [String]
  /// What the newest event led to, reading apart.
  private(set) var effects: [Effect] = []
  /// What was read because of the newest event.
  private(set) var reads: [LogRequest] = []

  init(
    _ story: Story, _ columns: Int = 80, _ rows: Int = 24, mode: ViewOptions.Mode = .live,
    isUnicode: Bool = true, keys: Keymap = .standard, log: [String] = Viewer.sampleLog
  ) {
    self.log = log
    let options = ViewOptions(
      mode: mode, isUnicode: isUnicode, themes: ["default", "light", "nord"], keys: keys)
    let first = story.events[0]
    let manifest = story.state.manifest
    state = ViewState(
      run: RunState(manifest: manifest, at: first.at),
      size: Size(columns: columns, rows: rows), now: first.at, options: options)
    send(.run(story.events))
    send(.tick(story.now + .seconds(10)))
    send(.tick(story.now))
  }

  mutating func send(_ event: InputEvent) {
    effects = []
    reads = []
    var open = reduce(&state, event)
    while !open.isEmpty {
      let effect = open.removeFirst()
      guard case .readLog(let request) = effect else {
        effects.append(effect)
        continue
      }
      reads.append(request)
      open += reduce(&state, .log(FakeLog(lines: log).answer(request)))
    }
  }

  mutating func press(_ keys: Key...) { for key in keys { send(.key(key)) } }

  mutating func type(_ text: String) { for character in text { send(.key(.character(character))) } }

  var frame: Frame { TUI.frame(of: state) }
  var text: String { frame.text }
  /// The last row, without blanks at its end.
  var footer: String { frame.rows.last ?? "" }

  static let sampleDiff = """
     src/cart/mod.rs | 6 +++---
     src/cart/tax.rs | 2 ++
     2 files changed, 5 insertions(+), 3 deletions(-)

    diff --git a/src/cart/mod.rs b/src/cart/mod.rs
    index 3b18e51..a042389 100644
    --- a/src/cart/mod.rs
    +++ b/src/cart/mod.rs
    @@ -12,7 +12,7 @@ pub fn total(cart: &Cart) -> Money {
         let mut sum = Money::zero();
    -    for item in &cart.items { sum += item.price }
    +    for item in &cart.items { sum += item.price * item.count }
         sum
     }
    diff --git a/src/cart/tax.rs b/src/cart/tax.rs
    new file mode 100644
    index 0000000..e69de29
    --- /dev/null
    +++ b/src/cart/tax.rs
    @@ -0,0 +1,2 @@
    +pub const RATE: u32 = 19;
    +\u{1B}[31m// not red\u{202E}
    """.split(separator: "\n", omittingEmptySubsequences: false).map { shown(String($0)) }

  static let sampleLog = (1...200).map { line in
    switch line {
    case 198: "warning: unused variable `totals` in src/cart/mod.rs"
    case 199: "running 14 tests"
    case 200: "compiling cart/service …"
    default: "[\(line)] step \(line) of the cart service"
    }
  }
}

/// A log in memory, read as the loop reads a file.
struct FakeLog {
  let lines: [String]

  private var offsets: [Int64] {
    var offsets: [Int64] = [0]
    for line in lines { offsets.append((offsets.last ?? 0) + Int64(line.utf8.count) + 1) }
    return offsets
  }

  func answer(_ request: LogRequest) -> LogWindow {
    let offsets = offsets
    func line(at offset: Int64) -> Int { (offsets.lastIndex { $0 <= offset }) ?? 0 }
    var first: Int?
    switch request.place {
    case .end: first = lines.count - request.lines
    case .offset(let offset): first = line(at: offset)
    case .lines(let count, let offset): first = line(at: offset) + count
    case .match(let text, let offset):
      first = lines.indices.first { $0 > line(at: offset) && has($0, text) }
    case .matchBefore(let text, let offset):
      first = lines.indices.last { $0 < line(at: offset) && has($0, text) }
    }
    let size = offsets.last ?? 0
    guard let first else {
      return LogWindow(request: request, lines: [], size: size, end: 0, problem: "not found")
    }
    let start = max(0, min(first, lines.count))
    let end = min(lines.count, start + request.lines)
    return LogWindow(
      request: request,
      lines: (start..<end).map { LogWindow.Line(offset: offsets[$0], text: lines[$0]) },
      size: size, end: offsets[end])
  }

  private func has(_ line: Int, _ text: String) -> Bool {
    lines[line].lowercased().contains(text.lowercased())
  }
}

extension Frame {
  /// Each row as text, without blanks at its end.
  var rows: [String] {
    (0..<size.rows).map { row in
      var line = (0..<size.columns).map { self[$0, row].glyph }.joined()
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  var text: String { rows.joined(separator: "\n") }

  /// What is wrong with the grid, if anything: each row must be as wide as the screen, by glyphs that
  /// a terminal draws.
  var flaw: String? {
    if cells.count != size.columns * size.rows { return "\(cells.count) cells" }
    for row in 0..<size.rows {
      var column = 0
      while column < size.columns {
        let glyph = self[column, row].glyph
        let width = glyph.reduce(0) { $0 + TUI.width(of: $1) }
        if width < 1 || width > 2 { return "\(glyph.debugDescription) at \(column), \(row)" }
        if glyph.unicodeScalars.contains(where: \.isControl) {
          return "control at \(column), \(row)"
        }
        if width == 2 {
          if column + 1 >= size.columns { return "wide at the edge in row \(row)" }
          if !self[column + 1, row].glyph.isEmpty { return "wide over \(column + 1), \(row)" }
        }
        column += width
      }
    }
    return nil
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
