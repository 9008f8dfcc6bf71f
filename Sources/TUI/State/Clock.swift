import Core

extension Duration {
  /// The duration as a clock shows it: `0:42`, `12:04`, `1:02:03`, `3d 04:05`.
  var clock: String {
    let seconds = max(0, microseconds) / 1_000_000
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600, seconds / 60 % 60)
    if days > 1 { return "\(days)d \(two(hours % 24)):\(two(minutes))" }
    if hours > 0 { return "\(hours):\(two(minutes)):\(two(seconds % 60))" }
    return "\(minutes):\(two(seconds % 60))"
  }

  /// The duration of something that has ended: with fractions where it was short.
  var spent: String {
    microseconds < 9_950_000 ? "\((seconds * 10).rounded() / 10)s" : clock
  }

  /// About how long something still takes: `20 s`, `5 min`, `2 h 10 min`.
  var about: String {
    let seconds = max(0, microseconds) / 1_000_000
    if seconds < 55 { return "\(max(1, (seconds + 4) / 5) * 5) s" }
    let minutes = (seconds + 30) / 60
    if minutes < 90 { return "\(minutes) min" }
    if minutes < 2880 {
      let rest = minutes % 60 / 5 * 5
      return rest == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(rest) min"
    }
    return "\(minutes / 1440) days"
  }
}

extension Instant {
  /// The time of day, to the second, so many seconds from UTC.
  func timeOfDay(_ secondsFromUTC: Int) -> String {
    let local = microseconds / 1_000_000 % 86_400 + Int64(secondsFromUTC % 86_400)
    let seconds = (local % 86_400 + 86_400) % 86_400
    return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }
}

private func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
