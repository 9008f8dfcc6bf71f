/// What came of an agent's attempt, once its output has ended and it has exited.
package enum AgentVerdict: Equatable, Sendable {
  case succeeded
  case failed(String)
  /// The attempt counts for nothing; work can go on when the limit has ended.
  case limited(UsageLimit)
  /// Nothing that waiting or trying again would cure: money, a login, trust in a folder.
  case needsPerson(String)

  /// How the process ended.
  package enum Exit: Equatable, Sendable {
    case status(Int32)
    case signal(Int32)
    /// It was told to end because it went on living after its last event.
    case endedAfterResult
  }

  /// Judges by the last event and the exit together: each is wrong at times.
  ///
  /// `errors` is the end of standard error. Transcripts are never searched for words of limits.
  package init(
    _ report: AgentReport, _ format: AgentStream.Format, exit: Exit, errors: String = "",
    now: Instant, zones: @escaping UsageLimit.Zones
  ) {
    if report.ending == .succeeded, exit == .status(0) || exit == .endedAfterResult {
      self = .succeeded
      return
    }
    let words = Self.words(report, errors)
    if let limit = report.limit, let reset = limit.resetsAt, reset > now {
      self = .limited(
        UsageLimit(.account, resetsAt: UsageLimit.padded(reset, now), text: words))
      return
    }
    let classified = UsageLimit.Outcome(text: words, now: now, zones: zones)
    switch classified {
    case .limited(let limit): self = .limited(limit)
    case .needsPerson: self = .needsPerson(words)
    case .none:
      if report.limit != nil {
        self = .limited(UsageLimit(.account, resetsAt: nil, text: words))
      } else {
        self = Self.byExit(exit, format, words)
      }
    }
  }

  /// What the end says, and else what standard error says.
  private static func words(_ report: AgentReport, _ errors: String) -> String {
    var parts: [String] = []
    if case .failed(let words) = report.ending { parts.append(words) }
    if parts.isEmpty, let error = report.error { parts.append(error) }
    if !errors.isEmpty { parts.append(errors) }
    return parts.isEmpty ? "it ended without a result" : parts.joined(separator: "\n")
  }

  private static func byExit(
    _ exit: Exit, _ format: AgentStream.Format, _ words: String
  ) -> AgentVerdict {
    switch (format, exit) {
    // Exit statuses have eight bits: an exit with 429 arrives as 173.
    case (.gemini, .status(173)):
      .limited(UsageLimit(.throttle, resetsAt: nil, text: words))
    case (.gemini, .status(41)), (.gemini, .status(55)): .needsPerson(words)
    case (.gemini, .status(53)): .failed("the limit of turns was reached: \(words)")
    case (_, .status(let code)) where code != 0: .failed("\(words) (exit status \(code))")
    case (_, .signal(let number)): .failed("\(words) (signal \(number))")
    case (_, .status), (_, .endedAfterResult): .failed(words)
    }
  }
}
