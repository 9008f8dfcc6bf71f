import Core
import Glibc
import Testing

/// The gate of a level that refuses what is merged.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct GitGateTests {
  /// Five tasks that write a file each, one that needs two of them, and a build that one of them breaks.
  ///
  /// Told why it was refused, the task does it right.
  private static let worker = """
    text="task $LANES_TASK_ID"
    if test $LANES_TASK_ID = 3 && ! grep -q 'syntax error' "$LANES_FEEDBACK_FILE"; then
      text=broken
    fi 2>/dev/null
    echo "$text" >src/$LANES_TASK_ID.rs
    """

  private func sandbox(attempts: Int) throws -> Sandbox {
    let sandbox = try Sandbox([
      ("1", []), ("2", []), ("3", []), ("4", []), ("5", []), ("6", ["1", "5"]),
    ])
    try sandbox.makeRepository([
      "src/main.rs": "fn main() {}\n",
      "build.sh": """
      for file in src/*; do
        if grep -q broken $file; then echo "$file: syntax error"; exit 3; fi
      done

      """,
      "lanes.yml": """
      attempts: \(attempts)
      backoff: 10ms
      gates: [{name: build, run: sh build.sh, at: level}]

      """,
    ])
    return sandbox
  }

  @Test("the task that breaks the build is named and put aside, and the rest lands")
  func culprit() async throws {
    let sandbox = try sandbox(attempts: 1)
    let run = try await sandbox.run("run", "--on-failure", "keep-going", "--command", Self.worker)
    #expect(run.status == 5, "\(run.output) \(run.errors)")
    #expect(
      run.output.contains(
        "🔎 Level 0: build refuses the merged result; looking for the culprit among 5 tasks"))
    #expect(run.output.contains("❌ Task 3 Task 3 is the culprit: build refuses the result"))
    #expect(run.output.contains("✅ Level 0: build accepts what is merged now"))
    let result = try sandbox.result(level: 1)
    #expect(
      try sandbox.git("ls-tree", "--name-only", result, "src/").split(separator: "\n") == [
        "src/1.rs", "src/2.rs", "src/4.rs", "src/5.rs", "src/6.rs", "src/main.rs",
      ])
    let kept = try sandbox.git("for-each-ref", "--format=%(refname)", "refs/lanes/attempts")
    #expect(kept.hasSuffix("/3/1"))
    #expect(try sandbox.shown(kept, "src/3.rs") == "broken")
    #expect(try sandbox.statuses()["3"] != "done")
    #expect(try sandbox.statuses()["6"] == "done")
    try check(sandbox)
  }

  @Test("its next attempt starts from the rest, is told what the gate wrote, and can put it right")
  func feedback() async throws {
    let sandbox = try sandbox(attempts: 2)
    let run = try await sandbox.run("run", "--output", "json", "--command", Self.worker)
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(run.events.filter { $0.kind == "culprit_found" }.map(\.task) == ["3"])
    #expect(try sandbox.shown(try sandbox.result(level: 1), "src/3.rs") == "task 3")
    #expect(try sandbox.statuses().values.allSatisfy { $0 == "done" })
    try check(sandbox)
  }

  @Test(
    "a runner that dies while the culprit is sought is followed by one that finds it",
    arguments: [
      "culprit_sought", "culprit_found", "result_remade", "work_set_aside", "merge_started",
    ])
  func killed(at kind: String) async throws {
    let sandbox = try sandbox(attempts: 2)
    let run = try await sandbox.runKilled(at: kind, times: 4, ["run", "--command", Self.worker])
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let result = try sandbox.result(level: 1)
    for id in 1...6 { #expect(try sandbox.shown(result, "src/\(id).rs") == "task \(id)") }
    let merges = try sandbox.git(
      "log", "--first-parent", "--merges", "--format=%s", "main..\(result)")
    #expect(
      merges.split(separator: "\n").sorted() == (1...6).map { "Merge task \($0): Task \($0)" })
    try check(sandbox)
  }

  @Test("when the build was broken before the level, no task is blamed")
  func base() async throws {
    let sandbox = try sandbox(attempts: 1)
    try sandbox.write("broken\n", to: "src/main.rs")
    try sandbox.git("commit", "-qam", "Break it")
    let run = try await sandbox.run("run", "--command", "echo x >src/$LANES_TASK_ID.rs")
    #expect(run.status == 5, "\(run.output) \(run.errors)")
    #expect(run.output.contains("build refuses what level 0 started from"))
    #expect(!run.output.contains("is the culprit"))
    #expect(try sandbox.shown(try sandbox.result(level: 0), "src/5.rs") == "x")
    try check(sandbox)
  }

  private func check(_ sandbox: Sandbox) throws {
    try sandbox.git("fsck", "--strict")
    #expect(try sandbox.git("worktree", "list").split(separator: "\n").count == 1)
    #expect(try sandbox.git("status", "--porcelain", "--", "src") == "")
    #expect(sandbox.locks(in: ".git") == [])
  }
}

/// Tasks that change nothing.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct GitChangesTests {
  @Test("with git.require_changes a task that changed no file has failed, and says so")
  func required() async throws {
    let sandbox = try Sandbox([("1", []), ("2", [])], commands: ["1": "true", "2": "echo 2 >2"])
    try sandbox.makeRepository(["lanes.yml": "git: {require_changes: true}\n"])
    let run = try await sandbox.run("run")
    #expect(run.status == 1, "\(run.output) \(run.errors)")
    #expect(run.output.contains("Task 1: succeeded but changed no file"))
    #expect(try sandbox.shown(try sandbox.result(level: 0), "2") == "2")
  }
}
