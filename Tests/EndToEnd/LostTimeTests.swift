import Core
import Testing

/// Runs whose losses are known by their construction, to two per cent of all slots' time.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct LostTimeTests {
  /// The time of each use that took part, in seconds, and of all.
  private func times(of sandbox: Sandbox) async throws -> (uses: [String: Double], whole: Double) {
    let text = try await sandbox.run("report", "--format", "json").output
    let report = try JSONDocument(parsing: Array(text.utf8), name: "report").root
    let members =
      report["slot_time"]?.members.map { ($0.key.string ?? "", $0.value.number ?? 0) } ?? []
    let uses = Dictionary(members) { first, _ in first }
    return (uses, uses.values.reduce(0, +))
  }

  private func expect(_ expected: [String: Double], _ sandbox: Sandbox) async throws {
    let (uses, whole) = try await times(of: sandbox)
    for (use, seconds) in expected {
      #expect(abs((uses[use] ?? 0) - seconds) < 0.02 * whole, "\(use): \(uses)")
    }
  }

  @Test("barrier, failed attempts and slots without work have the time that they took")
  func barrier() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", []), ("3", ["1"])],
      commands: [
        "1": "sleep 0.8", "2": "sleep 0.8; test $LANES_ATTEMPT = 2", "3": "sleep 0.6",
      ])
    let run = try await sandbox.run(
      "run", "-j", "2", "--attempts", "2", "--backoff", "1ms", "--output", "plain")
    #expect(run.status == 0)
    // Slot 1 works 0.8 s, stands 0.8 s behind the barrier and works 0.6 s; slot 2 fails 0.8 s, works
    // 0.8 s and has nothing more to do.
    try await expect(["work": 2.2, "retry": 0.8, "barrier": 0.8, "slots": 0.6], sandbox)
    // The summary says the same as the report.
    let summary = run.lines.first { $0.hasPrefix("📊 Where the slots' time went:") } ?? ""
    for use in [
      "% working", "% attempts that failed", "% level barrier", "% more slots than tasks",
    ] {
      #expect(summary.contains(use))
    }
  }

  @Test("a task that waits for one on the same file costs its slot as long as it waits")
  func conflict() async throws {
    let sandbox = try Sandbox()
    let tasks = ["1", "2"].map { id in
      """
      {"id": "\(id)", "title": "Task \(id)", "status": "pending", "dependencies": [],
       "metadata": {"files": ["shared.txt"],
                    "lanes": {"command": "sleep 1.2; echo \(id) >> shared.txt"}}}
      """
    }
    try sandbox.write("{\"tasks\": [\(tasks.joined(separator: ","))]}", to: "tasks/tasks.json")
    try sandbox.makeRepository(["shared.txt": "0\n"])
    let run = try await sandbox.run("run", "-j", "2", "--output", "quiet", "--no-write-status")
    #expect(run.status == 0)
    try await expect(["work": 2.4, "conflict": 1.2, "slots": 1.2], sandbox)
  }
}
