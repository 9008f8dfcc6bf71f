import Core
import Glibc
import Testing

/// Looking back at real runs.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ReportCommandTests {
  private func root(_ text: String) throws -> JSONNode {
    try JSONDocument(parsing: Array(text.utf8), name: "report").root
  }

  @Test("every form of the report of a real run is there, and its times add up")
  func forms() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", []), ("3", ["1"])],
      commands: [
        "1": Stamps.around("sleep 0.4"), "2": Stamps.around("sleep 1.2"), "3": "sleep 0.2",
      ])
    #expect(try await sandbox.run("run", "-j", "2", "--output", "quiet").status == 0)
    for form in ["text", "json", "html", "trace", "junit", "openmetrics", "csv"] {
      let report = try await sandbox.run("report", "--format", form)
      #expect(report.status == 0, "\(form)")
      #expect(!report.output.isEmpty && report.errors.isEmpty, "\(form)")
    }
    let report = try root(try await sandbox.run("report", "--format", "json").output)
    let wall = try #require(report["wall"]?.number)
    let parts = report["slot_time"]?.members.compactMap(\.value.number) ?? []
    #expect(abs(parts.reduce(0, +) - 2 * wall) < 0.001)
    // Slot 1 stands behind the barrier from the end of 1 to that of 2.
    let barrier = report["slot_time"]?["barrier"]?.number ?? 0
    let known = try Stamps("2", sandbox).ends[0] - Stamps("1", sandbox).ends[0]
    #expect(abs(barrier - known) < 0.02 * 2 * wall)
  }

  @Test("runs are named by the beginning of their names, and a wrong one is told the nearest")
  func names() async throws {
    let sandbox = try Sandbox([("1", [])])
    for _ in 0..<2 {
      let run = try await sandbox.run("run", "--command", "true", "--no-write-status")
      #expect(run.status == 0)
    }
    let both = try root(try await sandbox.run("report", "--last", "2", "--format", "json").output)
    let runs = both["runs"]?.elements.compactMap { $0["run"]?.string } ?? []
    #expect(runs.count == 2)
    let newest = try #require(runs.last)
    #expect(
      try await sandbox.run("report", newest, "--format", "csv").output.contains(newest))
    let wrong = try await sandbox.run("report", newest + "x")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("did you mean \(newest)?"))
  }

  @Test("the journal replays to what the live run printed, event for event, and to its last state")
  func replay() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", ["1"]), ("3", []), ("4", ["3"])],
      commands: [
        "1": "echo '[1/2]'; sleep 0.1; test $LANES_ATTEMPT = 2", "3": "exit 4",
      ])
    let words = ["run", "--command", "true", "--attempts", "2", "--backoff", "50ms"]
    let first = try await sandbox.run(
      words + ["--output", "json", "--on-failure", "keep-going"])
    #expect(first.status == 1)
    let (events, state) = try replayed(in: sandbox)
    var lines = EventLines(run: state.manifest.id, after: 0)
    let text = events.map { String(decoding: lines.line(for: $0), as: UTF8.self) }.joined()
    #expect(text == first.output)
    let resumed = try await sandbox.run("resume", "--output", "plain")
    #expect(resumed.status == 1)
    let again = try replayed(in: sandbox)
    let summary = Summary.lines(again.state, at: again.state.lastEventAt)
    #expect(again.events.count > events.count)
    #expect(resumed.lines.suffix(summary.count - 1) == summary.suffix(summary.count - 1))
    #expect(again.state.counts.succeeded == 2)
  }

  @Test("a run that is killed and taken up replays to the state it ended in")
  func replayAfterCrash() async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])], commands: ["1": "sleep 0.3"])
    let lanes = try await sandbox.start("run", "--command", "true", "--output", "json")
    try await lanes.event("attempt_launched", task: "1")
    kill(lanes.pid, SIGKILL)
    try await lanes.end()
    #expect(try await sandbox.run("resume", "--output", "quiet").status == 0)
    let (_, state) = try replayed(in: sandbox)
    #expect(state.phase == .finished(.succeeded))
    let report = try root(try await sandbox.run("report", "--format", "json").output)
    #expect(report["state"]?.string == "succeeded")
    #expect(report["attempts"]?.elements.map { $0["task"]?.string } == ["1", "2"])
  }

  private func replayed(in sandbox: Sandbox) throws -> (events: [RunEvent], state: RunState) {
    let journal = try Journal.open(
      folder: LanesFolder(in: sandbox.path), mode: .reading)
    let run = try #require(try journal.latestRun()?.id)
    let events = Array(try RunEvents(journal, run: run))
    return (events, try #require(RunState.fold(events)))
  }

  @Test("simulate tells what the slots are worth, and is the same for the same seed")
  func simulate() async throws {
    let sandbox = try Sandbox([("1", []), ("2", []), ("3", ["1"])])
    let text = try await sandbox.run("simulate", "--most-jobs", "3", "--spread", "0")
    #expect(text.status == 0)
    #expect(text.lines.contains { $0.hasPrefix("📊 Best: -j 2 --schedule levels: 1:00:00") })
    let words = ["simulate", "--draws", "20", "--format", "json"]
    let drawn = try await sandbox.run(words)
    #expect(try await sandbox.run(words).output == drawn.output)
    #expect(try await sandbox.run(words + ["--seed", "2"]).output != drawn.output)
    let json = try root(
      try await sandbox.run("simulate", "--spread", "0", "--format", "json").output)
    #expect(json["choices"]?.elements.map(\.self).count == 32)
    #expect(json["best"]?["p50"]?.number == 3600)
    #expect(try await sandbox.run("simulate", "--spread", "x").status == 2)
  }

  @Test("simulate plays predicted conflicts with every policy, where tasks work in worktrees")
  func simulatedConflicts() async throws {
    let sandbox = try Sandbox(
      ["1", "2"].map { Sandbox.Task(id: $0, details: "Change f.rs and src/g.rs.") })
    try sandbox.makeRepository(["f.rs": "", "src/g.rs": ""])
    let words = [
      "simulate", "--spread", "0", "--most-jobs", "2", "-j", "2", "--draws", "200",
    ]
    let text = try await sandbox.run(words)
    #expect(text.status == 0)
    #expect(text.lines.contains { $0.hasPrefix("📊 Conflicts: 1 pair may conflict, 1 expected to") })
    #expect(
      text.lines.contains {
        $0.hasPrefix("📊 Best: -j 2 --schedule levels --predicted speculate: ")
      }, "\(text.output)")
    let drawn = try await sandbox.run(words + ["--format", "json"])
    #expect(try await sandbox.run(words + ["--format", "json"]).output == drawn.output)
    let json = try root(drawn.output)
    #expect(json["conflicts"]?["expected"]?.integer == 1)
    let choices = json["choices"]?.elements.map(\.self) ?? []
    #expect(choices.count == 12)
    func figures(_ policy: String) -> JSONNode? {
      choices.first { choice in
        let isWanted = choice["predicted"]?.string == policy && choice["jobs"]?.integer == 2
        return isWanted && choice["schedule"]?.string == "dataflow"
      }
    }
    #expect(figures("serialize")?["mean"]?.number == 3600)
    for policy in ["speculate", "warn"] {
      let choice = try #require(figures(policy))
      #expect(choice["p10"]?.number == 1800 && choice["p90"]?.number == 3600)
      #expect((2700...3300).contains(choice["mean"]?.number ?? 0))
    }
    #expect(json["current"]?["predicted"]?.string == "serialize")
    for flags in [["--isolate", "none"], ["--predicted", "off"]] {
      let plain = try await sandbox.run(words + flags)
      #expect(plain.status == 0)
      #expect(plain.lines.contains { $0.hasPrefix("📊 Best: -j 2 --schedule levels: 30:00") })
      #expect(!plain.output.contains("onflict"))
    }
  }
}
