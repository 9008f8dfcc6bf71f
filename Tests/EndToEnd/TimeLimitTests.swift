import Core
import Glibc
import Testing

/// Limits of time, and tasks that do not let themselves be ended.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct TimeLimitTests {
  @Test("a task that ignores all it is told is killed when its grace is over")
  func stubborn() async throws {
    let sandbox = try Sandbox(
      [("1", [])], commands: ["1": "trap '' INT TERM HUP; echo deaf; while :; do sleep 1; done"])
    let run = try await sandbox.run(
      "run", "--timeout", "200ms", "--grace", "300ms", "--output", "json")
    #expect(run.status == 1)
    let steps = run.events.filter { $0.kind == "attempt_ending" }
    #expect(steps.map { $0["reason"] } == ["timeout", "timeout", "timeout"])
    #expect(steps.map { $0.fields["step"]?.integer } == [0, 1, 2])
    #expect(run.events.first { $0.kind == "attempt_ended" }?["outcome"] == "timed_out")
    #expect(run.time >= .milliseconds(500))
    #expect(sandbox.processes == [])
  }

  @Test("a task that minds the first signal can clean up, and still counts as timed out")
  func polite() async throws {
    let sandbox = try Sandbox(
      [("1", [])],
      commands: ["1": "trap 'echo tidy >>done; exit 0' INT; while :; do sleep 0.05; done"])
    let run = try await sandbox.run(
      "run", "--timeout", "800ms", "--grace", "10s", "--output", "json")
    #expect(run.status == 1)
    #expect(run.events.first { $0.kind == "attempt_ended" }?["outcome"] == "timed_out")
    #expect(sandbox.text("done") == "tidy\n")
    #expect(run.time < .seconds(5))
  }

  @Test("a silent task is ended, one that writes now and then is not")
  func stall() async throws {
    let sandbox = try Sandbox(
      [("quiet", []), ("busy", [])],
      commands: [
        "quiet": "echo once; sleep 60",
        "busy": "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.25; echo $i; done",
      ])
    let run = try await sandbox.run(
      "run", "--stall-timeout", "2s", "--grace", "200ms", "--on-failure", "keep-going",
      "--output", "json")
    #expect(run.status == 1)
    #expect(run.story.contains("task_finished busy succeeded"))
    let end = run.events.first { $0.kind == "attempt_ended" && $0.task == "quiet" }
    #expect(end?["outcome"] == "stalled")
    #expect(sandbox.processes == [])
  }

  @Test("a pause does not count against the time limit")
  func pause() async throws {
    let sandbox = try Sandbox(
      [("1", [])], commands: ["1": "until test -e go; do sleep 0.02; done"])
    let lanes = try await sandbox.start("run", "--timeout", "4s", "--output", "json")
    try await lanes.event("attempt_launched")
    #expect(try await sandbox.run("pause", "1").status == 0)
    let clock = WallClock()
    let end = clock.now() + .milliseconds(4100)
    try await sandbox.until("time") { clock.now() > end }
    #expect(try await sandbox.run("resume", "1").status == 0)
    try sandbox.write("", to: "go")
    let run = try await lanes.end()
    #expect(run.status == 0)
    #expect(run.time >= .milliseconds(4100))
  }
}
