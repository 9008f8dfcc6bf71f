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
    var lanes = try await sandbox.start(
      ["run", "--output", "json", "--no-write-status", "--command", Self.worker])
    for _ in 0..<3 {
      do { try await lanes.event(kind) } catch { break }
      lanes.signal(SIGKILL)
      try await lanes.end()
      lanes = try await sandbox.start("resume", "--output", "json")
    }
    let run = try await lanes.end()
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    try check(sandbox)
  }

  /// What must be so in the end, as after a run that nobody disturbed.
  private func check(_ sandbox: Sandbox) throws {
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
