import Glibc

/// How far local time is from UTC, at each moment.
package struct TimeZoneOffsets: Equatable, Sendable {
  /// Seconds since 1970 from which each offset holds, ascending, and the offsets in seconds.
  private let starts: [Int64]
  private let offsets: [Int32]
  private let before: Int32

  package typealias Date = (year: Int, month: Int, day: Int)

  package static let utc = TimeZoneOffsets(fixed: 0)

  package init(fixed offset: Int32) {
    starts = []
    offsets = []
    before = offset
  }

  /// Reads a compiled zone (RFC 8536, version 2 and later); nil for anything else.
  ///
  /// After the last change the offset stays; the files of Debian list changes up to 2037.
  package init?(file bytes: [UInt8]) {
    guard let first = Header(bytes, at: 0), first.version >= UInt8(ascii: "2"),
      let header = Header(bytes, at: first.end(timeSize: 4))
    else { return nil }
    let times = header.start
    let types = times + header.times * 8
    let infos = types + header.times
    guard header.types > 0, header.end(timeSize: 8) <= bytes.count else { return nil }
    let big = { (place: Int, count: Int) in
      bytes[place..<place + count].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    let all = (0..<header.types).map {
      Int32(bitPattern: UInt32(truncatingIfNeeded: big(infos + $0 * 6, 4)))
    }
    let indexes = (0..<header.times).map { Int(bytes[types + $0]) }
    guard indexes.allSatisfy(all.indices.contains), all.allSatisfy({ abs($0) < 100_000 }) else {
      return nil
    }
    starts = (0..<header.times).map { Int64(bitPattern: big(times + $0 * 8, 8)) }
    offsets = indexes.map { all[$0] }
    before = all[0]
  }

  private struct Header {
    var version: UInt8
    var start: Int
    var times: Int
    var types: Int
    private var tail: (leaps: Int, characters: Int, isStandard: Int, isUniversal: Int)

    init?(_ bytes: [UInt8], at place: Int) {
      guard place + 44 <= bytes.count, bytes[place...].starts(with: "TZif".utf8) else { return nil }
      let count = { (field: Int) in
        bytes[place + 20 + field * 4..<place + 24 + field * 4].reduce(0) { $0 << 8 | Int($1) }
      }
      guard (0..<6).allSatisfy({ count($0) < 100_000 }) else { return nil }
      version = bytes[place + 4]
      start = place + 44
      tail = (count(2), count(5), count(1), count(0))
      times = count(3)
      types = count(4)
    }

    func end(timeSize: Int) -> Int {
      start + times * (timeSize + 1) + types * 6 + tail.characters
        + tail.leaps * (timeSize + 4) + tail.isStandard + tail.isUniversal
    }
  }

  /// The offset at a moment, in seconds east of Greenwich.
  package func offset(at seconds: Int64) -> Int32 {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? before : offsets[low - 1]
  }

  /// The date at a moment.
  package func date(of moment: Instant) -> Date {
    let seconds = moment.microseconds / 1_000_000
    let local = seconds + Int64(offset(at: seconds))
    let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    return CivilDate.date(days: Int(days))
  }

  /// The moment of a local time; nil when there is no such date.
  package func instant(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int
  ) -> Instant? {
    guard 1970...9999 ~= year, 1...12 ~= month, 1...31 ~= day, 0..<24 ~= hour, 0..<60 ~= minute
    else { return nil }
    let days = CivilDate.days(year: year, month: month, day: day)
    guard CivilDate.date(days: days) == (year, month, day) else { return nil }
    let local = Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60)
    let guess = local - Int64(offset(at: local))
    return Instant(microseconds: (local - Int64(offset(at: guess))) * 1_000_000)
  }

  /// The day of the week, from 1 for Monday.
  package static func weekday(_ date: Date) -> Int {
    let days = CivilDate.days(year: date.year, month: date.month, day: date.day)
    return ((days + 3) % 7 + 7) % 7 + 1
  }
}

/// The zones that are installed.
package struct TimeZoneFolder: Sendable {
  private let folder: String
  private let local: String
  private let chosen: String?

  /// `chosen` is the variable `TZ`: a zone's name in place of the machine's own.
  package init(
    folder: String = "/usr/share/zoneinfo", local: String = "/etc/localtime",
    chosen: String? = getenv("TZ").map { String(cString: $0) }
  ) {
    self.folder = folder
    self.local = local
    self.chosen = chosen
  }

  /// A zone by its name in any case, such as `europe/berlin`; nil for the machine's own.
  ///
  /// The machine's own is UTC where nothing says otherwise; an unknown name has none.
  package func offsets(_ name: String?) -> TimeZoneOffsets? {
    guard let name else {
      if let chosen, let zone = offsets(chosen.hasPrefix(":") ? String(chosen.dropFirst()) : chosen)
      {
        return zone
      }
      return SmallFile.read(local).flatMap { TimeZoneOffsets(file: $0) } ?? .utc
    }
    if ["utc", "gmt", "z", "etc/utc"].contains(name.lowercased()) { return .utc }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 3 else { return nil }
    var path = folder
    for part in parts {
      let wanted = part.lowercased()
      let names = SourceFile.names(in: path)
      guard let found = names.first(where: { $0.lowercased() == wanted }) else { return nil }
      path += "/" + found
    }
    return (try? SourceFile.read(path, limit: 1 << 20)).flatMap { TimeZoneOffsets(file: $0) }
  }
}
