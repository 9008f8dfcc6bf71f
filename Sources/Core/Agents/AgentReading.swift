/// What an agent's output has said so far in one process.
///
/// Amounts are totals of the process, so that a later reading replaces an earlier one.
package struct AgentReading: Equatable, Sendable {
  /// What can be resumed.
  package var session: String?
  /// What it does now, in one line without control characters.
  package var activity = ""
  package var todosDone = 0
  package var todos = 0
  package var tokensIn = 0
  package var tokensOut = 0
  /// US dollars; nil when the program does not tell.
  package var cost: Double?
  package var turns = 0
  /// Whether the program said that it failed; nil until it says how it went.
  package var hasFailed: Bool?
  /// Its last words, at most the last 2000 characters.
  package var answer: String?
  package var limit: AgentLimit?

  package init() {}

  static let longestAnswer = 2000
}

/// A limit that an agent's program ran into.
package struct AgentLimit: Equatable, Sendable {
  package enum Kind: String, Equatable, Sendable, CaseIterable {
    /// It passes by waiting.
    case usage
    /// The service is busy; it passes soon.
    case busy
    /// Somebody has to pay, log in or change something.
    case person
  }

  package var kind: Kind
  /// When it passes, where that is known.
  package var resetsAt: Instant?
  /// As the program said it, in one line without control characters.
  package var words: String

  package init(_ kind: Kind, resetsAt: Instant? = nil, words: String) {
    self.kind = kind
    self.resetsAt = resetsAt
    self.words = words
  }

  /// Until when nothing should start that would meet the limit again.
  ///
  /// A moment that is not known, or has passed, becomes a wait that doubles with `earlier` such limits in
  /// a row, up to half an hour. A known one gets a tenth of the wait more, at most a minute, as
  /// clocks differ.
  package func holdsUntil(_ now: Instant, earlier: Int) -> Instant {
    if kind != .busy, let resetsAt, resetsAt > now {
      let slack = min(.seconds(60), (resetsAt - now) / 10)
      return resetsAt + slack
    }
    let first: Duration = kind == .busy ? .seconds(5) : .seconds(60)
    return now + min(.seconds(1800), first * (1 << min(max(0, earlier), 12)))
  }
}
