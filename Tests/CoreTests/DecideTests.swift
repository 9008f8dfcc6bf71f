import Core
import Testing

@Suite("Decisions of a run")
struct DecideTests {
  @Test("levels run one after the other, each with all its tasks at once")
  func levels() {
    var run = RunScenario(sevenTasks)
    #expect(run.running == ["1", "3", "4", "6"])
    for id in ["1", "3", "4"] { run.end(id) }
    #expect(run.running == ["6"])
    run.end("6")
    #expect(run.running == ["2", "5"])
    run.end("2")
    run.end("5")
    run.end("7")
    #expect(run.state.phase == .finished(.succeeded))
    #expect(
      run.kinds(since: 0).filter { $0.name.hasPrefix("level") } == [
        .levelStarted(level: 0, tasks: 4), .levelFinished(level: 0, succeeded: 4, failed: 0),
        .levelStarted(level: 1, tasks: 2), .levelFinished(level: 1, succeeded: 2, failed: 0),
        .levelStarted(level: 2, tasks: 1), .levelFinished(level: 2, succeeded: 1, failed: 0),
      ])
  }

  @Test("the makespan is the level bound with barriers and the critical path without")
  func makespans() {
    var levels = RunScenario(sevenTasks)
    #expect(levels.play(sevenTimes) == .milliseconds(1550))
    var dataflow = RunScenario(sevenTasks) { $0.schedule = .dataflow }
    #expect(dataflow.play(sevenTimes) == .milliseconds(1500))
  }

  @Test("ready tasks start in the order of the longest path they head")
  func priorities() {
    let run = RunScenario(
      [("1", []), ("2", []), ("3", []), ("4", ["3"])],
      estimates: [
        "1": .seconds(1), "2": .seconds(3), "3": .seconds(1), "4": .seconds(5),
      ]
    ) { $0.jobs = 2 }
    #expect(run.running == ["2", "3"])
  }

  @Test("a failure lets running tasks end, starts nothing more, and blocks dependents")
  func finishPolicy() {
    var run = RunScenario(sevenTasks) { $0.jobs = 2 }
    #expect(run.running == ["1", "3"])
    run.end("1", 2)
    #expect(run.running == ["3"])
    #expect(run.phase("2") == .finished(.blocked(by: "1")))
    #expect(run.phase("7") == .finished(.blocked(by: "1")))
    #expect(run.phase("4") == .ready)
    run.end("3")
    #expect(run.state.phase == .finished(.failed))
  }

  @Test("keep-going runs everything that does not depend on what failed")
  func keepGoing() {
    var run = RunScenario(sevenTasks) { $0.onFailure = .keepGoing }
    run.end("1", 1)
    for id in ["3", "4", "6", "5"] { run.end(id) }
    #expect(run.state.phase == .finished(.failed))
    #expect(run.state.counts.succeeded == 4)
    #expect(run.state.counts.failed == 1)
    #expect(run.state.counts.blocked == 2)
  }

  @Test("fail-fast ends what runs")
  func failFast() {
    var run = RunScenario(sevenTasks) { $0.onFailure = .failFast }
    run.end("1", 1)
    #expect(run.actions.contains(.signal(AttemptKey("3", 1), .interrupt)))
    #expect(!run.actions.contains(.signal(AttemptKey("1", 1), .interrupt)))
    for id in ["3", "4", "6"] {
      run.send(.report(.ended(run.key(id), .signaled(2), ResourceUsage())))
    }
    #expect(run.state.phase == .finished(.failed))
    #expect(run.phase("3") == .ready)
  }

  @Test("a failed attempt is tried again after a wait that doubles")
  func retries() {
    var run = RunScenario([("1", [])]) { $0.attempts = 3 }
    run.end("1", 1)
    #expect(run.phase("1") == .backingOff(until: run.now + .seconds(1)))
    run.pass(.milliseconds(999))
    #expect(run.running == [])
    run.pass(.milliseconds(1))
    #expect(run.key("1") == AttemptKey("1", 2))
    run.end("1", 1)
    #expect(run.phase("1") == .backingOff(until: run.now + .seconds(2)))
    run.pass(.seconds(2))
    run.end("1", 7)
    #expect(run.phase("1") == .finished(.failed(.exited(code: 7))))
    #expect(run.state.phase == .finished(.failed))
  }

  @Test("a time-out ends the attempt step by step, and paused time does not count")
  func timeouts() {
    var run = RunScenario([("1", [])]) {
      $0.timeout = .seconds(10)
      $0.grace = .seconds(4)
    }
    let key = AttemptKey("1", 1)
    run.pass(.seconds(5))
    run.command(.pause(["1"]))
    #expect(run.actions == [.signal(key, .pause)])
    run.pass(.seconds(60))
    run.command(.proceed(["1"]))
    run.pass(.milliseconds(4999))
    #expect(run.state.task("1")?.ending == nil)
    run.pass(.milliseconds(1))
    #expect(run.actions.first == .signal(key, .interrupt))
    run.pass(.seconds(2))
    #expect(run.actions.first == .signal(key, .terminate))
    run.pass(.seconds(2))
    #expect(run.actions == [.signal(key, .kill)])
    run.send(.report(.ended(key, .signaled(9), ResourceUsage())))
    #expect(run.phase("1") == .finished(.failed(.timedOut)))
    #expect(run.state.task("1")?.worked == .seconds(14))
  }

  @Test("an attempt without output is ended when it has been silent for long enough")
  func stalls() {
    var run = RunScenario([("1", [])]) { $0.stallTimeout = .seconds(10) }
    let key = AttemptKey("1", 1)
    run.pass(.seconds(10))
    #expect(run.actions == [.measureSilence(key)])
    run.send(.silence(key, since: Instant(microseconds: 4_000_000)))
    run.pass(.seconds(4))
    #expect(run.actions == [.measureSilence(key)])
    run.send(.silence(key, since: Instant(microseconds: 4_000_000)))
    #expect(run.state.task("1")?.ending?.reason == .stall)
  }

  @Test("a new runner wakes for every task that waits for its next attempt")
  func backoffTakenUp() {
    var run = RunScenario([("a", []), ("b", [])]) {
      $0.attempts = 2
      $0.backoff = .seconds(5)
    }
    run.end("a", 1)
    run.pass(.seconds(1))
    run.end("b", 1)
    run.timers = []
    run.send(.takenUp(TakeUp(runner: 2)))
    run.pass(.seconds(10))
    #expect(run.running == ["a", "b"])
  }

  @Test("an interrupt drains, a second one stops, and the stopped tasks wait to be resumed")
  func interrupts() {
    var run = RunScenario(sevenTasks) { $0.jobs = 2 }
    run.send(.interrupted)
    run.end("1")
    #expect(run.running == ["3"])
    run.send(.interrupted)
    #expect(run.actions.first == .signal(AttemptKey("3", 1), .interrupt))
    run.send(.report(.ended(AttemptKey("3", 1), .signaled(2), ResourceUsage())))
    #expect(run.state.phase == .finished(.interrupted))
    run.send(.takenUp(TakeUp(runner: 2)))
    #expect(run.running == ["3", "4"])
    #expect(run.state.task("3")?.failures == 0)
  }

  @Test("a run taken up again adopts what it finds and repeats nothing that ended")
  func adoption() {
    var run = RunScenario(sevenTasks)
    run.send(.report(.launched(AttemptKey("1", 1), ProcessIdentity(pid: 7, startTicks: 9))))
    run.end("6")
    run.send(.takenUp(TakeUp(runner: 2)))
    #expect(
      run.actions == [
        .adopt(AttemptKey("1", 1), ProcessIdentity(pid: 7, startTicks: 9)),
        .adopt(AttemptKey("3", 1), nil), .adopt(AttemptKey("4", 1), nil),
      ])
    run.send(.report(.adopted(AttemptKey("1", 1), ProcessIdentity(pid: 7, startTicks: 9))))
    run.send(.report(.ended(AttemptKey("3", 1), .exited(0), ResourceUsage())))
    run.send(.report(.failed(AttemptKey("4", 1), message: "never started", isTransient: true)))
    #expect(run.running == ["1"])
    #expect(run.phase("3") == .finished(.succeeded))
    run.pass(.seconds(1))
    #expect(run.key("4") == AttemptKey("4", 2))
    #expect(run.state.task("4")?.failures == 0)
  }

  @Test("an attempt whose end nobody saw is started again without counting")
  func lostAttempts() {
    var run = RunScenario([("1", [])])
    run.send(.report(.ended(AttemptKey("1", 1), nil, ResourceUsage())))
    #expect(run.key("1") == AttemptKey("1", 2))
    #expect(run.running == ["1"])
  }

  @Test("soft dependencies decide what starts first, and close no circle")
  func softDependencies() {
    let task = { (id: String, firm: [TaskID], soft: [TaskID]) in
      var spec = TaskSpec(id: TaskID(id), title: "", dependencies: firm)
      spec.softDependencies = soft
      return spec
    }
    let order = { (tasks: [TaskSpec]) -> [String] in
      var options = RunOptions()
      (options.jobs, options.schedule) = (1, .dataflow)
      let manifest = RunManifest(
        id: RunID("r"), version: "test", directory: "/",
        plan: Plan(origin: Plan.Origin(file: "t"), tasks: tasks), options: options)
      var run = RunScenario(manifest)
      var order: [String] = []
      while let id = run.running.first {
        order.append(id)
        run.end(id)
      }
      return order
    }
    #expect(
      order([task("a", [], ["c"]), task("b", [], []), task("c", [], [])]) == ["c", "a", "b"])
    #expect(order([task("a", [], ["b"]), task("b", [], ["a"])]) == ["a", "b"])
    #expect(order([task("a", [], ["b"]), task("b", ["a"], [])]) == ["a", "b"])
  }

  @Test("tasks that the source defers do not run, nor does what needs them")
  func withheld() {
    let run = RunScenario(
      [("1", []), ("2", ["1"]), ("3", [])], statuses: ["1": .deferred])
    #expect(run.running == ["3"])
    #expect(run.phase("1") == .finished(.blocked(by: "1")))
    #expect(run.phase("2") == .finished(.blocked(by: "1")))
  }

  @Test("dispatch that is paused starts nothing until it continues")
  func dispatch() {
    var run = RunScenario(sevenTasks) { $0.jobs = 1 }
    run.command(.pauseDispatch)
    run.end("1")
    #expect(run.running == [])
    run.command(.jobs(3))
    #expect(run.running == [])
    run.command(.continueDispatch)
    #expect(run.running == ["3", "4", "6"])
  }

  @Test("a retry of a failed task frees what it blocked, and the run goes on")
  func retryCommand() {
    var run = RunScenario(sevenTasks)
    run.end("1", 1)
    #expect(run.state.phase == .draining(.failure))
    run.command(.retry(["1"], withDependents: false))
    #expect(run.reply == .done("task 1 will be retried"))
    #expect(run.key("1") == AttemptKey("1", 2))
    #expect(run.phase("7") == .waiting)
    for id in ["1", "3", "4", "6", "2", "5", "7"] { run.end(id) }
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("a task blocked by two failures is freed when both are retried, not before")
  func twoFailures() {
    var run = RunScenario([("1", []), ("2", []), ("3", ["1", "2"]), ("4", [])]) {
      $0.onFailure = .keepGoing
    }
    run.end("1", 1)
    run.end("2", 1)
    run.command(.retry(["1"], withDependents: false))
    #expect(run.phase("3") == .finished(.blocked(by: "1")))
    run.end("1")
    run.command(.retry(["2"], withDependents: false))
    #expect(run.phase("3") == .waiting)
    run.end("2")
    run.end("4")
    run.end("3")
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("a skipped task counts as done for what needs it")
  func skipping() {
    var run = RunScenario([("1", []), ("2", ["1"])])
    run.end("1", 1)
    #expect(run.state.phase == .finished(.failed))
    run = RunScenario([("1", []), ("2", ["1"]), ("3", [])]) { $0.onFailure = .keepGoing }
    run.end("1", 1)
    run.command(.skip(["1"]))
    #expect(run.phase("1") == .finished(.skipped))
    run.end("3")
    #expect(run.running == ["2"])
  }

  @Test(
    "commands that make no sense are refused in words",
    arguments: [
      (ControlCommand.pause(["9"]), "the run has no task 9"),
      (.pause(["2"]), "task 2 is not running"),
      (.proceed(["1"]), "task 1 is not paused"),
      (.retry(["1"], withDependents: false), "task 1 is running; cancel it first"),
      (.retry(["2"], withDependents: false), "task 2 has not ended"),
      (.jobs(0), "jobs must be from 1 to 100000, not 0"), (.retryFailed, "no task has failed"),
      (.skip(["1"]), "task 1 is running; cancel it first"),
      (.continueDispatch, "dispatch is not paused"), (.cancel([]), "no task is meant by that"),
    ] as [(ControlCommand, String)])
  func refusals(command: ControlCommand, words: String) {
    var run = RunScenario(sevenTasks)
    let count = run.events.count
    run.command(command)
    #expect(run.reply == .refused(words))
    #expect(run.kinds(since: count) == [])
    #expect(run.actions == [])
  }

  @Test("taking up a run that failed gives what failed another try, and leaves what was cancelled")
  func takingUpAFailedRun() {
    var run = RunScenario([("1", []), ("2", ["1"]), ("3", []), ("4", ["3"])]) {
      $0.onFailure = .keepGoing
    }
    run.command(.cancel(["4"]))
    run.end("1", 1)
    run.end("3")
    #expect(run.state.phase == .finished(.failed))
    run.send(.takenUp(TakeUp(runner: 2, jobs: 9, retriesFailed: true)))
    #expect(run.state.jobs == 9)
    #expect(run.running == ["1"])
    run.end("1")
    run.end("2")
    #expect(run.phase("4") == .finished(.cancelled))
    #expect(run.state.counts.succeeded == 3)
  }

  @Test("a state folded from the events equals the state that made them")
  func folding() {
    var run = RunScenario(sevenTasks) { $0.attempts = 2 }
    run.end("1", 1)
    run.pass(.seconds(1))
    run.command(.cancel(["6"]))
    run.end("1")
    run.end("3")
    #expect(RunState.fold(run.events) == run.state)
  }
}
