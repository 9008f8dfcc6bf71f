import Core
import Testing

struct TaskMasterTests {
  @Test(
    "every shape of file gives the same task",
    arguments: [
      (#"[{"id": 1, "title": "a"}]"#, nil),
      (#"{"tasks": [{"id": 1, "title": "a"}], "version": "1", "meta": {}}"#, nil),
      (#"{"master": {"tasks": [{"id": 1, "title": "a"}], "metadata": {}}}"#, "master"),
      (#"{"tags": {"x": {"tasks": [{"id": 1, "title": "a"}]}}, "version": "1"}"#, "x"),
      (#"{"tags": [{"name": "y", "tasks": [{"id": 1, "title": "a"}]}]}"#, "y"),
      (#"{"data": {"tasks": [{"id": 1, "title": "a"}], "stats": {}}, "version": {}}"#, nil),
    ] as [(String, String?)])
  func shapes(text: String, tag: String?) throws {
    let plan = try Fixture.plan(text)
    #expect(plan.origin == Plan.Origin(file: "tasks.json", tag: tag, granularity: .task))
    #expect(plan.tasks.map(\.id) == ["1"])
    #expect(plan.tasks.map(\.title) == ["a"])
    #expect(plan.findings == [])
  }

  @Test("a tag is chosen by word, by preference, by name, or because it is the only one")
  func tags() throws {
    let lists =
      #"{"b": {"tasks": [{"id": 2}]}, "master": {"tasks": [{"id": 1}]}, "c": {"tasks": []}}"#
    #expect(try Fixture.plan(lists).origin.tag == "master")
    #expect(try Fixture.plan(lists, tag: "b").tasks.map(\.id) == ["2"])
    let document = try JSONDocument(parsing: Array(lists.utf8), name: "t")
    let preferred = try TaskMasterImporter.plan(from: document, preferredTags: ["gone", "c", "b"])
    #expect(preferred.origin.tag == "c")
    #expect(try Fixture.plan(#"{"tasks": [{"id": 1}]}"#, tag: "master").tasks.map(\.id) == ["1"])
  }

  @Test(
    "a tag that cannot be chosen is an error that helps",
    arguments: [
      (
        #"{"a": {"tasks": []}, "b": {"tasks": []}}"#, nil,
        "tasks.json: it has several tags and none is chosen: a, b; choose one with --tag"
      ),
      (
        #"{"master": {"tasks": []}, "feature": {"tasks": []}}"#, "featrue",
        "tasks.json: it has no tag 'featrue', only master, feature; did you mean 'feature'?"
      ),
      (
        #"{"master": {"tasks": []}}"#, "something",
        "tasks.json: it has no tag 'something', only master; choose one of them with --tag"
      ),
      (#"{"tasks": []}"#, "x", "tasks.json: it has no tags, so no 'x'; leave out --tag"),
      (
        #"{"version": 1, "tasks": {}}"#, nil,
        #"tasks.json:1:1: there is no task list in it; write {"master": {"tasks": […]}}, {"tasks": […]} or an array of tasks"#
      ),
    ] as [(String, String?, String)])
  func tagErrors(text: String, tag: String?, message: String) {
    let error = #expect(throws: PlanError.self) { try Fixture.plan(text, tag: tag) }
    #expect(error?.description == message)
  }

  @Test("everything a task says is read")
  func fields() throws {
    let plan = try Fixture.plan(
      """
      [{"id": " 7 ", "title": "T", "description": "D", "details": "E", "test_strategy": "S",
        "status": "IN_PROGRESS", "priority": "High", "estimate": "1h 30m",
        "acceptanceCriteria": ["one", "two"], "dependencies": [],
        "metadata": {"lanes": {"command": "make", "files": ["a"]}, "files": ["b", "a"]},
        "relevantFiles": [{"path": "c", "action": "modify"}, {"path": "r", "action": "reference"}],
        "files": "d", "touches": ["e"],
        "subtasks": [{"id": 1, "title": "s", "status": "done", "files": ["f"]}, {"id": "7.2", "title": "t"}]}]
      """)
    var text = TaskText()
    text.description = "D"
    text.details = "E"
    text.testStrategy = "S"
    text.acceptanceCriteria = ["one", "two"]
    text.subtasks = [
      TaskText.Subtask(id: "7.1", title: "s", isDone: true),
      TaskText.Subtask(id: "7.2", title: "t", isDone: false),
    ]
    #expect(
      plan.tasks == [
        TaskSpec(
          id: "7", title: "T", status: .inProgress, priority: .high, text: text, command: "make",
          estimate: .seconds(5400), files: ["a", "b", "c", "d", "e", "f"],
          place: SourcePlace(line: 1, column: 2))
      ])
    #expect(plan.findings == [])
  }

  @Test("a task without a title is called by its description, else by its id")
  func titles() throws {
    let plan = try Fixture.plan(
      #"[{"id": 1, "description": "d\ne"}, {"id": 2}, {"id": 3, "name": "n"}]"#)
    #expect(plan.tasks.map(\.title) == ["d", "2", "n"])
  }

  @Test(
    "ids are text whatever their form",
    arguments: [
      ("1", "1"), ("\"1\"", "1"), ("1.0", "1"), ("1e2", "100"), ("40.9", "40.9"),
      ("\" TASK-1 \"", "TASK-1"), ("12345678901234567890", "12345678901234567890"),
      ("1e400", "1e400"), ("-3", "-3"),
    ])
  func ids(form: String, id: String) throws {
    #expect(try Fixture.plan("[{\"id\": \(form)}]").tasks.map(\.id.text) == [id])
  }

  @Test(
    "statuses are read in every wording",
    arguments: [
      ("\"done\"", .done), ("\"Completed\"", .done), ("\"in_progress\"", .inProgress),
      ("\"In Progress\"", .inProgress), ("\"todo\"", .pending), ("\"open\"", .pending),
      ("\"none\"", .pending), ("\"\"", .pending), ("null", .pending), ("\"canceled\"", .cancelled),
      ("\"cancelled\"", .cancelled), ("\"review\"", .review), ("\"deferred\"", .deferred),
      ("\"blocked\"", .blocked),
    ] as [(String, TaskStatus)])
  func statuses(form: String, status: TaskStatus) throws {
    let plan = try Fixture.plan("[{\"id\": 1, \"status\": \(form)}]")
    #expect(plan.tasks.map(\.status) == [status])
    #expect(plan.findings == [])
  }

  @Test("an unknown status counts as pending and names the nearest")
  func unknownStatus() throws {
    let plan = try Fixture.plan("[{\"id\": 1, \"status\": \"doen\"}, {\"id\": 2, \"status\": 5}]")
    #expect(plan.tasks.map(\.status) == [.pending, .pending])
    #expect(
      plan.findings == [
        Finding(
          .warning, .unknownStatus, tasks: ["1"], place: SourcePlace(line: 1, column: 22),
          problem: "task 1 has the unknown status 'doen' and counts as pending",
          remedy: "did you mean 'done'?"),
        Finding(
          .warning, .unknownStatus, tasks: ["2"], place: SourcePlace(line: 1, column: 51),
          problem: "task 2 has the unknown status '5' and counts as pending",
          remedy: "use one of pending, in-progress, done, review, deferred, cancelled, blocked"),
      ])
  }

  @Test(
    "estimates are read in every form",
    arguments: [
      (#""estimate": "4h""#, 14_400), (#""estimate": "30m""#, 1800), (#""estimate": 2"#, 7200),
      (#""estimate": "1.5 hours""#, 5400), (#""estimate": "1h30m""#, 5400),
      (#""estimate": "2d""#, 57_600), (#""estimatedHours": 12"#, 43_200),
      (#""estimated_hours": "3""#, 10_800), (#""effort": 0.5"#, 1800), (#""dHours": 1"#, 3600),
      (#""estimate": "90 s""#, 90), (#""estimate": "x""#, nil), (#""estimate": "4h 5""#, nil),
      (#""effort": "large""#, nil), (#""estimate": 0"#, nil), (#""estimate": 1e300"#, nil),
      (#""estimate": """#, nil), (#""estimate": -1"#, nil),
    ] as [(String, Int?)])
  func estimates(member: String, seconds: Int?) throws {
    let plan = try Fixture.plan("[{\"id\": 1, \(member)}]")
    #expect(plan.tasks[0].estimate == seconds.map { .seconds($0) })
  }

  @Test(
    "dependencies are read in every form, each once",
    arguments: [
      #""dependencies": [1, 2]"#, #""dependencies": ["1", 2, 1.0, " 2 "]"#,
      #""dependencies": "1, 2""#, #""dependsOn": [1, 2]"#, #""depends_on": "1,2""#,
      #""dependencies": [], "dependsOn": [1, 2]"#, #""dependencies": [{"id": 1}, {"id": "2"}]"#,
    ])
  func dependencies(member: String) throws {
    let plan = try Fixture.plan("[{\"id\": 1}, {\"id\": 2}, {\"id\": 3, \(member)}]")
    #expect(plan.tasks.map(\.dependencies) == [[], [], ["1", "2"]])
    #expect(plan.findings == [])
  }

  @Test("what cannot be read is left out and found")
  func malformed() throws {
    let plan = try Fixture.plan(
      """
      [5,
       {"title": "no id"},
       {"id": "a", "title": "x", "title": "y", "dependencies": [true, null, {}]},
       {"id": "b", "metadata": {"lanes": {"comand": "x", "command": 3}}, "estimate": "soon"}]
      """)
    #expect(plan.tasks.map(\.id) == ["a", "b"])
    #expect(plan.tasks.map(\.title) == ["y", "b"])
    #expect(
      plan.findings.map { "\($0.place?.line ?? 0) \($0.kind) \($0.problem); \($0.remedy)" } == [
        "1 malformed an entry of the list is no object; write a task, or remove the entry",
        "2 missingID a task has no id and is left out; give it an id that no other has",
        "3 duplicateKey the key 'title' is there twice, and the last one counts; remove one of them",
        "3 malformed a dependency is no id and is left out; write the id of a task, or remove it",
        "3 malformed a dependency is no id and is left out; write the id of a task, or remove it",
        "3 malformed a dependency is no id and is left out; write the id of a task, or remove it",
        "4 malformed metadata.lanes of task b has the unknown key 'comand'; did you mean 'command'?",
        "4 malformed the command of task b is no text; write it as text",
        "4 malformed the estimate 'soon' is not understood; write it like 30m, 4h or 1h 30m",
      ])
  }

  @Test("dependencies that lead nowhere or to the task itself are dropped and found")
  func danglingAndSelf() throws {
    let plan = try Fixture.plan(
      """
      {"master": {"tasks": [{"id": 1, "dependencies": [1, 8]}, {"id": 2, "dependencies": ["9", 1]}]},
       "other": {"tasks": [{"id": 9}]}}
      """)
    #expect(plan.tasks.map(\.dependencies) == [[], ["1"]])
    #expect(
      plan.findings.map(\.problem) == [
        "task 1 depends on itself, which is left out",
        "task 1 depends on 8, which is not in this list; it does not wait for it",
        "task 2 depends on 9, which is not in this list, only in the tag 'other'; it does not wait for it",
      ])
    #expect(plan.findings.map(\.tasks) == [["1"], ["1", "8"], ["2", "9"]])
    #expect(plan.findings.map(\.severity) == [.warning, .warning, .warning])
  }

  @Test("tasks with the same id are one that waits for what either waits for")
  func duplicates() throws {
    let plan = try Fixture.plan(
      """
      [{"id": 1}, {"id": 2}, {"id": 3, "title": "a", "dependencies": [1]},
       {"id": 4, "dependencies": [3]}, {"id": "3", "title": "b", "dependencies": [2, 1]}]
      """)
    #expect(plan.tasks.map(\.id) == ["1", "2", "3", "4"])
    #expect(plan.tasks[2].title == "a")
    #expect(plan.tasks[2].dependencies == ["1", "2"])
    #expect(
      plan.findings == [
        Finding(
          .warning, .duplicateID, tasks: ["3"], place: SourcePlace(line: 2, column: 34),
          problem: "the id 3 is there more than once, first in line 1; they count as one task",
          remedy: "give one of them another id")
      ])
  }

  @Test("a dependency on a subtask waits for its task")
  func lifted() throws {
    let plan = try Fixture.plan(
      """
      [{"id": 1, "subtasks": [{"id": 1}], "dependencies": ["1.1"]},
       {"id": 2, "dependencies": ["1.1", "1.9"]}]
      """)
    #expect(plan.tasks.map(\.dependencies) == [[], ["1"]])
    #expect(plan.findings.map(\.kind) == [.selfDependency, .subtask, .dangling])
  }

  @Test("a cycle is an error with its path")
  func cycle() throws {
    let plan = try Fixture.plan(
      """
      [{"id": "a", "dependencies": ["b"]}, {"id": "b", "dependencies": ["c"]},
       {"id": "c", "dependencies": ["a", "b"], "status": "done"}]
      """)
    #expect(
      plan.findings == [
        Finding(
          .error, .cycle, tasks: ["a", "b", "c"], place: SourcePlace(line: 1, column: 2),
          problem: "tasks wait for each other: a → b → c → a",
          remedy: "remove one of these dependencies, for example b from task a")
      ])
    #expect(plan.remaining().findings == [])
    #expect(plan.remaining().tasks.map(\.dependencies) == [["b"], []])
  }

  @Test("a list beside tags is read and said to be there")
  func mixed() throws {
    let plan = try Fixture.plan(#"{"tasks": [{"id": 1}], "x": {"tasks": [{"id": 2}]}}"#)
    #expect(plan.tasks.map(\.id) == ["1"])
    #expect(plan.findings.map(\.severity) == [.warning])
    #expect(
      try Fixture.plan(#"{"tasks": [{"id": 1}], "x": {"tasks": [{"id": 2}]}}"#, tag: "x").tasks.map(
        \.id) == ["2"])
  }

  @Test("of a key that is there twice the last one counts, with a warning")
  func duplicateKeys() throws {
    let plan = try Fixture.plan(
      #"{"x": {"tasks": [{"id": 9}], "tasks": [{"id": 8}]}, "x": {"tasks": [{"id": 7}], "tasks": [{"id": 1}]}}"#
    )
    #expect(plan.tasks.map(\.id) == ["1"])
    #expect(plan.findings.map(\.kind) == [.duplicateKey, .duplicateKey])
    #expect(
      plan.findings.map(\.problem) == [
        "the key 'x' is there twice, and the last one counts",
        "the key 'tasks' is there twice, and the last one counts",
      ])
    #expect(throws: PlanError.self) { try Fixture.plan(#"{"x": {"tasks": []}, "x": 1}"#) }
  }

  @Test("findings without end are counted, not kept")
  func manyFindings() throws {
    let plan = try Fixture.plan("[" + String(repeating: "0,", count: 20_000) + "0]")
    #expect(plan.findings.count == 10_001)
    #expect(plan.findings.last?.problem == "10001 more findings are not listed")
  }
}
