package import Core

/// Turns what a terminal sends into keys, mouse events and pastes.
///
/// A fold over bytes that knows no clock: what an escape at the end of the input means is decided by
/// `flush`, when nothing has followed for a moment. The sequences are those of xterm and of what
/// imitates it (ECMA-48, xterm's ctlseqs), the Linux console's, and `CSI u`.
package struct InputParser {
  /// What a paste may hold; the rest is dropped.
  private static let longestPaste = 65_536

  private var pending: [UInt8] = []
  private var pasted: [UInt8]?

  package init() {}

  /// Whether more bytes, or `flush`, are needed to tell what came.
  package var isWaiting: Bool { !pending.isEmpty || pasted != nil }

  /// Whether a paste has begun and not ended.
  package var isInPaste: Bool { pasted != nil }

  package mutating func take(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
    pending += bytes
    return parse(isComplete: false)
  }

  /// Says that nothing followed for a moment: a lone escape is the key, and a paste is over.
  package mutating func flush() -> [InputEvent] {
    var events = parse(isComplete: true)
    if let text = pasted {
      pasted = nil
      events.append(.paste(String(decoding: text + pending, as: UTF8.self)))
    }
    pending = []
    return events
  }

  private mutating func parse(isComplete: Bool) -> [InputEvent] {
    var events: [InputEvent] = []
    var rest = pending[...]
    while !rest.isEmpty {
      if pasted != nil {
        guard takePaste(&rest, &events) else { break }
        continue
      }
      guard let (event, count) = Self.next(rest, isComplete: isComplete) else { break }
      rest = rest.dropFirst(count)
      switch event {
      case .event(let event): events.append(event)
      case .pasteStart: pasted = []
      case .nothing: break
      }
    }
    pending = Array(rest)
    return events
  }

  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  /// Takes a paste up to its end; false when that has not come yet.
  private mutating func takePaste(
    _ rest: inout ArraySlice<UInt8>, _ events: inout [InputEvent]
  ) -> Bool {
    guard let end = rest.firstRange(of: Self.pasteEnd) else {
      // The last bytes may be the beginning of the end.
      let sure = max(0, rest.count - Self.pasteEnd.count + 1)
      addToPaste(rest.prefix(sure))
      rest = rest.dropFirst(sure)
      return false
    }
    addToPaste(rest[..<end.lowerBound])
    events.append(.paste(String(decoding: pasted ?? [], as: UTF8.self)))
    pasted = nil
    rest = rest[end.upperBound...]
    return true
  }

  private mutating func addToPaste(_ bytes: ArraySlice<UInt8>) {
    let room = Self.longestPaste - (pasted?.count ?? 0)
    pasted?.append(contentsOf: bytes.prefix(max(0, room)))
  }

  private enum Found {
    case event(InputEvent)
    case pasteStart
    case nothing
  }

  /// What the bytes begin with and how many of them that is; nil when more are needed.
  private static func next(
    _ bytes: ArraySlice<UInt8>, isComplete: Bool
  ) -> (Found, Int)? {
    let first = bytes[bytes.startIndex]
    if first != 0x1B { return character(bytes, isComplete) }
    let after = bytes.dropFirst()
    switch after.first {
    case nil: return isComplete ? (.event(.key(.escape)), 1) : nil
    case UInt8(ascii: "["): return control(bytes, isComplete)
    case UInt8(ascii: "O"):
      guard after.count > 1 else { return isComplete ? (.event(.key(.escape)), 1) : nil }
      let key = KeySequences.single[after[after.startIndex + 1]]
      return (key.map { .event(.key($0)) } ?? .nothing, 3)
    // A key with Alt sends an escape before it, as a fast typist does.
    default: return (.event(.key(.escape)), 1)
    }
  }

  /// One character, which may be a control key.
  private static func character(
    _ bytes: ArraySlice<UInt8>, _ isComplete: Bool
  ) -> (Found, Int)? {
    let first = bytes[bytes.startIndex]
    if let key = KeySequences.control(first) { return (.event(.key(key)), 1) }
    let count = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0
    if count == 0 { return (.nothing, 1) }
    guard bytes.count >= count else { return isComplete ? (.nothing, bytes.count) : nil }
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    guard let character = text.first, text.count == 1, character != "\u{FFFD}",
      !("\u{80}"..."\u{9F}").contains(character.unicodeScalars.first ?? " ")
    else {
      return (.nothing, 1)
    }
    return (.event(.key(.character(character))), count)
  }

  /// A control sequence: CSI, parameters and intermediates, and a final byte.
  private static func control(
    _ bytes: ArraySlice<UInt8>, _ isComplete: Bool
  ) -> (Found, Int)? {
    let body = bytes.dropFirst(2)
    // The Linux console's function keys have a second bracket.
    if body.first == UInt8(ascii: "[") {
      guard body.count > 1 else { return isComplete ? (.nothing, bytes.count) : nil }
      let number = Int(body[body.startIndex + 1]) - Int(UInt8(ascii: "A")) + 1
      return ((1...5).contains(number) ? .event(.key(.function(number))) : .nothing, 4)
    }
    guard let end = body.firstIndex(where: { !(0x20..<0x40).contains($0) }) else {
      return isComplete || body.count > 64 ? (.nothing, bytes.count) : nil
    }
    let (parameters, final) = (body[..<end], body[end])
    let count = end - bytes.startIndex + 1
    if final == 0x1B { return (.nothing, count - 1) }
    if final == UInt8(ascii: "M"), parameters.isEmpty { return oldMouse(bytes, isComplete) }
    return (found(parameters, final), count)
  }

  private static func found(_ parameters: ArraySlice<UInt8>, _ final: UInt8) -> Found {
    if parameters.first == UInt8(ascii: "<") {
      let event = MouseReport.event(parameters.dropFirst(), isPress: final == UInt8(ascii: "M"))
      return event.map { .event(.mouse($0)) } ?? .nothing
    }
    let numbers = MouseReport.numbers(parameters)
    if final == UInt8(ascii: "~"), numbers.first == 200 { return .pasteStart }
    return KeySequences.key(numbers, final).map { .event(.key($0)) } ?? .nothing
  }

  /// A report of terminals that do not know SGR: button, column and row, each plus 32.
  private static func oldMouse(
    _ bytes: ArraySlice<UInt8>, _ isComplete: Bool
  ) -> (Found, Int)? {
    guard bytes.count >= 6 else { return isComplete ? (.nothing, bytes.count) : nil }
    let report = bytes.dropFirst(3).prefix(3).map { Int($0) - 32 }
    let event = MouseReport.event(button: report[0], column: report[1], row: report[2])
    return (event.map { .event(.mouse($0)) } ?? .nothing, 6)
  }
}

/// Reports of the mouse.
private enum MouseReport {
  static func event(_ parameters: ArraySlice<UInt8>, isPress: Bool) -> MouseEvent? {
    let numbers = numbers(parameters)
    guard isPress, numbers.count == 3 else { return nil }
    return event(button: numbers[0], column: numbers[1], row: numbers[2])
  }

  /// Shift, Alt and Ctrl are bits 2 to 4; motion (bit 5) and other buttons say nothing here.
  static func event(button: Int, column: Int, row: Int) -> MouseEvent? {
    guard column > 0, row > 0, column < 10_000, row < 10_000 else { return nil }
    let point = Point(column: column - 1, row: row - 1)
    switch button & ~0x1C {
    case 0: return MouseEvent(.press, at: point)
    case 64: return MouseEvent(.wheelUp, at: point)
    case 65: return MouseEvent(.wheelDown, at: point)
    default: return nil
    }
  }

  /// Numbers between semicolons; of sub-parameters the first one.
  static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
    bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
      let digits = part.prefix { (0x30..<0x3A).contains($0) }.prefix(6)
      return digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
  }
}

/// Which key sends what.
private enum KeySequences {
  /// The final bytes after `CSI` and after `ESC O`.
  static let single: [UInt8: Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
    UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4), UInt8(ascii: "Z"): .backTab,
    UInt8(ascii: "M"): .enter,
  ]

  private static let numbered: [Int: Key] = [
    1: .home, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
    17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
    23: .function(11), 24: .function(12),
  ]

  static func key(_ numbers: [Int], _ final: UInt8) -> Key? {
    switch final {
    case UInt8(ascii: "~"): return numbers.first.flatMap { numbered[$0] }
    case UInt8(ascii: "u"): return unicode(numbers)
    // With parameters this is a report of the cursor's place unless the first one is 1.
    case UInt8(ascii: "R") where numbers.count > 1 && numbers[0] > 1: return nil
    default: return single[final]
    }
  }

  /// `CSI number ; modifiers u`, where the modifiers are bits plus 1 and bit 2 is Ctrl.
  private static func unicode(_ numbers: [Int]) -> Key? {
    guard let code = numbers.first, let scalar = UnicodeScalar(UInt32(code)) else { return nil }
    let modifiers = numbers.count > 1 ? max(0, numbers[1] - 1) : 0
    if let byte = UInt8(exactly: code), let key = control(byte), code == 9 || byte != 9 {
      return key == .tab && modifiers & 1 != 0 ? .backTab : key
    }
    return modifiers & 4 != 0 ? .control(Character(scalar)) : .character(Character(scalar))
  }

  /// The key of a control character; nil for what is printed.
  static func control(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x1B: .escape
    case 0x08, 0x7F: .backspace
    case 0: .control(" ")
    case 1...26: .control(Character(UnicodeScalar(byte + 0x60)))
    case 0x1C...0x1F: .control(Character(UnicodeScalar(byte + 0x40)))
    default: nil
    }
  }
}

/// Tells the second press of a double click from the first one of another.
package struct ClickCounter: Sendable {
  private static var longestPause: Duration { .milliseconds(400) }

  private var last: (point: Point, at: Instant)?

  package init() {}

  /// The event, as a double press when it is one.
  package mutating func counted(_ event: InputEvent, at now: Instant) -> InputEvent {
    guard case .mouse(let mouse) = event, mouse.action == .press else { return event }
    let isSecond = last.map { $0.point == mouse.at && now - $0.at <= Self.longestPause } ?? false
    last = isSecond ? nil : (mouse.at, now)
    return isSecond ? .mouse(MouseEvent(.doublePress, at: mouse.at)) : event
  }
}
