/// Reads the standard output of a coding agent as it comes, one JSON object a line.
///
/// Standard error is not for here: what an agent's commands print there can look like events. Unknown
/// events and fields pass; keys may come in any order.
package struct AgentStream: Sendable {
  /// The programs whose output is understood.
  package enum Format: String, Equatable, Sendable, CaseIterable {
    /// `claude -p --output-format stream-json --verbose`
    case claude
    /// `codex exec --json`
    case codex
    /// `gemini -o stream-json`
    case gemini
  }

  package let format: Format
  package private(set) var report = AgentReport()
  private var framer: LineFramer
  private var reader: Reader

  private enum Reader {
    case claude(ClaudeReader)
    case codex(CodexReader)
    case gemini(GeminiReader)
  }

  /// The most bytes of a line: whole files stand in some.
  package static let lineLimit = 64 << 20

  package init(_ format: Format, lineLimit: Int = lineLimit) {
    self.format = format
    framer = LineFramer(limit: lineLimit)
    reader =
      switch format {
      case .claude: .claude(ClaudeReader())
      case .codex: .codex(CodexReader())
      case .gemini: .gemini(GeminiReader())
      }
  }

  /// Reads on; the answer is what is new.
  package mutating func take(_ bytes: ArraySlice<UInt8>) -> [AgentEvent] {
    var events: [AgentEvent] = []
    for line in framer.take(bytes) { read(line, isTail: false, &events) }
    return events
  }

  /// Reads what stands behind the last line feed, once the output has ended.
  package mutating func finish() -> [AgentEvent] {
    var events: [AgentEvent] = []
    if let line = framer.finish() { read(line, isTail: true, &events) }
    return events
  }

  private mutating func read(
    _ line: LineFramer.Line, isTail: Bool, _ events: inout [AgentEvent]
  ) {
    switch line {
    case .dropped(let count):
      report.droppedLines += 1
      events.append(.damaged(bytes: count))
    case .whole(let bytes):
      let first = bytes.first { $0 != 0x20 && $0 != 0x09 }
      // Some versions print all events as one array.
      guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
        return events.append(.noise(String(decoding: bytes, as: UTF8.self)))
      }
      guard let document = try? JSONDocument(parsing: bytes, name: "output") else {
        if first == UInt8(ascii: "[") {
          return events.append(.noise(String(decoding: bytes, as: UTF8.self)))
        }
        if isTail { return }
        report.damagedLines += 1
        return events.append(.damaged(bytes: bytes.count))
      }
      if document.root.kind == .object { read(document.root, &events) }
      for element in document.root.elements where element.kind == .object {
        read(element, &events)
      }
    }
  }

  private mutating func read(_ event: JSONNode, _ events: inout [AgentEvent]) {
    var notes = AgentNotes(report: report)
    switch reader {
    case .claude(var own):
      own.read(event, &notes)
      reader = .claude(own)
    case .codex(var own):
      own.read(event, &notes)
      reader = .codex(own)
    case .gemini(var own):
      own.read(event, &notes)
      reader = .gemini(own)
    }
    report = notes.report
    events += notes.events
  }
}

/// A report on its way, and what changed in it.
struct AgentNotes {
  var report: AgentReport
  private(set) var events: [AgentEvent] = []

  init(report: AgentReport) {
    self.report = report
  }

  mutating func session(_ id: String?) {
    guard let id, !id.isEmpty, report.session != id else { return }
    report.session = id
    events.append(.session(id))
  }

  /// Takes a line for people; of a long text only the beginning, and of several lines the first.
  mutating func activity(_ text: String) {
    let line = text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
    let shown = cleaned(String((line ?? "").prefix(200)))
    guard !shown.isEmpty, report.activity != shown else { return }
    report.activity = shown
    events.append(.activity(shown))
  }

  mutating func todo(done: Int, total: Int) {
    let todo = AgentReport.Todo(done: done, total: total)
    guard total > 0, report.todo != todo else { return }
    report.todo = todo
    events.append(.progress(todo))
  }

  mutating func file(_ path: String?) {
    guard let path, !path.isEmpty, report.files.count < 10_000, !report.files.contains(path)
    else { return }
    report.files.append(path)
    events.append(.file(path))
  }

  mutating func alive() { events.append(.alive) }

  mutating func limit(_ limit: AgentReport.StatedLimit) {
    report.limit = limit
    events.append(.limited(limit))
  }

  mutating func end(_ ending: AgentReport.Ending) {
    report.ending = ending
    events.append(.ended(ending))
  }
}

extension JSONNode {
  /// The text behind keys.
  func text(_ keys: String...) -> String? {
    keys.reduce(Optional(self)) { $0?[$1] }?.string
  }

  /// The first of some keys that has a text or a number, as text.
  func identifier(_ keys: String...) -> String? {
    keys.lazy.compactMap { self[$0]?.string ?? self[$0]?.numberText }.first
  }
}
