import Core
import Testing

/// Tasks of spec-workflow added, changed and removed: whole bytes before and after.
struct SpecEditTests {
  private let folder: TemporaryFolder
  private let now = Instant(microseconds: 1_700_000_000_000_000)
  private static let shop = SpecPlanTests.shop

  init() throws {
    folder = try TemporaryFolder()
    for name in ["specs", "specs/blog", "specs/shop"] { _ = try folder.folder(name) }
  }

  private func apply(_ change: TaskChange, to path: String) throws -> TaskID? {
    let file = StatusFile(path: folder.path + "/" + path, tag: nil, format: .specs)
    return try file.tryChange(change, now: now)
  }

  /// Changes one `tasks.md` on its own.
  private func apply(_ change: TaskChange, text: String) throws -> String {
    _ = try folder.write(text, to: "tasks.md")
    defer { #expect(folder.names() == ["specs", "tasks.md"]) }
    _ = try apply(change, to: "tasks.md")
    return try folder.read("tasks.md")
  }

  @Test("a title, a description and dependencies change where they stand")
  func edit() throws {
    #expect(
      try apply(
        .edit(
          "2.1", TaskDraft(title: "Modèl: [x] --- #1", description: "One\nTwo", dependencies: [])),
        text: Self.shop)
        == Self.shop.replacingFirst("Model of the basket", with: "Modèl: [x] --- #1")
        .replacingFirst("  - Keep it small", with: "  - One\n  - Two")
        .replacingFirst("#1\n", with: "#1\n  - _Dependencies: none_\n"))
    #expect(
      try apply(
        .edit("2.2", TaskDraft(dependencies: ["2.1", "1"])), text: Self.shop)
        == Self.shop.replacingFirst(
          "  - _Dependencies: 1_", with: "  - _Dependencies: 1, 2.1_"
        ))
  }

  @Test("what a dependency says besides its name stays, and soft ones stay")
  func remarks() throws {
    let text =
      "- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. C\n- [ ] 4. D\n  - _Dependencies: 1 (all), 2 (can start), 3_"
    #expect(
      try apply(.edit("4", TaskDraft(dependencies: ["1"])), text: text)
        == text.replacingFirst(", 3_", with: "_"))
    #expect(
      try apply(.edit("4", TaskDraft(dependencies: ["2"])), text: text)
        == text.replacingFirst("1 (all), 2 (can start), 3", with: "2"))
  }

  @Test("a new task looks like its neighbours, with the next number or the one that is asked for")
  func add() throws {
    #expect(
      try apply(
        .add(nil, TaskDraft(title: "Ä new", description: "Why", dependencies: ["1"])),
        text: Self.shop)
        == Self.shop.replacingFirst(
          "_Blocked: no account_\n",
          with: "_Blocked: no account_\n- [ ] 4\\. Ä new\n  - Why\n  - _Dependencies: 1_\n"))
    #expect(
      try apply(
        .add("2.1.1", TaskDraft(title: "Deep")), text: "- [ ] 2.1 A\r\n  - x\r\n\r\n- [ ] 3. B")
        == "- [ ] 2.1 A\r\n  - x\r\n\r\n- [ ] 2.1.1. Deep\r\n\r\n- [ ] 3. B")
    #expect(
      try apply(.add("0", TaskDraft(title: "First")), text: "\u{FEFF}- [ ] 1. A")
        == "\u{FEFF}- [ ] 0. First\n- [ ] 1. A")
    #expect(
      try apply(.add(nil, TaskDraft(title: "B")), text: "# T\r\n\r\n* [x] 1. A")
        == "# T\r\n\r\n* [x] 1. A\r\n* [ ] 2. B")
  }

  @Test("a task below a heading goes behind those there, and what follows waits for it")
  func nested() throws {
    let text = "- [ ] 1. Group\n  - [x] 1.1 A\n      - note\n  - [ ] 1.2 B\n\n- [ ] 2. C\n  - why\n"
    let added = try apply(.add("1.3", TaskDraft(title: "New", description: "x")), text: text)
    #expect(added == text.replacingFirst("1.2 B\n", with: "1.2 B\n  - [ ] 1.3 New\n      - x\n"))
    let plan = try PlanSource.read(file: "tasks.md", directory: folder.path)
    #expect(plan.tasks.map { $0.dependencies.map(\.text) } == [[], ["1.1"], ["1.2"], ["1.3"]])
    #expect(try apply(.remove("1.3", cutsDependents: false), text: added) == text)
  }

  @Test("a task goes with all that stands below it, and what follows closes up")
  func remove() throws {
    let text =
      "# T\n\n- [x] 1. A\n  - a\n\n  - b\n\n- [ ] 2. B\n  ```\n- [ ] 9. no\n  ```\n\n- [ ] 3. C\n  - c"
    #expect(
      try apply(.remove("1", cutsDependents: false), text: text)
        == text.replacingFirst("- [x] 1. A\n  - a\n\n  - b\n\n", with: ""))
    #expect(
      try apply(.remove("2", cutsDependents: false), text: text)
        == text.replacingFirst("\n- [ ] 2. B\n  ```\n- [ ] 9. no\n  ```\n", with: ""))
    #expect(
      try apply(.remove("3", cutsDependents: false), text: text)
        == text.replacingFirst("\n\n- [ ] 3. C\n  - c", with: ""))
  }

  @Test("tasks of other specs wait no longer for one that is removed by force")
  func force() throws {
    _ = try folder.write(Self.shop, to: "specs/shop/tasks.md")
    let blog = "- [ ] 1. A\r\n  - _Dependencies: shop/1 (pages), shop/2.1_\r\n- [ ] 2. B\r\n"
    _ = try folder.write(blog, to: "specs/blog/tasks.md")
    let error = #expect(throws: PlanError.self) {
      try apply(.remove("shop/1", cutsDependents: false), to: "specs")
    }
    #expect(error?.problem == "2 tasks wait for task shop/1: blog/1, shop/2.2")
    #expect(try apply(.remove("shop/1", cutsDependents: true), to: "specs") == "shop/1")
    #expect(
      try folder.read("specs/blog/tasks.md")
        == blog.replacingFirst("shop/1 (pages), shop/2.1", with: "shop/2.1"))
    let shop = try folder.read("specs/shop/tasks.md")
    #expect(shop.hasPrefix("# Tasks Document\n\n- [ ] 2. Basket\n"))
    #expect(shop.contains("  - _Dependencies: none_\n"))
    let id = try apply(
      .add("blog/3", TaskDraft(title: "C", dependencies: ["shop/3", "blog/1"])), to: "specs")
    #expect(id == "blog/3")
    #expect(
      try folder.read("specs/blog/tasks.md").hasSuffix(
        "\r\n- [ ] 3. C\r\n  - _Dependencies: shop/3, 1_\r\n"))
    let several = #expect(throws: PlanError.self) {
      try apply(.add(nil, TaskDraft(title: "C")), to: "specs")
    }
    #expect(several?.remedy == "say with --id which is meant, such as blog/4")
    #expect(folder.names(in: "specs/blog") == ["tasks.md"])
  }

  @Test(
    "what the file cannot hold, or would read as something else, is refused and changes nothing",
    arguments: [
      (TaskChange.edit("9", TaskDraft(title: "x")), "there is no task 9"),
      (.edit("2", TaskDraft(title: "x")), "there is no task 2"),
      (.edit("1", TaskDraft(title: "a\n- [ ] 7. b")), "a line break"),
      (.edit("1", TaskDraft(title: "a\rb")), "a line break"),
      (.edit("1", TaskDraft(title: " ")), "the title is empty"),
      (.edit("1", TaskDraft(description: "_Dependencies: none_")), "would not say what is wanted"),
      (.edit("1", TaskDraft(description: "Files: a.rs")), "would not say what is wanted"),
      (.edit("1", TaskDraft(description: "[x] 9. More")), "would not say what is wanted"),
      (.edit("1", TaskDraft(description: "**Task 9: More**")), "a plan of another kind"),
      (.edit("1", TaskDraft(description: "a\n\nb")), "a line of the description is empty"),
      (.edit("1", TaskDraft(details: "x")), "no place for --details"),
      (.edit("1", TaskDraft(testStrategy: "x")), "no place for --test-strategy"),
      (.edit("1", TaskDraft(priority: .high)), "no place for --priority"),
      (.edit("1", TaskDraft(dependencies: ["3"])), "wait for each other"),
      (.edit("1", TaskDraft(dependencies: ["8"])), "there is no task 8"),
      (.add("2", TaskDraft(title: "x")), "taken, or no number"),
      (.add("3", TaskDraft(title: "x")), "there is a task 3 already"),
      (.add("a/1", TaskDraft(title: "x")), "taken, or no number"),
      (.add("3.1", TaskDraft(title: "", description: "y")), "the title is empty"),
      (.remove("9", cutsDependents: true), "there is no task 9"),
      (.remove("1", cutsDependents: false), "1 task waits for task 1: 2.2"),
      // The unnumbered checkbox below it would belong to another task.
      (.remove("2.2", cutsDependents: false), "task 2.1 would change too"),
    ])
  func refused(change: TaskChange, problem: String) throws {
    let error = #expect(throws: PlanError.self) { try apply(change, text: Self.shop) }
    #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    #expect(try folder.read("tasks.md") == Self.shop)
  }

  @Test("the only task stays, and so does the only one below a heading")
  func last() throws {
    for (text, id, problem) in [
      ("- [ ] 1. A\n", "1", "task 1 is the only one"),
      ("- [ ] 1. A\n- [ ] 1.1 B\n- [ ] 2. C\n", "1.1", "there would be a task 1 too"),
    ] {
      let error = #expect(throws: PlanError.self) {
        try apply(.remove(TaskID(id), cutsDependents: false), text: text)
      }
      #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    }
  }

  @Test("every task of every example takes another title, and reads back with that alone")
  func examples() throws {
    for text in [
      Self.shop, Self.shop.replacing("\n", with: "\r\n"), try Samples.text("specs/shop.md"),
    ] {
      _ = try folder.write(text, to: "tasks.md")
      let before = try PlanSource.read(file: "tasks.md", directory: folder.path, format: .specs)
      for task in before.tasks {
        let title = "Ünlike \"\(task.title)\": {x}"
        let edited = try apply(.edit(task.id, TaskDraft(title: title)), text: text)
        let after = try PlanSource.read(file: "tasks.md", directory: folder.path, format: .specs)
        #expect(
          after.tasks.map(\.title) == before.tasks.map { $0.id == task.id ? title : $0.title })
        #expect(try apply(.edit(task.id, TaskDraft(title: task.title)), text: edited) == text)
      }
    }
  }
}

/// The plans beside the tests, and the examples.
enum Samples {
  private static let tests =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/")
  static let folder = tests + "/Fixtures/fuzz"
  static let examples = tests + "/../../examples"

  static func text(_ name: String) throws -> String {
    String(decoding: try SourceFile.read("\(folder)/\(name)"), as: UTF8.self)
  }
}
