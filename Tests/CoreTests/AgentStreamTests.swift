import Core
import Testing

/// How every reader behaves, whatever the agent.
struct AgentStreamTests {
  static func read(
    _ format: AgentStream.Format, _ text: String, limit: Int = AgentStream.lineLimit
  ) -> (events: [AgentEvent], report: AgentReport) {
    var stream = AgentStream(format, lineLimit: limit)
    var events = stream.take(Array(text.utf8)[...])
    events += stream.finish()
    return (events, stream.report)
  }

  private static let message =
    #"{"message":{"id":"m","content":[{"type":"text","text":"ä → b\#u{2028}c"}]},"type":"assistant"}"#

  @Test("where the bytes are cut makes no difference", arguments: [1, 2, 3, 7, 1000])
  func chunks(size: Int) {
    let text = "noise\r\n\n" + Self.message + "\r\n{broken}\n" + Self.message
    let bytes = Array(text.utf8)
    var stream = AgentStream(.claude)
    var events: [AgentEvent] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += stream.take(bytes[start..<min(start + size, bytes.count)])
    }
    events += stream.finish()
    #expect(events == [.noise("noise"), .activity("ä → b"), .damaged(bytes: 8)])
    #expect(stream.report.answer == "ä → b\u{2028}cä → b\u{2028}c")
    #expect(stream.report.damagedLines == 1)
  }

  @Test("a line that is too long is dropped, and the next one is read")
  func longLine() {
    let long = #"{"type":"system","x":""# + String(repeating: "x", count: 500) + "\"}\n"
    let (events, report) = Self.read(
      .gemini, long + #"{"type":"init","session_id":"s"}"# + "\n", limit: 100)
    #expect(events == [.damaged(bytes: long.utf8.count - 1), .session("s")])
    #expect(report.droppedLines == 1)
  }

  @Test("a tail without a line feed is read when it is whole, and dropped quietly when not")
  func tail() {
    #expect(Self.read(.gemini, #"{"type":"init","session_id":"s"}"#).report.session == "s")
    let (events, report) = Self.read(.gemini, #"{"type":"init","sess"#)
    #expect(events == [])
    #expect(report == AgentReport())
  }

  @Test(
    "unknown events, null and missing fields pass", arguments: AgentStream.Format.allCases,
    [
      #"{"type":"new_thing","x":[1]}"#, #"{"type":null}"#, "{}", #"{"type":"result"}"#,
      #"{"type":"assistant","message":null}"#, #"{"type":"user","message":{"content":"text"}}"#,
      #"{"type":"assistant","message":{"content":[{"type":"tool_use","name":null,"input":null}]}}"#,
      #"{"type":"item.completed","item":null}"#, #"{"type":"item.updated","item":{"type":"new"}}"#,
      #"{"type":"turn.completed","usage":null}"#, #"{"type":"result","stats":null,"error":null}"#,
      #"{"type":"rate_limit_event","rate_limit_info":null}"#,
      #"{"type":"turn.failed","error":null}"#,
      #"{"type":"tool_use","parameters":null}"#, #"{"id":"0","msg":{"type":"new"}}"#,
    ])
  func tolerance(format: AgentStream.Format, line: String) {
    let (_, report) = Self.read(format, line + "\n")
    #expect(report.damagedLines == 0)
  }

  @Test("control sequences never reach the line that is shown")
  func controls() {
    let line =
      #"{"type":"item.completed","item":{"type":"agent_message","text":"\n\u001b[31mred\u0007 text"}}"#
    #expect(Self.read(.codex, line).report.activity == "red text")
  }

  private let now = Instant(microseconds: 1_780_488_000_000_000)

  private func verdict(
    _ report: AgentReport, _ exit: AgentVerdict.Exit, _ format: AgentStream.Format = .claude,
    errors: String = ""
  ) -> AgentVerdict {
    AgentVerdict(report, format, exit: exit, errors: errors, now: now) { _ in .utc }
  }

  @Test("only a good end and a good exit together are success")
  func success() {
    var report = AgentReport()
    #expect(verdict(report, .status(0)) == .failed("it ended without a result"))
    report.ending = .succeeded
    #expect(verdict(report, .status(0)) == .succeeded)
    #expect(verdict(report, .endedAfterResult) == .succeeded)
    #expect(verdict(report, .status(1)) == .failed("it ended without a result (exit status 1)"))
    #expect(verdict(report, .signal(9)) == .failed("it ended without a result (signal 9)"))
    report.ending = .failed("no")
    #expect(verdict(report, .status(0)) == .failed("no"))
  }

  @Test("a stated limit holds, unless a good result followed it or its time has passed")
  func limits() {
    var report = AgentReport()
    let reset = now + .seconds(3600)
    report.limit = AgentReport.StatedLimit(kind: "five_hour", resetsAt: reset)
    report.ending = .failed("no more")
    #expect(
      verdict(report, .status(1))
        == .limited(UsageLimit(.account, resetsAt: reset + .seconds(60), text: "no more")))
    report.ending = .succeeded
    #expect(verdict(report, .status(0)) == .succeeded)
    report.ending = .failed("no more")
    report.limit?.resetsAt = now + .seconds(-5)
    #expect(
      verdict(report, .status(1))
        == .limited(UsageLimit(.account, resetsAt: nil, text: "no more")))
  }

  @Test("what an agent wrote is not searched for limits, its last words and errors are")
  func transcripts() {
    var report = AgentReport()
    report.answer = "the README says: usage limit reached"
    report.activity = "usage limit reached"
    #expect(verdict(report, .status(1)) == .failed("it ended without a result (exit status 1)"))
    #expect(
      verdict(report, .status(1), errors: "Please retry in 5s")
        == .limited(
          UsageLimit(.throttle, resetsAt: now + .seconds(6), text: "Please retry in 5s")))
    #expect(
      verdict(report, .status(173), .gemini)
        == .limited(UsageLimit(.throttle, resetsAt: nil, text: "it ended without a result")))
    #expect(verdict(report, .status(41), .gemini, errors: "x") == .needsPerson("x"))
    #expect(
      verdict(report, .status(53), .gemini)
        == .failed("the limit of turns was reached: it ended without a result"))
  }
}
