import Core
import Testing

/// Tasks in YAML added, changed and removed: whole bytes before and after.
struct PlanningEditTests {
  private let folder: TemporaryFolder
  private let now = Instant(microseconds: 1_700_000_000_000_000)

  init() throws {
    folder = try TemporaryFolder.forPlanning()
  }

  private func write(_ texts: [String]) throws {
    for (index, text) in texts.enumerated() {
      _ = try folder.write(text, to: "docs/planning/tasks/T\(index + 1).yaml")
    }
  }

  private func text(_ number: Int) throws -> String {
    try folder.read("docs/planning/tasks/T\(number).yaml")
  }

  private func apply(_ change: TaskChange) throws -> TaskID? {
    let file = StatusFile(
      path: folder.path + "/docs/planning/tasks", tag: nil, format: .planning)
    return try file.tryChange(change, now: now)
  }

  @Test(
    "dependencies change where they stand, with all that is said around them",
    arguments: [
      ("dependencies: [T1, \"T2\"]  # why\n", ["T2", "T3"], "dependencies: [\"T2\", T3]  # why\n"),
      ("dependencies: []", ["T1"], "dependencies: [T1]"),
      (
        "dependencies: [{id: T1, why: \"a ] b\"}, T2]\n", ["T1"],
        "dependencies: [{id: T1, why: \"a ] b\"}]\n"
      ),
      (
        "dependencies: # all\r\n  - T1 # one\r\n  # two\r\n  - T2\r\nx: 1\r\n", ["T2", "T3"],
        "dependencies: # all\r\n  # two\r\n  - T2\r\n  - T3\r\nx: 1\r\n"
      ),
      ("depends_on:\n- T1\n- T2", ["T3"], "depends_on:\n- T3"),
      ("depends_on:\n- T1\n- T2", [], "depends_on: []"),
      (
        "dependencies:\n  - id: T1\n    why: x\n  - T2\n\nx: 1\n", ["T2"],
        "dependencies:\n  - T2\n\nx: 1\n"
      ),
      (
        "dependencies:\n  - T1 (can start)\n  - T2\n", ["T3"],
        "dependencies:\n  - T1 (can start)\n  - T3\n"
      ),
      ("dependencies: T1, T2\n", ["T1"], "dependencies: T1\n"),
      ("dependencies:\n", ["T1"], "dependencies: T1\n"),
      ("x: 1\r\ny: [Ä]\r\n", ["T1"], "x: 1\r\ny: [Ä]\r\ndependencies: [T1]\r\n"),
    ])
  func dependencies(before: String, ids: [String], after: String) throws {
    let head = before.contains("\r\n") ? "id: T4\r\n" : "id: T4\n"
    try write(["id: T1\n", "id: T2\n", "id: T3\n", head + before])
    #expect(try apply(.edit("T4", TaskDraft(dependencies: ids.map { TaskID($0) }))) == "T4")
    #expect(try text(4) == head + after)
    #expect(folder.names(in: "docs/planning") == ["tasks"])
  }

  @Test("texts are quoted so that they stay what they are")
  func texts() throws {
    let before = "\u{FEFF}id: T1\r\nname: 'Öne'   # own\r\ndescription: |\r\n  a\r\n  b\r\nlast: x"
    try write([before])
    let draft = TaskDraft(
      title: "--- [x]: {a}\n# \"b\"", description: "c: 'd'\n- e", details: "ü", priority: .low)
    #expect(try apply(.edit("T1", draft)) == "T1")
    #expect(
      try text(1)
        == "\u{FEFF}id: T1\r\nname: \"--- [x]: {a}\\n# \\\"b\\\"\"   # own\r\ndescription: \"c: 'd'\\n- e\"\r\nlast: x\r\ndetails: \"ü\"\r\npriority: \"low\""
    )
  }

  @Test("a task that is removed by force goes out of tasks and sprints that name it")
  func force() throws {
    try write([
      "id: T1\n", "id: T2\ndependencies: [T1, T3]\n", "id: T3\nsoft_dependencies:\n  - T1\n",
    ])
    let sprint = "id: S1\ntasks:\n  - T1\n  - T2 # next\n"
    _ = try folder.write(sprint, to: "docs/sprints/S1.yaml")
    let error = #expect(throws: PlanError.self) {
      try apply(.remove("T1", cutsDependents: false))
    }
    #expect(error?.problem == "task T1 is named by task T2, task T3, sprint S1")
    #expect(try apply(.remove("T1", cutsDependents: true)) == "T1")
    #expect(folder.names(in: "docs/planning/tasks") == ["T2.yaml", "T3.yaml"])
    #expect(try text(2) == "id: T2\ndependencies: [T3]\n")
    #expect(try text(3) == "id: T3\nsoft_dependencies: []\n")
    #expect(try folder.read("docs/sprints/S1.yaml") == sprint.replacingFirst("  - T1\n", with: ""))
  }

  @Test(
    "what cannot be changed in place is refused and changes nothing",
    arguments: [
      (TaskChange.edit("T3", TaskDraft(dependencies: ["T9"])), "there is no task T9"),
      (.edit("T2", TaskDraft(dependencies: ["T3"])), "wait for each other"),
      (.edit("T3", TaskDraft(dependencies: ["T1"])), "dependencies cannot be changed in place"),
      (.edit("T4", TaskDraft(title: "x")), "the file has more than task T4"),
      (.add("T2", TaskDraft(title: "x")), "there is a task T2 already"),
      (.add("T4", TaskDraft(title: "x")), "there is a task T4 already"),
      (.remove("T2", cutsDependents: false), "task T2 is named by task T3"),
    ])
  func refused(change: TaskChange, problem: String) throws {
    let texts = [
      "id: T1\n", "id: T2\n", "id: T3\ndependencies: [T2 # why\n  ]\n",
      "tasks:\n  - id: T4\n  - id: T5\n",
    ]
    try write(texts)
    let error = #expect(throws: PlanError.self) { try apply(change) }
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    for (index, text) in texts.enumerated() { #expect(try self.text(index + 1) == text) }
    #expect(folder.names(in: "docs/planning/tasks").count == 4)
  }

  @Test("every task of the example takes another title, and reads back with that alone")
  func example() throws {
    let source = Samples.examples + "/tracks/docs"
    for place in ["planning/tasks", "sprints"] {
      for name in TemporaryFolder.names(in: "\(source)/\(place)") {
        let bytes = try SourceFile.read("\(source)/\(place)/\(name)")
        try folder.write(bytes, to: "docs/\(place)/\(name)")
      }
    }
    let before = try PlanSource.read(file: "docs/planning/tasks", directory: folder.path)
    #expect(before.tasks.count == 18)
    for task in before.tasks {
      let title = "Ünlike \"\(task.title)\": {x}"
      #expect(try apply(.edit(task.id, TaskDraft(title: title))) == task.id)
      let after = try PlanSource.read(file: "docs/planning/tasks", directory: folder.path)
      #expect(after.tasks.map(\.title) == before.tasks.map { $0.id == task.id ? title : $0.title })
      #expect(try apply(.edit(task.id, TaskDraft(title: task.title))) == task.id)
    }
    #expect(
      try PlanSource.read(file: "docs/planning/tasks", directory: folder.path).tasks == before.tasks
    )
  }
}
