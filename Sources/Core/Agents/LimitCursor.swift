/// A place in the words of an error, and what can be read from there on.
struct LimitCursor {
  private let bytes: [UInt8]
  private var position: Int

  struct Time: Equatable {
    var hour: Int
    var minute: Int
  }

  static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  /// From Monday on.
  static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  init(_ bytes: [UInt8], at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  private var rest: ArraySlice<UInt8> { bytes[position...] }

  mutating func take(_ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  mutating func skipSpaces() {
    while let byte = rest.first, byte == 0x20 { position += 1 }
  }

  /// Steps over spaces, commas and the word `at`.
  mutating func skipSeparators() {
    while true {
      skipSpaces()
      if take(",") || take("at ") { continue }
      return
    }
  }

  mutating func skipOrdinal() {
    for ending in ["st", "nd", "rd", "th"] where take(ending) { return }
  }

  /// A number of at most twelve digits.
  mutating func number() -> Int? {
    let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
    guard !digits.isEmpty, digits.count <= 12 else { return nil }
    position += digits.count
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  /// The number of a word that begins with one of these, from 1; nil with nothing taken.
  mutating func word(of beginnings: [String]) -> Int? {
    guard let index = beginnings.firstIndex(where: { rest.starts(with: $0.utf8) }) else {
      return nil
    }
    position += rest.prefix { $0 &- UInt8(ascii: "a") < 26 }.count
    skipSpaces()
    return index + 1
  }

  /// `3pm`, `12:50am`, `3:28 pm`.
  mutating func timeOfDay() -> Time? {
    guard let hour = number(), 1...12 ~= hour else { return nil }
    var minute = 0
    if take(":") {
      guard let number = number(), 0..<60 ~= number else { return nil }
      minute = number
    }
    skipSpaces()
    let isMorning = take("am") || take("a.m.")
    guard isMorning || take("pm") || take("p.m.") else { return nil }
    return Time(hour: hour % 12 + (isMorning ? 0 : 12), minute: minute)
  }

  /// The name of a zone in parentheses, in small letters.
  mutating func zone() -> String? {
    skipSpaces()
    guard take("(") else { return nil }
    let name = rest.prefix { $0 != UInt8(ascii: ")") && $0 > 0x20 }
    return name.isEmpty || name.count > 64 ? nil : String(decoding: name, as: UTF8.self)
  }

  /// `2 days`, `17 hours`, `34.07s`, `900ms`, in seconds.
  mutating func timePart() -> Double? {
    skipSeparators()
    let mark = position
    let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: ".") }
    guard let amount = Double(String(decoding: digits, as: UTF8.self)) else { return nil }
    position += digits.count
    skipSpaces()
    let letters = rest.prefix { $0 &- UInt8(ascii: "a") < 26 }
    position += letters.count
    switch String(decoding: letters, as: UTF8.self) {
    case "d", "day", "days": return amount * 86_400
    case "h", "hr", "hrs", "hour", "hours": return amount * 3600
    case "m", "min", "mins", "minute", "minutes": return amount * 60
    case "s", "sec", "secs", "second", "seconds": return amount
    case "ms": return amount / 1000
    default:
      position = mark
      return nil
    }
  }
}
