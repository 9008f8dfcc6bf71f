import Core
import Testing

@Suite("Tasks that run at the same time although they will probably conflict")
struct SpeculationTests {
  private var git = FakeGit()

  /// A run of tasks that need nothing, with these pairs expected to conflict.
  private mutating func run(
    _ ids: [String], _ pairs: [(String, String)], jobs: Int = 8, attempts: Int = 1,
    schedule: RunOptions.Schedule = .levels, policy: GitOptions.PredictedPolicy = .speculate,
    _ change: (inout GitOptions) -> Void = { _ in }
  ) -> RunScenario {
    var run = RunScenario(ids.map { ($0, []) }) { options in
      options = .inWorktrees(attempts: attempts, schedule: schedule) { git in
        git.predicted = policy
        git.predictions = pairs.map {
          PredictedConflict(
            first: TaskID($0.0), second: TaskID($0.1), probability: 0.8, evidence: [])
        }
        change(&git)
      }
      options.jobs = jobs
    }
    run.answer(&git)
    return run
  }

  private func ended(
    _ task: String, _ verdict: SpeculationEnd.Verdict, _ others: [TaskID], seconds: Int,
    attempt: Int = 1
  ) -> GitEvent {
    .speculationEnded(
      AttemptKey(TaskID(task), attempt),
      SpeculationEnd(verdict, others: others, time: .seconds(seconds)))
  }

  @Test("a pair that merges clean ran at the same time, and wins the time in which both did")
  mutating func clean() {
    var run = run(["1", "2", "3"], [("1", "2")])
    #expect(run.running == ["1", "2", "3"])
    #expect(
      run.gitEvents("speculation_started") == [
        .speculationStarted(AttemptKey("2", 1), beside: ["1"])
      ])
    run.pass(.seconds(10))
    run.finish("1", with: &git)
    run.pass(.seconds(5))
    run.finish("2", with: &git)
    // Merged before the level is done, so that a conflict would show early.
    #expect(git.log(without: "remove").suffix(2) == ["merge 1 on base", "merge 2 on base+1"])
    #expect(run.gitEvents("speculation_ended") == [ended("2", .won, ["1"], seconds: 10)])
    run.finish("3", with: &git)
    #expect(run.state.phase == .finished(.succeeded))
    #expect(
      run.state.git?.speculation?.words
        == "1 pair at the same time, 0 rolled back, won 10.0 s, cost 0.00 s")
  }

  @Test("when a runner died after it had merged the second one, the first one is rolled back")
  mutating func killedInMerge() throws {
    var run = run(["1", "2"], [("1", "2")]) { $0.atMerge = .stop }
    for id in ["1", "2"] {
      run.end(id)
      let commit = run.orders.first.flatMap { git.answer($0) }
      run.send(.git(try #require(commit)))
    }
    run.send(.takenUp(TakeUp(runner: 2)))
    guard case .merge(let order) = run.orders.last else {
      Issue.record("\(run.orders)")
      return
    }
    #expect(order.works.map(\.key.task) == ["1", "2"])
    let files = [ConflictedFile(path: "f", lines: [1...2])]
    run.send(.git(.merged(order, tip: "base+2", [.conflicted(files), .contained], notes: [])))
    #expect(
      run.gitEvents("merge_conflicted", "work_merged") == [
        .workMerged(AttemptKey("2", 1), commit: "2.1"),
        .mergeConflicted(
          AttemptKey("1", 1), MergeConflict(files: files, others: ["2"], next: .rollBack)),
      ])
    run.answer(&git)
    run.finish("1", with: &git)
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("with the other policies nothing is said, and with serialize they run one after the other")
  mutating func otherPolicies() {
    var serialized = run(["1", "2"], [("1", "2")], policy: .serialize)
    #expect(serialized.running == ["1"])
    serialized.finish("1", "2", with: &git)
    #expect(serialized.state.git?.speculation == nil)
    var warned = run(["1", "2"], [("1", "2")], policy: .warn)
    #expect(warned.running == ["1", "2"])
    warned.finish("1", "2", with: &git)
    let unmerged = run(["1", "2"], [("1", "2")]) { $0.integrates = false }
    #expect(unmerged.running == ["1", "2"])
    for run in [serialized, warned, unmerged] {
      #expect(run.gitEvents("speculation_started", "speculation_ended") == [])
    }
  }

  @Test(
    "the one that does not merge is rolled back whatever at_merge says, and costs no attempt",
    arguments: GitOptions.MergePolicy.allCases)
  mutating func rolledBack(policy: GitOptions.MergePolicy) {
    git.conflicts = ["2": "1"]
    var run = run(["1", "2"], [("1", "2")]) {
      $0.atMerge = policy
      $0.reruns = 0
    }
    run.pass(.seconds(10))
    run.finish("1", with: &git)
    run.pass(.seconds(5))
    run.finish("2", with: &git)
    #expect(
      git.log(without: "remove").suffix(3) == [
        "merge 2 on base+1", "prepare 2.2 from base+1", "keep refs/lanes/attempts/r/2/1 2.1",
      ])
    let conflict = MergeConflict(
      files: [ConflictedFile(path: "f", lines: [1...2])], others: ["1"], next: .rollBack)
    #expect(
      run.gitEvents("merge_conflicted", "speculation_ended") == [
        .mergeConflicted(AttemptKey("2", 1), conflict),
        ended("2", .rolledBack, ["1"], seconds: 15),
      ])
    git.conflicts = [:]
    run.finish("2", with: &git)
    #expect(run.state.phase == .finished(.succeeded))
    #expect(run.state.git?.results[0].tip == "base+1+2")
    #expect(run.state.tasks[1].failures == 0)
    #expect(run.state.git?.works[1].reruns == 0)
    #expect(run.state.wasted == .seconds(15))
    #expect(
      run.state.git?.speculation?.words
        == "1 pair at the same time, 1 rolled back, won 0.00 s, cost 15.0 s")
    #expect(
      Explanation.lines(run.state, task: 1, at: run.now).last
        == "  ran beside task 1, does not merge with it and is rolled back: cost 15.0 s"
    )
  }

  @Test("a conflict with work that was not expected to be in the way is what at_merge says")
  mutating func unexpected() {
    git.conflicts = ["3": "1"]
    git.paths = ["2": "g"]
    var run = run(["1", "2", "3"], [("2", "3")]) { $0.atMerge = .stop }
    run.finish("1", "2", "3", with: &git)
    #expect(run.phase("3") == .finished(.failed(.conflicted)))
    #expect(run.gitEvents("speculation_ended") == [])
  }

  @Test("of three that all clash each is done twice at most, the second time alone")
  mutating func threeRivals() {
    git.conflicts = ["2": "1", "3": "1"]
    var run = run(["1", "2", "3"], [("1", "2"), ("1", "3"), ("2", "3")])
    #expect(
      run.gitEvents("speculation_started") == [
        .speculationStarted(AttemptKey("2", 1), beside: ["1"]),
        .speculationStarted(AttemptKey("3", 1), beside: ["1", "2"]),
      ])
    run.pass(.seconds(10))
    run.finish("1", "2", with: &git)
    // It would run beside the third again.
    #expect(run.running == ["3"])
    #expect(Explanation.waits(run.state, 1) == ["3, which changes the same files"])
    run.finish("3", with: &git)
    #expect(run.running == ["2"])
    git.conflicts = [:]
    run.finish("2", with: &git)
    #expect(run.running == ["3"])
    run.finish("3", with: &git)
    #expect(run.state.git?.results[0].tip == "base+1+2+3")
    #expect(git.log.filter { $0.hasPrefix("prepare") }.count == 5)
    #expect(
      run.state.git?.speculation?.words
        == "3 pairs at the same time, 2 rolled back, won 0.00 s, cost 20.0 s")
  }

  @Test("three that merge clean win what the second and the third would have waited, not more")
  mutating func threeClean() {
    var run = run(["1", "2", "3"], [("1", "2"), ("1", "3"), ("2", "3")])
    run.pass(.seconds(10))
    run.finish("1", "2", "3", with: &git)
    #expect(
      run.gitEvents("speculation_ended") == [
        ended("2", .won, ["1"], seconds: 10), ended("3", .won, ["1", "2"], seconds: 10),
      ])
  }

  @Test("only a slot that would be idle is taken for a task that may conflict")
  mutating func idleSlots() {
    var run = run(["1", "2", "3", "4"], [("1", "2")], jobs: 2)
    #expect(run.running == ["1", "3"])
    run.finish("3", with: &git)
    #expect(run.running == ["1", "4"])
    run.finish("4", with: &git)
    #expect(run.running == ["1", "2"])
    git = FakeGit()
    var other = self.run(["1", "2", "3"], [("1", "2")], jobs: 2)
    other.finish("1", with: &git)
    #expect(other.running == ["2", "3"])
    #expect(git.log.last == "prepare 2.1 from base+1")
    other.finish("2", "3", with: &git)
    #expect(other.gitEvents("speculation_started", "speculation_ended") == [])
  }

  @Test("an attempt that goes on in an old worktree is still rolled back, and names what it met")
  mutating func olderWorktree() {
    git.conflicts = ["2": "1"]
    var run = run(["1", "2"], [("1", "2")], attempts: 2, schedule: .dataflow)
    run.finish("2", code: 1, with: &git)
    run.finish("1", with: &git)
    run.pass(.seconds(1))
    run.answer(&git)
    #expect(git.log.last == "prepare 2.2 as it is from base")
    run.pass(.seconds(7))
    run.finish("2", with: &git)
    #expect(
      run.gitEvents("speculation_ended") == [ended("2", .rolledBack, ["1"], seconds: 7, attempt: 2)]
    )
  }

  @Test("one whose worktree was not made starts from the result, and nothing is won by that")
  mutating func lateWorktree() {
    git.failures = ["2.1"]
    var run = run(["1", "2"], [("1", "2")])
    run.finish("1", with: &git)
    run.pass(.seconds(1))
    run.answer(&git)
    #expect(git.log.last == "prepare 2.2 from base+1")
    run.finish("2", with: &git)
    #expect(run.state.phase == .finished(.succeeded))
    #expect(run.gitEvents("speculation_ended") == [])
  }

  @Test("a rival that fails leaves the other one nothing to be rolled back for")
  mutating func failedRival() {
    var run = run(["1", "2"], [("1", "2")]) { _ in }
    run.finish("1", code: 1, with: &git)
    run.finish("2", with: &git)
    #expect(run.phase("2") == .finished(.succeeded))
    #expect(run.gitEvents("speculation_ended") == [])
  }

  @Test("a roll-back while a run drains is left to the runner that takes it up")
  mutating func drained() {
    git.conflicts = ["2": "1"]
    var run = run(["1", "2"], [("1", "2")]) { $0.atMerge = .stop }
    run.send(.interrupted)
    run.finish("1", "2", with: &git)
    #expect(run.state.phase == .finished(.interrupted))
    #expect(run.phase("2") == .ready)
    git.conflicts = [:]
    run.send(.takenUp(TakeUp(runner: 2)))
    run.answer(&git)
    #expect(git.log.suffix(2).first == "prepare 2.2 from base+1")
    run.finish("2", with: &git)
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("what the journal tells is what the run knew")
  mutating func fold() {
    git.conflicts = ["2": "1"]
    var run = run(["1", "2", "3"], [("1", "2"), ("2", "3")])
    run.pass(.seconds(3))
    run.finish("1", "2", "3", with: &git)
    git.conflicts = [:]
    run.finish("2", with: &git)
    var folded = RunState(manifest: run.state.manifest, at: Instant(microseconds: 0))
    for event in run.events { folded.apply(event) }
    #expect(folded == run.state)
    #expect(folded.git?.speculation?.rolledBack == 1)
  }

  @Test("stop-later rolls the later one back as soon as the two would conflict")
  mutating func stopLater() {
    var run = run(["1", "2"], [("1", "2")]) { $0.live = .stopLater }
    run.pass(.seconds(4))
    let contact = Contact(files: ["f"], conflicts: [ConflictedFile(path: "f", lines: [1...1])])
    run.send(.git(.met("1", "2", contact)))
    #expect(
      run.gitEvents("held_back", "speculation_ended") == [
        .heldBack(AttemptKey("2", 1), behind: "1"),
        ended("2", .rolledBack, ["1"], seconds: 4),
      ])
    run.finish("2", code: 1, with: &git)
    #expect(run.running == ["1"])
    run.finish("1", with: &git)
    #expect(git.log(without: "remove").last == "prepare 2.2 from base+1")
    run.finish("2", with: &git)
    #expect(run.state.phase == .finished(.succeeded))
    #expect(run.state.tasks[1].failures == 0)
    #expect(run.state.wasted == .seconds(4))
  }

  @Test("pause-later keeps the later one waiting, which wins nothing, and the merge decides")
  mutating func pauseLater() {
    git.conflicts = ["2": "1"]
    var run = run(["1", "2"], [("1", "2")]) { $0.live = .pauseLater }
    run.pass(.seconds(4))
    let contact = Contact(files: ["f"], conflicts: [ConflictedFile(path: "f", lines: [1...1])])
    run.send(.git(.met("1", "2", contact)))
    run.pass(.seconds(6))
    run.finish("1", with: &git)
    run.pass(.seconds(1))
    run.finish("2", with: &git)
    #expect(run.gitEvents("speculation_ended") == [ended("2", .rolledBack, ["1"], seconds: 5)])
  }

  @Test("where nothing is merged, speculate is the same as warn")
  func settings() {
    var settings = Settings()
    settings.conflicts.predicted = .speculate
    #expect(settings.predictedPolicy == .speculate)
    settings.git.integrates = false
    #expect(settings.predictedPolicy == .warn)
    settings.conflicts.isDetected = false
    #expect(settings.predictedPolicy == .off)
  }
}
