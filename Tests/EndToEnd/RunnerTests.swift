import Core
import Glibc
import Testing

/// The runner as a process: one at a time, and what signals and closed terminals do to it.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct RunnerTests {
  private static let untilGo = "until test -e go; do sleep 0.02; done"

  private func start(_ flags: String...) async throws -> (Sandbox, LanesProcess) {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])], commands: ["1": Self.untilGo])
    let lanes = try await sandbox.start(
      ["run", "--command", "true", "--output", "json", "--grace", "300ms"] + flags)
    try await lanes.event("attempt_launched", task: "1")
    return (sandbox, lanes)
  }

  @Test("a second runner is refused with the number of the first", arguments: ["run", "resume"])
  func second(_ command: String) async throws {
    let (sandbox, lanes) = try await start()
    if command == "run" {
      let other = try await sandbox.run("run", "--command", "true")
      #expect(other.status == 7)
      #expect(other.errors.contains("(process \(lanes.pid)) is at work here"))
      #expect(other.output == "")
    } else {
      let other = try await sandbox.run("resume")
      #expect(other.status == 1)
    }
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 0)
  }

  @Test("a runner that read the task list before another one ended does nothing a second time")
  func staleList() async throws {
    let sandbox = try Sandbox(
      [("1", [])], commands: ["1": "echo ran >>$HOME/ran; read pass <$HOME/go"])
    try sandbox.makeRepository()
    let (go, look) = (try sandbox.gate("../go"), try sandbox.gate("../look"))
    let first = try await sandbox.start("run", "--output", "json")
    try await first.event("attempt_launched", task: "1")
    // The second has read the list when it asks git about the repository.
    try sandbox.makeFolder("../bin")
    try sandbox.write(
      "#!/bin/sh\n[ -e $HOME/asked ] || { : >$HOME/asked; read pass <$HOME/look; }\n"
        + "exec /usr/bin/git \"$@\"\n",
      to: "../bin/git", mode: 0o755)
    let second = try await sandbox.start(
      ["run"], environment: ["PATH": sandbox.home + "/bin:/usr/bin:/bin"])
    #expect(eventually { sandbox.exists("../asked") })
    go.open()
    #expect(try await first.end().status == 0)
    look.letPass()
    let run = try await second.end()
    #expect(run.status == 0)
    #expect(run.errors.contains("no task of the list is left to do"))
    #expect(sandbox.lines("../ran") == ["ran"])
  }

  @Test("the end of the terminal ends nothing")
  func hangUp() async throws {
    let (sandbox, lanes) = try await start()
    lanes.signal(SIGHUP)
    lanes.signal(SIGPIPE)
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 0)
  }

  @Test("a reader that goes away ends nothing", arguments: ["json", "plain", "quiet"])
  func noReader(_ form: String) async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])], commands: ["1": Self.untilGo])
    let lanes = try await sandbox.start("run", "--command", "true", "--output", form)
    await lanes.stopReading()
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 0)
    #expect(try sandbox.statuses() == ["1": "done", "2": "done"])
  }

  @Test("an interrupt lets what runs end, and starts nothing more")
  func drain() async throws {
    let (sandbox, lanes) = try await start()
    lanes.signal(SIGINT)
    try await lanes.event("run_draining")
    try sandbox.write("", to: "go")
    let run = try await lanes.end()
    #expect(run.status == 130)
    #expect(run.story.contains("task_finished 1 succeeded"))
    #expect(!run.story.contains("attempt_started 2"))
    #expect(run.story.last == "run_finished interrupted")
    #expect(try sandbox.statuses() == ["1": "done", "2": "pending"])
    let resumed = try await sandbox.run("resume")
    #expect(resumed.status == 0)
    #expect(try sandbox.statuses() == ["1": "done", "2": "done"])
  }

  @Test("a second interrupt ends what runs, which counts as no attempt")
  func stop() async throws {
    let (sandbox, lanes) = try await start()
    lanes.signal(SIGINT)
    try await lanes.event("run_draining")
    lanes.signal(SIGINT)
    let run = try await lanes.end()
    #expect(run.status == 130)
    #expect(run.events.last { $0.kind == "attempt_ended" }?["outcome"] == "interrupted")
    #expect(sandbox.processes == [])
    #expect(try sandbox.statuses() == ["1": "pending", "2": "pending"])
    try sandbox.write("", to: "go")
    #expect(try await sandbox.run("resume").status == 0)
  }

  @Test("a termination ends what runs at once")
  func terminate() async throws {
    let (sandbox, lanes) = try await start()
    lanes.signal(SIGTERM)
    let run = try await lanes.end()
    #expect(run.status == 143)
    #expect(run.events.first { $0.kind == "run_stopping" }?["reason"] == "terminate")
    #expect(sandbox.processes == [])
    let status = try await sandbox.run("status")
    #expect(status.lines[0].hasSuffix(": interrupted"))
    #expect(status.lines.last == "`lanes resume` goes on with it.")
  }
}
