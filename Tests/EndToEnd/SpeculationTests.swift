import Core
import Glibc
import Testing

/// Tasks that name the same files, run with `--predicted speculate`.
///
/// Each notes when it began and ended, and what it found, under `notes`.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct SpeculationTests {
  /// Waits, not for ever, until the others of the first attempt have begun too, then edits a line.
  private static func worker(_ ids: String, line: String) -> String {
    """
    note=$NOTES/$LANES_TASK_ID.$LANES_ATTEMPT; cat f >$note.found; date +%s%N >$note.begun
    for id in \(ids); do
      for try in $(seq ${TRIES:-500}); do test -s $NOTES/$id.1.begun && break; sleep 0.02; done
    done
    sed -i "\(line)s/$/ $LANES_TASK_ID/" f; date +%s%N >$note.ended
    """
  }

  private func sandbox(_ ids: [String], line: String) throws -> Sandbox {
    let sandbox = try Sandbox(
      ids.map {
        Sandbox.Task(
          id: $0, command: Self.worker(ids.joined(separator: " "), line: line),
          details: "Change f.rs and src/g.rs.")
      })
    try sandbox.makeRepository([
      "f": (1...9).map { "\($0)\n" }.joined(), "f.rs": "", "src/g.rs": "",
    ])
    try sandbox.makeFolder("../notes")
    return sandbox
  }

  private func run(
    _ sandbox: Sandbox, _ policy: String, _ flags: String...
  ) async throws -> LanesProcess.Result {
    try await sandbox.run(
      ["run", "-j", "4", "--output", "json", "--predicted", policy] + flags,
      environment: [
        "NOTES": sandbox.home + "/notes", "TRIES": policy == "serialize" ? "25" : "500",
      ])
  }

  /// When an attempt worked, in nanoseconds of the clock.
  private func span(_ attempt: String, _ sandbox: Sandbox) throws -> ClosedRange<Int> {
    let ends = try ["begun", "ended"].map { end in
      try #require(
        Int(sandbox.text("../notes/\(attempt).\(end)").filter(\.isNumber)), "\(attempt) \(end)")
    }
    return ends[0]...ends[1]
  }

  private func overlaps(_ one: String, _ two: String, _ sandbox: Sandbox) throws -> Bool {
    try span(one, sandbox).overlaps(try span(two, sandbox))
  }

  /// `speculation` of the run's report.
  private func figures(_ sandbox: Sandbox) async throws -> (
    pairs: Int, rolledBack: Int, won: Double, cost: Double
  ) {
    let report = try await sandbox.run("report", "--format", "json")
    let root = try JSONDocument(parsing: Array(report.output.utf8), name: "report").root
    let figures = try #require(root["speculation"])
    return (
      try #require(figures["pairs"]?.integer), try #require(figures["rolled_back"]?.integer),
      try #require(figures["won"]?.number), try #require(figures["cost"]?.number)
    )
  }

  @Test("a pair that merges clean runs at the same time, and what that won is said everywhere")
  func clean() async throws {
    let sandbox = try sandbox(["1", "9"], line: "${LANES_TASK_ID}")
    let plan = try await sandbox.run("plan", "--predicted", "speculate")
    #expect(plan.output.contains("1 × 9  67%: at the same time, which wins"), "\(plan.output)")
    let run = try await run(sandbox, "speculate")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(try overlaps("1.1", "9.1", sandbox))
    #expect(!run.story.contains { $0.hasPrefix("merge_conflicted") })
    #expect(run.story.filter { $0.hasPrefix("attempt_started") }.count == 2)
    let end = try #require(run.events.first { $0.kind == "speculation_ended" })
    #expect(end["end"] == "won")
    let result = try sandbox.shown(try sandbox.result(level: 0), "f").split(separator: "\n")
    #expect((result.first, result.last) == ("1 1", "9 9"))
    let figures = try await figures(sandbox)
    #expect(figures.pairs == 1 && figures.rolledBack == 0 && figures.cost == 0)
    #expect(figures.won == end.fields["time"]?.number && figures.won > 0)
    let report = try await sandbox.run("report")
    #expect(report.output.contains("Speculation: 1 pair at the same time, 0 rolled back, won "))
    let explained = try await sandbox.run("explain", end.task)
    #expect(explained.output.contains("and merges clean: won"), "\(explained.output)")
  }

  @Test(
    "a pair that changes the same line: the second is rolled back once and sees the first's work")
  func rolledBack() async throws {
    let sandbox = try sandbox(["1", "2"], line: "5")
    let run = try await run(sandbox, "speculate", "--attempts", "1", "--at-merge", "stop")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(try overlaps("1.1", "2.1", sandbox))
    let conflict = try #require(run.events.first { $0.kind == "merge_conflicted" })
    #expect(conflict["next"] == "roll_back")
    let (second, first) = (conflict.task, conflict.task == "1" ? "2" : "1")
    #expect(
      run.story.filter { $0.hasPrefix("attempt_started") }.sorted()
        == [
          "attempt_started \(first)", "attempt_started \(second)", "attempt_started \(second)",
        ].sorted())
    let found = sandbox.text("../notes/\(second).2.found").split(separator: "\n")
    #expect(found.dropFirst(4).first == "5 \(first)")
    #expect(
      try sandbox.shown(try sandbox.result(level: 0), "f").split(separator: "\n").dropFirst(4).first
        == "5 \(first) \(second)")
    let kept = try sandbox.git("for-each-ref", "--format=%(refname)", "refs/lanes/attempts")
    #expect(kept.hasSuffix("/\(second)/1"))
    #expect(try sandbox.shown(kept, "f").split(separator: "\n").dropFirst(4).first == "5 \(second)")
    let end = try #require(run.events.first { $0.kind == "speculation_ended" })
    #expect(end["end"] == "rolled_back")
    let figures = try await figures(sandbox)
    #expect(figures.pairs == 1 && figures.rolledBack == 1 && figures.won == 0)
    #expect(figures.cost == end.fields["time"]?.number && figures.cost > 0)
    let status = try await sandbox.run("status")
    #expect(status.status == 0)
  }

  @Test("with serialize the same tasks never run at the same time")
  func serialized() async throws {
    let sandbox = try sandbox(["1", "2"], line: "5")
    let run = try await run(sandbox, "serialize")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(!(try overlaps("1.1", "2.1", sandbox)))
    #expect(!run.story.contains { $0.hasPrefix("speculation") })
  }

  @Test("of three that all clash two are rolled back once each, and all three lines are there")
  func three() async throws {
    let sandbox = try sandbox(["1", "2", "3"], line: "5")
    let run = try await run(sandbox, "speculate", "--attempts", "1", "--at-merge", "stop")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    for (one, two) in [("1.1", "2.1"), ("1.1", "3.1"), ("2.1", "3.1")] {
      #expect(try overlaps(one, two, sandbox))
    }
    let again = run.events.filter { $0.kind == "merge_conflicted" }.map(\.task)
    #expect(again.count == 2 && Set(again).count == 2)
    #expect(
      try !overlaps("\(try #require(again.first)).2", "\(try #require(again.last)).2", sandbox))
    let words =
      try sandbox.shown(try sandbox.result(level: 0), "f").split(separator: "\n").dropFirst(4).first
      ?? ""
    #expect(words.split(separator: " ").sorted() == ["1", "2", "3", "5"])
    let figures = try await figures(sandbox)
    #expect(figures.pairs == 3 && figures.rolledBack == 2)
  }

  @Test("plain lines and the summary say that a pair was tried, and what it cost")
  func plain() async throws {
    let sandbox = try sandbox(["1", "2"], line: "5")
    let run = try await sandbox.run(
      ["run", "-j", "4", "--output", "plain", "--predicted", "speculate"],
      environment: ["NOTES": sandbox.home + "/notes"])
    #expect(run.output.contains("at the same time, rolled back where they do"), "\(run.output)")
    #expect(run.output.contains("🎲 Task 2 Task 2 runs at the same time as task 1 Task 1"))
    #expect(run.output.contains("does not merge with it and is rolled back: cost"))
    #expect(run.output.contains("📊 Speculation: 1 pair at the same time, 1 rolled back, won"))
  }
}
