import Core
import Testing

struct SpecPlanTests {
  private let folder: TemporaryFolder
  private let now = Instant(microseconds: 1_700_000_000_000_000)

  static let shop = """
    # Tasks Document

    - [x] 1. Set up the project
      - File: package.json (new), tsconfig.json
      - Purpose: a place to work in
      - _Leverage: src/base.ts_
      - _Requirements: 1.1, 2_
      - _Prompt: Role: Builder | Task: Set it up | Restrictions: no more | Success: it builds_
    - [ ] 2. Basket
    * [-] 2.1 Model of the basket
      - File: `src/basket.ts`
      - Estimate: 2h
      - Keep it small
    - [ ] 2.2. View of the basket
      - _Dependencies: 1_
      - Worker: frontend
    - [ ] without a number
    - [~] 3\\. Publish
      - _Blocked: no account_

    """

  init() throws {
    folder = try TemporaryFolder()
    for name in [".spec-workflow", ".spec-workflow/specs"] { _ = try folder.folder(name) }
  }

  private func write(_ text: String, spec: String) throws {
    _ = try folder.folder(".spec-workflow/specs/\(spec)")
    _ = try folder.write(text, to: ".spec-workflow/specs/\(spec)/tasks.md")
  }

  private func plan(_ path: String = ".spec-workflow/specs") throws -> Plan {
    try PlanSource.read(file: path, directory: folder.path)
  }

  @Test("checkboxes with numbers are tasks that wait for the one before, unless they say otherwise")
  func tasks() throws {
    try write(Self.shop, spec: "shop")
    let plan = try plan(".spec-workflow/specs/shop")
    #expect(plan.origin == Plan.Origin(file: ".spec-workflow/specs/shop", format: .specs))
    #expect(plan.tasks.map(\.id.text) == ["1", "2.1", "2.2", "3"])
    #expect(
      plan.tasks.map(\.title) == [
        "Set up the project", "Model of the basket", "View of the basket", "Publish",
      ])
    #expect(plan.tasks.map(\.status) == [.done, .inProgress, .pending, .blocked])
    #expect(plan.tasks.map { $0.dependencies.map(\.text) } == [[], ["1"], ["1"], ["2.2"]])
    #expect(plan.tasks[0].files == ["package.json", "tsconfig.json"])
    #expect(
      plan.tasks[0].text.details == """
        Purpose: a place to work in
        Build on: src/base.ts
        Requirements: 1.1, 2
        Role: Builder
        Task: Set it up
        Restrictions: no more
        Success: it builds
        """)
    #expect(plan.tasks[0].text.acceptanceCriteria == ["it builds"])
    #expect(plan.tasks[1].estimate == .seconds(7200))
    #expect(plan.tasks[1].text.details == "Part of: Basket")
    #expect(plan.tasks[1].text.description == "Keep it small")
    #expect(plan.tasks[2].worker == "frontend")
    #expect(plan.findings == [])
  }

  @Test("specs of a folder run side by side, and their places name the file")
  func severalSpecs() throws {
    try write(Self.shop, spec: "shop")
    try write("- [ ] 1. A\n- [X] 2. B\n  - _Dependencies: shop/3, 9_\n", spec: "blog")
    #expect(try PlanSource.locate(directory: folder.path) == ".spec-workflow/specs")
    let plan = try plan()
    #expect(
      plan.tasks.map(\.id.text) == ["blog/1", "blog/2", "shop/1", "shop/2.1", "shop/2.2", "shop/3"])
    #expect(plan.tasks[1].dependencies == ["shop/3"])
    #expect(
      plan.findings.map { "\($0.place?.file ?? ""):\($0.place?.line ?? 0) \($0.problem)" } == [
        ".spec-workflow/specs/blog/tasks.md:2 task 2 has the mark 'X' in its checkbox, which others do not read",
        ".spec-workflow/specs/blog/tasks.md:3 task blog/2 depends on blog/9, which is not there; it does not wait for it",
      ])
  }

  @Test("only the marks change, and headings follow what is below them")
  func marks() throws {
    try write(Self.shop, spec: "shop")
    try write("- [ ] 1. A\r\n", spec: "blog")
    var file = StatusFile(
      path: folder.path + "/.spec-workflow/specs", tag: nil, format: .specs)
    #expect(
      try file.tryWrite(["shop/2.1": .done, "shop/2.2": .done, "blog/1": .inProgress], now: now)
        == .written)
    #expect(
      try folder.read(".spec-workflow/specs/shop/tasks.md")
        == Self.shop.replacingFirst("- [ ] 2. ", with: "- [x] 2. ")
        .replacingFirst("* [-] 2.1", with: "* [x] 2.1")
        .replacingFirst("- [ ] 2.2.", with: "- [x] 2.2."))
    #expect(try folder.read(".spec-workflow/specs/blog/tasks.md") == "- [-] 1. A\r\n")
    #expect(try file.tryWrite(["shop/2.1": .pending], now: now) == .written)
    #expect(
      try folder.read(".spec-workflow/specs/shop/tasks.md").contains("- [-] 2. Basket\n* [ ] 2.1"))
    #expect(throws: PlanError.self) { try file.tryWrite(["shop/7": .done], now: now) }
    #expect(throws: PlanError.self) { try file.tryWrite(["tea/1": .done], now: now) }
  }

  @Test("a folder without tasks, and a file without numbers, are errors")
  func nothing() throws {
    #expect(throws: PlanError.self) { try plan() }
    try write("- [ ] nothing\n", spec: "shop")
    #expect(throws: PlanError.self) { try plan() }
  }
}
