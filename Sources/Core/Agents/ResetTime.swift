/// The moment at which a limit ends, as the words of an error state it.
struct ResetTime {
  /// Nil when no time is stated, or one that has passed.
  private(set) var moment: Instant?
  private let words: LimitWords
  private let now: Instant
  private let zones: AgentLimit.Zones

  init(_ words: LimitWords, now: Instant, zones: @escaping AgentLimit.Zones) {
    self.words = words
    self.now = now
    self.zones = zones
    let found =
      epoch() ?? first(after: ["regain access on ", "resets ", "reset on "], date)
      ?? first(after: ["resets ", "reset ", "try again at "], clock)
      ?? first(after: ["try again ", "resets ", "reset ", "retry ", "retrying "], span)
      ?? first(after: ["cycle ends on "], day)
    moment = found.flatMap { $0 > now ? $0 : nil }
  }

  private func first(
    after words: [String], _ read: (inout LimitCursor) -> Instant?
  ) -> Instant? {
    for start in words.flatMap({ self.words.ends(of: $0) }).sorted() {
      var cursor = LimitCursor(self.words.bytes, at: start)
      if let moment = read(&cursor) { return moment }
    }
    return nil
  }

  /// `"resets_at": 1790000000` in the body of an answer, or `limit reached|1790000000`.
  private func epoch() -> Instant? {
    for word in ["resets_at\":", "resets_at\\\":", "limit reached|"] {
      for start in words.ends(of: word) {
        var cursor = LimitCursor(words.bytes, at: start)
        cursor.skipSpaces()
        if let seconds = cursor.number(), let moment = Instant(epoch: seconds) { return moment }
      }
    }
    return nil
  }

  /// `2026-04-01 at 00:00 UTC`.
  private func date(_ cursor: inout LimitCursor) -> Instant? {
    guard let year = cursor.number(), year > 1999, cursor.take("-"), let month = cursor.number(),
      cursor.take("-"), let day = cursor.number()
    else { return nil }
    cursor.skipSpaces()
    if cursor.take("at") { cursor.skipSpaces() }
    guard let hour = cursor.number(), cursor.take(":"), let minute = cursor.number() else {
      return nil
    }
    return TimeZoneOffsets.utc.instant(year, month, day, hour, minute)
  }

  /// `10/2/2026`, the month first.
  private func day(_ cursor: inout LimitCursor) -> Instant? {
    guard let month = cursor.number(), cursor.take("/"), let day = cursor.number(),
      cursor.take("/"), let year = cursor.number()
    else { return nil }
    return TimeZoneOffsets.utc.instant(year, month, day, 0, 0)
  }

  /// `in 2 days 17 hours`, `after 34.07s`.
  private func span(_ cursor: inout LimitCursor) -> Instant? {
    guard cursor.take("in ") || cursor.take("after ") else { return nil }
    var seconds = 0.0
    var isEmpty = true
    while let part = cursor.timePart() {
      seconds += part
      isEmpty = false
    }
    return isEmpty || seconds > 1e9 ? nil : now + .seconds(seconds)
  }

  /// `at 3pm (Area/City)`, `Oct 31, 9am`, `Mon 12:00am`, `Aug 8th, 2026 12:30 PM`, `3:28 PM`.
  private func clock(_ cursor: inout LimitCursor) -> Instant? {
    if cursor.take("at") { cursor.skipSpaces() }
    let month = cursor.word(of: LimitCursor.months)
    var day: Int?
    var year: Int?
    let weekday = month == nil ? cursor.word(of: LimitCursor.weekdays) : nil
    if month != nil {
      day = cursor.number()
      cursor.skipOrdinal()
      cursor.skipSeparators()
      let mark = cursor
      if let number = cursor.number(), number > 1999 { year = number } else { cursor = mark }
      cursor.skipSeparators()
    }
    cursor.skipSeparators()
    guard let time = cursor.timeOfDay() else { return nil }
    guard let zone = zones(cursor.zone()) else { return nil }
    let today = zone.date(of: now)
    if let month, let day {
      return dated(month, day, year ?? today.year, time, isYearStated: year != nil, zone)
    }
    let days = weekday.map { ($0 - TimeZoneOffsets.weekday(today) + 7) % 7 } ?? 0
    return next(after: today, days: days, step: weekday == nil ? 1 : 7, time, zone)
  }

  private func dated(
    _ month: Int, _ day: Int, _ year: Int, _ time: LimitCursor.Time, isYearStated: Bool,
    _ zone: TimeZoneOffsets
  ) -> Instant? {
    guard let moment = zone.instant(year, month, day, time.hour, time.minute) else { return nil }
    // A date without a year that lies far back is next year's.
    if !isYearStated, now - moment > .seconds(180 * 86_400) {
      return zone.instant(year + 1, month, day, time.hour, time.minute)
    }
    return moment
  }

  /// The next time of day from now on; one that passed a moment ago counts as passed.
  private func next(
    after today: TimeZoneOffsets.Date, days: Int, step: Int, _ time: LimitCursor.Time,
    _ zone: TimeZoneOffsets
  ) -> Instant? {
    let start = CivilDate.days(year: today.year, month: today.month, day: today.day) + days
    for days in [start, start + step] {
      let date = CivilDate.date(days: days)
      guard
        let moment = zone.instant(date.year, date.month, date.day, time.hour, time.minute)
      else { return nil }
      if now - moment < .seconds(600) { return moment }
    }
    return nil
  }
}
