extension Duration {
  private static var units: [(name: String, microseconds: Int64)] {
    [
      ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000),
      ("ms", 1000),
    ]
  }

  /// Reads `90s`, `15m`, `1h30m`, `1.5h`, `250ms`, or a plain number of seconds.
  ///
  /// Larger units come first and each at most once; nothing is negative. Nil for any other text.
  package init?(text: String) {
    var rest = Substring(text)
    var total: Int64 = 0
    var units = Self.units[...]
    guard !text.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let name = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(name.count)
      let isPlain = name.isEmpty && rest.isEmpty && units.count == Self.units.count
      let wanted = isPlain ? "s" : String(name)
      guard let index = units.firstIndex(where: { $0.name == wanted }),
        let part = Self.microseconds(number, unit: units[index].microseconds)
      else { return nil }
      units = units[(index + 1)...]
      let (sum, overflow) = total.addingReportingOverflow(part)
      if overflow { return nil }
      total = sum
    }
    self = .microseconds(total)
  }

  /// A decimal number of units; digits below a microsecond are dropped.
  private static func microseconds(_ number: Substring, unit: Int64) -> Int64? {
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = Int64(parts.first ?? "") else { return nil }
    let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    guard parts.count == 2 else { return product }
    var fraction: Int64 = 0
    var scale = unit
    guard let digits = parts.last, !digits.isEmpty else { return nil }
    for digit in digits {
      scale /= 10
      fraction += scale * Int64(digit.wholeNumberValue ?? 0)
    }
    let (sum, isTooLong) = product.addingReportingOverflow(fraction)
    return isTooLong ? nil : sum
  }

  /// The duration as `init(text:)` reads it, to the millisecond: `1h30m`, `250ms`, `0s`.
  package var text: String {
    var rest = microseconds
    var text = ""
    for (name, unit) in Self.units where rest >= unit {
      text += "\(rest / unit)\(name)"
      rest %= unit
    }
    return text.isEmpty ? "0s" : text
  }
}
