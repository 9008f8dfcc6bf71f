/// Reads the standard output of a coding agent as it comes, one JSON object a line.
///
/// Standard error is not for here: what an agent's commands print there can look like events. Lines that
/// are no JSON objects are noise, unknown events and fields pass, and keys may come in any order.
package struct AgentStream: Sendable {
  package private(set) var report = AgentReport()
  private var framer: LineFramer
  private var reader: any AgentEventReader

  /// The most bytes of a line: whole files stand in some.
  package static let lineLimit = 64 << 20

  /// Nil for output that is text for people.
  package init?(_ format: AgentFormat, lineLimit: Int = lineLimit) {
    framer = LineFramer(limit: lineLimit)
    switch format {
    case .text: return nil
    case .claude: reader = ClaudeReader()
    case .codex: reader = CodexReader()
    case .gemini: reader = GeminiReader()
    }
  }

  package mutating func take(_ bytes: ArraySlice<UInt8>) {
    for line in framer.take(bytes) { read(line, isTail: false) }
  }

  /// Reads what stands behind the last line feed, once the output has ended.
  package mutating func finish() {
    if let line = framer.finish() { read(line, isTail: true) }
  }

  private mutating func read(_ line: LineFramer.Line, isTail: Bool) {
    guard case .whole(let bytes) = line else {
      report.unreadableLines += 1
      return
    }
    let first = bytes.first { $0 != 0x20 && $0 != 0x09 }
    let isEvent = first == UInt8(ascii: "{")
    // Some versions print all events as one array.
    guard isEvent || first == UInt8(ascii: "[") else { return }
    guard let document = try? JSONDocument(parsing: bytes, name: "output") else {
      if isEvent, !isTail { report.unreadableLines += 1 }
      return
    }
    if isEvent { return reader.read(document.root, &report) }
    for element in document.root.elements where element.kind == .object {
      reader.read(element, &report)
    }
  }
}

/// Understands the events of one program.
protocol AgentEventReader: Sendable {
  mutating func read(_ event: JSONNode, _ report: inout AgentReport)
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
