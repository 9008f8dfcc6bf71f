/// What came of an agent's process, once its output has ended and it has exited.
package enum AgentVerdict: Equatable, Sendable {
  case succeeded
  case failed(String)
  /// It counts for nothing; work can go on when the limit has ended.
  case limited(AgentLimit)

  /// Judges by the last event and the exit together: each is wrong at times.
  ///
  /// `errors` is the end of standard error, which counts where the last event has no words. Transcripts
  /// are never searched for words of limits. A signal does not undo what the program said before: one
  /// ends programs that stay after their last event.
  package init(
    _ report: AgentReport, _ format: AgentFormat, _ status: ExitStatus, errors: String = "",
    now: Instant, zones: @escaping AgentLimit.Zones
  ) {
    if report.ending == .succeeded, status.isExitWithError == false {
      self = .succeeded
      return
    }
    let words = Self.words(report, errors)
    let classified = AgentLimit(text: words, now: now, zones: zones)
    if let stated = report.limit {
      let reset = stated.resetsAt.flatMap { $0 > now ? $0 : nil }
      let words = classified?.words ?? stated.words
      self = .limited(AgentLimit(.usage, resetsAt: reset ?? classified?.resetsAt, words: words))
    } else if let classified {
      self = .limited(classified)
    } else {
      self = Self.byExit(status, format, words)
    }
  }

  /// What the end says, and else what was said of errors before.
  private static func words(_ report: AgentReport, _ errors: String) -> String {
    if case .failed(let words) = report.ending, !words.isEmpty { return words }
    let parts = [report.error ?? "", errors].filter { !$0.isEmpty }
    if !parts.isEmpty { return parts.joined(separator: "\n") }
    return switch report.ending {
    case nil: "it ended without a result"
    case .failed: "it gave no reason"
    case .succeeded: "it said that all went well"
    }
  }

  private static func byExit(
    _ status: ExitStatus, _ format: AgentFormat, _ words: String
  ) -> AgentVerdict {
    switch (format, status) {
    // Exit statuses have eight bits: an exit with 429 arrives as 173.
    case (.gemini, .exited(173)): .limited(AgentLimit(.busy, words: line(words)))
    // A login, and trust in a folder.
    case (.gemini, .exited(41)), (.gemini, .exited(55)):
      .limited(AgentLimit(.person, words: line(words)))
    case (.gemini, .exited(53)): .failed("the limit of turns was reached: \(words)")
    case (_, .exited(let code)) where code != 0: .failed("\(words) (exit status \(code))")
    case (_, .signaled(let number)): .failed("\(words) (signal \(number))")
    case (_, .exited): .failed(words)
    }
  }

  private static func line(_ words: String) -> String { Verdict.firstLine(of: cleaned(words)) }
}

extension ExitStatus {
  fileprivate var isExitWithError: Bool {
    switch self {
    case .exited(let code): code != 0
    case .signaled: false
    }
  }
}
