import Core
import Testing

@Suite("Finding the work that a level's gate refuses")
struct GateSearchTests {
  private var git = FakeGit()
  private static let five = ["1", "2", "3", "4", "5"].map { ($0, [String]()) }

  private mutating func run(
    _ tasks: [(String, [String])] = five + [("6", ["1"])], attempts: Int = 1,
    schedule: RunOptions.Schedule = .levels, onFailure: RunOptions.FailurePolicy = .keepGoing,
    gates: [String] = ["build"]
  ) -> RunScenario {
    var crew = CrewOptions()
    crew.gates = gates.map { Gate(name: $0, command: "make \($0)", at: .level) }
    var options = RunOptions.inWorktrees(
      attempts: attempts, schedule: schedule, onFailure: onFailure)
    options.crew = crew
    var run = RunScenario(tasks) { $0 = options }
    run.answer(&git)
    return run
  }

  /// Lets the gate judge until it has nothing to judge; returns what it was asked about.
  private mutating func judge(
    _ run: inout RunScenario, _ accepts: (String) -> Bool
  ) -> [String] {
    var asked: [String] = []
    while let commit = run.judge(&git, accepts) { asked.append(commit) }
    return asked
  }

  @Test(
    "the one whose work breaks the build is found by halving, and the rest is merged",
    arguments: [
      ("1", ["base+1+2+3+4+5", "base+1+2", "base+1", "base", "base+2+3+4+5"]),
      ("2", ["base+1+2+3+4+5", "base+1+2", "base+1", "base+1+3+4+5"]),
      ("3", ["base+1+2+3+4+5", "base+1+2", "base+1+2+3", "base+1+2+4+5"]),
      (
        "4",
        [
          "base+1+2+3+4+5", "base+1+2", "base+1+2+3", "base+1+2+3+4", "base+1+2+3+5",
        ]
      ),
      ("5", ["base+1+2+3+4+5", "base+1+2", "base+1+2+3", "base+1+2+3+4"]),
    ])
  mutating func culprit(id: String, asked: [String]) {
    var run = run()
    run.finish("1", "2", "3", "4", "5", with: &git)
    #expect(judge(&run) { !$0.contains("+\(id)") } == asked)
    let rest = ["1", "2", "3", "4", "5"].filter { $0 != id }
    #expect(run.state.git?.results[0].tip == "base+" + rest.joined(separator: "+"))
    let refused = Outcome.refused(
      gate: "build", "level 0 with its work in it: exit status 1")
    #expect(run.phase(id) == .finished(.failed(refused)))
    for other in rest { #expect(run.phase(other) == .finished(.succeeded)) }
    #expect(run.phase("6") == (id == "1" ? .finished(.blocked(by: "1")) : .running))
    #expect(
      run.gitEvents("culprit_found") == [
        .culpritFound(AttemptKey(TaskID(id), 1), gate: "build", words: "exit status 1")
      ])
    let ref = "refs/lanes/attempts/r/\(id)/1"
    #expect(git.log.contains { $0.hasSuffix(" without \(id).1 as \(ref)") })
    #expect(run.state.git?.search == nil)
  }

  @Test("the culprit's next attempt starts from the rest, and is told what the gate said")
  mutating func feedback() {
    var run = run(attempts: 2)
    run.finish("1", "2", "3", "4", "5", with: &git)
    _ = judge(&run) { !$0.contains("+3") }
    #expect(run.phase("3") == .backingOff(until: run.now + .seconds(1)))
    #expect(run.state.tasks[2].failures == 1)
    #expect(
      run.state.crew?.works[2].rejection
        == .init(
          attempt: 1, gate: "build", gateTry: 1,
          words: "level 0 with its work in it: exit status 1; the next attempt starts without that"
            + " work, which is kept as refs/lanes/attempts/r/3/1",
          stage: .probe(level: 0, commit: "base+1+2+3")))
    #expect(run.running == [])
    run.pass(.seconds(1))
    run.answer(&git)
    #expect(
      git.log.suffix(2) == [
        "prepare 3.2 from base+1+2+4+5", "keep refs/lanes/attempts/r/3/1 3.1",
      ])
    run.finish("3", with: &git)
    #expect(judge(&run) { _ in true } == ["base+1+2+4+5+3"])
    #expect(run.phase("3") == .finished(.succeeded))
    #expect(run.running == ["6"])
    #expect(run.state.crew?.hasFailedStage == false)
    run.finish("6", with: &git)
    _ = judge(&run) { _ in true }
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("what the gate said is told to the next attempt, also when one between was lost")
  mutating func feedbackAfterLoss() throws {
    var run = run(attempts: 3)
    run.finish("1", "2", "3", "4", "5", with: &git)
    _ = judge(&run) { !$0.contains("+3") }
    run.pass(.seconds(1))
    run.answer(&git)
    run.send(.report(.ended(run.key("3"), nil, ResourceUsage())))
    run.answer(&git)
    #expect(run.key("3").attempt == 3)
    let builder = RequestBuilder(manifest: run.state.manifest, runFolder: "/nowhere")
    let request = try #require(builder.request(for: run.key("3"), in: run.state))
    #expect(
      request.feedback == """
        The check "build" refused it: level 0 with its work in it: exit status 1; the next attempt starts \
        without that work, which is kept as refs/lanes/attempts/r/3/1
        """)
    run.finish("3", code: 1, with: &git)
    #expect(run.state.crew?.works[2].rejection == nil)
  }

  @Test("a culprit that breaks the build again is asked about alone, and fails in the end")
  mutating func again() {
    var run = run(attempts: 2)
    run.finish("1", "2", "3", "4", "5", with: &git)
    _ = judge(&run) { !$0.contains("+3") }
    run.pass(.seconds(1))
    run.answer(&git)
    run.finish("3", with: &git)
    #expect(
      judge(&run) { !$0.contains("+3") } == ["base+1+2+4+5+3", "base+1+2+4+5"])
    #expect(run.state.tasks[2].failures == 2)
    #expect(run.phase("3")?.isFailed == true)
    #expect(run.state.git?.results[0].tip == "base+1+2+4+5")
  }

  @Test("several culprits are taken out one after the other")
  mutating func several() {
    var run = run()
    run.finish("1", "2", "3", "4", "5", with: &git)
    _ = judge(&run) { !$0.contains("+2") && !$0.contains("+4") }
    #expect(run.state.git?.results[0].tip == "base+1+3+5")
    #expect(
      run.state.git?.works.map(\.merged) == [
        "base+1", nil, "base+1+3", nil, "base+1+3+5", nil,
      ])
    #expect(run.phase("2")?.isFailed == true)
    #expect(run.phase("4")?.isFailed == true)
  }

  @Test("work that only breaks together with other work is the later one's fault")
  mutating func together() {
    var run = run()
    run.finish("1", "2", "3", "4", "5", with: &git)
    _ = judge(&run) { !($0.contains("+1") && $0.contains("+4")) }
    #expect(run.state.git?.results[0].tip == "base+1+2+3+5")
  }

  @Test("when what the level started from is refused, nobody is blamed, and the run ends")
  mutating func base() {
    var run = run()
    run.finish("1", "2", "3", "4", "5", with: &git)
    #expect(judge(&run) { _ in false } == ["base+1+2+3+4+5", "base+1+2", "base+1", "base"])
    #expect(run.gitEvents("culprit_found") == [])
    #expect(run.state.phase == .finished(.failed))
    #expect(run.state.git?.results[0].tip == "base+1+2+3+4+5")
    #expect(run.state.crew?.hasFailedStage == true)
    // Once the cause is gone, the run goes on.
    run.send(.takenUp(TakeUp(runner: 2)))
    #expect(judge(&run) { _ in true } == ["base+1+2+3+4+5"])
    #expect(run.running == ["6"])
  }

  @Test("work that was built on the culprit's goes with it, and is done again")
  mutating func built() {
    git.built = ["4": "2.1"]
    git.conflicts = ["5": "4"]
    var run = run(Self.five)
    run.finish("1", "2", "3", "4", with: &git)
    git.conflicts = [:]
    run.finish("5", with: &git)
    _ = judge(&run) { !$0.contains("+2") }
    #expect(
      run.gitEvents("work_set_aside") == [
        .workSetAside(
          AttemptKey("2", 1), gate: "build",
          words: "level 0 with its work in it: exit status 1", isRefused: true,
          ref: "refs/lanes/attempts/r/2/1"),
        .workSetAside(
          AttemptKey("4", 1), gate: "build",
          words: "it does not merge without work that was refused", isRefused: false,
          ref: "refs/lanes/attempts/r/4/1"),
      ])
    #expect(run.running == ["4"])
    #expect(run.state.tasks[3].failures == 0)
    run.finish("4", with: &git)
    _ = judge(&run) { _ in true }
    #expect(run.state.git?.results[0].tip == "base+1+3+5+4")
  }

  @Test(
    "a runner that dies anywhere in a search is followed by one that ends it the same way",
    arguments: 0..<24)
  mutating func killed(after steps: Int) {
    var run = run()
    run.finish("1", "2", "3", "4", "5", with: &git)
    var left = steps
    func mayDie(_ run: inout RunScenario) {
      left -= 1
      if left == 0 { run.send(.takenUp(TakeUp(runner: 2))) }
    }
    while !run.state.hasEnded, run.phase("6") != .running {
      if let order = run.orders.first {
        // The answer is lost, and the order is given again.
        mayDie(&run)
        guard let report = git.answer(run.orders.first ?? order) else { break }
        run.send(.git(report))
      } else if let stage = run.state.crew?.stage?.stage {
        mayDie(&run)
        let commit = stage.commit ?? run.state.git?.results[0].tip ?? ""
        run.endStage(stage, commit.contains("+3") ? 1 : 0)
      } else {
        break
      }
    }
    #expect(run.state.git?.results[0].tip == "base+1+2+4+5")
    #expect(run.phase("3")?.isFailed == true)
  }

  @Test("a task that somebody has done again meanwhile ends the search, and nothing is lost by it")
  mutating func abandoned() {
    var run = run()
    run.finish("1", "2", "3", "4", "5", with: &git)
    _ = run.judge(&git) { _ in false }
    run.command(.retry(["5"], withDependents: false))
    run.answer(&git)
    _ = judge(&run) { _ in true }
    #expect(run.state.git?.search == nil)
    run.finish("5", with: &git)
    #expect(judge(&run) { _ in true }.count == 1)
    #expect(run.running == ["6"])
  }

  @Test("where later work already builds on what is merged, a refusal ends the run as before")
  mutating func dataflow() {
    var run = run(schedule: .dataflow)
    run.finish("1", "2", "3", "4", "5", with: &git)
    _ = run.judge(&git) { _ in false }
    #expect(run.gitEvents("culprit_sought") == [])
    #expect(run.state.phase == .draining(.gate))
  }

  @Test("the gates of a level all accept a result before the next search begins behind it")
  mutating func twoGates() {
    var run = run(attempts: 2, gates: ["build", "lint"])
    run.finish("1", "2", "3", "4", "5", with: &git)
    _ = run.judge(&git) { _ in true }
    #expect(run.gates.map(\.gate) == ["lint"])
    _ = judge(&run) { !$0.contains("+5") }
    run.pass(.seconds(1))
    run.answer(&git)
    run.finish("5", with: &git)
    let asked = judge(&run) { _ in true }
    #expect(asked == ["base+1+2+3+4+5", "base+1+2+3+4+5"])
    #expect(run.running == ["6"])
  }
}

extension TaskState.Phase {
  fileprivate var isFailed: Bool {
    if case .finished(let result) = self { result.isFailure } else { false }
  }
}
