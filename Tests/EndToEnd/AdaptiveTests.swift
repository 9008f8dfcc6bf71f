import Core
import Testing

/// `-j auto` in the built binary.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct AdaptiveTests {
  @Test("says how many tasks run at once and why, until somebody names a number")
  func reasons() async throws {
    let tasks = (1...40).map { (String($0), [String]()) }
    let gated = try await GatedRun(tasks, "-j", "auto")
    let begun = try await gated.run.event("run_started")
    #expect(begun.fields["options"]?["adapt_jobs"]?.bool == true)
    try await gated.run.event("attempt_launched")
    let status = try await gated.sandbox.run("status").output
    #expect(status.contains("At most "))
    #expect(try await gated.sandbox.run("explain", "40").output.contains(" of them: "))
    #expect(try await gated.sandbox.run("jobs", "40").status == 0)
    try await gated.run.event("attempt_launched", task: "40")
    #expect(try await !gated.sandbox.run("status").output.contains("At most "))
    for _ in tasks { gated.gate.letPass() }
    #expect(try await gated.run.end().status == 0)
  }

  @Test("a word that is neither a number nor auto is refused")
  func typo() async throws {
    let run = try await Sandbox([("1", [])]).run("run", "-j", "atuo", "--command", "true")
    #expect(run.status == 2)
    #expect(run.errors.contains("\"atuo\" is not a number from 1 to 100000 nor auto"))
    #expect(run.errors.contains("did you mean auto?"))
  }
}
