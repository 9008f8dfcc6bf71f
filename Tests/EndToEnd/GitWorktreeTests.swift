import Core
import Glibc
import Testing

/// Tasks in worktrees of a real repository.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GitWorktreeTests {
  @Test("each task works apart, and the levels' results are merged one on top of the other")
  func levels() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", []), ("3", ["1", "2"])],
      commands: [
        "1": "echo one >one.txt",
        "2": "mkdir -p b; echo two >b/two.txt; git add .; git commit -qm Two",
        "3": "cat one.txt b/two.txt >three.txt",
      ])
    try sandbox.makeRepository()
    let head = try sandbox.git("rev-parse", "HEAD")
    try sandbox.write("changed\n", to: "README.md")
    let run = try await sandbox.run("run", "--no-write-status", "--output", "json")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(run.errors.contains("1 changed file of the checkout is not committed"))
    let result = try sandbox.result(level: 1)
    #expect(try sandbox.shown(result, "three.txt") == "one\ntwo")
    #expect(try sandbox.shown(result, "README.md") == "# Project")
    #expect(
      try sandbox.git("log", "--first-parent", "--format=%s", "main..\(result)") == """
        Merge task 3: Task 3
        Merge task 2: Task 2
        Merge task 1: Task 1
        """)
    #expect(
      try sandbox.git("log", "-1", "--format=%(trailers:only,unfold)", "\(result)").contains(
        "Lanes-Task: 3\nLanes-Attempt: 1"))
    #expect(try sandbox.branches("feature").count == 3)
    // The checkout is as it was.
    #expect(try sandbox.git("rev-parse", "HEAD") == head)
    #expect(try sandbox.git("status", "--porcelain") == " M README.md")
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 1)
    #expect(sandbox.names(in: ".lanes/worktrees") == [])
    try sandbox.git("fsck", "--strict")
  }

  @Test("in dataflow a task starts from what those that it needs did")
  func dataflow() async throws {
    let sandbox = try Sandbox(
      [("a", []), ("b", []), ("c", ["a"])],
      commands: ["a": "echo a >a", "b": "sleep 0.5; echo b >b", "c": "test -e a && echo c >c"])
    try sandbox.makeRepository()
    let run = try await sandbox.run("run", "--schedule", "dataflow", "--output", "json")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let story = run.story
    let third = try #require(story.firstIndex(of: "attempt_started c"))
    let second = try #require(story.firstIndex(of: "attempt_ended b"))
    #expect(third < second)
    let branch = try #require(try sandbox.branches("integration").first)
    #expect(
      try sandbox.git("ls-tree", "--name-only", branch).split(separator: "\n").sorted()
        == ["README.md", "a", "b", "c", "tasks"])
  }

  @Test("a task is told its worktree, branch, base and ports")
  func variables() async throws {
    let sandbox = try Sandbox([("x/y z", [])])
    try sandbox.makeRepository([
      "lanes.yml": "git:\n  first_port: 5000\n  port_count: 20\n  setup: echo $LANES_PORT >set-up\n"
    ])
    let run = try await sandbox.run(
      "run", "--keep-worktrees", "all", "--command",
      "pwd; echo $LANES_WORKTREE; echo $LANES_BRANCH; echo $LANES_BASE; cat set-up; echo $LANES_PORT_COUNT"
    )
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let log = try await sandbox.run("logs", "x/y z").output.split(separator: "\n").map(String.init)
    let worktree = sandbox.path + "/.lanes/worktrees/x%2Fy%20z"
    #expect(
      log.suffix(6) == [
        worktree, worktree, "feature/task-x%2Fy%20z-implementation",
        try sandbox.git("rev-parse", "HEAD"), "5000", "20",
      ])
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 2)
  }

  @Test("a failed task keeps its worktree, and another attempt goes on in it")
  func failure() async throws {
    let sandbox = try Sandbox([("1", [])])
    try sandbox.makeRepository()
    let command = "test -e half && echo done >whole && exit 0; echo >half; exit 1"
    #expect(try await sandbox.run("run", "--command", command).status == 1)
    #expect(sandbox.exists(".lanes/worktrees/1/half"))
    let run = try await sandbox.run("resume", "--output", "json")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(try sandbox.shown(try sandbox.result(level: 0), "whole") == "done")
    #expect(!sandbox.exists(".lanes/worktrees/1"))
  }

  @Test("what an earlier run left is kept under another name, and said")
  func leftovers() async throws {
    let sandbox = try Sandbox([("1", [])])
    try sandbox.makeRepository()
    #expect(
      try await sandbox.run(
        "run", "--command", "echo a >a; git add a; git commit -qm A; echo b >b; exit 1"
      ).status == 1)
    let old = try sandbox.git("rev-parse", "feature/task-1-implementation")
    let run = try await sandbox.run("run", "--command", "echo c >c")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(run.output.contains("is kept as refs/lanes/kept/"))
    let kept = try sandbox.git("for-each-ref", "--format=%(refname)", "refs/lanes/kept")
      .split(separator: "\n").map(String.init)
    let holders = try kept.map { try sandbox.git("rev-parse", $0) }
    #expect(holders.contains(old))
    #expect(try kept.contains { try sandbox.git("ls-tree", "--name-only", $0).contains("b\n") })
    #expect(try sandbox.git("ls-tree", "--name-only", try sandbox.result(level: 0)).contains("c"))
  }

  @Test("with --isolate none everything is in place")
  func inPlace() async throws {
    let sandbox = try Sandbox([("1", [])])
    try sandbox.makeRepository()
    #expect(
      try await sandbox.run("run", "--isolate", "none", "--command", "echo x >x").status == 0)
    #expect(sandbox.text("x") == "x\n")
    #expect(try sandbox.branches() == ["main"])
  }

  @Test("one branch per level gets what its tasks do")
  func branchPerLevel() async throws {
    let sandbox = try Sandbox([("1", []), ("2", []), ("3", ["1"])])
    try sandbox.makeRepository()
    let run = try await sandbox.run(
      "run", "--branch-per", "level", "--command", "echo $LANES_TASK_ID >$LANES_TASK_ID")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(
      try sandbox.branches("feature") == [
        "feature/level-0-implementation", "feature/level-1-implementation",
      ])
    #expect(
      try sandbox.git("ls-tree", "--name-only", "feature/level-1-implementation")
        .split(separator: "\n").sorted() == ["1", "2", "3", "README.md", "tasks"])
  }

  @Test("without integration a task still starts from what it needs")
  func noIntegration() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", []), ("3", ["1", "2"])],
      commands: ["1": "echo 1 >1", "2": "echo 2 >2", "3": "cat 1 2 >3"])
    try sandbox.makeRepository()
    let run = try await sandbox.run("run", "--no-integration")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(try sandbox.branches("integration") == [])
    #expect(try sandbox.shown("feature/task-3-implementation", "3") == "1\n2")
  }
}
