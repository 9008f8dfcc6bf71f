import Core
import Testing

struct PlanningPlanTests {
  private let folder: TemporaryFolder
  private let now = Instant(microseconds: 1_700_000_000_000_000)

  init() throws {
    folder = try TemporaryFolder.forPlanning()
    try task(
      "TASK-001",
      """
      id: TASK-001
      name: "Tables"
      type: database
      estimated_hours: 6
      dependencies: []
      acceptance_criteria:
        - "all tables are there"
        - migrations run
      """)
    try task(
      "TASK-002",
      """
      id: TASK-002
      title: Sign-in
      type: backend
      estimated_hours: 1.5
      dependencies: [TASK-001]
      files: [src/auth.py, {path: src/token.py}]
      description: |
        Lets people
        sign in.
      """)
    try task(
      "TASK-003", "name: Pages\ndependencies:\n  - TASK-001 (minimal)\nstatus: in_progress\n")
  }

  private func task(_ name: String, _ text: String) throws {
    _ = try folder.write(text, to: "docs/planning/tasks/\(name).yaml")
  }

  private func plan() throws -> Plan {
    try PlanSource.read(file: "docs/planning/tasks", directory: folder.path)
  }

  static let state = """
    # kept by hand, too
    version: "1.0"
    updated_at: "2023-11-01T00:00:00Z"   # last
    parallel_tracks:
      track_info:
        1: {name: "Back end", completed_hours: 0, status: pending}
        2:
          name: Pages
    tasks:
      TASK-001: {status: in_progress, started_at: "2023-11-14T21:13:20Z"}
      TASK-002:
        status: "pending" # soon
        track: 2

    statistics:
      completed_tasks: 0
      in_progress_tasks: 1
      other: 5

    """

  @Test("each file is a task, and a file without an id is called by its name")
  func tasks() throws {
    #expect(try PlanSource.locate(directory: folder.path) == "docs/planning/tasks")
    let plan = try plan()
    #expect(plan.tasks.map(\.id.text) == ["TASK-001", "TASK-002", "TASK-003"])
    #expect(plan.tasks.map(\.title) == ["Tables", "Sign-in", "Pages"])
    #expect(plan.tasks.map(\.worker) == ["database", "backend", nil])
    #expect(plan.tasks.map { $0.estimate?.seconds } == [21_600, 5400, nil])
    #expect(plan.tasks.map(\.status) == [.pending, .pending, .inProgress])
    #expect(plan.tasks[1].dependencies == ["TASK-001"])
    #expect(plan.tasks[2].softDependencies == ["TASK-001"])
    #expect(plan.tasks[1].files == ["src/auth.py", "src/token.py"])
    #expect(plan.tasks[1].text.description == "Lets people\nsign in.")
    #expect(plan.tasks[0].text.acceptanceCriteria == ["all tables are there", "migrations run"])
    #expect(plan.findings == [])
  }

  @Test("sprints assign tracks, and the state gives statuses and the names of tracks")
  func sprintsAndState() throws {
    _ = try folder.write(
      "id: SPRINT-001-01\nname: Foundation\ntrack: 1\ntasks: [TASK-001, TASK-009]\ndependencies: none\n",
      to: "docs/sprints/SPRINT-001-01.yaml")
    _ = try folder.write(Self.state, to: "docs/planning/.project-state.yaml")
    let plan = try plan()
    #expect(plan.tasks.map(\.status) == [.inProgress, .pending, .inProgress])
    #expect(plan.tasks.map(\.track) == [1, 2, nil])
    #expect(plan.trackNames == [1: "Back end", 2: "Pages"])
    #expect(
      plan.sprints == [
        Sprint(id: "SPRINT-001-01", name: "Foundation", track: 1, tasks: ["TASK-001"])
      ])
    #expect(
      plan.findings.map(\.problem) == [
        "sprint SPRINT-001-01 has the task TASK-009, which is not there"
      ])
  }

  @Test("what is wrong is named with its file and line")
  func findings() throws {
    try task("TASK-004", "id: TASK-001\n")
    try task("TASK-005", "estimated_hours: soon\nstatus: dnoe\ndependencies: [TASK-05, TASK-005]\n")
    let problems = try plan().findings.map {
      "\($0.place?.file ?? "?"):\($0.place?.line ?? 0) \($0.problem); \($0.remedy)"
    }
    let file = "docs/planning/tasks"
    #expect(
      problems == [
        "\(file)/TASK-004.yaml:1 the id TASK-001 is there more than once, first in \(file)/TASK-001.yaml, line 1; the first counts; give one of them another id",
        "\(file)/TASK-005.yaml:1 the estimate 'soon' is not understood; write hours, such as 6, or a time such as 30m",
        "\(file)/TASK-005.yaml:2 task TASK-005 has the unknown status 'dnoe' and counts as pending; did you mean 'done'?",
        "\(file)/TASK-005.yaml:3 task TASK-005 depends on TASK-05, which is not there; it does not wait for it; did you mean 'TASK-005'?",
        "\(file)/TASK-005.yaml:3 task TASK-005 depends on itself; that is left out; remove it",
      ])
    try task("TASK-006", "id: [\n")
    let error = #expect(throws: PlanError.self) { try plan() }
    #expect(error?.file == "docs/planning/tasks/TASK-006.yaml")
    #expect(error?.place?.line == 2)
  }

  @Test("a state keeps its words and gets only the values that changed")
  func stateInPlace() throws {
    _ = try folder.write(Self.state, to: "docs/planning/.project-state.yaml")
    var file = StatusFile(
      path: folder.path + "/docs/planning/tasks", tag: nil, format: .planning)
    #expect(try file.tryWrite(["TASK-001": .done, "TASK-003": .inProgress], now: now) == .written)
    #expect(
      try folder.read("docs/planning/.project-state.yaml") == """
        # kept by hand, too
        version: "1.0"
        updated_at: "2023-11-14T22:13:20Z"   # last
        parallel_tracks:
          track_info:
            1: {name: "Back end", completed_hours: 0, status: pending}
            2:
              name: Pages
              completed_hours: 0
              status: pending
        tasks:
          TASK-001: {status: completed, started_at: "2023-11-14T21:13:20Z", completed_at: "2023-11-14T22:13:20Z", duration_minutes: 60}
          TASK-002:
            status: "pending" # soon
            track: 2
          TASK-003:
            status: in_progress
            started_at: "2023-11-14T22:13:20Z"

        statistics:
          completed_tasks: 1
          in_progress_tasks: 1
          other: 5

        """)
    #expect(try plan().tasks.map(\.status) == [.done, .pending, .inProgress])
    #expect(folder.names(in: "docs/planning") == [".project-state.yaml", "tasks"])
  }

  @Test("a state that is not there is made, with the keys that its readers know")
  func newState() throws {
    var file = StatusFile(
      path: folder.path + "/docs/planning/tasks", tag: nil, format: .planning)
    #expect(try file.tryWrite(["TASK-001": .done], now: now) == .written)
    #expect(
      try folder.read("docs/planning/.project-state.yaml") == """
        version: "1.0"
        type: project
        created_at: "2023-11-14T22:13:20Z"
        updated_at: "2023-11-14T22:13:20Z"

        tasks:
          TASK-001:
            status: completed
            completed_at: "2023-11-14T22:13:20Z"
          TASK-002:
            status: pending
          TASK-003:
            status: in_progress

        sprints: {}

        current_execution: null

        statistics:
          total_tasks: 3
          completed_tasks: 1
          in_progress_tasks: 1
          pending_tasks: 1
          total_sprints: 0
          completed_sprints: 0
          t1_tasks: 0
          t2_tasks: 0

        """)
  }

  @Test(
    "a state without tasks, or without some, gets them whole",
    arguments: [
      "tasks: {}\n", "tasks:\n", "tasks:\n  TASK-002:\n    status: in_progress\n",
      "tasks:\n  TASK-003: {}\n", "tasks: {}\nstatistics: {}\n",
      "version: \"1.0\"\ntasks: { }\nsprints: {}",
      "tasks:\n  TASK-002:\n    status: in_progress\n    completed_at: null\n",
      "tasks:\n  TASK-002:\n    status: in_progress\n    completed_at:\n    track: 1\n",
      "{}\n", "tasks:\n  TASK-002:\n", "updated_at: \"a\rb\"\nstatistics:\n  other: 5\n",
      "type: \"a\u{2028}b\"\r\nstatistics:\r\n  other: 5\r\n",
    ])
  func incompleteState(text: String) throws {
    _ = try folder.write(text, to: "docs/planning/.project-state.yaml")
    var file = StatusFile(
      path: folder.path + "/docs/planning/tasks", tag: nil, format: .planning)
    let changes = Dictionary(
      uniqueKeysWithValues: try plan().tasks.map { ($0.id, TaskStatus.done) })
    #expect(try file.tryWrite(changes, now: now) == .written)
    let state = try folder.read("docs/planning/.project-state.yaml")
    #expect(try plan().tasks.allSatisfy { $0.status == .done }, "\(state)")
    #expect(try plan().findings == [], "\(state)")
    #expect(state.split(separator: "completed_at").count == 4, "\(state)")
    #expect(folder.names(in: "docs/planning") == [".project-state.yaml", "tasks"], "\(state)")
  }

  @Test(
    "a damaged state is a warning, and is set aside when statuses are written",
    arguments: [
      "tasks: [", "- a\n", "tasks: 5\n", "",
    ])
  func damagedState(text: String) throws {
    _ = try folder.write(text, to: "docs/planning/.project-state.yaml")
    let plan = try plan()
    #expect(plan.findings.count == 1)
    #expect(plan.findings[0].problem.hasPrefix("the state of the work cannot be read"))
    var file = StatusFile(
      path: folder.path + "/docs/planning/tasks", tag: nil, format: .planning)
    #expect(try file.tryWrite(["TASK-001": .done], now: now) == .written)
    #expect(
      folder.names(in: "docs/planning") == [
        ".project-state.yaml", ".project-state.yaml.backup", "tasks",
      ])
    #expect(try folder.read("docs/planning/.project-state.yaml.backup") == text)
    #expect(try self.plan().tasks[0].status == .done)
  }

  @Test("a failed task is worked on again, and a lock of the state is waited for")
  func failedAndLocked() throws {
    _ = try folder.write(
      "tasks:\n  TASK-001: {status: failed}\n", to: "docs/planning/.project-state.yaml")
    #expect(try plan().tasks[0].status == .pending)
    _ = try folder.write("{}", to: "docs/planning/.project-state.lock")
    var file = StatusFile(
      path: folder.path + "/docs/planning/tasks", tag: nil, format: .planning)
    let soon = try folder.modified("docs/planning/.project-state.lock") + .seconds(1)
    #expect(
      try file.tryWrite(["TASK-001": .done], now: soon)
        == .locked(retryAfter: .milliseconds(100)))
  }
}
