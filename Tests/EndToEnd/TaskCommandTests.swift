import Core
import Testing

/// The task list changed from the command line.
@Suite("lanes task", .serialized, .timeLimit(.minutes(2)))
struct TaskCommandTests {
  private static let list = """
    {
      "tasks": [
        {"id": 1, "title": "Ä one", "status": "pending", "dependencies": [], "own": {"x": 1.50}},
        {"id": 2, "title": "Two", "status": "pending", "dependencies": [1]}
      ]
    }

    """

  private func sandbox() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.write(Self.list, to: "tasks/tasks.json")
    return sandbox
  }

  @Test("tasks are listed in lines and in JSON")
  func list() async throws {
    let sandbox = try sandbox()
    let list = try await sandbox.run("task", "list")
    #expect(list.status == 0)
    #expect(
      list.output.split(separator: "\n").map(String.init) == [
        "1  pending      Ä one", "2  pending      Two  after 1",
      ])
    let json = try await sandbox.run("task", "list", "--format", "json")
    let root = try JSONDocument(parsing: Array(json.output.utf8), name: "list").root
    #expect(root["task_list"]?.elements.map { $0["title"]?.string } == ["Ä one", "Two"])
  }

  @Test("a task is added, changed and removed, and every other byte stays")
  func changes() async throws {
    let sandbox = try sandbox()
    let add = try await sandbox.run("task", "add", "Three \"3\"", "--depends-on", "1,2")
    #expect(add.status == 0, "\(add.errors)")
    #expect(add.output == "added task 3\n")
    #expect(sandbox.text("tasks/tasks.json").contains(#""own": {"x": 1.50}"#))
    let edit = try await sandbox.run(
      "task", "edit", "3", "--title", "Drei", "--priority", "high", "--depends-on", "none")
    #expect(edit.output == "changed task 3\n", "\(edit.errors)")
    let plan = try TaskMasterImporter.plan(
      from: JSONDocument(parsing: #require(sandbox.bytes("tasks/tasks.json")), name: "t"))
    #expect(plan.tasks.map(\.title) == ["Ä one", "Two", "Drei"])
    #expect(plan.tasks[2].priority == .high)
    #expect(plan.tasks[2].dependencies == [])
    let remove = try await sandbox.run("task", "remove", "3")
    #expect(remove.output == "removed task 3\n", "\(remove.errors)")
    #expect(sandbox.text("tasks/tasks.json") == Self.list)
  }

  @Test("statuses are set for several tasks at once")
  func setStatus() async throws {
    let sandbox = try sandbox()
    let set = try await sandbox.run("task", "set-status", "1,2", "done")
    #expect(set.output == "task 1 is done\ntask 2 is done\n", "\(set.errors)")
    #expect(sandbox.text("tasks/tasks.json") == Self.list.replacing("pending", with: "done"))
  }

  @Test(
    "what cannot be done is refused with a remedy, and the file stays",
    arguments: [
      (["add"], "the title is missing"), (["remove", "1"], "1 task waits for task 1: 2"),
      (["remove", "7"], "there is no task 7"),
      (["edit", "1", "--depends-on", "2"], "wait for each other"),
      (["edit", "1"], "nothing is to be changed"), (["add", "x", "--id", "2"], "already"),
      (["set-status", "1", "dnoe"], "did you mean done?"), (["lsit"], "did you mean list?"),
      (["set-status", "9", "done"], "task 9"),
    ])
  func refusals(words: [String], problem: String) async throws {
    let sandbox = try sandbox()
    let result = try await sandbox.run(["task"] + words)
    #expect(result.status != 0)
    #expect(result.errors.contains(problem), "\(result.errors)")
    #expect(sandbox.text("tasks/tasks.json") == Self.list)
  }

  @Test("tasks of a plan in YAML are files, which are added, changed in place and removed")
  func planning() async throws {
    let sandbox = try Sandbox()
    try sandbox.makeFolder("docs/planning/tasks")
    let one = "# first\nid: TASK-001\ntitle: One   # own words\ndependencies: []\n"
    try sandbox.write(one, to: "docs/planning/tasks/TASK-001.yaml")
    let add = try await sandbox.run(
      "task", "add", "Two: \"2\"", "--depends-on", "TASK-001", "--priority", "high")
    #expect(add.output == "added task TASK-002\n", "\(add.errors)")
    #expect(
      sandbox.text("docs/planning/tasks/TASK-002.yaml") == """
        id: TASK-002
        name: "Two: \\"2\\""
        priority: "high"
        dependencies: [TASK-001]

        """)
    let edit = try await sandbox.run("task", "edit", "TASK-001", "--title", "Uno")
    #expect(edit.output == "changed task TASK-001\n", "\(edit.errors)")
    #expect(
      sandbox.text("docs/planning/tasks/TASK-001.yaml")
        == one.replacing("One", with: "\"Uno\""))
    let list = try await sandbox.run("task", "list")
    #expect(list.output.contains("TASK-002  pending      Two: \"2\"  after TASK-001"))
    for (words, problem) in [
      (["remove", "TASK-001"], "is named by task TASK-002"),
      (["edit", "TASK-001", "--depends-on", "TASK-002"], "wait for each other"),
      (["add", "x", "--id", "../x"], "no name of a file"),
      (["add", "x", "--id", "TASK-001"], "already"),
      (["add", "x", "--depends-on", "TASK-01"], "did you mean TASK-001?"),
    ] {
      let refused = try await sandbox.run(["task"] + words)
      #expect(refused.status != 0)
      #expect(refused.errors.contains(problem), "\(refused.errors)")
    }
    let cut = try await sandbox.run("task", "edit", "TASK-002", "--depends-on", "none")
    #expect(cut.output == "changed task TASK-002\n", "\(cut.errors)")
    #expect(sandbox.text("docs/planning/tasks/TASK-002.yaml").hasSuffix("\ndependencies: []\n"))
    let remove = try await sandbox.run("task", "remove", "TASK-001", "--force")
    #expect(remove.output == "removed task TASK-001\n", "\(remove.errors)")
    #expect(sandbox.names(in: "docs/planning/tasks") == ["TASK-002.yaml"])
  }

  @Test("tasks of spec-workflow are added, changed and removed in their checkboxes")
  func specs() async throws {
    let sandbox = try Sandbox()
    let text = "# Plan\r\n\r\n- [ ] 1. One\r\n- [ ] 2. Two\r\n"
    try sandbox.write(text, to: "PLAN.md")
    let add = try await sandbox.run(
      "task", "add", "Drei: [x]", "--depends-on", "1", "--description", "Ä", "--file", "PLAN.md")
    #expect(add.output == "added task 3\n", "\(add.errors)")
    let added = text + "- [ ] 3. Drei: [x]\r\n  - Ä\r\n  - _Dependencies: 1_\r\n"
    #expect(sandbox.text("PLAN.md") == added)
    let edit = try await sandbox.run("task", "edit", "2", "--title", "Zwei", "--file", "PLAN.md")
    #expect(edit.output == "changed task 2\n", "\(edit.errors)")
    #expect(sandbox.text("PLAN.md") == added.replacing("Two", with: "Zwei"))
    for (words, problem) in [
      (["edit", "2", "--priority", "high"], "no place for --priority"),
      (["edit", "2", "--title", "a\n- [ ] 9. b"], "line break"),
      (["remove", "1"], "1 task waits for task 1: 3"),
    ] {
      let refused = try await sandbox.run(["task"] + words + ["--file", "PLAN.md"])
      #expect(refused.status != 0)
      #expect(refused.errors.contains(problem), "\(refused.errors)")
    }
    let remove = try await sandbox.run("task", "remove", "3", "--file", "PLAN.md")
    #expect(remove.output == "removed task 3\n", "\(remove.errors)")
    let set = try await sandbox.run("task", "set-status", "1", "done", "--file", "PLAN.md")
    #expect(set.status == 0, "\(set.errors)")
    #expect(
      sandbox.text("PLAN.md")
        == text.replacing("[ ] 1", with: "[x] 1").replacing("Two", with: "Zwei"))
    #expect(sandbox.names(in: ".") == ["PLAN.md", "tasks"])
  }

  @Test("tasks of a plan in Markdown are added, changed and removed in place")
  func markdown() async throws {
    let sandbox = try Sandbox()
    let text =
      "# Plan\n\n### Task 1: One\n- Files: `a`\n\n### Task 2: Two\n- Files: `b`\n\n## End\n"
    try sandbox.write(text, to: "PLAN.md")
    let add = try await sandbox.run(
      "task", "add", "Drei", "--depends-on", "1,2", "--file", "PLAN.md")
    #expect(add.output == "added task 3\n", "\(add.errors)")
    let added = "### Task 3: Drei\n- Dependencies: Task 1, Task 2\n\n## End"
    #expect(sandbox.text("PLAN.md") == text.replacing("## End", with: added))
    let edit = try await sandbox.run("task", "edit", "2", "--title", "Zwei", "--file", "PLAN.md")
    #expect(edit.output == "changed task 2\n", "\(edit.errors)")
    let refused = try await sandbox.run("task", "remove", "1", "--file", "PLAN.md")
    #expect(refused.status != 0)
    #expect(refused.errors.contains("1 task waits for task 1: 3"), "\(refused.errors)")
    let remove = try await sandbox.run("task", "remove", "3", "--file", "PLAN.md")
    #expect(remove.output == "removed task 3\n", "\(remove.errors)")
    #expect(sandbox.text("PLAN.md") == text.replacing("Two", with: "Zwei"))
  }

  @Test("--force takes a removed task out of the dependencies of others")
  func force() async throws {
    let sandbox = try sandbox()
    let result = try await sandbox.run("task", "remove", "1", "--force")
    #expect(result.status == 0, "\(result.errors)")
    #expect(sandbox.text("tasks/tasks.json").contains(#""dependencies": []"#))
    #expect(!sandbox.text("tasks/tasks.json").contains("Ä one"))
  }
}
