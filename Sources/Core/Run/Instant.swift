/// A moment of wall time, in microseconds since 1970-01-01 UTC.
package struct Instant: Hashable, Comparable, Sendable {
  package var microseconds: Int64

  package init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  package static func < (left: Instant, right: Instant) -> Bool {
    left.microseconds < right.microseconds
  }

  package static func + (instant: Instant, duration: Duration) -> Instant {
    Instant(microseconds: instant.microseconds + duration.microseconds)
  }

  package static func - (end: Instant, start: Instant) -> Duration {
    .microseconds(end.microseconds - start.microseconds)
  }
}

extension Duration {
  /// The whole microseconds of the duration; what does not fit is cut to the nearest that does.
  package var microseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    if overflow { return seconds < 0 ? .min / 4 : .max / 4 }
    return product &+ attoseconds / 1_000_000_000_000
  }

  package var seconds: Double { Double(microseconds) / 1_000_000 }
}
