import Core
import Glibc
import Testing

/// A runner that is killed, and the one that takes its run up.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct CrashTests {
  /// A task's command that notes its beginning and its end, and lasts until the file `go` is there.
  private static let noted =
    "echo $LANES_TASK_ID >>starts; until test -e go; do sleep 0.02; done; echo $LANES_TASK_ID >>ends"
  private static let tasks: [(String, [String])] = [("1", []), ("2", []), ("3", ["1", "2"])]

  private func start(_ flags: String...) async throws -> (Sandbox, LanesProcess) {
    let sandbox = try Sandbox(Self.tasks)
    let lanes = try await sandbox.start(
      ["run", "--command", Self.noted, "--output", "json", "--grace", "300ms"] + flags)
    return (sandbox, lanes)
  }

  private func kill(_ lanes: LanesProcess) async throws {
    lanes.signal(SIGKILL)
    #expect(try await lanes.end().status == -SIGKILL)
  }

  @Test("what runs is adopted with the same process, and nothing is repeated")
  func adoption() async throws {
    let (sandbox, lanes) = try await start()
    let pids = [
      "1": try await lanes.event("attempt_launched", task: "1").pid,
      "2": try await lanes.event("attempt_launched", task: "2").pid,
    ]
    try await kill(lanes)
    let status = try await sandbox.run("status")
    #expect(status.lines[0].hasSuffix(": left without a runner"))
    let next = try await sandbox.start("resume", "--output", "json")
    for (id, pid) in pids {
      #expect(try await next.event("attempt_adopted", task: id).pid == pid)
    }
    try sandbox.write("", to: "go")
    let run = try await next.end()
    #expect(run.status == 0)
    #expect(sandbox.lines("starts") == ["1", "2", "3"])
    #expect(sandbox.lines("ends") == ["1", "2", "3"])
    #expect(run.story.filter { $0.hasPrefix("attempt_started") } == ["attempt_started 3"])
    #expect(try sandbox.statuses() == ["1": "done", "2": "done", "3": "done"])
    #expect(sandbox.processes == [])
  }

  @Test("what ended while nobody watched has the status it left", arguments: [0, 5])
  func unwatchedEnd(_ code: Int) async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", ["1"])],
      commands: ["1": "until test -e go; do sleep 0.02; done; echo >>ended; exit \(code)"])
    let lanes = try await sandbox.start("run", "--command", "true", "--output", "json")
    let pid = try await lanes.event("attempt_launched", task: "1").pid
    try await kill(lanes)
    try sandbox.write("", to: "go")
    try await sandbox.gone(pid)
    let run = try await sandbox.run("resume", "--output", "json")
    #expect(run.status == (code == 0 ? 0 : 1))
    let end = run.events.first { $0.kind == "attempt_ended" && $0.task == "1" }
    #expect(end?["outcome"] == "exited")
    #expect(end?.fields["code"]?.integer == code)
    #expect(sandbox.text("ended") == "\n")
    #expect(try sandbox.statuses()["1"] == (code == 0 ? "done" : "pending"))
  }

  @Test("what was killed together with its runner is started again, without counting")
  func lost() async throws {
    let (sandbox, lanes) = try await start("--attempts", "1")
    try await lanes.event("attempt_launched", task: "2")
    #expect(eventually { sandbox.lines("starts").count == 2 })
    try await kill(lanes)
    for pid in sandbox.processes { Glibc.kill(pid, SIGKILL) }
    try sandbox.write("", to: "go")
    let run = try await sandbox.run("resume", "--output", "json")
    #expect(run.status == 0)
    #expect(
      run.events.filter { $0.kind == "attempt_ended" }.map { $0["outcome"] } == [
        "lost", "lost", "exited", "exited", "exited",
      ])
    #expect(sandbox.lines("starts") == ["1", "1", "2", "2", "3"])
    #expect(sandbox.lines("ends") == ["1", "2", "3"])
  }

  @Test("a run can lose one runner after the other")
  func manyDeaths() async throws {
    let (sandbox, first) = try await start()
    try await first.event("attempt_launched", task: "2")
    try await kill(first)
    for _ in 0..<3 {
      let next = try await sandbox.start("resume", "--output", "json")
      try await next.event("attempt_adopted", task: "2")
      try await kill(next)
    }
    try sandbox.write("", to: "go")
    #expect(try await sandbox.run("resume").status == 0)
    #expect(sandbox.lines("starts") == ["1", "2", "3"])
    #expect(sandbox.lines("ends") == ["1", "2", "3"])
  }

  @Test("a paused task is still paused for the next runner")
  func paused() async throws {
    let (sandbox, lanes) = try await start()
    try await lanes.event("attempt_launched", task: "2")
    #expect(try await sandbox.run("pause", "2").status == 0)
    try await kill(lanes)
    let next = try await sandbox.start("resume", "--output", "json")
    try await next.event("attempt_adopted", task: "2")
    try sandbox.write("", to: "go")
    try await next.event("task_finished", task: "1")
    #expect(try await sandbox.run("resume", "2").output == "task 2 continues\n")
    #expect(try await next.end().status == 0)
  }

  @Test("an adopted task can be cancelled and timed out like any other")
  func endingAdopted() async throws {
    let (sandbox, lanes) = try await start("--timeout", "3s", "--on-failure", "keep-going")
    try await lanes.event("attempt_launched", task: "2")
    try await kill(lanes)
    let next = try await sandbox.start("resume", "--output", "json")
    try await next.event("attempt_adopted", task: "2")
    #expect(try await sandbox.run("cancel", "1").status == 0)
    let run = try await next.end()
    #expect(run.status == 1)
    let ends = run.events.filter { $0.kind == "attempt_ended" }
    #expect(ends.map { $0["outcome"] }.sorted() == ["cancelled", "timed_out"])
    #expect(sandbox.processes == [])
  }

  @Test("what was asked of a runner that died is not done by the next one")
  func staleCommand() async throws {
    let (sandbox, lanes) = try await start()
    try await lanes.event("attempt_launched", task: "2")
    let runner = try #require(lanes.keeperAndRunner).runner
    Glibc.kill(runner, SIGSTOP)
    let cancel = try await sandbox.start("cancel", "--all")
    try await sandbox.until("the command is in the inbox") {
      sandbox.bytes(".lanes/lanes.sqlite-wal")?.contains("cancel_all") ?? false
    }
    // The front's death would have the kernel continue the runner for a moment.
    Glibc.kill(runner, SIGKILL)
    #expect(try await lanes.end().status == -SIGKILL)
    let answer = try await cancel.end()
    #expect(answer.status == 1)
    #expect(answer.errors == "lanes: the runner is gone; `lanes resume` takes the run up\n")
    try sandbox.write("", to: "go")
    #expect(try await sandbox.run("resume").status == 0)
    #expect(sandbox.lines("ends") == ["1", "2", "3"])
  }

  @Test("what has succeeded is not taken up again, and says so")
  func succeeded() async throws {
    let sandbox = try Sandbox([("1", [])])
    #expect(try await sandbox.run("run", "--command", "echo >>x").status == 0)
    let again = try await sandbox.run("resume")
    #expect(again.status == 0)
    #expect(again.errors.contains("has succeeded already; there is nothing to do"))
    #expect(sandbox.text("x") == "\n")
  }

  @Test("statuses that could not be written are written when the run is resumed")
  func lateStatuses() async throws {
    let sandbox = try Sandbox(
      [("1", [])], commands: ["1": "mv tasks/tasks.json list; >tasks/tasks.json"])
    let run = try await sandbox.run("run")
    #expect(run.status == 0)
    #expect(run.errors.hasPrefix("lanes: statuses were not all written back: "))
    #expect(rename(sandbox.path + "/list", sandbox.path + "/tasks/tasks.json") == 0)
    #expect(try await sandbox.run("resume").status == 0)
    #expect(try sandbox.statuses() == ["1": "done"])
  }

  @Test("resuming a failed run tries again what failed and goes on from there")
  func failed() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", []), ("3", ["2"])],
      commands: ["1": "echo >>once", "2": "test -e fixed", "3": "echo >>last"])
    #expect(try await sandbox.run("run", "--on-failure", "keep-going").status == 1)
    #expect(try sandbox.statuses() == ["1": "done", "2": "pending", "3": "pending"])
    #expect(try await sandbox.run("resume").status == 1)
    try sandbox.write("", to: "fixed")
    #expect(try await sandbox.run("resume").status == 0)
    #expect(sandbox.text("once") == "\n")
    #expect(sandbox.text("last") == "\n")
    #expect(try sandbox.statuses() == ["1": "done", "2": "done", "3": "done"])
  }

  @Test("without any run there is nothing to resume")
  func nothing() async throws {
    let sandbox = try Sandbox([("1", [])])
    let run = try await sandbox.run("resume")
    #expect(run.status == 2)
    #expect(run.errors == "lanes: there is no run to resume; start one with `lanes run`\n")
  }
}

extension [UInt8] {
  fileprivate func contains(_ text: String) -> Bool {
    String(decoding: self, as: UTF8.self).contains(text)
  }
}

extension Sandbox {
  /// Waits until a process is gone, be it that nobody has collected it yet.
  func gone(_ pid: Int32) async throws {
    try await until("process \(pid) is gone") {
      ProcessTable.status(of: pid).map(\.isZombie) ?? true
    }
  }

  /// Waits for something that nobody tells of; looks every few milliseconds.
  func until(_ what: String, _ condition: @escaping @Sendable () -> Bool) async throws {
    let reactor = try Reactor(name: "lanes-e2e-wait")
    defer { reactor.stop() }
    let clock = WallClock()
    let end = clock.now() + .seconds(20)
    let (answers, answer) = AsyncStream.makeStream(of: Bool.self)
    try reactor.start { _ in
      let isMet = condition()
      if isMet || clock.now() > end { answer.yield(isMet) }
      reactor.setDeadline(clock.now() + .milliseconds(5))
    }
    reactor.setDeadline(clock.now())
    for await isMet in answers {
      try #require(isMet, "\(what)")
      return
    }
  }
}
