/// Changes values in the bytes of a YAML file and leaves every other byte as it is.
struct YAMLEdit {
  let bytes: [UInt8]
  private let file: String
  let root: YAMLNode
  /// The offset of each line's first byte.
  let lines: [Int]
  var edits: [ByteEdit] = []
  /// What is to be put in, by where.
  private var insertions: [(place: Slot, content: Branch)] = []
  private var wanted: [(path: [String], text: String)] = []

  /// New entries, in their order.
  private struct Branch {
    var entries: [(key: String, value: Branch?, text: String)] = []

    mutating func add(_ path: ArraySlice<String>, _ text: String) {
      guard let key = path.first else { return }
      let rest = path.dropFirst()
      guard let index = entries.firstIndex(where: { $0.key == key }) else {
        var branch = Branch()
        branch.add(rest, text)
        return entries.append((key, rest.isEmpty ? nil : branch, text))
      }
      entries[index].value?.add(rest, text)
    }
  }

  /// A place for new entries.
  struct Slot: Equatable {
    var offset: Int
    /// The columns before each entry; nil inside braces.
    var indent: Int?
    /// Whether braces have entries already.
    var needsComma = false
  }

  /// Reads the one document of a file.
  init(_ bytes: [UInt8], file: String) throws(PlanError) {
    self.bytes = bytes
    self.file = file
    do throws(YAMLError) {
      let documents = try YAML.documents(bytes, file: file)
      root =
        documents.first
        ?? YAMLNode(
          place: SourcePlace(line: 1, column: 1), content: .scalar("", isPlain: true))
    } catch {
      throw PlanError(
        .syntax, file: file, place: error.place, problem: error.problem, remedy: error.remedy)
    }
    lines = Self.lineStarts(of: bytes)
  }

  /// The break that the file has behind its first line.
  var lineBreak: String {
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0
    return end > 0 && bytes[end - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n"
  }

  /// Where lines begin, by all breaks that YAML knows: LF, CR, both, NEL, LS and PS.
  private static func lineStarts(of bytes: [UInt8]) -> [Int] {
    var starts = [0]
    for place in bytes.indices {
      let isBreak: Bool
      switch bytes[place] {
      case 0x0A: isBreak = true
      case 0x0D: isBreak = place + 1 == bytes.count || bytes[place + 1] != 0x0A
      case 0x85: isBreak = place > 0 && bytes[place - 1] == 0xC2
      case 0xA8, 0xA9:
        isBreak = place > 1 && bytes[place - 1] == 0x80 && bytes[place - 2] == 0xE2
      default: isBreak = false
      }
      if isBreak { starts.append(place + 1) }
    }
    return starts
  }

  /// The value at the end of a way of keys.
  subscript(path: String...) -> YAMLNode? {
    path.reduce(Optional(root)) { $0?[$1] }
  }

  /// Gives a scalar another text, or puts a new one in with the keys that are missing on the way.
  ///
  /// `text` is as YAML writes it. Throws where there is something else than keys or a scalar.
  mutating func set(_ path: [String], to text: String) throws(PlanError) {
    var node = root
    for (depth, key) in path.enumerated() {
      guard let entries = node.mapping else { throw unsuitable(path, node.place) }
      guard let entry = entries.first(where: { $0.key == key }) else {
        wanted.append((path, text))
        return insert(path[depth...], text, at: slot(in: node))
      }
      if depth + 1 < path.count, entry.value.isNull {
        wanted.append((path, text))
        let slot = Slot(offset: endOfLine(entry.place), indent: entry.place.column + 1)
        return insert(path[(depth + 1)...], text, at: slot)
      }
      node = entry.value
    }
    guard case .scalar = node.content, let end = node.end else {
      throw unsuitable(path, node.place)
    }
    let start = offset(of: node.place)
    var stop = max(start, offset(of: end))
    if start < bytes.count, "|>".utf8.contains(bytes[start]) {
      // A text in lines ends where the next thing begins.
      while stop > start, " \t\r\n".utf8.contains(bytes[stop - 1]) { stop -= 1 }
    }
    let range = start..<stop
    if bytes[range].elementsEqual(text.utf8) { return }
    let isEmpty = range.isEmpty && range.lowerBound > 0
    let needsSpace = isEmpty && bytes[range.lowerBound - 1] == UInt8(ascii: ":")
    edits.append(ByteEdit(range, ((needsSpace ? " " : "") + text).utf8))
    wanted.append((path, text))
  }

  /// The file with all changes; throws when it would not say what was asked for.
  func result() throws(PlanError) -> [UInt8] {
    // Where a value ends together with what is around it, what belongs to the value comes first.
    let inserted = insertions.sorted { ($0.place.indent ?? 0) > ($1.place.indent ?? 0) }
      .map { ByteEdit(at: $0.place.offset, text(of: $0.content, $0.place)) }
    let edited = ByteEdit.apply(edits + inserted, to: bytes)
    let after: YAMLEdit
    do throws(PlanError) {
      after = try YAMLEdit(edited, file: file)
    } catch {
      throw unsuitable(wanted.first?.path ?? [], nil)
    }
    for (path, text) in wanted {
      let value = path.reduce(Optional(after.root)) { $0?[$1] }
      guard value?.end != nil, YAMLText.isSame(value, text) else { throw unsuitable(path, nil) }
    }
    return edited
  }

  mutating func insert(_ path: ArraySlice<String>, _ text: String, at slot: Slot) {
    if let index = insertions.firstIndex(where: { $0.place == slot }) {
      insertions[index].content.add(path, text)
    } else {
      var branch = Branch()
      branch.add(path, text)
      insertions.append((slot, branch))
    }
  }

  /// Where a mapping takes a new entry: after its last one.
  func slot(in node: YAMLNode) -> Slot {
    let start = offset(of: node.place)
    guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else {
      return Slot(offset: endOfLine(lastPlace(in: node)), indent: node.place.column - 1)
    }
    guard let last = node.mapping?.last, let end = last.value.end else {
      return Slot(offset: start + 1)
    }
    return Slot(offset: offset(of: end), needsComma: true)
  }

  /// The end of the last scalar or bracket within a value.
  func lastPlace(in node: YAMLNode) -> SourcePlace {
    let start = offset(of: node.place)
    let isFlow = start < bytes.count && "{[".utf8.contains(bytes[start])
    if !isFlow, let entry = node.mapping?.last {
      return entry.value.isNull && entry.value.text == nil
        ? entry.place : lastPlace(in: entry.value)
    }
    if !isFlow, let element = node.sequence?.last { return lastPlace(in: element) }
    guard let end = node.end else { return node.place }
    // A text over several lines ends where the next thing begins.
    return end.column == 1 && end.line > 1 ? SourcePlace(line: end.line - 1, column: 1) : end
  }

  private func text(of branch: Branch, _ slot: Slot) -> String {
    guard let indent = slot.indent else {
      return (slot.needsComma ? ", " : "") + flow(branch)
    }
    return block(branch, indent)
  }

  private func flow(_ branch: Branch) -> String {
    branch.entries.map { entry in
      "\(YAMLText.scalar(entry.key)): " + (entry.value.map { "{\(flow($0))}" } ?? entry.text)
    }.joined(separator: ", ")
  }

  private func block(_ branch: Branch, _ indent: Int) -> String {
    branch.entries.map { entry in
      lineBreak + String(repeating: " ", count: indent) + YAMLText.scalar(entry.key) + ":"
        + (entry.value.map { block($0, indent + 2) } ?? " " + entry.text)
    }.joined()
  }

  func offset(of place: SourcePlace) -> Int {
    guard place.line <= lines.count else { return bytes.count }
    var offset = lines[place.line - 1]
    if offset == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    for _ in 1..<max(1, place.column) where offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    }
    return offset
  }

  func endOfLine(_ place: SourcePlace) -> Int {
    guard place.line < lines.count else { return bytes.count }
    var end = lines[place.line] - 1
    while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    let isPair = bytes[end] == 0x0A && end > 0 && bytes[end - 1] == 0x0D
    return isPair ? end - 1 : end
  }

  func unsuitable(_ path: [String], _ place: SourcePlace?) -> PlanError {
    PlanError(
      .unsuitable, file: file, place: place,
      problem: "\(path.joined(separator: ".")) cannot be changed in place",
      remedy: "write it on a line of its own as 'key: value'")
  }
}
