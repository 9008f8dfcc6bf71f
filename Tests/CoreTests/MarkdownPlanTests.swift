import Core
import Testing

struct MarkdownPlanTests {
  /// A requirements document: tasks in bold, files, dependencies in words, times.
  static let requirements = """
    # Bicycle shop

    ## Test tasks

    ### Level 0 Tasks (Independent)

    **Task 1: Tables**
    - Create the tables
    - Files: `src/tables.rs`, `migrations/`, `Cargo.toml` (database)
    - No dependencies on other tasks
    - Estimated time: 30 minutes

    **Task 3: Sign-in**\u{20}
    - Files: `src/auth/mod.rs`, `src/auth/token.rs`
    - No dependencies on other tasks\u{20}\u{20}
    - Estimated time: 45 minutes

    **Task 4: Catalogue**
    - No dependencies on other tasks
    - Estimated time: 40 minutes\u{20}\u{20}

    **Task 6: Pages**
    - No dependencies on other tasks
    - Estimated time: 35 minutes

    ### Level 1 Tasks (Dependent)

    **Task 2: Endpoints**
    - Dependencies: Task 1 (needs the tables)
    - Estimated time: 50 minutes

    **Task 5: Basket**
    - Dependencies: Task 3 (auth), Task 4 (catalogue)
    - Estimated time: 45 minutes

    ### Level 2 Tasks (Final)

    **Task 7: Whole test**\u{20}\u{20}
    - Dependencies: Task 2 (API), Task 5 (basket), Task 6 (pages)
    - Estimated time: 60 minutes

    ## Expected Execution Plan
    - **Level 0**: Tasks 1, 3, 4, 6 (4 parallel tasks)

    ## Conflicts
    - Task 1 and Task 2 both modify `Cargo.toml` (dependencies)

    ## Success Criteria
    1. All 7 tasks complete
    """

  /// A plan of specs: names as headings, remarks that soften dependencies, phases and checkpoints.
  static let specs = """
    # Plan

    ## Created Atomic Specifications

    ### 1. **tables**
    - **Status**: Requirements completed, pending approval
    - **Dependencies**: None (foundational)
    - **Workers**: Database specialists
    - **Files**: `.spec-workflow/specs/tables/`

    ### 2. **task-api**
    - **Status**: Requirements completed
    - **Dependencies**: tables (can start interface design in parallel)
    - **Workers**: API developers

    ### 3. **queue**
    - **Dependencies**: tables (minimal - state)

    ### 4. **pages**
    - **Dependencies**: task-api (contracts), live-events (event types)

    ### 5. **wrapper**
    - **Dependencies**: queue (jobs), tables (results)

    ### 6. **live-events**
    - **Dependencies**: task-api (sources), pages (consumers)

    ## Matrix

    ### **Phase 1: Foundation (Week 1)**
    Can start immediately in parallel:

    | Spec | Worker Type | Parallel Tasks | Outputs |
    |------|-------------|----------------|---------|
    | **tables** | Database Engineer | Design | Types |
    | **queue** | Infrastructure Engineer | Queue set-up | Jobs |
    | **task-api** | Backend Developer | Contracts | Schemas |

    **Key Success Criteria:**
    - All entities are there
    - Contracts are agreed

    ### **Phase 2: Core (Week 2)**

    | Spec | Worker Type | Dependencies | Focus |
    |------|-------------|--------------|-------|
    | **task-api** | Backend Developer | Tables | Endpoints |
    | **wrapper** | Python Developer | Queue | Interface |
    | **pages** | Frontend Developer | Contracts | Components |

    ### **Phase 3: Live (Week 3)**

    | Spec | Worker Type | Dependencies | Focus |
    |------|-------------|--------------|-------|
    | **live-events** | WebSocket Developer | API | Streaming |
    | **pages** | Frontend Developer | Events | Updates |

    ## Worker Areas

    ### **Database Engineer** (tables)
    - **Skills**: PostgreSQL
    - **Integration Points**: Foundation for all others

    ## Strategies

    ### **Interface-First Development**
    - Define interfaces first

    ## Checkpoints

    ### **Week 1 Checkpoint**: Foundation Ready
    - [ ] Tables migrated
    - [x] Contracts defined

    ## Next Steps

    1. **Await Approval**: tables
    2. **Begin**: all at once
    """

  private func plan(_ text: String) throws -> Plan {
    try MarkdownImporter.plan(from: Array(text.utf8), name: "plan.md")
  }

  private func levels(_ plan: Plan) -> [[String]] {
    plan.levels().map { $0.map { plan.tasks[$0].id.text } }
  }

  @Test("tasks in bold with their dependencies in words make the levels that they state")
  func requirementsDocument() throws {
    let plan = try plan(Self.requirements)
    #expect(levels(plan) == [["1", "3", "4", "6"], ["2", "5"], ["7"]])
    #expect(plan.findings == [])
    #expect(plan.tasks.map(\.title).prefix(2) == ["Tables", "Sign-in"])
    #expect(plan.tasks[0].files == ["src/tables.rs", "migrations/", "Cargo.toml"])
    #expect(plan.tasks[0].estimate == .seconds(1800))
    #expect(plan.tasks[0].text.description == "- Create the tables")
    #expect(plan.tasks[0].place == SourcePlace(line: 7, column: 1))
    #expect(plan.tasks.map(\.estimate).compactMap { $0?.seconds }.reduce(0, +) == 305 * 60)
    #expect(plan.stages == [])
  }

  @Test("line ends and a byte order mark change nothing in a document")
  func encodings() throws {
    let text =
      "\u{FEFF}"
      + Self.requirements.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    #expect(try plan(text).tasks == plan(Self.requirements).tasks)
  }

  @Test("specs have worker types, soft dependencies, phases and checkpoints")
  func specPlan() throws {
    let plan = try plan(Self.specs)
    #expect(
      plan.tasks.map(\.id.text) == [
        "tables", "task-api", "queue", "pages", "wrapper", "live-events",
      ])
    #expect(plan.tasks[1].dependencies == [])
    #expect(
      plan.tasks.map { $0.softDependencies.map(\.text) } == [
        [], ["tables"], ["tables"], [], [], [],
      ])
    #expect(
      plan.tasks.map(\.worker) == [
        "Database specialists", "API developers", "Infrastructure Engineer", "Frontend Developer",
        "Python Developer", "WebSocket Developer",
      ])
    #expect(plan.tasks[0].files == [".spec-workflow/specs/tables/"])
    #expect(
      plan.tasks[0].text.details == """
        Phase 1: Foundation (Week 1), parallel tasks: Design
        Phase 1: Foundation (Week 1), outputs: Types
        Database Engineer (tables): Skills: PostgreSQL
        Database Engineer (tables): Integration Points: Foundation for all others
        """)
    #expect(
      plan.stages.map { ($0.kind.rawValue + " " + $0.name) } == [
        "phase Phase 1: Foundation (Week 1)", "phase Phase 2: Core (Week 2)",
        "phase Phase 3: Live (Week 3)", "checkpoint Week 1 Checkpoint: Foundation Ready",
      ])
    #expect(plan.stages[1].tasks == ["task-api", "wrapper", "pages"])
    #expect(
      plan.stages[0].criteria == [
        Stage.Criterion("All entities are there"), Stage.Criterion("Contracts are agreed"),
      ])
    #expect(
      plan.stages[3].criteria == [
        Stage.Criterion("Tables migrated"), Stage.Criterion("Contracts defined", isMet: true),
      ])
  }

  @Test("specs that wait for each other are an error whose remedy makes the plan run")
  func mutualDependency() throws {
    let plan = try plan(Self.specs)
    #expect(
      plan.findings == [
        Finding(
          .error, .cycle, tasks: ["pages", "live-events"], place: SourcePlace(line: 19, column: 1),
          problem: "tasks wait for each other: pages → live-events → pages",
          remedy:
            "write 'live-events (can start in parallel)' among the dependencies of pages, which comes in a later phase"
        )
      ])
    let remedied = Self.specs.replacingFirst(
      "live-events (event types)", with: "live-events (can start in parallel)")
    let after = try self.plan(remedied)
    #expect(after.findings == [])
    #expect(
      levels(after) == [["queue", "tables", "task-api"], ["pages", "wrapper"], ["live-events"]])
    #expect(after.softDependencies(of: 3) == [5])
  }

  @Test(
    "dependencies are named in many ways",
    arguments: [
      ("Task 1", ["1"]), ("Tasks 1, 2 and 3", ["1", "2", "3"]), ("1; 2", ["1", "2"]),
      ("`Task 1` & **Task 2**", ["1", "2"]), ("Tasks 1-3", ["1", "2", "3"]), ("#2", ["2"]),
      ("search and filter", ["2"]), ("Search and Filter (done first), task 3.", ["2", "3"]),
      ("None", []), ("n/a", []), ("None (foundational)", []),
      ("all previous tasks", ["1", "2", "3"]),
    ])
  func names(text: String, expected: [String]) throws {
    let plan = try plan(
      "### Task 1: A\n### Task 2: Search and Filter\n### Task 3: C\n### Task 9: D\n- Depends on: \(text)"
    )
    #expect(plan.tasks[3].dependencies.map(\.text) == expected)
    #expect(plan.findings == [])
  }

  @Test(
    "a remark softens a dependency only when it says that work can start or overlaps",
    arguments: [
      ("can start early", true), ("minimal", true), ("in parallel", true), ("overlaps", true),
      ("API contracts", false), ("cannot start before", false), ("not in parallel", false),
      ("only after, minimal", false),
    ])
  func soft(remark: String, isSoft: Bool) throws {
    let plan = try plan("## Task 1: A\n## Task 2: B\n- Dependencies: Task 1 (\(remark))")
    #expect(plan.tasks[1].softDependencies == (isSoft ? ["1"] : []))
    #expect(plan.tasks[1].dependencies == (isSoft ? [] : ["1"]))
  }

  @Test("lists below a field belong to it, and a checkbox is a status")
  func nestedLists() throws {
    let plan = try plan(
      """
      ## [x] Task 1: A
      ## Task 2: B
      - **Dependencies:**
        - Task 1
        - Task 3 (minimal)
      - Files:
        - src/a.swift (new)
        - `src/b.swift`
      - Acceptance criteria:
        - [ ] it works
      - Worker: frontend
      - Priority: high
      Some words.
      - [-] **Task 3: C**
        - Estimate: 2-3 hours
      - an item of something else
      """)
    #expect(plan.tasks.map(\.status) == [.done, .pending, .inProgress])
    #expect(plan.tasks[1].dependencies == ["1"])
    #expect(plan.tasks[1].softDependencies == ["3"])
    #expect(plan.tasks[1].files == ["src/a.swift", "src/b.swift"])
    #expect(plan.tasks[1].text.acceptanceCriteria == ["it works"])
    #expect(plan.tasks[1].priority == .high)
    #expect(plan.tasks[1].text.description == "Some words.")
    #expect(plan.tasks[2].estimate == .seconds(3 * 3600))
  }

  @Test("what is not understood is a finding with its line")
  func findings() throws {
    let plan = try plan(
      """
      ## Task 1: A
      - Status: complted
      - Estimate: some time
      - Dependencies: Task 1, Task 8, Tsk-2
      ## Task 2: B
      ## Task 2: C
      """)
    #expect(
      plan.findings.map { "\($0.place?.line ?? 0) \($0.kind) \($0.problem)" } == [
        "2 unknownStatus task 1 has the unknown status 'complted' and counts as pending",
        "3 malformed the estimate 'some time' is not understood",
        "4 selfDependency task 1 depends on itself; that is left out",
        "4 dangling task 1 depends on 'Task 8', which is no task here; it does not wait for it",
        "4 dangling task 1 depends on 'Tsk-2', which is no task here; it does not wait for it",
        "6 duplicateID the id 2 is there more than once, first in line 5; the first counts",
      ])
    #expect(plan.tasks.map(\.id) == ["1", "2"])
  }

  @Test("code, comments and prose hold no tasks")
  func noTasks() {
    let text = """
      # Plan
      ```
      ## Task 1: A
      ```
      <!-- ## Task 2: B
      ## Task 3: C -->
      - Task 4: in prose
      ## Task overview: all
      """
    #expect(throws: PlanError.self) { try plan(text) }
    #expect(throws: PlanError.self) { try plan("") }
  }

  @Test("bytes that are no UTF-8 are an error with their line")
  func damaged() {
    let error = #expect(throws: PlanError.self) {
      try MarkdownImporter.plan(from: Array("## Task 1: A\n".utf8) + [0xFF], name: "plan.md")
    }
    #expect(error?.place == SourcePlace(line: 2, column: 1))
  }

  @Test("a document is read by its name, and by its first character when the name says nothing")
  func detection() throws {
    let folder = try TemporaryFolder()
    for name in ["plan.md", "plan.txt", "PRD"] {
      _ = try folder.write(Self.requirements, to: name)
      let plan = try PlanSource.read(file: name, directory: folder.path)
      #expect(plan.origin == Plan.Origin(file: name, format: .markdown))
    }
    #expect(throws: PlanError.self) {
      try PlanSource.read(file: "plan.md", directory: folder.path, format: .taskMaster)
    }
  }
}

extension String {
  /// The text with the first place of some words changed.
  func replacingFirst(_ words: String, with others: String) -> String {
    guard let range = firstRange(of: words) else { return self }
    return String(self[..<range.lowerBound]) + others + String(self[range.upperBound...])
  }
}
