import Core
import Glibc
import Testing

/// What a task is told, and that nothing in a task list is ever more than text.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct TaskInputTests {
  @Test("a task has its facts as variables, and its prompt as standard input and as a file")
  func input() async throws {
    let sandbox = try Sandbox([
      .init(id: "1", status: "done"),
      .init(
        id: "2", dependencies: ["1"],
        command: "env | grep ^LANES_ | sort >seen; cat >input; cat \"$LANES_PROMPT_FILE\" >file",
        title: "Shop front", details: "First line\nsecond line"),
    ])
    let run = try await sandbox.run("run", "--output", "json")
    #expect(run.status == 0)
    let id = try #require(run.events.first?["run"])
    #expect(
      sandbox.lines("seen") == [
        "LANES_ATTEMPT=1", "LANES_LEVEL=0",
        "LANES_PROMPT_FILE=\(sandbox.path)/.lanes/runs/\(id)/2.prompt", "LANES_RUN_ID=\(id)",
        "LANES_TASK_ID=2", "LANES_TASK_TITLE=Shop front", "LANES_WORKTREE=\(sandbox.path)",
      ])
    #expect(
      sandbox.text("input") == "# Task 2: Shop front\n\n## Details\n\nFirst line\nsecond line\n")
    #expect(sandbox.text("file") == sandbox.text("input"))
  }

  @Test("variables of lanes.yml reach every task, and those named like secrets no output")
  func environment() async throws {
    let sandbox = try Sandbox([("1", [])])
    try sandbox.write(
      "command: echo $COLOR $API_TOKEN >seen\nenvironment:\n  COLOR: blue\n  API_TOKEN: hush\n",
      to: "lanes.yml")
    let run = try await sandbox.run("run", "--output", "json")
    #expect(run.status == 0)
    #expect(sandbox.text("seen") == "blue hush\n")
    #expect(run.output.contains("\"COLOR\":\"blue\""))
    #expect(!run.output.contains("hush"))
  }

  private static let hostileTexts = [
    "$(touch pwned)", "`touch pwned`", "'; touch pwned; '", "\"; touch pwned; \"", "a\nb\ttouch",
    "../../../../tmp/pwned", "-rf", "--help", "é漢字🎉", "\u{1B}[31mred\u{1B}[0m", "a/b\\c", ".", "..",
    "%s%n$0", "\u{202E}txt", "&& touch pwned", "*",
  ]

  @Test("ids and titles of any kind are harmless and reach the task as they are")
  func hostile() async throws {
    let texts = Self.hostileTexts
    let sandbox = try Sandbox(texts.map { Sandbox.Task(id: $0, title: "Title of \($0)") })
    let command = #"printf '%s|%s\0' "$LANES_TASK_ID" "$LANES_TASK_TITLE" >>seen; exit 1"#
    let run = try await sandbox.run(
      "run", "-j1", "--on-failure", "keep-going", "--command", command)
    #expect(run.status == 1)
    let seen = Set(sandbox.text("seen").split(separator: "\0").map(String.init))
    #expect(seen == Set(texts.map { "\($0)|Title of \($0)" }))
    #expect(sandbox.names(in: "").sorted() == [".lanes", "seen", "tasks"])
    #expect(!exists("/tmp/pwned") && !exists(sandbox.home + "/pwned"))
    #expect(!run.output.unicodeScalars.contains(where: isControl))
    #expect(!run.output.contains("\u{202E}"))
    #expect(run.output.contains("  → Task $(touch pwned) Title of $(touch pwned)\n"))
    for id in texts {
      #expect(try await sandbox.run("logs", "--", id).status == 0, "\(id)")
      let explained = try await sandbox.run("explain", "--", id)
      #expect(explained.status == 0, "\(id)")
      #expect(!explained.output.unicodeScalars.contains(where: isControl))
    }
    let files = sandbox.names(in: ".lanes/runs/\(sandbox.names(in: ".lanes/runs")[0])")
    #expect(files.count { $0.hasSuffix(".log") } == texts.count)
  }

  private func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
