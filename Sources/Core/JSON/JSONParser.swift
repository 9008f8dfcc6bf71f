/// Turns bytes into a tape, in one pass and without recursion.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var tape: [JSONDocument.Entry] = []
  /// The tape positions of the containers that are still open, outermost first.
  private var open: [Int] = []
  private var lineStarts: [UInt32] = []
  private var isASCII = true

  private init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  static func parse(
    _ bytes: [UInt8]
  ) throws(JSONFault) -> (tape: [JSONDocument.Entry], lines: LineIndex) {
    guard bytes.count <= JSONDocument.sizeLimit else {
      throw JSONFault(
        at: 0,
        "the file has \(bytes.count) bytes, more than the \(JSONDocument.sizeLimit) that can be read",
        "split it")
    }
    return try bytes.withUnsafeBufferPointer {
      (buffer) throws(JSONFault) -> ([JSONDocument.Entry], LineIndex) in
      var parser = JSONParser(buffer)
      try parser.document()
      return (
        parser.tape, LineIndex(starts: parser.lineStarts, isASCII: parser.isASCII, in: buffer)
      )
    }
  }

  private mutating func document() throws(JSONFault) {
    try skipByteOrderMark()
    lineStarts.append(UInt32(position))
    // Room that is not used costs address space only.
    tape.reserveCapacity(bytes.count / 8 + 16)
    lineStarts.reserveCapacity(bytes.count / 16 + 16)
    skipSpace()
    repeat {
      if try beginValue() { try endValue() }
    } while !open.isEmpty
    skipSpace()
    if position < bytes.count { throw diagnosis.trailing(at: position) }
  }

  private var diagnosis: JSONDiagnosis { JSONDiagnosis(bytes: bytes) }

  private mutating func skipByteOrderMark() throws(JSONFault) {
    if let fault = diagnosis.otherEncoding() { throw fault }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Skips white space and takes note of each line that begins in it.
  @inline(__always)
  private mutating func skipSpace() {
    if position < bytes.count, bytes[position] > UInt8(ascii: " ") { return }
    skipLongSpace()
  }

  private mutating func skipLongSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: " "): position = TextScan.firstAfterSpaces(in: bytes, from: position)
      case UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n"):
        position += 1
        lineStarts.append(UInt32(truncatingIfNeeded: position))
      default: return
      }
    }
  }

  /// Reads a scalar or an empty container, or opens a container up to its first value.
  ///
  /// Returns whether a value is complete.
  private mutating func beginValue() throws(JSONFault) -> Bool {
    guard position < bytes.count else { throw fault(.value) }
    switch bytes[position] {
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "{"): return try openContainer(.object, closer: UInt8(ascii: "}"))
    case UInt8(ascii: "["): return try openContainer(.array, closer: UInt8(ascii: "]"))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    case UInt8(ascii: "t"): try word("true", .bool)
    case UInt8(ascii: "f"): try word("false", .bool)
    case UInt8(ascii: "n"): try word("null", .null)
    default: throw fault(.value)
    }
    return true
  }

  /// Goes on after a complete value: to the next value of its container, or out of the container.
  private mutating func endValue() throws(JSONFault) {
    while let container = open.last {
      skipSpace()
      guard position < bytes.count else { throw fault(.separator) }
      let isObject = tape[container].kind == .object
      switch bytes[position] {
      case UInt8(ascii: ","):
        return try skipComma(inObject: isObject)
      case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
        position += 1
        tape[container].end = UInt32(position)
        tape[container].next = UInt32(tape.count)
        open.removeLast()
      default: throw fault(.separator)
      }
    }
  }

  private mutating func skipComma(inObject isObject: Bool) throws(JSONFault) {
    guard tape.count < JSONDocument.valueLimit else {
      throw JSONFault(
        at: position, "more than \(JSONDocument.valueLimit) values", "split the file")
    }
    position += 1
    skipSpace()
    if isObject { return try key(afterComma: true) }
    if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
      throw fault(.valueAfterComma)
    }
  }

  private mutating func openContainer(
    _ kind: JSONDocument.Kind, closer: UInt8
  ) throws(JSONFault) -> Bool {
    if open.count == JSONDocument.depthLimit {
      throw JSONFault(
        at: position, "more than \(JSONDocument.depthLimit) values inside each other",
        "nest less deeply")
    }
    let index = tape.count
    append(kind, from: position)
    position += 1
    skipSpace()
    if position < bytes.count, bytes[position] == closer {
      position += 1
      tape[index].end = UInt32(position)
      return true
    }
    open.append(index)
    if kind == .object { try key(afterComma: false) }
    return false
  }

  private mutating func key(afterComma: Bool) throws(JSONFault) {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      throw fault(afterComma ? .keyAfterComma : .key)
    }
    try string()
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { throw fault(.colon) }
    position += 1
    skipSpace()
  }

  /// Appends an entry that ends where the parser stands.
  @inline(__always)
  private mutating func append(
    _ kind: JSONDocument.Kind, from start: Int, hasEscapes: Bool = false
  ) {
    tape.append(
      JSONDocument.Entry(
        start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: position),
        next: UInt32(truncatingIfNeeded: tape.count + 1), kind: kind, hasEscapes: hasEscapes))
  }

  private func fault(_ expected: JSONDiagnosis.Expected) -> JSONFault {
    diagnosis.unexpected(at: position, expected: expected, inside: open.last.map { tape[$0] })
  }

  private mutating func word(_ text: StaticString, _ kind: JSONDocument.Kind) throws(JSONFault) {
    let length = text.utf8CodeUnitCount
    let start = position
    let matches =
      position + length <= bytes.count
      && (0..<length).allSatisfy { bytes[start + $0] == text.utf8Start[$0] }
    guard matches, !diagnosis.isWordByte(at: start + length) else { throw fault(.value) }
    position += length
    append(kind, from: start)
  }
}

// Strings and numbers.
extension JSONParser {
  private mutating func string() throws(JSONFault) {
    let start = position
    var hasEscapes = false
    position += 1
    while true {
      position = TextScan.firstSpecial(in: bytes, from: position)
      guard position < bytes.count else { throw diagnosis.unterminated(from: start) }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        append(.string, from: start, hasEscapes: hasEscapes)
        return
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try escape(inStringFrom: start)
      case 0x80...:
        isASCII = false
        let length = TextScan.scalarLength(in: bytes, at: position)
        guard length > 0 else { throw diagnosis.invalidUTF8(at: position) }
        position += length
      default: throw diagnosis.control(at: position, inStringFrom: start)
      }
    }
  }

  private mutating func escape(inStringFrom start: Int) throws(JSONFault) {
    guard position + 1 < bytes.count else { throw diagnosis.unterminated(from: start) }
    switch bytes[position + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      let digits = position + 2..<min(position + 6, bytes.count)
      guard digits.count == 4, digits.allSatisfy({ TextScan.hexDigit(bytes[$0]) != nil }) else {
        throw diagnosis.escape(at: position)
      }
      position += 6
    default: throw diagnosis.escape(at: position)
    }
  }

  private mutating func number() throws(JSONFault) {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let whole = position
    var isValid = digits() > 0
    if isValid, bytes[whole] == UInt8(ascii: "0"), position - whole > 1 { isValid = false }
    if isValid, at(UInt8(ascii: ".")) {
      position += 1
      isValid = digits() > 0
    }
    if isValid, at(UInt8(ascii: "e")) || at(UInt8(ascii: "E")) {
      position += 1
      if at(UInt8(ascii: "+")) || at(UInt8(ascii: "-")) { position += 1 }
      isValid = digits() > 0
    }
    guard isValid, !diagnosis.isWordByte(at: position) else { throw diagnosis.number(at: start) }
    append(.number, from: start)
  }

  @inline(__always)
  private func at(_ byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

  /// Skips digits and returns how many there were.
  @inline(__always)
  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    return position - start
  }
}
