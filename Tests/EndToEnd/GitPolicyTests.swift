import Core
import Glibc
import Testing

/// What happens to tasks that get into each other's way before the merge, and to the result after it.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct GitPolicyTests {
  private static let edit = "sed -i \"2s/$/ $LANES_TASK_ID/\" f"

  private func sandbox(_ ids: String..., command: String = edit) throws -> Sandbox {
    let sandbox = try Sandbox(ids.map { Sandbox.Task(id: $0, command: command) })
    try sandbox.makeRepository(["f": "1\n2\n3\n"])
    return sandbox
  }

  @Test(
    "tasks that will probably conflict run one after the other, the second from the first's work")
  func predicted() async throws {
    let sandbox = try Sandbox([
      Sandbox.Task(
        id: "1", command: "sleep 0.2;" + Self.edit, details: "Change f.rs and src/g.rs."),
      Sandbox.Task(id: "2", command: "sleep 0.2;" + Self.edit, details: "Also f.rs, src/g.rs."),
      Sandbox.Task(id: "3", command: "sleep 0.2"),
    ])
    try sandbox.makeRepository(["f": "1\n2\n3\n", "f.rs": "", "src/g.rs": ""])
    let run = try await sandbox.run("run", "--output", "json")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    let story = run.story
    let merged = try #require(story.firstIndex(of: "work_merged 1"))
    let second = try #require(story.firstIndex(of: "attempt_started 2"))
    let third = try #require(story.firstIndex(of: "attempt_started 3"))
    #expect(third < merged)
    #expect(merged < second)
    #expect(!story.contains("merge_conflicted 2"))
    #expect(try sandbox.shown(try sandbox.result(level: 0), "f") == "1\n2 1 2\n3")
    let plan = try await sandbox.run("plan", "--no-conflict-detection").output
    #expect(!plan.contains("Predicted conflicts"))
  }

  @Test("overlap that merges clean is told as that, and with detection off nothing is")
  func overlap() async throws {
    let command = "sed -i \"${LANES_TASK_ID}s/$/ x/\" f; until test -e \"$GO\"; do sleep 0.02; done"
    let sandbox = try Sandbox(["1", "9"].map { Sandbox.Task(id: $0, command: command) })
    try sandbox.makeRepository(["f": (1...9).map { "\($0)\n" }.joined()])
    let go = sandbox.home + "/go"
    let lanes = try await sandbox.start(["run", "--output", "json"], environment: ["GO": go])
    let contact = try await lanes.event("contact_seen")
    #expect(contact.fields["files"]?.elements.compactMap(\.string) == ["f"])
    #expect(contact.fields["conflicts"] == nil)
    try sandbox.write("", to: "../go")
    #expect(try await lanes.end().status == 0)
    let quiet = try await sandbox.run(
      ["run", "tasks/tasks.json", "--output", "json", "--no-conflict-detection"],
      environment: ["GO": go])
    #expect(!quiet.story.contains { $0.hasPrefix("contact_seen") })
  }

  @Test("pause-later pauses the task that began later until the other has ended")
  func pauseLater() async throws {
    let wait = "; until test -e \"$GO\"; do sleep 0.02; done"
    let sandbox = try sandbox("1", "2", command: Self.edit + wait)
    let lanes = try await sandbox.start(
      ["run", "--output", "json", "--live", "pause-later"],
      environment: ["GO": sandbox.home + "/go"])
    let held = try await lanes.event("held_back")
    try await lanes.event("attempt_paused", task: held.task)
    try sandbox.write("", to: "../go")
    let run = try await lanes.end()
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(run.story.contains("attempt_continued \(held.task)"))
    let words = try sandbox.shown(try sandbox.result(level: 0), "f").split(separator: "\n")[1]
    #expect(words.split(separator: " ").sorted() == ["1", "2", "2"])
  }

  @Test("stop-later ends the later task, keeps what it did, and starts it from the other's work")
  func stopLater() async throws {
    let wait = "; until test -e \"$GO\"; do sleep 0.02; done"
    let sandbox = try sandbox("1", "2", command: Self.edit + wait)
    let lanes = try await sandbox.start(
      ["run", "--output", "json", "--live", "stop-later", "--grace", "200ms"],
      environment: ["GO": sandbox.home + "/go"])
    let held = try await lanes.event("held_back")
    try await lanes.event("attempt_ended", task: held.task)
    try sandbox.write("", to: "../go")
    let run = try await lanes.end()
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(!run.story.contains { $0.hasPrefix("merge_conflicted") })
    let words = try sandbox.shown(try sandbox.result(level: 0), "f").split(separator: "\n")[1]
    #expect(words.split(separator: " ").sorted() == ["1", "2", "2"])
    #expect(try sandbox.git("for-each-ref", "refs/lanes/kept") != "")
  }

  @Test("a task works in the repository it names, and each has a result of its own")
  func repositories() async throws {
    let sandbox = try Sandbox()
    try sandbox.write(
      """
      {"tasks": [
        {"id": 1, "title": "Here", "dependencies": []},
        {"id": 2, "title": "There", "dependencies": [], "metadata": {"lanes": {"repo": "web"}}}
      ]}
      """, to: "tasks/tasks.json")
    try sandbox.makeRepository(["lanes.yml": "repos: {web: ../web}\n", "here": ""])
    let web = try Sandbox()
    try web.makeRepository(["there": ""])
    try sandbox.write("repos: {web: \(web.path)}\n", to: "lanes.yml")
    let run = try await sandbox.run("run", "--command", "ls >listing")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(try sandbox.shown(try sandbox.result(level: 0), "listing").contains("here"))
    #expect(try web.shown(try web.result(level: 0), "listing").contains("there"))
    #expect(try sandbox.branches("feature") == ["feature/task-1-implementation"])
    #expect(try web.branches("feature") == ["feature/task-2-implementation"])
  }

  @Test("pull requests are opened by the command, with a body that lists tasks and files")
  func pullRequests() async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])])
    try sandbox.makeRepository()
    let command =
      "{ echo \"$LANES_PR_TITLE: $LANES_PR_HEAD -> $LANES_PR_BASE\"; cat; } >>../requests;"
      + " echo https://example.invalid/1"
    try sandbox.write(
      "git: {pull_request: level, pull_request_command: '\(command)'}\n", to: "lanes.yml")
    let alone = try await sandbox.run("run", "--command", "echo $LANES_TASK_ID >$LANES_TASK_ID")
    #expect(alone.output.contains("there is no remote origin"), "\(alone.output) \(alone.errors)")
    try sandbox.git("init", "-q", "--bare", "../origin.git")
    try sandbox.git("remote", "add", "origin", "../origin.git")
    let pushed = try await sandbox.run("integrate", "--push")
    #expect(pushed.output.contains("is pushed to origin"), "\(pushed.output) \(pushed.errors)")

    try sandbox.write(
      Sandbox.json([.init(id: "1"), .init(id: "2", dependencies: ["1"])]), to: "tasks/tasks.json")
    let run = try await sandbox.run("run", "--command", "echo again $LANES_TASK_ID >$LANES_TASK_ID")
    #expect(run.status == 0, "\(run.output) \(run.errors)")
    #expect(run.output.contains("✅ Integration: https://example.invalid/1"))
    let requests = sandbox.text("../requests")
    #expect(requests.contains("Integration: Level 0 of run"))
    #expect(requests.contains("-> main"))
    #expect(requests.contains("| 1 Task 1 |"))
    #expect(requests.contains("`1`"))
    #expect(
      try sandbox.git("for-each-ref", "refs/heads", in: "../origin.git")
        .split(separator: "\n").count >= 3)
  }
}
