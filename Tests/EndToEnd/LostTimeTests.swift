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
      #expect(
        abs((uses[use] ?? 0) - seconds) < 0.02 * whole, "\(use) should be \(seconds): \(uses)")
    }
  }

  @Test("barrier, failed attempts and slots without work have the time that they took")
  func barrier() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", []), ("3", ["1"])],
      commands: [
        "1": Stamps.around("sleep 1.6"), "2": Stamps.around("sleep 1.6", "test $LANES_ATTEMPT = 2"),
        "3": Stamps.around("sleep 1.2"),
      ])
    let run = try await sandbox.run(
      "run", "-j", "2", "--attempts", "2", "--backoff", "1ms", "--output", "plain")
    #expect(run.status == 0)
    // Slot 1 works, stands behind the barrier until 2 has failed and worked, and works again; slot 2 has
    // nothing more to do then.
    let (one, two, three) = try (Stamps("1", sandbox), Stamps("2", sandbox), Stamps("3", sandbox))
    try await expect(
      [
        "work": one.times[0] + two.times[1] + three.times[0], "retry": two.times[0],
        "barrier": two.ends[1] - one.ends[0], "slots": three.times[0],
      ], sandbox)
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
                    "lanes": {"command": "\(Stamps.around("sleep 2.5", "echo \(id) >>shared.txt"))"}}}
      """
    }
    try sandbox.write("{\"tasks\": [\(tasks.joined(separator: ","))]}", to: "tasks/tasks.json")
    try sandbox.makeRepository(["shared.txt": "0\n"])
    let run = try await sandbox.run("run", "-j", "2", "--output", "quiet", "--no-write-status")
    #expect(run.status == 0)
    let (one, two) = try (Stamps("1", sandbox), Stamps("2", sandbox))
    // The second slot waits for the file until 2 can start, and has nothing to do from then on.
    let (wait, whole) = try (two.begins[0] - one.begins[0], await times(of: sandbox).whole)
    try await expect(
      ["work": one.times[0] + two.times[0], "conflict": wait, "slots": whole / 2 - wait], sandbox)
  }
}

/// When the attempts of a task began and ended, by the task's own clock: a busy machine takes its time to
/// start processes, which is no fault of the report.
struct Stamps {
  /// In seconds, an entry for each attempt.
  let begins: [Double]
  let ends: [Double]

  var times: [Double] { zip(begins, ends).map { $1 - $0 } }

  init(_ id: String, _ sandbox: Sandbox) throws {
    let stamps = sandbox.text("../stamps-\(id)").split(separator: "\n").compactMap { Double($0) }
    try #require(!stamps.isEmpty && stamps.count % 2 == 0)
    begins = stride(from: 0, to: stamps.count, by: 2).map { stamps[$0] }
    ends = stride(from: 1, to: stamps.count, by: 2).map { stamps[$0] }
  }

  /// A shell's words that note the moments around others, and then do what decides the attempt.
  static func around(_ work: String, _ verdict: String = "true") -> String {
    let note = "date +%s.%N >>$HOME/stamps-$LANES_TASK_ID"
    return "\(note); \(work); \(note); \(verdict)"
  }
}
