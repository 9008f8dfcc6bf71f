import Core
import Testing

/// The division over tracks, written as files and worked on.
@Suite("lanes plan --tracks", .serialized, .timeLimit(.minutes(2)))
struct TrackPlanTests {
  private func sandbox() throws -> Sandbox {
    try Sandbox([("1", []), ("2", ["1"]), ("3", []), ("4", ["3"])])
  }

  @Test(
    "--write makes sprints and a state, refuses to replace them, and --force keeps the old state")
  func write() async throws {
    let sandbox = try sandbox()
    let first = try await sandbox.run("plan", "--tracks", "2", "--write")
    #expect(first.status == 0, "\(first.errors)")
    #expect(
      sandbox.names(in: "docs/sprints") == ["SPRINT-001-01.yaml", "SPRINT-001-02.yaml"])
    let state = sandbox.text("docs/planning/.project-state.yaml")
    #expect(state.contains("total_tracks: 2"))
    let sprint = sandbox.text("docs/sprints/SPRINT-001-01.yaml")

    let second = try await sandbox.run("plan", "--tracks", "1", "--write")
    #expect(second.status != 0)
    #expect(second.errors.contains("it is there already"), "\(second.errors)")
    #expect(second.errors.contains("--force"))
    #expect(sandbox.text("docs/planning/.project-state.yaml") == state)
    #expect(sandbox.text("docs/sprints/SPRINT-001-01.yaml") == sprint)

    let third = try await sandbox.run("plan", "--tracks", "1", "--write", "--force")
    #expect(third.status == 0, "\(third.errors)")
    #expect(
      third.errors.contains("The old state is kept as docs/planning/.project-state.yaml.backup"))
    #expect(sandbox.text("docs/planning/.project-state.yaml.backup") == state)
    #expect(sandbox.names(in: "docs/sprints") == ["SPRINT-001.yaml"])
    #expect(sandbox.text("docs/planning/.project-state.yaml").contains("total_tracks: 1"))
  }

  @Test("a number of tracks that is none is refused")
  func numbers() async throws {
    let sandbox = try sandbox()
    for word in ["0", "x", "-1"] {
      let plan = try await sandbox.run("plan", "--tracks=\(word)")
      #expect(plan.status == 2, "\(word)")
      #expect(plan.errors.contains("write 3, or auto"), "\(plan.errors)")
    }
  }
}
