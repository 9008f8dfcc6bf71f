import Core
import Testing

@Suite("Limits of agents, by their words")
struct AgentLimitTests {
  /// 2026-06-03 12:00:00 UTC, a Wednesday.
  static let now = Instant(microseconds: 1_780_488_000_000_000)
  private var now: Instant { Self.now }
  static let zones: AgentLimit.Zones = { name in
    switch name {
    case nil: TimeZoneOffsets(fixed: 7200)
    case "america/bogota"?: TimeZoneOffsets(fixed: -18_000)
    case "europe/berlin"?, "europe/rome"?, "area/city"?: TimeZoneOffsets(fixed: 7200)
    case "asia/calcutta"?: TimeZoneOffsets(fixed: 19_800)
    default: nil
    }
  }

  private func limit(_ text: String) -> AgentLimit? {
    AgentLimit(text: text, now: now, zones: Self.zones)
  }

  /// The reset in minutes from now.
  static let statedTexts: [(text: String, minutes: Int)] = [
    ("Claude AI usage limit reached|1780495200", 120),
    ("Claude usage limit reached. Your limit will reset at 3pm (America/Bogota).", 480),
    ("5-hour limit reached ∙ resets 9pm", 420),
    ("Opus weekly limit reached ∙ resets Jun 5, 9am", 2580),
    ("Session limit reached ∙ resets 8pm", 360),
    ("5-hour limit reached · resets 3pm (Europe/Berlin) · /upgrade to go on", 60),
    ("Weekly limit reached · resets Jun 4, 7pm (Europe/Berlin) ·", 1740),
    ("You've hit your limit · resets 8pm (Europe/Berlin)", 360),
    ("You've hit your limit · resets Jun 4, 11:30am (Asia/Calcutta)", 1080),
    ("You've hit your limit · resets Jun 4 at 4pm (America/Bogota)", 1980),
    ("You've hit your session limit · resets 12:50am (America/Bogota)", 1070),
    ("You've hit your weekly limit · resets Jun 7, 4pm (Europe/Rome)", 5880),
    ("You've hit your weekly limit · resets Mon 12:00am", 6360),
    ("You've hit your Opus limit · resets Wed 1:30pm", 10_050),
    (
      "You have reached your specified API usage limits. You will regain access on 2026-06-04 at 00:00 UTC.",
      720
    ),
    ("spend limit reached (daily; resets 2026-06-04 00:00 UTC)", 720),
    (
      "You've hit your usage limit. Upgrade to Pro (x), visit y to purchase more credits or try again at 3:28 PM.",
      88
    ),
    (
      "You've hit your usage limit. To get more access now, send a request to your admin or try again at Jun 8th, 2026 12:30 PM.",
      7110
    ),
    (
      "You've hit your usage limit for m. Switch to another model now, or try again at 3:28 PM.",
      88
    ),
    ("You've hit your usage limit. Try again in 2 days 17 hours 14 minutes.", 3914),
    ("weekly usage limit reached. It will reset in 5 days 10 hours.", 7800),
    ("{\"type\":\"usage_limit_reached\",\"resets_at\": 1780495200}", 120),
  ]

  @Test("a stated time is when the limit ends", arguments: statedTexts)
  func stated(text: String, minutes: Int) {
    let reset = now + .seconds(minutes * 60)
    #expect(limit(text) == AgentLimit(.usage, resetsAt: reset, words: text))
  }

  static let shortTexts = [
    ("You have exhausted your capacity on this model. Your quota will reset after 5s.", 5.0),
    ("Please retry in 34.07s", 34.07), ("Suggested retry after 60s.", 60.0),
    ("Attempt 1 failed: busy. Retrying after 900ms...", 0.9),
  ]

  @Test("a short wait is a busy service", arguments: shortTexts)
  func short(text: String, seconds: Double) {
    let reset = now + .seconds(seconds)
    #expect(limit(text) == AgentLimit(.busy, resetsAt: reset, words: text))
  }

  static let busyTexts = [
    "API Error: Request rejected (429) · x", "API Error: Rate limit reached",
    "API Error: Server is temporarily limiting requests (not your usage limit)",
    "API Error: Repeated 529 Overloaded errors. x", "API Error: 500 Internal server error. x",
    "exceeded retry limit, last status: 429 Too Many Requests, request id: 1",
    "API Error: Request rejected (429)", "Too Many Requests", "Rate Limited",
    "Provider is overloaded", "Selected model is at capacity. x",
    "Resource has been exhausted (e.g. check quota).",
    "No capacity available for model m",
  ]

  @Test("a busy service without a time is tried again soon", arguments: busyTexts)
  func busy(text: String) {
    #expect(limit(text) == AgentLimit(.busy, words: text))
  }

  static let unknownTexts = [
    "You've hit your usage limit. Try again later.", "Claude usage limit reached.",
    "blocking_limit", "Claude AI usage limit reached|1700000000",
    "You have exhausted your daily quota on this model.", "Session limit reached ∙ resets 1:55pm",
    "Quota exceeded for quota metric 'x' and limit 'y per day z'", "Monthly usage limit reached",
    "You've hit your limit · resets 8pm (Mars/Olympus)",
  ]

  @Test(
    "a limit without a time, or with one that has passed, has no known end", arguments: unknownTexts
  )
  func unknown(text: String) {
    #expect(limit(text) == AgentLimit(.usage, words: text))
  }

  static let personTexts = [
    "Credit balance is too low", "Not logged in · Please run /login", "Invalid API key · x",
    "Failed to authenticate: OAuth session expired and could not be refreshed",
    "Quota exceeded. Check your plan and billing details.",
    "You exceeded your current quota, please check your plan and billing details…",
    "To use Codex with your ChatGPT plan, upgrade to Plus: x",
    "Your workspace is out of credits. x",
    "You hit your spend cap set by x", "Insufficient credits with the API provider.",
    "Error: Authentication required. Please run 'agent login' first",
    "Free usage exceeded, add credits https://example.invalid",
  ]

  @Test("money, logins and trust need a person", arguments: personTexts)
  func person(text: String) {
    #expect(limit(text) == AgentLimit(.person, words: text))
  }

  static let othersTexts = [
    "unexpected status 400 Bad Request: x", "stream disconnected before completion: x", "",
    "No conversation found with session ID: x", "3 tests failed",
  ]

  @Test("other errors are no limits", arguments: othersTexts)
  func others(text: String) {
    #expect(limit(text) == nil)
  }

  @Test("a wait of a month or more is cut")
  func cap() {
    let text = "Your usage limits will reset when your monthly cycle ends on 10/2/2026."
    #expect(limit(text)?.kind == .usage)
    #expect(
      limit(text)?.holdsUntil(now, earlier: 0) == now + AgentLimit.longestWait + .seconds(60))
  }

  @Test("zones of the machine are read with their summer time")
  func installedZones() throws {
    let berlin = try #require(TimeZoneFolder().offsets("europe/berlin"))
    #expect(berlin.offset(at: 1_780_488_000) == 7200)
    #expect(berlin.offset(at: 1_767_225_600) == 3600)
    #expect(
      berlin.instant(2026, 1, 18, 11, 30) == Instant(microseconds: 1_768_732_200_000_000))
    #expect(TimeZoneFolder(chosen: ":Europe/Berlin").offsets(nil) == berlin)
    #expect(TimeZoneFolder().offsets("../etc") == nil)
    #expect(TimeZoneFolder().offsets("mars/olympus") == nil)
    #expect(TimeZoneFolder().offsets("UTC") == .utc)
    #expect(TimeZoneOffsets(file: Array("TZif2".utf8)) == nil)
  }
}
