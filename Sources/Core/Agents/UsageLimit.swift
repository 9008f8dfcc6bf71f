/// A limit of an agent's account or service that ends by itself.
package struct UsageLimit: Equatable, Sendable {
  package enum Kind: String, Equatable, Sendable {
    /// The account has used up what it has for a time.
    case account
    /// The service has too much to do at the moment; to be tried again soon.
    case throttle
  }

  package var kind: Kind
  /// When to go on, with some slack; nil when nothing says so.
  package var resetsAt: Instant?
  /// What the agent said.
  package var text: String

  package init(_ kind: Kind, resetsAt: Instant?, text: String) {
    self.kind = kind
    self.resetsAt = resetsAt
    self.text = text
  }

  /// Finds the offsets of a time zone by its name, nil for the machine's own.
  package typealias Zones = @Sendable (String?) -> TimeZoneOffsets?

  /// The longest wait that is believed.
  package static let longestWait = Duration.seconds(31 * 86_400)

  /// A reset with a minute of slack, and no later than the longest wait.
  static func padded(_ reset: Instant, _ now: Instant) -> Instant {
    min(reset + .seconds(60), now + longestWait)
  }

  /// What the words of an error mean.
  package enum Outcome: Equatable, Sendable {
    case limited(UsageLimit)
    case needsPerson
    case none

    /// Reads the words of a last event or of standard error.
    ///
    /// A stated time decides first, then words for money and logins, for a busy service, and for limits
    /// without a time. A time that has passed counts as none.
    package init(text: String, now: Instant, zones: @escaping Zones) {
      let words = LimitWords(text)
      let isThrottle = words.contains(any: LimitWords.throttle)
      if let reset = ResetTime(words, now: now, zones: zones).moment {
        let isSoon = reset - now < .seconds(300)
        let kind: Kind = isSoon || isThrottle ? .throttle : .account
        let later =
          kind == .throttle ? min(reset + .seconds(1), now + longestWait) : padded(reset, now)
        self = .limited(UsageLimit(kind, resetsAt: later, text: text))
      } else if words.contains(any: LimitWords.person) {
        self = .needsPerson
      } else if isThrottle {
        self = .limited(UsageLimit(.throttle, resetsAt: nil, text: text))
      } else if words.contains(any: LimitWords.limit) {
        self = .limited(UsageLimit(.account, resetsAt: nil, text: text))
      } else {
        self = .none
      }
    }
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
  static let throttle = [
    "temporarily limiting", "overloaded", "request rejected (429)", "rate limit reached",
    "rate limited", "too many requests", "internal server error", "at capacity",
    "no capacity available", "resource has been exhausted", "resource_exhausted",
    "(529)", "api error: 5", "retrying after",
  ]
  static let limit = [
    "usage limit", "limit reached", "hit your limit", "session limit", "weekly limit",
    "opus limit", "daily quota", "quota exceeded", "usage limits", "exhausted your capacity",
    "terminalquotaerror", "spend limit", "rate_limit", "(429)",
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
