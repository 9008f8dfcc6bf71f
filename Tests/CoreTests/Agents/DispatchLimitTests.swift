import Core
import Testing

@Suite("Pools and tracks")
struct DispatchLimitTests {
  @Test("no more tasks of a pool run at once than it has places")
  func pools() {
    let tasks = (1...6).map { ("\($0)", [String]()) }
    var run = RunScenario(
      crew: tasks, workers: ["1": "ui", "2": "ui", "3": "ui"], options: .having(jobs: 4)
    ) {
      $0.pools = [Pool("screen", limit: 1)]
      $0.routes = [Route(match: .init(worker: "ui"), pool: "screen")]
    }
    #expect(run.running == ["1", "4", "5", "6"])
    run.work("5")
    #expect(run.running == ["1", "4", "6"])
    run.work("1")
    #expect(run.running == ["2", "4", "6"])
    run.work("2")
    #expect(run.running == ["3", "4", "6"])
  }

  @Test("a retry waits for its place like everybody else")
  func retries() {
    var run = RunScenario(
      crew: [("1", []), ("2", [])], workers: ["1": "ui", "2": "ui"], options: .having(attempts: 2)
    ) {
      $0.pools = [Pool("screen", limit: 1)]
      $0.routes = [Route(match: .init(worker: "ui"), pool: "screen")]
    }
    run.work("1", failed: true, code: 1)
    #expect(run.running == ["2"])
    run.pass(.seconds(5))
    #expect(run.running == ["2"])
    #expect(run.phase("1") == .ready)
    run.work("2")
    #expect(run.running == ["1"])
    run.work("1")
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("a track works on one task at a time, and waits for the tasks of others")
  func tracks() {
    var run = RunScenario(
      crew: [("1", []), ("2", []), ("3", ["1"]), ("4", ["3"])],
      tracks: ["1": 1, "2": 1, "3": 2, "4": 1]
    ) { _ in }
    #expect(run.running == ["1"])
    #expect(run.crew.contains(.trackWaiting(2, tasks: ["1"])))
    run.work("1")
    #expect(run.running == ["2", "3"])
    run.work("3")
    #expect(run.crew.contains(.trackFinished(2)))
    run.work("2")
    run.work("4")
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("a track that nobody opened does not start, and the run ends when the others are done")
  func openTracks() {
    var run = RunScenario(crew: [("1", []), ("2", [])], tracks: ["1": 1, "2": 2]) {
      $0.tracks?.opened = [1]
    }
    #expect(run.running == ["1"])
    run.work("1")
    #expect(run.state.phase == .finished(.interrupted))
    #expect(run.state.crew?.draining == .track)
    run.send(.takenUp(TakeUp(runner: 2, tracks: [2])))
    #expect(run.running == ["2"])
    run.work("2")
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("a track is opened by another terminal while the first one runs")
  func joining() {
    var run = RunScenario(crew: [("1", ["2"]), ("2", [])], tracks: ["1": 1, "2": 2]) {
      $0.tracks?.opened = [1]
    }
    #expect(run.running == [])
    #expect(run.state.phase == .running)
    run.command(.openTrack(2))
    #expect(run.running == ["2"])
    run.command(.openTrack(7))
    #expect(run.reply == .refused("the run has no track 7"))
  }

  @Test("random runs with pools start every task once, never more of a pool than fit")
  func random() {
    var numbers = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let count = Int.random(in: 1...20, using: &numbers)
      let workers = Dictionary(
        uniqueKeysWithValues: (0..<count).map { ("\($0)", ["a", "b", "c"].randomElement() ?? "a") })
      let tasks = (0..<count).map { id in
        (
          "\(id)",
          (0..<id).filter { _ in Int.random(in: 0..<6, using: &numbers) == 0 }.map { "\($0)" }
        )
      }
      var run = RunScenario(crew: tasks, workers: workers, options: .having(schedule: .dataflow)) {
        $0.pools = [Pool("a", limit: 1), Pool("b", limit: 2)]
        $0.routes = ["a", "b"].map { Route(match: .init(worker: $0), pool: $0) }
      }
      while let id = run.running.randomElement(using: &numbers) {
        #expect(run.running.filter { workers[$0] == "a" }.count <= 1)
        #expect(run.running.filter { workers[$0] == "b" }.count <= 2)
        run.work(id)
      }
      #expect(run.state.phase == .finished(.succeeded))
      #expect(run.state.attempts == count)
    }
  }
}
