/// Puts into words what is wrong at a byte where JSON ends, and what to do about it.
struct JSONDiagnosis {
  let bytes: UnsafeBufferPointer<UInt8>

  /// What the grammar allows at the faulty byte.
  enum Expected {
    case value
    case valueAfterComma
    case key
    case keyAfterComma
    case colon
    case separator
  }

  /// Names the fault when the text is empty or is not UTF-8 by its first bytes.
  func otherEncoding() -> JSONFault? {
    if bytes.isEmpty { return JSONFault(at: 0, "the file is empty", "write a JSON value into it") }
    let mark = Array(bytes.prefix(2))
    let isWide = mark == [0xFF, 0xFE] || mark == [0xFE, 0xFF] || mark.contains(0)
    return isWide
      ? JSONFault(at: 0, "the file is UTF-16 or binary, not UTF-8", "save it as UTF-8") : nil
  }

  func unexpected(
    at offset: Int, expected: Expected, inside container: JSONDocument.Entry?
  ) -> JSONFault {
    guard offset < bytes.count else { return end(expected: expected, inside: container) }
    if let fault = foreign(at: offset) { return fault }
    let isObject = container?.kind == .object
    let byte = bytes[offset]
    switch expected {
    case .valueAfterComma, .keyAfterComma:
      if byte == closer(isObject) {
        return JSONFault(
          at: offset, "a comma before '\(character(closer(isObject)))'", "remove the comma")
      }
      return wrong(offset, isObject ? "expected a key in double quotes" : "expected a value")
    case .value: return wrong(offset, "expected a value")
    case .key: return wrong(offset, "expected a key in double quotes or '}'")
    case .colon: return wrong(offset, "expected ':' after the key")
    case .separator: return separator(at: offset, isObject: isObject)
    }
  }

  func trailing(at offset: Int) -> JSONFault {
    if let fault = foreign(at: offset) { return fault }
    if bytes[offset] == UInt8(ascii: "{") || bytes[offset] == UInt8(ascii: "[") {
      return JSONFault(
        at: offset, "a second value after the first", "put the values into one array: [ …, … ]")
    }
    return JSONFault(
      at: offset, "unexpected \(found(at: offset)) after the end of the value", "remove it")
  }

  func unterminated(from start: Int) -> JSONFault {
    let line = LineIndex.place(of: start, in: bytes).line
    return JSONFault(
      at: bytes.count, "the file ends inside the string that begins in line \(line)",
      "close the string with '\"', or restore the rest of the file")
  }

  func control(at offset: Int, inStringFrom start: Int) -> JSONFault {
    let byte = bytes[offset]
    if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
      return JSONFault(
        at: offset, "a line break inside a string",
        "close the string with '\"', or write the line break as \\n")
    }
    let escape = byte == UInt8(ascii: "\t") ? "\\t" : "\\u00" + hex(byte)
    return JSONFault(
      at: offset, "a control character (0x\(hex(byte))) inside a string", "write it as \(escape)")
  }

  func invalidUTF8(at offset: Int) -> JSONFault {
    JSONFault(at: offset, "byte 0x\(hex(bytes[offset])) is not UTF-8", "save the file as UTF-8")
  }

  func escape(at offset: Int) -> JSONFault {
    let next = offset + 1 < bytes.count ? bytes[offset + 1] : 0
    if next == UInt8(ascii: "u") {
      return JSONFault(
        at: offset, "\\u without four hexadecimal digits", "write the four digits, or \\\\u")
    }
    let name = next > 0x20 && next < 0x7F ? "\\" + character(next) : "a backslash before that byte"
    return JSONFault(at: offset, "\(name) is no escape in JSON", "write \\\\ for a backslash")
  }

  func number(at offset: Int) -> JSONFault {
    let text = word(at: offset)
    if text.hasPrefix("-I") || text.hasPrefix("-N") { return notFinite(text, at: offset) }
    return JSONFault(
      at: offset, "'\(text)' is not a number in JSON",
      "write digits without leading zeros, as in 0.5 or 12, or put it in double quotes")
  }

  /// Whether the byte would continue a bare word or a number.
  func isWordByte(at offset: Int) -> Bool {
    guard offset < bytes.count else { return false }
    switch bytes[offset] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "$"):
      return true
    default: return false
    }
  }
}

// Faults that look the same wherever they stand, and the wording of single bytes.
extension JSONDiagnosis {
  private func end(expected: Expected, inside container: JSONDocument.Entry?) -> JSONFault {
    guard let container else {
      return JSONFault(
        at: bytes.count, "there is no value in the file", "write a JSON value into it")
    }
    let what = container.kind == .object ? "object" : "array"
    let line = LineIndex.place(of: Int(container.start), in: bytes).line
    return JSONFault(
      at: bytes.count, "the file ends inside the \(what) that begins in line \(line)",
      "close it with '\(character(closer(container.kind == .object)))', or restore the rest of the file"
    )
  }

  private func separator(at offset: Int, isObject: Bool) -> JSONFault {
    let close = character(closer(isObject))
    let byte = bytes[offset]
    let beginsValue =
      byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
      || isWordByte(at: offset)
    return JSONFault(
      at: offset, "expected ',' or '\(close)', found \(found(at: offset))",
      beginsValue ? "put a comma before it" : "close what is open, or remove it")
  }

  /// Names what is common in files that are nearly JSON.
  private func foreign(at offset: Int) -> JSONFault? {
    for marker in ["<<<<<<<", "=======", ">>>>>>>", "|||||||"] where begins(marker, at: offset) {
      return JSONFault(
        at: offset, "an unresolved merge conflict (\(marker))",
        "resolve the conflict and remove its markers")
    }
    for opening in ["//", "/*", "#"] where begins(opening, at: offset) {
      return JSONFault(at: offset, "a comment; JSON has none", "remove the comment")
    }
    if bytes[offset] == UInt8(ascii: "'") {
      return JSONFault(at: offset, "a single quote", "use double quotes")
    }
    if bytes[offset] == 0 {
      return JSONFault(at: offset, "a null byte", "restore the file, or save it as UTF-8")
    }
    return foreignWord(at: offset)
  }

  private func foreignWord(at offset: Int) -> JSONFault? {
    guard isWordByte(at: offset) else { return nil }
    let text = word(at: offset)
    switch text {
    case "NaN", "Infinity", "+Infinity": return notFinite(text, at: offset)
    case "True", "TRUE": return misspelt(text, "true", at: offset)
    case "False", "FALSE": return misspelt(text, "false", at: offset)
    case "None", "NULL", "Null", "nil", "undefined": return misspelt(text, "null", at: offset)
    default: break
    }
    guard text.utf8.first.map({ $0 > UInt8(ascii: "9") || $0 == UInt8(ascii: "$") }) == true,
      !["true", "false", "null"].contains(text)
    else { return nil }
    return JSONFault(at: offset, "'\(text)' without quotes", "put it in double quotes")
  }

  private func notFinite(_ text: String, at offset: Int) -> JSONFault {
    JSONFault(at: offset, "\(text) is not a number in JSON", "write null or a number")
  }

  private func misspelt(_ text: String, _ right: String, at offset: Int) -> JSONFault {
    JSONFault(at: offset, "'\(text)' is not a word of JSON", "write \(right)")
  }

  private func wrong(_ offset: Int, _ expected: String) -> JSONFault {
    JSONFault(
      at: offset, "\(expected), found \(found(at: offset))", "correct or remove what stands there")
  }

  private func begins(_ text: String, at offset: Int) -> Bool {
    bytes[offset...].starts(with: text.utf8)
  }

  /// The bare word at a byte, cut to a length that suits a message.
  private func word(at offset: Int) -> String {
    var end = offset
    while end < bytes.count, end - offset < 24, isWordByte(at: end) { end += 1 }
    return String(decoding: bytes[offset..<end], as: UTF8.self)
  }

  private func found(at offset: Int) -> String {
    let byte = bytes[offset]
    if byte > 0x20 && byte < 0x7F { return "'\(character(byte))'" }
    let length = byte < 0x80 ? 0 : TextScan.scalarLength(in: bytes, at: offset)
    if length == 0 { return "byte 0x\(hex(byte))" }
    let scalar = String(decoding: bytes[offset..<offset + length], as: UTF8.self).unicodeScalars
      .first
    return "U+" + String(scalar?.value ?? 0, radix: 16, uppercase: true)
  }

  private func closer(_ isObject: Bool) -> UInt8 {
    isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
  }

  private func character(_ byte: UInt8) -> String { String(UnicodeScalar(byte)) }

  private func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}
