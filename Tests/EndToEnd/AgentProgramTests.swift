import Core
import Testing

/// Each program that is understood, from its first event to the summary.
@Suite("Programs of agents", .serialized, .timeLimit(.minutes(3)))
struct AgentProgramTests {
  private func sandbox(_ program: String) throws -> Sandbox {
    let sandbox = try Sandbox([("1", []), ("2", []), ("3", [])])
    try sandbox.write(
      """
      agents:
        one:
          preset: \(program)
          program: ./\(program)
          resume: true
          price: {input: 1000, cached: 100, output: 1000}
      agent: one
      """, to: "lanes.yml")
    try sandbox.write(StandInAgents.scripts[program] ?? "", to: program, mode: 0o755)
    return sandbox
  }

  @Test(
    "a limit in mid-run holds dispatch until it resets, and what the agent says is known",
    arguments: [
      // While it works the tokens of Claude have a price; in the end it says what it cost.
      ("claude", "--resume s1", 2, 0.25, "$0.51"), ("codex", "resume s1 -", 1, 0.4, "$0.80"),
      ("gemini", "-r s1", 0, 0.4, "$0.80"),
    ])
  func program(
    name: String, resuming: String, turns: Int, cost: Double, before: String
  ) async throws {
    let sandbox = try sandbox(name)
    let run = try await sandbox.start("run", "-j", "1", "--output", "json")
    try await run.event("attempt_progressed", task: "3")
    let status = try await sandbox.run("status")
    #expect(status.output.contains(", one, tier 1"), "\(status.output)")
    #expect(status.output.contains("50% Doing b"), "\(status.output)")
    #expect(status.output.contains("Cost: \(before)"), "\(status.output)")
    try sandbox.write("", to: "go")
    let result = try await run.end()
    #expect(result.status == 0, "\(result.output.suffix(3000))")

    let live = try #require(
      result.events.first { $0.task == "3" && $0.fields["todos"] != nil })
    #expect(live["activity"] == "Doing b")
    #expect(live.fields["todos"]?.integer == 2)
    #expect(live.fields["todos_done"]?.integer == 1)
    #expect(live.fields["failed"] == nil)

    let story = result.story
    let held = try #require(story.firstIndex(of: "dispatch_held"))
    let passed = try #require(story.firstIndex(of: "hold_ended"))
    #expect(!story[held..<passed].contains { $0.hasPrefix("attempt_started") })
    #expect(!story.contains { $0.hasPrefix("retry_scheduled") })
    #expect(story.filter { $0.hasPrefix("attempt_started") }.count == 4)
    #expect(story.filter { $0.hasSuffix("succeeded") && $0.hasPrefix("task") }.count == 3)

    #expect(sandbox.text("args").split(separator: "\n").count { $0.contains(resuming) } == 1)
    let last = try #require(result.events.last { $0.kind == "agent_reported" })
    #expect(last["session"] == "s1")
    #expect(last["activity"] == "All is done.")
    #expect(last["answer"] == "All is done.")
    #expect(last.fields["failed"]?.bool == false)
    #expect(last.fields["tokens_in"]?.integer == 900)
    #expect(last.fields["tokens_cached"]?.integer == 600)
    #expect(last.fields["tokens_out"]?.integer == 40)
    #expect(last.fields["turns"]?.integer == turns)
    let report = try await sandbox.run("report", "--format", "json")
    let json = try JSONDocument(parsing: Array(report.output.utf8), name: "report").root
    #expect(abs((json["cost"]?.number ?? 0) - 3 * cost) < 1e-9)
    let costs = json["attempts"]?.elements.map { $0["cost"]?.number }
    #expect(costs == [0, cost, cost, cost])
  }
}
