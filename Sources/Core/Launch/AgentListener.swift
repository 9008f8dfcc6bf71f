/// Makes a reading of what an agent writes, piece by piece.
package struct AgentListener: Sendable {
  package private(set) var reading = AgentReading()
  private let format: AgentFormat
  /// Nil for text.
  private var stream: AgentStream?
  /// The end of text, which may hold a verdict.
  private var text: [UInt8] = []

  package init(_ format: AgentFormat) {
    self.format = format
    stream = AgentStream(format)
  }

  /// The agent's last words, all of them; those of text for people are its last lines.
  package var answer: String {
    stream.map { $0.report.answer ?? "" } ?? LogText.lastLines(30, of: text).joined(separator: "\n")
  }

  package mutating func take(_ bytes: ArraySlice<UInt8>) {
    if stream == nil {
      text = Array((text + bytes).suffix(64 << 10))
    } else {
      stream?.take(bytes)
      reading = stream.map { AgentReading($0.report) } ?? reading
    }
  }

  /// Notes that nothing more comes.
  ///
  /// `status` is how the process ended, nil when that is not known, and `errors` the end of what it wrote
  /// to standard error.
  package mutating func finish(
    _ status: ExitStatus?, errors: [UInt8], now: Instant,
    zones: @escaping AgentLimit.Zones = { TimeZoneFolder().offsets($0) }
  ) {
    stream?.finish()
    if let report = stream?.report {
      reading = AgentReading(report)
      if let status {
        let errors = LogText.lastLines(30, of: errors).joined(separator: "\n")
        reading.take(
          AgentVerdict(report, format, status, errors: errors, now: now, zones: zones))
      }
    }
    let answer = answer.suffix(AgentReading.longestAnswer)
    reading.answer = answer.isEmpty ? nil : String(answer)
  }
}
