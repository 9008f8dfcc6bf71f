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
  /// What was read from a cache included.
  package var tokensIn = 0
  package var tokensOut = 0
  /// The part of `tokensIn` that was read from a cache.
  package var tokensCached = 0
  /// US dollars; nil when the program does not tell.
  package var cost: Double?
  package var turns = 0
  /// Whether the program said that it failed; nil until it says how it went.
  package var hasFailed: Bool?
  /// Why its process came to nothing, in one line; nil while it works and when it went well.
  package var problem: String?
  /// Its last words, at most the last 2000 characters; nil while it works.
  package var answer: String?
  /// The limit that it stated, or that its process ended by.
  package var limit: AgentLimit?
  /// Lines of events that could not be read.
  package var unreadableLines = 0

  package init() {}

  static let longestAnswer = 2000
}

extension AgentReading {
  /// The reading of a process that still works.
  init(_ report: AgentReport) {
    session = report.session
    activity = report.activity
    (todosDone, todos) = (report.todo?.done ?? 0, report.todo?.total ?? 0)
    (tokensIn, tokensOut) = (report.tokens.input, report.tokens.output)
    tokensCached = report.tokens.cached
    cost = report.cost
    turns = report.turns ?? 0
    hasFailed = report.ending.map { $0 != .succeeded }
    limit = report.ending == .succeeded ? nil : report.limit
    unreadableLines = report.unreadableLines
  }

  /// Adds what the process was worth, once it has ended.
  mutating func take(_ verdict: AgentVerdict) {
    (problem, limit) = (nil, nil)
    switch verdict {
    case .succeeded: break
    case .failed(let words): problem = Verdict.firstLine(of: cleaned(words))
    case .limited(let limit): (problem, self.limit) = (limit.words, limit)
    }
  }
}
