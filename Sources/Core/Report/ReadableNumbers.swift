extension Duration {
  /// The duration for a reader: `0.35 s`, `42.1 s`, `12:31`, `1:02:03`.
  package var readable: String {
    let micros = max(0, microseconds)
    if micros < 9_995_000 { return decimals(micros, places: 2) + " s" }
    if micros < 59_950_000 { return decimals(micros, places: 1) + " s" }
    let seconds = (micros + 500_000) / 1_000_000
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    let tail = twoDigits(rest)
    return hours > 0 ? "\(hours):\(twoDigits(minutes)):\(tail)" : "\(minutes):\(tail)"
  }
}

/// A number of millionths with the given number of decimals, rounded half up.
private func decimals(_ millionths: Int64, places: Int) -> String {
  var unit: Int64 = 1_000_000
  for _ in 0..<places { unit /= 10 }
  let rounded = (millionths + unit / 2) / unit
  var scale: Int64 = 1
  for _ in 0..<places { scale *= 10 }
  let fraction = String(rounded % scale)
  return "\(rounded / scale).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
}

private func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

extension Double {
  /// The number with one or two decimals, as speedups are printed: `2.0`, `2.33`.
  package var ratioText: String {
    guard isFinite, abs(self) < 1e12 else { return "0.0" }
    let hundredths = Int((self * 100).rounded())
    let fraction = abs(hundredths % 100)
    let sign = hundredths < 0 ? "-" : ""
    let whole = "\(sign)\(abs(hundredths / 100))"
    if fraction % 10 == 0 { return "\(whole).\(fraction / 10)" }
    return "\(whole).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  /// The share in whole per cent: `44%`.
  package var percentText: String {
    isFinite && abs(self) < 1e12 ? "\(Int((self * 100).rounded()))%" : "0%"
  }
}

/// A number of things in words, such as `1 task` and `2 tasks`.
package func counted(_ count: Int, _ thing: String) -> String {
  "\(count) \(thing)\(count == 1 ? "" : "s")"
}
