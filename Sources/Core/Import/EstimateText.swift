/// Work stated in a task file.
enum EstimateText {
  /// The most that is believed, so that sums cannot overflow: ten years.
  private static let limit = 10 * 365 * 24 * 3600.0

  /// Hours as a duration; nil when they are not above zero or beyond ten years.
  static func hours(_ hours: Double) -> Duration? {
    let seconds = hours * 3600
    guard seconds > 0, seconds <= limit else { return nil }
    return .microseconds(Int64((seconds * 1_000_000).rounded()))
  }

  /// Reads `4h`, `30m`, `1h 30m`, `1.5 hours`, `45 minutes`, `90s`, `2d` or a number of hours.
  ///
  /// A day counts as eight hours of work. Nil for every other text.
  static func duration(_ text: String) -> Duration? {
    var bytes = Array(text.utf8)[...]
    var total = 0.0
    var isEmpty = true
    skipSeparators(&bytes)
    while !bytes.isEmpty {
      guard let amount = takeNumber(&bytes) else { return nil }
      skipSeparators(&bytes)
      let rest = bytes.count
      guard let seconds = takeUnit(&bytes) else { return nil }
      if bytes.count == rest, !(isEmpty && bytes.isEmpty) { return nil }
      total += amount * seconds
      isEmpty = false
      skipSeparators(&bytes)
    }
    return isEmpty ? nil : hours(total / 3600)
  }

  private static func skipSeparators(_ bytes: inout ArraySlice<UInt8>) {
    bytes = bytes.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }
  }

  /// Takes digits with at most one point among them.
  private static func takeNumber(_ bytes: inout ArraySlice<UInt8>) -> Double? {
    var value = 0.0
    var scale = 0.0
    let digits = bytes.prefix { $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: ".") }
    for byte in digits {
      if byte == UInt8(ascii: ".") {
        if scale > 0 { return nil }
        scale = 1
      } else {
        value = value * 10 + Double(byte - UInt8(ascii: "0"))
        scale *= 10
      }
    }
    bytes = bytes.dropFirst(digits.count)
    return digits.isEmpty || digits.elementsEqual([UInt8(ascii: ".")]) ? nil : value / max(1, scale)
  }

  /// Takes a unit and says how many seconds it has; nil for a word that is no unit.
  ///
  /// No unit at all counts as hours.
  private static func takeUnit(_ bytes: inout ArraySlice<UInt8>) -> Double? {
    let letters = bytes.prefix { ($0 | 0x20) &- UInt8(ascii: "a") < 26 }
    bytes = bytes.dropFirst(letters.count)
    guard let first = letters.first else { return 3600 }
    let unit = units.first { $0.letter == first | 0x20 }
    guard letters.count > 1, let unit else { return unit?.seconds }
    let word = String(decoding: letters, as: UTF8.self).lowercased()
    return unit.words.contains(word) ? unit.seconds : nil
  }

  private static let units: [(letter: UInt8, words: [String], seconds: Double)] = [
    (UInt8(ascii: "h"), ["hr", "hrs", "hour", "hours"], 3600),
    (UInt8(ascii: "m"), ["min", "mins", "minute", "minutes"], 60),
    (UInt8(ascii: "s"), ["sec", "secs", "second", "seconds"], 1),
    (UInt8(ascii: "d"), ["day", "days"], 8 * 3600),
  ]
}
