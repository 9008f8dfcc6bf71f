import Core
import Glibc
import Testing

/// Runners that are killed while tasks work in worktrees and are merged.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct GitCrashTests {
  private static let tasks: [(String, [String])] = [
    ("1", []), ("2", []), ("3", []), ("4", ["1", "2"]), ("5", ["3"]), ("6", ["4", "5"]),
  ]

  /// A file of its own for each task, and a line that several change.
  private static let worker = """
    echo $LANES_TASK_ID >$LANES_TASK_ID; sleep 0.05
    case $LANES_TASK_ID in [23]) sed -i "1s/$/ $LANES_TASK_ID/" shared ;; esac
    """

  private static let words = ["run", "--no-write-status", "--command", worker]

  /// Where the runner is killed: at its first event of a kind.
  @Test(
    "nothing is lost and nothing is merged twice, wherever a runner dies",
    arguments: [
      "attempt_started", "workspace_ready", "attempt_launched", "work_committed", "merge_started",
      "result_moved", "merge_conflicted", "workspace_removed", "level_finished",
    ])
  func killed(at kind: String) async throws {
    let sandbox = try Sandbox(Self.tasks)
    try sandbox.makeRepository(["shared": "line\n"])
    try check(sandbox, try await sandbox.runKilled(at: kind, times: 3, Self.words))
  }

  @Test(
    "the same for a pair that runs at the same time until its merge, and is rolled back once",
    arguments: [
      "speculation_started", "attempt_launched", "work_committed", "merge_started", "work_merged",
      "merge_conflicted", "speculation_ended",
    ])
  func killedInSpeculation(at kind: String) async throws {
    let sandbox = try Sandbox(
      Self.tasks.map { id, dependencies in
        Sandbox.Task(
          id: id, dependencies: dependencies,
          details: ["2", "3"].contains(id) ? "Change f.rs and src/g.rs." : nil)
      })
    try sandbox.makeRepository(["shared": "line\n", "f.rs": "", "src/g.rs": ""])
    let run = try await sandbox.runKilled(
      at: kind, times: 3,
      Self.words + ["-j", "4", "--predicted", "speculate", "--at-merge", "stop"])
    try check(sandbox, run)
    let report = try await sandbox.run("report", "--format", "json")
    let figures = try JSONDocument(parsing: Array(report.output.utf8), name: "report")
      .root["speculation"]
    #expect(figures?["pairs"]?.integer == 1)
    // Where the runner dies before the second worktree is there, it is made from the first one's work.
    let rolledBack = figures?["rolled_back"]?.integer
    #expect(rolledBack == 1 || rolledBack == 0 && kind != "merge_conflicted")
  }

  /// What must be so in the end, as after a run that nobody disturbed.
  private func check(_ sandbox: Sandbox, _ run: LanesProcess.Result) throws {
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let result = try sandbox.result(level: 2)
    for (id, _) in Self.tasks {
      #expect(try sandbox.shown(result, id) == id)
      try sandbox.git(
        "merge-base", "--is-ancestor", "feature/task-\(id)-implementation", result)
    }
    let words = try sandbox.shown(result, "shared").split(separator: " ")
    #expect(words.sorted() == ["2", "3", "line"])
    let merges = try sandbox.git(
      "log", "--first-parent", "--merges", "--format=%s", "main..\(result)")
    #expect(
      merges.split(separator: "\n").sorted()
        == Self.tasks.map { "Merge task \($0.0): Task \($0.0)" })
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 1)
    #expect(sandbox.names(in: ".lanes/worktrees") == [])
    #expect(try sandbox.git("status", "--porcelain") == "")
    try sandbox.git("fsck", "--strict")
    #expect(sandbox.locks(in: ".git") == [])
    #expect(try sandbox.branches().count == Self.tasks.count + 4)
  }
}

extension Sandbox {
  /// The lock files that git left in a folder.
  func locks(in folder: String) -> [String] {
    names(in: folder).flatMap { name -> [String] in
      let path = folder + "/" + name
      return name.hasSuffix(".lock") ? [path] : locks(in: path)
    }
  }
}
