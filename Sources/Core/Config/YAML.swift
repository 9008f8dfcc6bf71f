import CYAML

/// Reads YAML with libyaml; how scalars are typed is decided by `YAMLNode`.
package enum YAML {
  /// The version of the library, such as `0.2.5`.
  package static var libraryVersion: String { String(cString: yaml_get_version_string()) }

  /// How much a text may hold, so that none can exhaust the machine.
  package struct Limits: Equatable, Sendable {
    package var bytes = 16 << 20
    package var depth = 64
    /// Values, each use of an alias counted with all that it stands for.
    package var nodes = 1_000_000

    package init() {}
  }

  /// The documents of a text; `file` names it in errors.
  package static func documents(
    _ bytes: [UInt8], file: String, limits: Limits = Limits()
  ) throws(YAMLError) -> [YAMLNode] {
    guard bytes.count <= limits.bytes else {
      throw YAMLError(
        file: file, place: SourcePlace(line: 1, column: 1),
        problem: "the file is larger than \(limits.bytes >> 20) MiB", remedy: "split it")
    }
    return try bytes.withUnsafeBufferPointer { (buffer) throws(YAMLError) in
      var composer = YAMLComposer(events: YAMLEvents(buffer, file: file), limits: limits)
      return try composer.documents()
    }
  }
}

/// What libyaml finds in a text, one thing after the other.
final class YAMLEvents {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeBufferPointer<UInt8>
  let file: String

  struct Event {
    var place: SourcePlace
    var end: SourcePlace
    var kind: Kind
  }

  enum Kind: Equatable {
    case end
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(String, isPlain: Bool, Mark)
    case sequenceStart(Mark)
    case sequenceEnd
    case mappingStart(Mark)
    case mappingEnd
  }

  /// What can stand before a value.
  struct Mark: Equatable {
    var anchor: String?
    var tag: String?
  }

  /// The input must stay where it is as long as the value is used.
  init(_ input: UnsafeBufferPointer<UInt8>, file: String) {
    self.input = input
    self.file = file
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    yaml_parser_initialize(parser)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  func next() throws(YAMLError) -> Event {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
      defer { yaml_event_delete(&event) }
      if let kind = Self.kind(event) {
        return Event(place: place(event.start_mark), end: place(event.end_mark), kind: kind)
      }
    }
  }

  /// The kind of an event; nil for the start of the stream.
  private static func kind(_ event: yaml_event_t) -> Kind? {
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      return .scalar(
        String(decoding: value, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
        Mark(anchor: text(scalar.anchor), tag: text(scalar.tag)))
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return .sequenceStart(Mark(anchor: text(start.anchor), tag: text(start.tag)))
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return .mappingStart(Mark(anchor: text(start.anchor), tag: text(start.tag)))
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_STREAM_START_EVENT: return nil
    default: return .end
    }
  }

  private static func text(_ pointer: UnsafePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private func place(_ mark: yaml_mark_t) -> SourcePlace {
    SourcePlace(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  private func failure() -> YAMLError {
    let state = parser.pointee
    var problem = state.problem.map { String(cString: $0) } ?? "out of memory"
    guard state.error != YAML_READER_ERROR else {
      return YAMLError(
        file: file, place: place(ofByte: Int(state.problem_offset)), problem: problem,
        remedy: "save the file as UTF-8 text")
    }
    if let context = state.context {
      problem += " \(String(cString: context)) that begins on line \(state.context_mark.line + 1)"
    }
    let place = place(state.problem_mark)
    return YAMLError(
      file: file, place: place, problem: problem,
      remedy: isIndentedWithTab(line: place.line)
        ? "indent with spaces, not with tabs" : "check indentation, colons and quotes there")
  }

  private func isIndentedWithTab(line number: Int) -> Bool {
    let lines = input.split(
      separator: UInt8(ascii: "\n"), maxSplits: number, omittingEmptySubsequences: false)
    guard lines.count >= number else { return false }
    let indentation = lines[number - 1].prefix { $0 == 32 || $0 == 9 }
    return indentation.contains(9)
  }

  private func place(ofByte offset: Int) -> SourcePlace {
    var place = SourcePlace(line: 1, column: 1)
    for byte in input.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        place = SourcePlace(line: place.line + 1, column: 1)
      } else if byte & 0xC0 != 0x80 {
        place.column += 1
      }
    }
    return place
  }
}
