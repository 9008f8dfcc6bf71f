import CLinux
import Glibc

/// Wall time that never goes backwards while the process lives.
///
/// It is the time of day at creation plus what the boot-time clock, which also counts while the
/// machine sleeps, has run since. Somebody who sets the machine's clock changes nothing here.
package struct WallClock: Sendable {
  private let origin: Int64
  private let bootOrigin: Int64

  package init() {
    origin = Self.nanoseconds(CLOCK_REALTIME)
    bootOrigin = Self.nanoseconds(CLOCK_BOOTTIME)
  }

  package func now() -> Instant {
    Instant(microseconds: (origin + Self.nanoseconds(CLOCK_BOOTTIME) - bootOrigin) / 1000)
  }

  /// How many seconds the local time is ahead of UTC now, by the machine's time zone.
  package static var secondsFromUTC: Int {
    var seconds = time(nil)
    var local = tm()
    return localtime_r(&seconds, &local) == nil ? 0 : local.tm_gmtoff
  }

  /// Nanoseconds from now to a moment; 0 when it has passed.
  func nanoseconds(until instant: Instant) -> Int64 {
    let passed = Self.nanoseconds(CLOCK_BOOTTIME) - bootOrigin
    let (product, overflow) = instant.microseconds.multipliedReportingOverflow(by: 1000)
    return overflow ? .max : max(0, product - origin - passed)
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    lanes_clock_nanoseconds(clock)
  }
}
