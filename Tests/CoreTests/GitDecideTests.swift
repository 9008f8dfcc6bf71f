import Core
import Testing

@Suite("Decisions about worktrees and merges")
struct GitDecideTests {
  private var git = FakeGit()

  private mutating func run(
    _ tasks: [(String, [String])], _ options: RunOptions = .inWorktrees()
  ) -> RunScenario {
    var run = RunScenario(tasks) { $0 = options }
    run.answer(&git)
    return run
  }

  @Test("a level's work is merged at its end, in the order of the ids")
  mutating func order() {
    var run = run([("1", []), ("2", []), ("10", []), ("3", ["1"])])
    run.finish("10", "2", with: &git)
    #expect(!git.log.contains { $0.hasPrefix("merge") })
    run.finish("1", with: &git)
    #expect(
      git.log == [
        "prepare 1.1 from base", "prepare 2.1 from base", "prepare 10.1 from base",
        "merge 1,2,10 on base", "remove 1", "remove 2", "remove 10",
        "prepare 3.1 from base+1+2+10",
      ])
    run.finish("3", with: &git)
    #expect(run.state.phase == .finished(.succeeded))
    #expect(run.state.git?.results[0].tip == "base+1+2+10+3")
    #expect(run.state.git?.results[0].branch == "integration/level-1-r")
  }

  @Test("in dataflow each task's work is merged as it is done")
  mutating func dataflow() {
    var run = run([("1", []), ("2", []), ("3", ["2"])], .inWorktrees(schedule: .dataflow))
    run.finish("2", with: &git)
    #expect(
      git.log(without: "remove").suffix(2) == ["merge 2 on base", "prepare 3.1 from base+2"])
    run.finish("3", "1", with: &git)
    #expect(run.state.git?.results[0].branch == "integration/r")
  }

  @Test("one branch per level gets the work as tasks finish, and tasks have none of their own")
  mutating func branchPerLevel() throws {
    var run = run([("1", []), ("2", [])], .inWorktrees { $0.branchPer = .level })
    run.end("1")
    let commit = try #require(run.orders.first)
    let report = git.answer(commit)
    run.send(.git(try #require(report)))
    guard case .merge(let order) = try #require(run.orders.first) else {
      throw Unexpected()
    }
    #expect(order.branches == ["integration/level-0-r", "feature/level-0-implementation"])
    #expect(order.works.map(\.key.task) == ["1"])
  }

  private struct Unexpected: Error {}

  @Test("rerun: the rest is merged, and the task runs again from the result, its attempt kept")
  mutating func rerun() {
    git.conflicts = ["2": "1"]
    var run = run([("1", []), ("2", []), ("3", [])])
    run.finish("1", "2", "3", with: &git)
    #expect(
      git.log(without: "remove").suffix(3) == [
        "merge 1,2,3 on base", "prepare 2.2 from base+1+3",
        "keep refs/lanes/attempts/r/2/1 2.1",
      ])
    let conflict = MergeConflict(
      files: [ConflictedFile(path: "f", lines: [1...2])], others: ["1"], next: .rerun)
    #expect(run.gitEvents("merge_conflicted") == [.mergeConflicted(AttemptKey("2", 1), conflict)])
    git.conflicts = [:]
    run.finish("2", with: &git)
    #expect(run.state.phase == .finished(.succeeded))
    #expect(run.state.git?.works[1].reruns == 1)
    #expect(run.state.tasks[1].failures == 0)
  }

  @Test("a conflict names those whose work was merged meanwhile, not what the task began with")
  mutating func rivals() {
    git.conflicts = ["4": "3"]
    var run = run([("1", []), ("2", []), ("3", ["1"]), ("4", ["2"]), ("5", ["1"])])
    run.finish("1", "2", "3", "4", "5", with: &git)
    let conflict = MergeConflict(
      files: [ConflictedFile(path: "f", lines: [1...2])], others: ["3"], next: .rerun)
    #expect(run.gitEvents("merge_conflicted") == [.mergeConflicted(AttemptKey("4", 1), conflict)])
  }

  @Test("a conflict of a second attempt names what was merged during the first")
  mutating func rivalsOfSecondAttempt() {
    git.conflicts = ["2": "1"]
    var run = run([("1", []), ("2", [])], .inWorktrees(attempts: 2, schedule: .dataflow))
    run.finish("2", code: 1, with: &git)
    run.finish("1", with: &git)
    run.pass(.seconds(1))
    run.answer(&git)
    run.finish("2", with: &git)
    let conflict = MergeConflict(
      files: [ConflictedFile(path: "f", lines: [1...2])], others: ["1"], next: .rerun)
    #expect(run.gitEvents("merge_conflicted") == [.mergeConflicted(AttemptKey("2", 2), conflict)])
  }

  @Test("a runner that dies before the rerun begins is followed by one that begins it")
  mutating func rerunAfterDeath() {
    git.conflicts = ["2": "1"]
    var run = run([("1", []), ("2", [])])
    run.command(.pauseDispatch)
    run.finish("1", "2", with: &git)
    #expect(run.phase("2") == .ready)
    git.conflicts = [:]
    run.send(.takenUp(TakeUp(runner: 2)))
    run.answer(&git)
    #expect(run.phase("2") == .running)
    #expect(git.log.suffix(2).first == "prepare 2.2 from base+1")
    run.finish("2", with: &git)
    #expect(run.state.git?.results[0].tip == "base+1+2")
  }

  @Test("a task that conflicts again and again is left in the end")
  mutating func rerunLimit() {
    git.conflicts = ["2": "1"]
    var run = run([("1", []), ("2", [])], .inWorktrees { $0.reruns = 2 })
    run.finish("1", "2", "2", "2", with: &git)
    #expect(run.phase("2") == .finished(.failed(.conflicted)))
    #expect(run.key("2").attempt == 3)
  }

  @Test("resolve: the task gets both sides in a worktree, and its commit is merged")
  mutating func resolve() {
    git.conflicts = ["2": "1"]
    var run = run([("1", []), ("2", [])], .inWorktrees { $0.atMerge = .resolve })
    run.finish("1", "2", with: &git)
    #expect(
      git.log(without: "remove").suffix(2) == [
        "prepare 2.2 with 2.1 against base+1", "keep refs/lanes/attempts/r/2/1 2.1",
      ])
    git.conflicts = [:]
    run.finish("2", with: &git)
    #expect(run.state.git?.results[0].tip == "base+1+2")
    #expect(run.phase("2") == .finished(.succeeded))
  }

  @Test("stop: the rest is merged, the conflict is left, and taken up it is merged again")
  mutating func stop() {
    git.conflicts = ["2": "1"]
    var run = run([("1", []), ("2", []), ("3", [])], .inWorktrees { $0.atMerge = .stop })
    run.finish("1", "2", "3", with: &git)
    #expect(run.phase("2") == .finished(.failed(.conflicted)))
    #expect(run.state.git?.results[0].tip == "base+1+3")
    #expect(run.state.phase == .finished(.failed))
    git.conflicts = [:]
    run.send(.takenUp(TakeUp(runner: 2, retriesFailed: true)))
    run.answer(&git)
    #expect(git.log.last == "remove 2")
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test(
    "worktrees are kept as the policy says, and what is thrown away unmerged is kept under a ref",
    arguments: [
      (GitOptions.KeepPolicy.failed, ["remove 1"]), (.all, []),
      (.none, ["remove 2 keeping refs/lanes/attempts/r/2/1", "remove 1"]),
    ])
  mutating func keep(policy: GitOptions.KeepPolicy, removed: [String]) {
    var run = run([("1", []), ("2", [])], .inWorktrees { $0.keep = policy })
    run.finish("2", code: 1, with: &git)
    run.finish("1", with: &git)
    #expect(git.log.filter { $0.hasPrefix("remove") } == removed)
    #expect(run.state.git?.works.map { $0.workspace != nil } == [policy == .all, policy != .none])
    #expect(run.state.hasEnded)
  }

  @Test("a failed attempt's worktree is gone on in, without a merge between")
  mutating func goesOn() {
    var run = run([("1", [])], .inWorktrees(attempts: 2))
    run.finish("1", code: 1, with: &git)
    run.pass(.seconds(1))
    run.answer(&git)
    #expect(git.log == ["prepare 1.1 from base", "prepare 1.2 as it is from base"])
  }

  @Test("a runner that takes a run up orders again what may not have been done")
  mutating func leftOvers() {
    var run = run([("1", []), ("2", []), ("3", [])])
    run.end("1")
    // The answers to these orders are lost with the runner.
    let commit = run.orders
    run.send(.takenUp(TakeUp(runner: 2)))
    #expect(run.orders == [])
    run.end("1")
    #expect(run.orders == commit)
    run.answer(&git)
    run.finish("2", with: &git)
    run.end("3")
    let report = git.answer(run.orders[0])
    if let report { run.send(.git(report)) }
    guard case .merge(let order) = run.orders.first else {
      Issue.record("no merge was ordered")
      return
    }
    run.send(.takenUp(TakeUp(runner: 3)))
    #expect(run.orders == [.merge(order)])
    guard let merged = git.answer(.merge(order)) else { return }
    run.send(.git(merged))
    let removals = run.orders
    #expect(removals.count == 3)
    run.send(.takenUp(TakeUp(runner: 4)))
    #expect(run.orders == removals)
    run.answer(&git)
    #expect(run.state.phase == .finished(.succeeded))
    #expect(run.state.git?.results[0].merges == 1)
  }

  @Test("a git that cannot merge is tried again later, and at last ends the run, not the work")
  mutating func mergeFails() {
    var run = run([("1", [])])
    run.end("1")
    if let report = git.answer(run.orders[0]) { run.send(.git(report)) }
    for count in 1...5 {
      guard case .merge(let order) = run.orders.first else {
        Issue.record("no merge was ordered the \(count)th time")
        return
      }
      run.send(.git(.notMerged(order, "No space left on device")))
      run.pass(.seconds(60))
    }
    #expect(run.state.phase == .finished(.failed))
    #expect(run.phase("1") == .committed)
    run.send(.takenUp(TakeUp(runner: 2)))
    run.answer(&git)
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("a task that changed no file succeeds, or fails where changes are required")
  mutating func changes() {
    git.counts = ["1": 0]
    var free = run([("1", [])])
    free.finish("1", with: &git)
    #expect(free.phase("1") == .finished(.succeeded))
    git = FakeGit(counts: ["1": 0])
    var strict = run(
      [("1", []), ("2", ["1"])], .inWorktrees(attempts: 2) { $0.requiresChanges = true })
    strict.finish("1", with: &git)
    #expect(strict.state.task("1")?.outcome == .unchanged)
    strict.pass(.seconds(1))
    strict.answer(&git)
    #expect(git.log == ["prepare 1.1 from base", "prepare 1.2 as it is from base"])
    strict.finish("1", with: &git)
    #expect(strict.phase("1") == .finished(.failed(.unchanged)))
    #expect(strict.phase("2") == .finished(.blocked(by: "1")))
  }
}
