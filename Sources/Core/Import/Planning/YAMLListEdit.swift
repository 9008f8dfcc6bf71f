// Lists in YAML that lose some elements and get others, the rest as it was.
extension YAMLEdit {
  /// Keeps some elements of the list below a key and adds texts, as YAML writes them, at its end.
  ///
  /// A list that is not there is put in. Throws where there is no list, or one whose elements are not
  /// each on a line of its own or all between brackets without a remark.
  mutating func setList(
    _ key: String, keeping isKept: (YAMLNode) -> Bool, adding new: [String]
  ) throws(PlanError) {
    guard let entry = root.mapping?.first(where: { $0.key == key }) else {
      guard root.mapping != nil else { throw unsuitable([key], root.place) }
      return insert([key], "[\(new.joined(separator: ", "))]", at: slot(in: root))
    }
    guard let elements = entry.value.sequence else { throw unsuitable([key], entry.place) }
    let start = offset(of: entry.value.place)
    if start < bytes.count, bytes[start] == UInt8(ascii: "[") {
      var texts: [String] = []
      for element in elements where isKept(element) {
        guard let range = range(of: element) else { throw unsuitable([key], element.place) }
        texts.append(String(decoding: bytes[range], as: UTF8.self))
      }
      guard let end = endOfBrackets(from: start) else { throw unsuitable([key], entry.place) }
      let text = "[\((texts + new).joined(separator: ", "))]"
      return edits.append(ByteEdit(start..<end, text.utf8))
    }
    try setBlock(entry, elements, isKept, new)
  }

  private mutating func setBlock(
    _ entry: YAMLNode.Entry, _ elements: [YAMLNode], _ isKept: (YAMLNode) -> Bool, _ new: [String]
  ) throws(PlanError) {
    var marker: String?
    // Behind the last element that stays, or else before the first.
    var place = endOfLine(SourcePlace(line: entry.place.line, column: 1))
    for (index, element) in elements.enumerated() {
      let line = lines[element.place.line - 1]
      let start = bytes[line...].firstIndex { $0 != 0x20 && $0 != 0x09 }
      guard element.place.line > entry.place.line, let start, bytes[start] == UInt8(ascii: "-")
      else { throw unsuitable([entry.key], element.place) }
      marker = marker ?? String(decoding: bytes[line..<start], as: UTF8.self) + "- "
      let before = endOfLine(SourcePlace(line: element.place.line - 1, column: 1))
      let end = endOfLine(lastPlace(in: element))
      if index == 0 { place = before }
      if isKept(element) { place = end } else { edits.append(ByteEdit(before..<end, [])) }
    }
    if !new.isEmpty, let marker {
      edits.append(ByteEdit(at: place, new.map { lineBreak + marker + $0 }.joined()))
    } else if !elements.contains(where: isKept) {
      let colon = offset(of: entry.place) + entry.key.utf8.count
      guard colon < bytes.count, bytes[colon] == UInt8(ascii: ":") else {
        throw unsuitable([entry.key], entry.place)
      }
      edits.append(ByteEdit(at: colon + 1, " []"))
    }
  }

  private func range(of node: YAMLNode) -> Range<Int>? {
    let start = offset(of: node.place)
    guard start < bytes.count else { return nil }
    if "{[".utf8.contains(bytes[start]) { return endOfBrackets(from: start).map { start..<$0 } }
    guard case .scalar = node.content, let end = node.end else { return nil }
    return start..<max(start, offset(of: end))
  }

  /// The offset behind the bracket that closes the one at an offset; nil when a remark stands within.
  private func endOfBrackets(from start: Int) -> Int? {
    var depth = 0
    var quote: UInt8?
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if let open = quote {
        if open == UInt8(ascii: "\""), byte == UInt8(ascii: "\\") { position += 1 }
        if byte == open { quote = nil }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        // Within a plain text they are letters.
        if " ,[{:\n\t".utf8.contains(bytes[position - 2]) { quote = byte }
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return position }
      case UInt8(ascii: "#"): return nil
      default: break
      }
    }
    return nil
  }
}
