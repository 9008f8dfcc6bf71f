/// Terminal sequences in the output of tasks (ECMA-48).
extension ProgressParser {
  static let escape: UInt8 = 0x1B
  private static let bell: UInt8 = 0x07

  /// The last complete `ESC ] 9 ; 4 ; STATE ; PERCENT` with a state that has a percentage.
  static func terminalSequence(in line: ArraySlice<UInt8>) -> Progress? {
    let start: [UInt8] = [escape] + "]9;4;".utf8
    var end = line.endIndex
    while let index = line[..<end].lastIndex(of: escape) {
      end = index
      let sequence = line[index...]
      guard sequence.starts(with: start) else { continue }
      if let progress = state(sequence.dropFirst(start.count)) { return progress }
    }
    return nil
  }

  private static func state(_ text: ArraySlice<UInt8>) -> Progress? {
    guard let state = text.first, "124".utf8.contains(state),
      text.dropFirst().first == UInt8(ascii: ";")
    else { return nil }
    let digits = text.dropFirst(2).prefix(while: isDigit)
    let rest = text.dropFirst(2 + digits.count)
    guard rest.first == bell || rest.first == 0x9C || rest.starts(with: [escape, 0x5C]),
      let value = number(digits)
    else { return nil }
    return Progress(fraction: min(value / 100, 1))
  }

  /// The line without escape sequences; what is cut off at its end is left out as well.
  static func withoutSequences(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    var rest = line
    while let byte = rest.popFirst() {
      if byte == escape { skipSequence(&rest) } else { text.append(byte) }
    }
    return text
  }

  private static func skipSequence(_ rest: inout ArraySlice<UInt8>) {
    switch rest.popFirst() {
    case UInt8(ascii: "["):
      rest = rest.drop { (0x20...0x3F).contains($0) }.dropFirst()
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
      UInt8(ascii: "_"):
      rest = rest.drop { $0 != bell && $0 != escape }
      if rest.popFirst() == escape { rest = rest.dropFirst() }
    case .some(0x20...0x2F):
      rest = rest.drop { (0x20...0x2F).contains($0) }.dropFirst()
    case .some, nil:
      break
    }
  }

  /// Printable text of at most 80 characters, without blanks around it.
  static func cleaned(_ text: ArraySlice<UInt8>) -> String {
    let decoded = String(decoding: text.prefix(1024), as: UTF8.self)
    let printable = decoded.unicodeScalars.map { scalar -> Character in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
        .privateUse:
        " "
      default: Character(scalar)
      }
    }
    let words = String(printable).split(separator: " ")
    return String(words.joined(separator: " ").prefix(80))
  }
}
