import Core
import Glibc
import Testing

/// Two tasks that change the same line without having said so.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GitConflictTests {
  private func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox([("1", []), ("2", []), ("3", [])], commands: ["3": "echo 3 >three"])
    try sandbox.makeRepository(["src/main.rs": "fn main() {\n  run();\n}\n"])
    return sandbox
  }

  private func run(_ sandbox: Sandbox, _ flags: String...) async throws -> LanesProcess.Result {
    try await sandbox.run(
      [
        "run", "--output", "json", "--command", "sed -i \"2s/$/ $LANES_TASK_ID/\" src/main.rs",
      ] + flags)
  }

  @Test("rerun ends with both edits in the result, and keeps the attempt that was set aside")
  func rerun() async throws {
    let sandbox = try sandbox()
    let run = try await run(sandbox)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let result = try sandbox.result(level: 0)
    #expect(try sandbox.shown(result, "src/main.rs") == "fn main() {\n  run(); 1 2\n}")
    #expect(try sandbox.shown(result, "three") == "3")
    let conflict = try #require(run.events.first { $0.kind == "merge_conflicted" })
    #expect(conflict.task == "2")
    #expect(conflict["next"] == "rerun")
    let kept = try sandbox.git("for-each-ref", "--format=%(refname)", "refs/lanes/attempts")
    #expect(kept.hasSuffix("/2/1"))
    #expect(try sandbox.shown(kept, "src/main.rs") == "fn main() {\n  run(); 2\n}")
  }

  @Test("stop leaves the conflict with words, the rest merged, and status 4")
  func stop() async throws {
    let sandbox = try sandbox()
    let run = try await run(sandbox, "--at-merge", "stop")
    #expect(run.status == 4, "\(run.output) \(run.errors)")
    let result = try sandbox.result(level: 0)
    #expect(try sandbox.shown(result, "src/main.rs") == "fn main() {\n  run(); 1\n}")
    #expect(try sandbox.shown(result, "three") == "3")
    #expect(try await sandbox.run("resume").status == 4)
    // A person merges it by hand; then the run is over.
    try sandbox.git("worktree", "add", "-q", "../by-hand", result)
    let folder = sandbox.home + "/by-hand"
    try sandbox.git("merge", "-q", "-X", "ours", "feature/task-2-implementation", in: folder)
    try sandbox.write("fn main() {\n  run(); both\n}\n", to: "../by-hand/src/main.rs")
    try sandbox.git("commit", "-qam", "Both", in: folder)
    let last = try await sandbox.run("resume")
    #expect(last.status == 0, "\(last.output) \(last.errors)")
  }

  @Test("resolve gives a command base, ours and theirs, and takes what it makes of them")
  func resolve() async throws {
    let sandbox = try sandbox()
    try sandbox.write(
      """
      conflicts:
        at_merge: resolve
        resolve: |
          test $LANES_MERGE_BASE = $(git merge-base $LANES_OURS $LANES_THEIRS) || exit 8
          echo $LANES_MERGE_BASE >../base-seen
          cp "$LANES_PROMPT_FILE" ../prompt-seen
          grep -q '<<<<<<<' "$LANES_CONFLICTS" || exit 9
          printf 'fn main() {\\n  run(); resolved\\n}\\n' >src/main.rs

      """, to: "lanes.yml")
    let run = try await run(sandbox)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let result = try sandbox.result(level: 0)
    #expect(try sandbox.shown(result, "src/main.rs") == "fn main() {\n  run(); resolved\n}")
    #expect(
      try sandbox.git("merge-base", "--is-ancestor", "feature/task-2-implementation", result) == "")
    let prompt = sandbox.text(".lanes/worktrees/prompt-seen")
    #expect(prompt.hasPrefix("# Task 2: Task 2\n"))
    #expect(prompt.contains("- src/main.rs:2\n\nThe other side:\n\n# Task 1: Task 1\n"))
    #expect(
      sandbox.text(".lanes/worktrees/base-seen")
        == (try sandbox.git("rev-parse", "main")) + "\n")
  }

  @Test("markers that a resolve command leaves are no resolution")
  func markers() async throws {
    let sandbox = try sandbox()
    try sandbox.write("conflicts: {at_merge: resolve, resolve: 'true'}\n", to: "lanes.yml")
    let run = try await run(sandbox)
    #expect(run.status == 1, "\(run.output) \(run.errors)")
    let end = try #require(run.events.last { $0.kind == "attempt_ended" })
    #expect(end["outcome"] == "uncommitted", "\(run.output)")
    #expect(end["message"].contains("conflict markers"))
  }
}
