import Core
import Testing

/// How every reader behaves, whatever the agent.
struct AgentStreamTests {
  static func read(
    _ format: AgentFormat, _ text: String, limit: Int = AgentStream.lineLimit
  ) -> AgentReport {
    guard var stream = AgentStream(format, lineLimit: limit) else { return AgentReport() }
    stream.take(Array(text.utf8)[...])
    stream.finish()
    return stream.report
  }

  private static let message =
    #"{"message":{"id":"m","content":[{"type":"text","text":"ä → b\#u{2028}c"}]},"type":"assistant"}"#

  @Test("where the bytes are cut makes no difference", arguments: [1, 2, 3, 7, 1000])
  func chunks(size: Int) throws {
    let text = "noise\r\n\n" + Self.message + "\r\n{broken}\n" + Self.message
    let bytes = Array(text.utf8)
    var stream = try #require(AgentStream(.claude))
    for start in stride(from: 0, to: bytes.count, by: size) {
      stream.take(bytes[start..<min(start + size, bytes.count)])
    }
    stream.finish()
    var expected = AgentReport()
    expected.activity = "ä → b"
    expected.answer = "ä → b\u{2028}cä → b\u{2028}c"
    expected.unreadableLines = 1
    #expect(stream.report == expected)
  }

  @Test("a line that is too long is dropped, and the next one is read")
  func longLine() {
    let long = #"{"type":"system","x":""# + String(repeating: "x", count: 500) + "\"}\n"
    let report = Self.read(.gemini, long + #"{"type":"init","session_id":"s"}"# + "\n", limit: 100)
    #expect(report.session == "s")
    #expect(report.unreadableLines == 1)
  }

  @Test("a tail without a line feed is read when it is whole, and dropped quietly when not")
  func tail() {
    #expect(Self.read(.gemini, #"{"type":"init","session_id":"s"}"#).session == "s")
    #expect(Self.read(.gemini, #"{"type":"init","sess"#) == AgentReport())
  }

  @Test(
    "unknown events, null and missing fields pass",
    arguments: [AgentFormat.claude, .codex, .gemini],
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
  func tolerance(format: AgentFormat, line: String) {
    #expect(Self.read(format, line + "\n").unreadableLines == 0)
  }

  @Test("control sequences never reach the line that is shown")
  func controls() {
    let line =
      #"{"type":"item.completed","item":{"type":"agent_message","text":"\n\u001b[31mred\u0007 text"}}"#
    #expect(Self.read(.codex, line).activity == "red text")
  }

  private let now = Instant(microseconds: 1_780_488_000_000_000)

  private func verdict(
    _ report: AgentReport, _ status: Core.ExitStatus, _ format: AgentFormat = .claude,
    errors: String = ""
  ) -> AgentVerdict {
    AgentVerdict(report, format, status, errors: errors, now: now) { _ in .utc }
  }

  @Test("only a good end and a good exit together are success")
  func success() {
    var report = AgentReport()
    #expect(verdict(report, .exited(0)) == .failed("it ended without a result"))
    report.ending = .succeeded
    #expect(verdict(report, .exited(0)) == .succeeded)
    #expect(verdict(report, .signaled(15)) == .succeeded)
    #expect(verdict(report, .exited(1)) == .failed("it said that all went well (exit status 1)"))
    report.ending = .failed("no")
    #expect(verdict(report, .exited(0)) == .failed("no"))
    #expect(verdict(report, .signaled(9)) == .failed("no (signal 9)"))
    report.ending = .failed("")
    #expect(verdict(report, .exited(0)) == .failed("it gave no reason"))
  }

  @Test("a stated limit holds, unless a good result followed it or its time has passed")
  func limits() {
    var report = AgentReport()
    let reset = now + .seconds(3600)
    report.limit = AgentLimit(.usage, resetsAt: reset, words: "stated")
    report.ending = .failed("no more")
    #expect(
      verdict(report, .exited(1)) == .limited(AgentLimit(.usage, resetsAt: reset, words: "stated")))
    report.ending = .succeeded
    #expect(verdict(report, .exited(0)) == .succeeded)
    report.ending = .failed("You've hit your limit")
    report.limit?.resetsAt = now + .seconds(-5)
    #expect(
      verdict(report, .exited(1)) == .limited(AgentLimit(.usage, words: "You've hit your limit")))
  }

  @Test("what an agent wrote is not searched for limits, its last words and errors are")
  func transcripts() {
    var report = AgentReport()
    report.answer = "the README says: usage limit reached"
    report.activity = "usage limit reached"
    #expect(verdict(report, .exited(1)) == .failed("it ended without a result (exit status 1)"))
    let errors = "Loaded cached credentials.\nPlease retry in 5s\n"
    #expect(
      verdict(report, .exited(1), errors: "Rate limited. " + errors)
        == .limited(
          AgentLimit(
            .busy, resetsAt: now + .seconds(5), words: "Rate limited. Loaded cached credentials.")))
    let busy = AgentLimit(.busy, words: "it ended without a result")
    #expect(verdict(report, .exited(173), .gemini) == .limited(busy))
    let person = AgentLimit(.person, words: "x")
    #expect(verdict(report, .exited(41), .gemini, errors: "x") == .limited(person))
    #expect(
      verdict(report, .exited(53), .gemini)
        == .failed("the limit of turns was reached: it ended without a result"))
  }

  @Test("retries that standard error tells of are no limit when the end has words of its own")
  func noise() {
    var report = AgentReport()
    report.ending = .failed("3 tests failed")
    let errors = "Attempt 1 failed: overloaded. Retrying after 6173ms..."
    #expect(verdict(report, .exited(0), errors: errors) == .failed("3 tests failed"))
  }
}
