/// A limit that an agent's program ran into.
package struct AgentLimit: Equatable, Sendable {
  package enum Kind: String, Equatable, Sendable, CaseIterable {
    /// The account has used up what it has for a time.
    case usage
    /// The service has too much to do at the moment; to be tried again soon.
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

  /// Finds the offsets of a time zone by its name, nil for the machine's own.
  package typealias Zones = @Sendable (String?) -> TimeZoneOffsets?

  /// Reads what a last event or standard error says; nil when it is about no limit.
  ///
  /// A stated time decides first, then words for money and logins, for a busy service, and for limits
  /// without a time. A time that has passed counts as none, and a short wait as a busy service.
  package init?(text: String, now: Instant, zones: @escaping Zones) {
    let words = LimitWords(text)
    let isBusy = words.contains(any: LimitWords.busy)
    let reset = ResetTime(words, now: now, zones: zones).moment
    if let reset {
      kind = isBusy || reset - now < .seconds(300) ? .busy : .usage
    } else if words.contains(any: LimitWords.person) {
      kind = .person
    } else if isBusy {
      kind = .busy
    } else if words.contains(any: LimitWords.usage) {
      kind = .usage
    } else {
      return nil
    }
    resetsAt = reset
    self.words = Self.line(of: text)
  }

  /// The first line of a text that speaks of a limit, and else its first one.
  private static func line(of text: String) -> String {
    let all = LimitWords.busy + LimitWords.person + LimitWords.usage
    let lines = text.split(whereSeparator: \.isNewline)
    let line = lines.first { LimitWords(String($0)).contains(any: all) }
    return Verdict.firstLine(of: cleaned(line.map(String.init) ?? text))
  }

  /// The longest wait that is believed.
  package static let longestWait = Duration.seconds(31 * 86_400)

  /// Until when nothing should start that would meet the limit again.
  ///
  /// A moment that is not known, or has passed, becomes a wait that doubles with `earlier` such limits in
  /// a row, up to half an hour. A known one gets a tenth of the wait more, from a second to a minute, as
  /// clocks differ, and is at most `longestWait` away.
  package func holdsUntil(_ now: Instant, earlier: Int) -> Instant {
    if let resetsAt, resetsAt > now {
      let wait = min(resetsAt - now, Self.longestWait)
      return now + wait + min(.seconds(60), max(.seconds(1), wait / 10))
    }
    let first: Duration = kind == .busy ? .seconds(5) : .seconds(60)
    return now + min(.seconds(1800), first * (1 << min(max(0, earlier), 12)))
  }
}

/// The words of an error in small ASCII letters, for searching.
struct LimitWords {
  let bytes: [UInt8]

  init(_ text: String) {
    bytes = Array(text.utf8.suffix(64 << 10)).map { 65...90 ~= $0 ? $0 | 0x20 : $0 }
  }

  static let person = [
    "credit balance", "out of credits", "spend cap", "insufficient", "check your plan and billing",
    "not logged in", "please run /login", "failed to authenticate", "invalid api key",
    "authentication required", "to use codex with your chatgpt plan", "billing_error",
    "authentication_failed", "oauth_org_not_allowed", "add credits", "credits_required",
  ]
  static let busy = [
    "temporarily limiting", "overloaded", "request rejected (429)", "rate limit reached",
    "rate limited", "too many requests", "internal server error", "at capacity",
    "no capacity available", "resource has been exhausted", "resource_exhausted",
    "(529)", "api error: 5", "retrying after",
  ]
  static let usage = [
    "usage limit", "limit reached", "hit your limit", "session limit", "weekly limit",
    "opus limit", "daily quota", "quota exceeded", "usage limits", "exhausted your capacity",
    "terminalquotaerror", "spend limit", "rate_limit", "(429)", "blocking_limit",
  ]

  func contains(any words: [String]) -> Bool { words.contains { !ends(of: $0).isEmpty } }

  /// Where what follows a word begins, for each place where the word is.
  func ends(of word: String) -> [Int] {
    let wanted = Array(word.utf8)
    guard let first = wanted.first, bytes.count >= wanted.count else { return [] }
    return bytes[...(bytes.count - wanted.count)].indices.compactMap { start in
      guard bytes[start] == first, bytes[start..<start + wanted.count].elementsEqual(wanted)
      else { return nil }
      return start + wanted.count
    }
  }
}
