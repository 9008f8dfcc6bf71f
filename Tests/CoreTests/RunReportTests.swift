import Core
import Testing

@Suite("Reports of past runs")
struct RunReportTests {
  private func seven() throws -> RunReport {
    var run = RunScenario(sevenTasks)
    _ = run.play(sevenTimes)
    return RunReport(try #require(RunRecord(run.events)), at: run.now)
  }

  /// A run with a task of a hostile title that fails, one that then cannot start, and a good one.
  private func hostile() throws -> RunReport {
    let title = "<script>alert(1)</script> & \"q\" 'a'\u{1B}[31m]]>,\n=1+1"
    let plan = Plan(
      origin: Plan.Origin(file: "<i>.json"),
      tasks: [
        TaskSpec(id: "=<b>", title: title), TaskSpec(id: "2", title: "", dependencies: ["=<b>"]),
        TaskSpec(id: "3", title: "-2"),
      ])
    let manifest = RunManifest(
      id: RunID("r<1>"), version: "<v>", directory: "/", plan: plan, options: RunOptions())
    var (state, events) = (
      RunState(manifest: manifest, at: Instant(microseconds: 0)),
      [RunEvent(at: Instant(microseconds: 0), .runStarted(manifest))]
    )
    let inputs: [(Input, Int64)] = [
      (.begun, 0), (.report(.ended(AttemptKey("3", 1), .exited(0), ResourceUsage())), 1_000_000),
      (
        .report(.failed(AttemptKey("=<b>", 1), message: "no <shell>", isTransient: false)),
        2_500_000
      ),
    ]
    for (input, at) in inputs {
      events += state.settle(input, at: Instant(microseconds: at)).events
    }
    return RunReport(try #require(RunRecord(events)), at: state.lastEventAt)
  }

  @Test("the text tells the figures, where time went, other choices, and each task")
  func text() throws {
    let lines = try seven().lines
    #expect(lines.contains("📊 Work of all tasks (T1): 3.05 s"))
    #expect(lines.contains("📊 Wall time (Tp): 1.55 s"))
    #expect(lines.contains("📊 Longest chain (T∞): 1.50 s  3 → 5 → 7"))
    #expect(lines.contains("   49.2%  working                      3.05 s"))
    #expect(lines.contains("  -j 4    dataflow  1.50 s    0.05 s (3.2%) less"))
    #expect(lines.last == "● on the longest chain")
  }

  @Test("other choices are simulated with the times the tasks took")
  func alternatives() throws {
    #expect(
      try seven().alternatives == [
        .init(jobs: 4, schedule: .levels, makespan: .milliseconds(1550), saving: .zero),
        .init(
          jobs: 4, schedule: .dataflow, makespan: .milliseconds(1500),
          saving: .milliseconds(50)),
        .init(jobs: 5, schedule: .levels, makespan: .milliseconds(1550), saving: .zero),
      ])
  }

  @Test("JSON has the slots' time by use, and the parts add up to the whole")
  func json() throws {
    let report = try seven()
    let root = try JSONDocument(parsing: report.json, name: "report").root
    let parts = root["slot_time"]?.members.compactMap(\.value.number) ?? []
    #expect(parts.count == SlotTime.Use.allCases.count)
    #expect(abs(parts.reduce(0, +) - 4 * 1.55) < 1e-9)
    #expect(root["slots_time"]?.number == 6.2)
    #expect(
      root["attempts"]?.elements.map { $0["task"]?.string }
        == report.record.attempts.map {
          $0.key.task.text
        })
    let two = try JSONDocument(parsing: RunReports.json([report, report]), name: "two").root
    #expect(two["runs"]?.elements.map { $0["run"]?.string } == ["r", "r"])
  }

  @Test("a page holds nothing that a title could make of it")
  func htmlIsEscaped() throws {
    let page = RunReports.html([try hostile()])
    #expect(!page.contains("<script"))
    #expect(!page.contains("<b>\u{1B}") && !page.contains("\u{1B}"))
    #expect(!page.contains("=<b>") && !page.contains("r<1>") && !page.contains("<i>.json"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot; &#39;a&#39;"))
    #expect(page.contains("no &lt;shell&gt;"))
    #expect(page.hasPrefix("<!doctype html>"))
    for tag in ["table", "section", "svg", "main", "div", "dl", "ul", "tr", "td", "text"] {
      #expect(count("</\(tag)>", in: page) == count("<\(tag)>", "<\(tag) ", in: page))
    }
  }

  private func count(_ words: String..., in text: String) -> Int {
    var total = 0
    for word in words {
      var rest = text.utf8[...]
      let wanted = Array(word.utf8)
      while let first = rest.firstIndex(of: wanted[0]) {
        rest = rest[first...]
        if rest.starts(with: wanted) { total += 1 }
        rest = rest.dropFirst()
      }
    }
    return total
  }

  @Test("the drawing has a bar for each attempt, the waits, and the longest chain")
  func timeline() throws {
    let page = RunReports.html([try seven()])
    #expect(count("class=\"work critical\"", in: page) == 3)
    #expect(count("class=\"work\"", in: page) == 4)
    #expect(count("class=\"chain\"", in: page) == 2)
    #expect(count("class=\"barrier\"", in: page) == 1)
  }

  @Test("a spreadsheet reads one line an attempt and no formula")
  func csv() throws {
    let lines = RunReports.csv([try hostile()]).split(separator: "\r\n")
    #expect(lines.count == 3)
    #expect(lines[1].hasPrefix("r<1>,'=<b>,\"<script>"))
    #expect(lines[1].contains("could not be started: no <shell>"))
    #expect(lines[2].hasPrefix("r<1>,3,-2,0,1,"))
  }

  @Test("JUnit has a case for each task, with what became of it")
  func junit() throws {
    let xml = RunReports.junit([try hostile()]) { _, _ in ["the <end>"] }
    #expect(xml.contains("tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"3.5\""))
    #expect(xml.contains("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\""))
    #expect(xml.contains("<failure message=\"failed: could not be started: no &lt;shell&gt;\"/>"))
    #expect(xml.contains("<system-out>the &lt;end&gt;</system-out>"))
    #expect(count("<testcase ", in: xml) == 3)
  }

  @Test("metrics end as OpenMetrics ask, and name a family once")
  func openMetrics() throws {
    let text = RunReports.openMetrics([try seven(), try seven()])
    #expect(text.hasSuffix("\n# EOF\n"))
    #expect(text.contains("lanes_run_wall_seconds{run=\"r\"} 1.55\n"))
    #expect(text.contains("lanes_run_slot_time_seconds{run=\"r\",use=\"barrier\"} 0.15\n"))
    #expect(count("# TYPE lanes_run_wall_seconds gauge\n", in: text) == 1)
  }

  @Test("a trace has a slice for each attempt and slices of one slot do not overlap")
  func trace() throws {
    let root = try JSONDocument(parsing: RunReports.trace([try seven()]), name: "trace").root
    let events = root["traceEvents"]?.elements.map(\.self) ?? []
    var ends: [Int: Int] = [:]
    var slices = 0
    for event in events where event["ph"]?.string == "X" {
      let (start, slot) = (event["ts"]?.integer ?? -1, event["tid"]?.integer ?? -1)
      #expect(start >= ends[slot] ?? 0)
      ends[slot] = start + (event["dur"]?.integer ?? 0)
      slices += 1
    }
    #expect(slices == 7)
    #expect(events.count { $0["ph"]?.string == "s" } == 6)
    #expect(events.count { $0["ph"]?.string == "f" } == 6)
  }

  @Test("several runs are compared in one table")
  func comparison() throws {
    let text = RunReports.text([try seven(), try seven()])
    #expect(text.contains("📊 Compared:"))
    #expect(text.last?.contains("levels") == true)
  }
}
