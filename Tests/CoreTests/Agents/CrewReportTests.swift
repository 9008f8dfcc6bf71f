import Core
import Testing

@Suite("What agents do and cost, in status and reports")
struct CrewReportTests {
  /// Two tasks: the first needed both agents, the second runs and is known to edit a file.
  private func run() -> RunScenario {
    var run = RunScenario(
      crew: [("1", []), ("2", [])], options: .having(jobs: 1, schedule: .dataflow)
    ) {
      $0.ladder = ["fast", "strong"]
      $0.escalates = true
      $0.budget = Budget(limit: 9)
    }
    run.work("1", failed: true, cost: 1, code: 1)
    run.pass(.seconds(10))
    run.work("2", cost: 0)
    run.work("1", cost: 0.5)
    return run
  }

  private func working() -> RunScenario {
    var run = RunScenario(crew: [("1", [])]) { _ in }
    var reading = AgentReading()
    (reading.activity, reading.cost, reading.session) = ("Edit: a\u{1B}[31m.swift", 0.25, "s1")
    (reading.tokensIn, reading.tokensOut, reading.turns) = (900, 40, 2)
    run.send(.report(.agent(run.key("1"), reading)))
    return run
  }

  @Test("status says what an agent does and what was spent")
  func status() throws {
    let run = working()
    let status = StatusReport(state: run.state, now: run.now + .seconds(5), runner: 7)
    #expect(status.lines.contains("Cost: $0.25, 900 tokens in, 40 out, 2 turns"))
    #expect(status.lines.contains("  ▶ 1: 5.00 s, fast (haiku), tier 1, $0.25: Edit: a.swift"))
    let json = try JSONDocument(parsing: status.json, name: "status").root
    #expect(json["cost"]?.number == 0.25)
    #expect(json["tokens_in"]?.integer == 900)
    let task = try #require(json["tasks"]?.elements.first { _ in true })
    #expect(task["agent"]?.string == "fast")
    #expect(task["session"]?.string == "s1")
    #expect(task["cost"]?.number == 0.25)
    #expect(task["activity"]?.string?.hasPrefix("Edit: a") == true)
    #expect(run.state.cost == 0.25)
  }

  @Test("status says which limit holds dispatch, and until when")
  func holds() throws {
    var run = RunScenario(crew: [("1", [])]) { _ in }
    let limit = AgentLimit(.usage, resetsAt: run.now + .seconds(100), words: "limit reached")
    run.work("1", failed: true, limit: limit, code: 1)
    let status = StatusReport(state: run.state, now: run.now + .seconds(10), runner: 7)
    #expect(
      status.lines.contains("  ⏳ claude: limit reached; nothing of it starts for 1:40"),
      "\(status.lines)")
    let json = try JSONDocument(parsing: status.json, name: "status").root
    #expect(json["holds"]?.elements.map { $0["account"]?.string } == ["claude"])
    run.pass(.seconds(110))
    let later = StatusReport(state: run.state, now: run.now, runner: 7)
    #expect(!later.lines.contains { $0.contains("⏳") })
  }

  @Test("a report has each attempt's agent and cost, in every form with columns")
  func report() throws {
    let run = run()
    let report = RunReport(try #require(RunRecord(run.events)), at: run.now)
    let attempts = report.record.attempts
    #expect(attempts.map(\.agent) == ["fast", "fast", "strong"])
    #expect(attempts.map(\.cost) == [1, 0, 0.5])
    #expect(report.lines.contains { $0.hasPrefix("📊 Cost: $1.50 of $9.00") })
    #expect(report.lines.contains { $0.hasSuffix("$1.50") }, "\(report.lines)")
    let json = try JSONDocument(parsing: report.json, name: "report").root
    #expect(json["cost"]?.number == 1.5)
    #expect(json["budget"]?["usd"]?.number == 9)
    #expect(json["attempts"]?.elements.map { $0["model"]?.string } == ["haiku", "haiku", "opus"])
    #expect(json["tasks"]?.elements.map { $0["cost"]?.number } == [1.5, 0])
    let csv = RunReports.csv([report]).split(separator: "\r\n")
    #expect(csv[0].hasSuffix(",agent,model,cost,tokens_in,tokens_out"))
    #expect(csv[3].hasSuffix(",strong,opus,0.5,0,0"), "\(csv)")
    let metrics = RunReports.openMetrics([report])
    #expect(metrics.contains("lanes_run_cost_usd{run=\"r\"} 1.5\n"))
    #expect(metrics.contains("lanes_task_cost_usd{run=\"r\",task=\"1\"} 1.5\n"))
    let page = RunReports.html([report])
    #expect(page.contains("<dt>Cost</dt><dd>$1.50</dd>"))
    #expect(page.contains("<td>strong (opus)</td>"))
  }

  @Test("a run of commands says nothing of money")
  func commands() throws {
    var run = RunScenario([("1", [])])
    run.end("1")
    let report = RunReport(try #require(RunRecord(run.events)), at: run.now)
    #expect(!report.lines.contains { $0.lowercased().contains("cost") })
    #expect(!RunReports.openMetrics([report]).contains("usd"))
    #expect(!RunReports.html([report]).contains(">cost<"))
    #expect(RunReports.csv([report]).hasSuffix(",,,,,\r\n"))
    #expect(run.state.cost == nil)
  }
}
