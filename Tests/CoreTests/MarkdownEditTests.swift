import Core
import Testing

/// Tasks in Markdown added, changed and removed: whole bytes before and after.
struct MarkdownEditTests {
  private let folder: TemporaryFolder
  private let now = Instant(microseconds: 1_700_000_000_000_000)
  private static let plan = MarkdownPlanTests.requirements
  private static let specs = MarkdownPlanTests.specs

  init() throws {
    folder = try TemporaryFolder()
  }

  private func apply(_ change: TaskChange, to text: String) throws -> String {
    let path = try folder.write(text, to: "PLAN.md")
    let file = StatusFile(path: path, tag: nil, format: .markdown)
    defer { #expect(folder.names() == ["PLAN.md"]) }
    _ = try file.tryChange(change, now: now)
    return try folder.read("PLAN.md")
  }

  @Test("a title and fields change where they stand, and those that are missing are put in")
  func edit() throws {
    #expect(
      try apply(
        .edit("1", TaskDraft(title: "Täbles: [x] #1", description: "Other words", priority: .high)),
        to: Self.plan)
        == Self.plan.replacingFirst(
          "**Task 1: Tables**\n- Create the tables",
          with: "**Task 1: Täbles: [x] #1**\n- Priority: high\n- Other words"))
    let text = "### Task 1: A\r\n- **Test strategy**: x\r\n- **Priority**: low\r\n\r\n### Task 2: B"
    #expect(
      try apply(
        .edit("1", TaskDraft(description: "a\nb", testStrategy: "Ü", priority: .high)), to: text)
        == text.replacingFirst("A\r\n", with: "A\r\na\r\nb\r\n").replacingFirst("x", with: "Ü")
        .replacingFirst("low", with: "high"))
    #expect(
      try apply(.edit("2", TaskDraft(dependencies: ["1"])), to: text)
        == text + "\r\n- Dependencies: Task 1")
  }

  @Test("dependencies keep the remarks of those that stay, and soft ones stay")
  func dependencies() throws {
    #expect(
      try apply(.edit("5", TaskDraft(dependencies: ["2", "4"])), to: Self.plan)
        == Self.plan.replacingFirst(
          "Task 3 (auth), Task 4 (catalogue)", with: "Task 4 (catalogue), Task 2"))
    #expect(
      try apply(.edit("6", TaskDraft(dependencies: ["1"])), to: Self.plan)
        == Self.plan.replacingFirst(
          "**Task 6: Pages**\n- No dependencies on other tasks",
          with: "**Task 6: Pages**\n- Dependencies: Task 1"))
    #expect(
      try apply(.edit("7", TaskDraft(dependencies: [])), to: Self.plan)
        == Self.plan.replacingFirst("Task 2 (API), Task 5 (basket), Task 6 (pages)", with: "None"))
    #expect(
      try apply(.edit("task-api", TaskDraft(dependencies: ["queue"])), to: Self.specs)
        == Self.specs.replacingFirst(
          "- **Dependencies**: tables (can start",
          with: "- **Dependencies**: queue, tables (can start"))
  }

  @Test("a new task looks like the last one and gets the next number")
  func add() throws {
    let draft = TaskDraft(
      title: "Nëw", description: "Why", priority: .low, dependencies: ["7", "1"])
    let text = Self.plan.replacingFirst("## Expected Execution Plan", with: "## Expected")
    #expect(
      try apply(.add(nil, draft), to: text)
        == text.replacingFirst(
          "\n\n## Expected",
          with:
            "\n\n**Task 8: Nëw**\u{20}\u{20}\n- Why\n- Priority: low\n- Dependencies: Task 7, Task 1\n\n## Expected"
        ))
    #expect(
      try apply(.add("9", TaskDraft(title: "C")), to: "- [x] **Task 1: A**\r\n- [ ] **Task 2: B**")
        == "- [x] **Task 1: A**\r\n- [ ] **Task 2: B**\r\n- [ ] **Task 9: C**")
    #expect(
      try apply(.add(nil, TaskDraft(title: "one-word")), to: Self.specs)
        == Self.specs.replacingFirst(
          "\n\n## Matrix",
          with: "\n\n### 7. **one-word**\n- **Dependencies**: None\n\n## Matrix"))
  }

  @Test("a task goes with all that stands below it, and by force out of what waits for it")
  func remove() throws {
    let last =
      "\n**Task 7: Whole test**\u{20}\u{20}\n- Dependencies: Task 2 (API), Task 5 (basket), Task 6 (pages)\n- Estimated time: 60 minutes\n"
    #expect(
      try apply(.remove("7", cutsDependents: false), to: Self.plan)
        == Self.plan.replacingFirst(last.replacingFirst("\n", with: "") + "\n", with: ""))
    let three =
      "\n**Task 3: Sign-in**\u{20}\n- Files: `src/auth/mod.rs`, `src/auth/token.rs`\n- No dependencies on other tasks\u{20}\u{20}\n- Estimated time: 45 minutes\n"
    #expect(
      try apply(.remove("3", cutsDependents: true), to: Self.plan)
        == Self.plan.replacingFirst(three, with: "").replacingFirst("Task 3 (auth), ", with: ""))
    let text =
      "# P\r\n\r\n## Task 1: A\r\nx\r\n\r\n```\r\n## Task 9: no\r\n```\r\n\r\n## Task 2: B\r\n- Depends on: 1"
    #expect(
      try apply(.remove("2", cutsDependents: false), to: text)
        == text.replacingFirst("\r\n\r\n## Task 2: B\r\n- Depends on: 1", with: ""))
    #expect(
      try apply(.remove("1", cutsDependents: true), to: text)
        == "# P\r\n\r\n## Task 2: B\r\n- Depends on: None")
  }

  @Test(
    "what would read as something else is refused and changes nothing",
    arguments: [
      (TaskChange.edit("9", TaskDraft(title: "x")), "there is no task 9"),
      (.edit("1", TaskDraft(title: "a\n### Task 9: b")), "a line break"),
      (.edit("1", TaskDraft(title: "**a**")), "would not say what is wanted"),
      (.edit("1", TaskDraft(title: "")), "the title is empty"),
      (.edit("1", TaskDraft(description: "Status: done")), "cannot be changed in place"),
      (.edit("1", TaskDraft(description: "[x] **Task 9: More**")), "cannot be changed in place"),
      (.edit("1", TaskDraft(details: "x")), "no place for --details"),
      (.edit("1", TaskDraft(dependencies: ["7"])), "wait for each other"),
      (.edit("1", TaskDraft(dependencies: ["17"])), "there is no task 17"),
      (.add("1", TaskDraft(title: "x")), "there is a task 1 already"),
      (.add("a b", TaskDraft(title: "x")), "cannot be changed in place"),
      (.remove("1", cutsDependents: false), "1 task waits for task 1: 2"),
      (.remove("9", cutsDependents: true), "there is no task 9"),
    ])
  func refused(change: TaskChange, problem: String) throws {
    let error = #expect(throws: PlanError.self) { try apply(change, to: Self.plan) }
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    #expect(try folder.read("PLAN.md") == Self.plan)
  }

  @Test("names that phases and other tasks use stay, and what may not belong to a task stays")
  func shapes() throws {
    for (text, change, problem) in [
      (Self.specs, TaskChange.edit("tables", TaskDraft(title: "rows")), "would no longer be there"),
      (Self.specs, .remove("live-events", cutsDependents: true), "named by the phase"),
      (
        "**Task 1: A**\n- x\n\n**Task 2: B**\n- y\n\nThe end.\n",
        .remove("2", cutsDependents: false), "it is not clear"
      ),
      (
        "**Task 1: A**\n- x\n\n**Task 2: B**\n- y\n\nThe end.\n", .add(nil, TaskDraft(title: "C")),
        "it is not clear"
      ),
      (
        "## Task 1: A\n\nx\n\n```\ny\n```\n\nz\n", .edit("1", TaskDraft(description: "w")),
        "in several places"
      ),
      ("## Task 1: A\n", .remove("1", cutsDependents: true), "is the only one"),
    ] {
      let error = #expect(throws: PlanError.self) { try apply(change, to: text) }
      #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
      #expect(try folder.read("PLAN.md") == text)
    }
  }

  @Test("every task of every example takes another title, or is refused where its title is its id")
  func examples() throws {
    let example = try SourceFile.read(Samples.examples + "/specs/PLAN.md")
    let texts = [
      Self.plan, Self.plan.replacing("\n", with: "\r\n"), Self.specs,
      String(decoding: example, as: UTF8.self), try Samples.text("markdown/requirements.md"),
      try Samples.text("markdown/specs.md"),
    ]
    for text in texts {
      let before = try MarkdownImporter.plan(from: Array(text.utf8), name: "PLAN.md")
      for task in before.tasks {
        let title = "Ünlike \"\(task.title)\": {x}"
        let change = TaskChange.edit(task.id, TaskDraft(title: title))
        if task.id.text == task.title {
          #expect(throws: PlanError.self) { try apply(change, to: text) }
          continue
        }
        let edited = try apply(change, to: text)
        let after = try MarkdownImporter.plan(from: Array(edited.utf8), name: "PLAN.md")
        #expect(
          after.tasks.map(\.title) == before.tasks.map { $0.id == task.id ? title : $0.title })
        #expect(try apply(.edit(task.id, TaskDraft(title: task.title)), to: edited) == text)
      }
    }
  }
}
