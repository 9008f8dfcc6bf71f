/// Events as lines of JSON: one object a line, `docs/events.md` lists the fields.
package struct EventLines {
  private var json = JSONWriter(reservingCapacity: 512)
  private var run: String
  private var sequence: Int64

  /// Lines of the events that follow number `sequence` of a run.
  package init(run: RunID, after sequence: Int64) {
    self.run = run.text
    self.sequence = sequence
  }

  /// The line of the run's next event, with its line end.
  package mutating func line(for event: RunEvent) -> [UInt8] {
    sequence += 1
    json.removeAll()
    json.object { json in
      if !event.kind.namesRun { json.field("run", run) }
      json.field("seq", sequence)
      json.field("at", event.at.text)
      json.field("kind", event.kind.name)
      event.kind.withoutSecrets.encodeFields(into: &json)
    }
    json.newline()
    return json.bytes
  }
}

extension RunEvent.Kind {
  /// Whether the run's name is among the kind's own fields.
  fileprivate var namesRun: Bool {
    if case .runStarted = self { true } else { false }
  }

  /// The event without the values of variables that are named like secrets.
  fileprivate var withoutSecrets: Self {
    guard case .runStarted(var manifest) = self else { return self }
    for name in manifest.options.environment.keys where Secret.isSecret(variable: name) {
      manifest.options.environment[name] = Secret.mask
    }
    manifest.options.crew?.maskSecrets()
    return .runStarted(manifest)
  }
}

extension CrewOptions {
  fileprivate mutating func maskSecrets() {
    for index in agents.indices {
      for name in agents[index].environment.keys where Secret.isSecret(variable: name) {
        agents[index].environment[name] = Secret.mask
      }
    }
  }
}

extension Instant {
  /// The moment in ISO 8601, UTC, to the microsecond: `2026-11-21T04:12:33.123456Z`.
  package var text: String {
    let day = microseconds.flooredQuotient(by: 86_400_000_000)
    let rest = microseconds - day * 86_400_000_000
    let (year, month, date) = Self.civil(day)
    let seconds = rest / 1_000_000
    let parts = [
      Self.padded(year, 4), "-", Self.padded(month, 2), "-", Self.padded(date, 2), "T",
      Self.padded(seconds / 3600, 2), ":", Self.padded(seconds / 60 % 60, 2), ":",
      Self.padded(seconds % 60, 2), ".", Self.padded(rest % 1_000_000, 6), "Z",
    ]
    return parts.joined()
  }

  /// The proleptic Gregorian date of a day counted from 1970-01-01, by era arithmetic as in Howard
  /// Hinnant's "chrono-compatible low-level date algorithms".
  private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = shifted.flooredQuotient(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : (self - divisor + 1) / divisor
  }
}
