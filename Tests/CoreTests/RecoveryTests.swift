import Core
import Testing

/// A run that another runner left, as the journal and the run's folder tell of it.
struct RecoveryTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test("a whole journal is folded, and nothing is missing in it")
  func whole() throws {
    var run = chain()
    run.end("a")
    let recovery = try recover(run.events, logs: ["a.1", "b.1"])
    #expect(recovery.state == run.state)
    #expect(recovery.missing == [])
    #expect(recovery.sequence == Int64(run.events.count))
  }

  @Test("an attempt that the journal forgot is known from its log")
  func forgotten() throws {
    let run = chain()
    let events = run.events.filter { $0.kind.task == nil }
    let recovery = try recover(events, logs: ["a.1"])
    #expect(recovery.missing.map(\.kind) == [.attemptStarted(key("a", 1), level: 0)])
    #expect(recovery.state.tasks[0].isRunning)
  }

  @Test("a second try of a failed task that the journal forgot is not taken for the first one")
  func forgottenRetry() throws {
    var run = chain()
    run.end("a", 1)
    let recovery = try recover(run.events, logs: ["a.1", "a.2"])
    #expect(
      recovery.missing.map(\.kind) == [
        .taskReset(TaskID("a")), .attemptStarted(key("a", 2), level: 0),
      ])
    #expect(recovery.state.tasks[0].isRunning)
    #expect(recovery.state.tasks[0].attempt == 2)
  }

  @Test(
    "what salvaged events take for granted is put before them",
    arguments: [
      ["attempt_started"], ["attempt_started", "attempt_launched"], ["attempt_ended"],
      ["attempt_started", "attempt_ended"],
      ["attempt_started", "attempt_launched", "attempt_ended"], ["level_started"],
      ["run_started"], ["task_finished"], ["level_finished", "task_finished"],
    ])
  func salvaged(_ lost: [String]) throws {
    var run = chain()
    for id in ["a", "b", "c"] {
      run.send(.report(.launched(key(id, 1), ProcessIdentity(pid: 7, startTicks: 7))))
      run.end(id)
    }
    try RunFolder(path: folder.path).create(run.state.manifest)
    let events = run.events.filter { !lost.contains($0.kind.name) }
    let recovery = try recover(events, logs: ["a.1", "b.1", "c.1"], areSalvaged: true)
    #expect(recovery.sequence == 0)
    #expect(recovery.state == RunState.fold(recovery.missing))
    #expect(recovery.state.tasks.map(\.attempt) == [1, 1, 1])
    #expect(recovery.state.counts.succeeded == (lost.contains("task_finished") ? 0 : 3))
    #expect(recovery.state.running == [])
    let ends = recovery.missing.filter { $0.kind.name == "task_finished" }
    #expect(ends.count == recovery.state.counts.succeeded)
  }

  @Test("a success that no known attempt explains is that of a later attempt")
  func successAfterRetry() throws {
    var run = RunScenario([("a", [])]) { $0.attempts = 2 }
    run.end("a", 1)
    run.pass(.seconds(1))
    run.end("a")
    let second = key("a", 2)
    let events = run.events.filter {
      switch $0.kind {
      case .attemptStarted(second, _), .attemptEnded(second, _, _): false
      default: true
      }
    }
    let recovery = try recover(events, logs: ["a.1", "a.2"], areSalvaged: true)
    #expect(recovery.state.tasks[0].attempt == 2)
    #expect(recovery.state.tasks[0].result == .succeeded)
    #expect(recovery.missing.count == events.count + 1)
  }

  @Test("a success is that of the newest attempt that ended well, and nothing is done twice")
  func successOfForgottenAttempt() throws {
    var run = RunScenario([("a", [])]) { $0.attempts = 2 }
    run.end("a", 1)
    run.pass(.seconds(1))
    run.end("a")
    let kinds: [RunEvent.Kind] = [
      .attemptStarted(key("a", 1), level: 0), .taskFinished(TaskID("a"), .succeeded),
    ]
    let events = run.events.filter { $0.kind.name == "run_started" || kinds.contains($0.kind) }
    #expect(events.count == 3)
    _ = try folder.write("\na.1.log 1;\n\na.2.log 0;\n", to: "exits")
    let recovery = try recover(events, logs: ["a.1", "a.2"], areSalvaged: true)
    #expect(recovery.state.tasks[0].attempt == 2)
    #expect(recovery.state.tasks[0].result == .succeeded)
    #expect(recovery.missing.filter { $0.kind.name == "task_finished" }.count == 1)
    #expect(recovery.missing.last?.kind == .taskFinished(TaskID("a"), .succeeded))
  }

  /// Three tasks, one after the other, of which the first has been started.
  private func chain() -> RunScenario {
    RunScenario([("a", []), ("b", ["a"]), ("c", ["b"])])
  }

  private func key(_ id: String, _ attempt: Int) -> AttemptKey { AttemptKey(TaskID(id), attempt) }

  private func recover(
    _ events: [RunEvent], logs: [String], areSalvaged: Bool = false
  ) throws -> Recovery {
    for log in logs { _ = try folder.write("", to: log + ".log") }
    let rows = events.enumerated().map { offset, event in
      var json = JSONWriter()
      json.object { event.kind.encodeFields(into: &$0) }
      return JournalRow(
        sequence: Int64(offset + 1), at: event.at.microseconds, kind: event.kind.name,
        task: event.kind.task?.text, body: json.bytes)
    }
    return try #require(
      Recovery(
        rows: rows, areSalvaged: areSalvaged, folder: RunFolder(path: folder.path),
        at: Instant(microseconds: 10_000_000)))
  }
}
