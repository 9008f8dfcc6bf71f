/// Work stated in a task file.
enum EstimateText {
  /// The most that is believed, so that sums cannot overflow: ten years.
  private static let limit = 10 * 365 * 24 * 3600.0

  /// Hours as a duration; nil when they are not above zero or beyond ten years.
  static func hours(_ hours: Double) -> Duration? {
    let seconds = hours * 3600
    guard seconds > 0, seconds <= limit else { return nil }
    return .microseconds(Int64(seconds * 1_000_000))
  }

  /// Reads `4h`, `30m`, `1h 30m`, `1.5 hours`, `45 minutes`, `90s`, `2d` or a number of hours.
  ///
  /// A day counts as eight hours of work. Nil for every other text.
  static func duration(_ text: String) -> Duration? {
    var rest = Substring(TaskWords.trimmed(text).lowercased())
    var total = 0.0
    var isEmpty = true
    while !rest.isEmpty {
      let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
      guard let amount = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count).drop { $0 == " " }
      let unit = rest.prefix { ("a"..."z").contains($0) }
      if unit.isEmpty, !(isEmpty && rest.isEmpty) { return nil }
      guard let scale = hoursIn(unit) else { return nil }
      total += amount * scale
      isEmpty = false
      rest = rest.dropFirst(unit.count).drop { $0 == " " || $0 == "," }
    }
    return isEmpty ? nil : hours(total)
  }

  private static func hoursIn(_ unit: Substring) -> Double? {
    switch unit {
    case "", "h", "hr", "hrs", "hour", "hours": 1
    case "m", "min", "mins", "minute", "minutes": 1.0 / 60
    case "s", "sec", "secs", "second", "seconds": 1.0 / 3600
    case "d", "day", "days": 8
    default: nil
    }
  }
}
