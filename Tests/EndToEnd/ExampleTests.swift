import Core
import Testing

/// The examples do what their pages say.
@Suite("Examples", .serialized, .timeLimit(.minutes(2)))
struct ExampleTests {
  @Test("a requirements document runs level by level, and its statuses are written into it")
  func requirements() async throws {
    let sandbox = try Sandbox.example("prd")
    let plan = try await sandbox.run("plan", "PRD.md")
    #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
    #expect(plan.output.contains("Total tasks: 7"))
    let run = try await sandbox.run(
      "run", "PRD.md", "--command", "echo $LANES_TASK_ID >>ran", "--output", "json")
    #expect(run.status == 0, "\(run.output.suffix(2000))")
    #expect(sandbox.lines("ran") == ["1", "2", "3", "4", "5", "6", "7"])
    let levels = run.story.filter { $0.hasPrefix("level_started") }
    #expect(levels == ["level_started 0", "level_started 1", "level_started 2"])
    let again = try await sandbox.run("task", "list", "--file", "PRD.md")
    #expect(again.output.split(separator: "\n").count { $0.contains(" done ") } == 7)
  }

  @Test("specs with soft dependencies do not wait in a circle, and the softer one starts later")
  func specs() async throws {
    let sandbox = try Sandbox.example("specs")
    let plan = try await sandbox.run("validate", "PLAN.md")
    #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
    let run = try await sandbox.run(
      "run", "PLAN.md", "-j", "1", "--command", "echo $LANES_TASK_ID >>ran")
    #expect(run.status == 0, "\(run.output.suffix(2000))\(run.errors)")
    let order = sandbox.text("ran").split(separator: "\n").map(String.init)
    #expect(order.first == "tables")
    #expect(order.count == 6)
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    #expect((places["task-api"] ?? 9) < (places["pages"] ?? 0), "\(order)")
  }

  @Test("three tracks of 52, 44 and 32 hours save 59 per cent of 128")
  func tracks() async throws {
    let sandbox = try Sandbox.example("tracks")
    let plan = try await sandbox.run("plan", "--tracks", "3", "--format", "json")
    #expect(plan.status == 0, "\(plan.errors)")
    let text = try await sandbox.run("plan", "--tracks", "3").output
    for word in ["52", "44", "32", "128", "59"] { #expect(text.contains(word), "\(text)") }
    let many = try await sandbox.run("plan", "--tracks", "50").output
    #expect(many.contains("Requested 50 tracks, but max possible is"))
  }
}
