import Core
import Testing

@Suite("Slots kept idle by limits, gates and git")
struct SlotTimeObstacleTests {
  private func times(_ run: RunScenario) throws -> [SlotTime.Use: Duration] {
    let record = try #require(RunRecord(run.events))
    let time = record.slotTime(at: run.now)
    #expect(time.total == (run.now - run.state.startedAt) * run.state.jobs)
    return Dictionary(uniqueKeysWithValues: time.uses.map { ($0, time[$0]) })
  }

  private func options(jobs: Int) -> RunOptions {
    var options = RunOptions()
    options.jobs = jobs
    return options
  }

  @Test("a task that waits for its pool costs one slot as long as it waits")
  func pools() throws {
    var run = RunScenario(
      crew: [("1", []), ("2", [])], workers: ["1": "ui", "2": "ui"], options: options(jobs: 2),
      { crew in
        crew.pools = [Pool("screen", limit: 1)]
        crew.routes = [Route(match: .init(worker: "ui"), pool: "screen")]
      })
    run.pass(.seconds(3))
    run.work("1")
    run.pass(.seconds(2))
    run.work("2")
    #expect(run.state.hasEnded)
    #expect(try times(run) == [.work: .seconds(5), .limit: .seconds(3), .slots: .seconds(2)])
  }

  @Test("the time in which a gate judges an attempt is the gate's")
  func gates() throws {
    var run = RunScenario(
      crew: [("1", [])], options: options(jobs: 1),
      { crew in
        crew.gates = [Gate(name: "test", command: "make test")]
      })
    run.pass(.seconds(2))
    run.work("1")
    run.pass(.seconds(1))
    run.end("1")
    #expect(run.state.hasEnded)
    #expect(try times(run) == [.work: .seconds(2), .gate: .seconds(1)])
  }

  @Test("work that is committed or waits to be merged holds a slot")
  func merging() throws {
    var options = RunOptions()
    options.jobs = 2
    options.schedule = .dataflow
    options.git = GitOptions(
      repositories: [.init(root: "/r", base: "main", commit: String(repeating: "0", count: 40))])
    let plan = Plan(
      origin: Plan.Origin(file: "f"),
      tasks: [TaskSpec(id: "1", title: ""), TaskSpec(id: "2", title: "", dependencies: ["1"])])
    let manifest = RunManifest(
      id: RunID("r"), version: "", directory: "/", plan: plan, options: options)
    let key = AttemptKey("1", 1)
    let kinds: [(Int64, RunEvent.Kind)] = [
      (0, .runStarted(manifest)), (0, .attemptStarted(key, level: 0)),
      (
        3,
        .git(
          .workCommitted(
            key,
            WorkCommit(head: "h", files: [], count: 0, hadLeftovers: false, took: .seconds(1))))
      ), (3, .attemptEnded(key, .exited(code: 0), ResourceUsage())),
      (5, .taskFinished("1", .succeeded)),
    ]
    let record = try #require(
      RunRecord(
        kinds.map { RunEvent(at: Instant(microseconds: $0.0 * 1_000_000), $0.1) }))
    let time = record.slotTime(at: Instant(microseconds: 5_000_000))
    #expect(time[.work] == .seconds(2))
    #expect(time[.merge] == .seconds(3))
    #expect(time[.dependency] == .seconds(5))
    #expect(time.total == .seconds(10))
  }
}
