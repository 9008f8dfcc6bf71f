import Core
import Testing

struct TaskMasterEditTests {
  static let file = """
    {
      "master": {
        "tasks": [
          {
            "id": 1,
            "title": "Täbles",
            "status": "done",
            "dependencies": []
          },
          { "id": 2, "title" : "API", "x": [1,  2], "dependencies": [ 1 ] },
          {
            "id": 3,
            "title": "Test",
            "dependencies": [
              1,
              2
            ]
          }
        ],
        "metadata": {"version":  "1"}
      }
    }

    """

  private func apply(_ change: TaskChange, to text: String = file) throws -> String {
    let edit = try TaskMasterEdit(Array(text.utf8), name: "tasks.json", tag: "master")
    return String(decoding: try edit.apply(change).bytes, as: UTF8.self)
  }

  @Test("an edit changes the values it names and adds those that are missing")
  func edit() throws {
    #expect(
      try apply(
        .edit("2", TaskDraft(title: "The \"API\"", priority: .high, dependencies: [])))
        == Self.file.replacingFirst(
          #"{ "id": 2, "title" : "API", "x": [1,  2], "dependencies": [ 1 ] }"#,
          with:
            #"{ "id": 2, "priority": "high", "title" : "The \"API\"", "x": [1,  2], "dependencies": [] }"#
        ))
    #expect(
      try apply(.edit("3", TaskDraft(dependencies: ["2"])))
        == Self.file.replacingFirst("[\n          1,\n          2\n        ]", with: "[2]"))
  }

  @Test("a new task has the form of the last one, and the next number")
  func add() throws {
    #expect(
      try apply(.add(nil, TaskDraft(title: "New", dependencies: ["3", "1"])))
        == Self.file.replacingFirst(
          "        ]\n      }\n    ],",
          with: """
                    ]
                  },
                  {
                    "id": 4,
                    "title": "New",
                    "status": "pending",
                    "dependencies": [3, 1]
                  }
                ],
            """))
    #expect(try apply(.add("a b", TaskDraft(title: "New"))).contains("\"id\": \"a b\""))
    let empty = try TaskMasterEdit(Array("[]".utf8), name: "tasks.json", tag: nil)
    #expect(
      try empty.apply(.add(nil, TaskDraft(title: "A"))).bytes
        == Array(
          #"[{"id": 1, "title": "A", "status": "pending", "dependencies": []}]"#.utf8))
  }

  @Test("a task goes with its comma, and out of what waits for it when that is wanted")
  func remove() throws {
    #expect(
      try apply(.remove("3", cutsDependents: false))
        == Self.file.replacingFirst(
          """
          ,
                {
                  "id": 3,
                  "title": "Test",
                  "dependencies": [
                    1,
                    2
                  ]
                }
          """, with: ""))
    let cut = try apply(.remove("1", cutsDependents: true))
    let plan = try Fixture.plan(cut)
    #expect(plan.tasks.map(\.id) == ["2", "3"])
    #expect(plan.tasks.map(\.dependencies) == [[], ["2"]])
    #expect(cut.contains("\"x\": [1,  2], \"dependencies\": [] }"))
    let error = #expect(throws: PlanError.self) {
      try apply(.remove("1", cutsDependents: false))
    }
    #expect(error?.problem == "2 tasks wait for task 1: 2, 3")
  }

  @Test(
    "what makes no sense is refused and changes nothing",
    arguments: [
      TaskChange.edit("9", TaskDraft(title: "x")), .remove("9", cutsDependents: true),
      .add("2", TaskDraft(title: "x")), .edit("1", TaskDraft(dependencies: ["3"])),
      .edit("1", TaskDraft(dependencies: ["9"])),
    ])
  func refused(change: TaskChange) {
    #expect(throws: PlanError.self) { try apply(change) }
  }

  @Test("tasks of every real file can be added, edited and removed again")
  func corpus() throws {
    for tag in try Corpus.tags() {
      let document = try Corpus.document(tag.file)
      let edit = try TaskMasterEdit(document.bytes, name: tag.file, tag: tag.tag)
      let (added, id) = try edit.apply(.add(nil, TaskDraft(title: "One more")))
      let again = try TaskMasterEdit(added, name: tag.file, tag: tag.tag)
      let edited = try again.apply(.edit(id, TaskDraft(title: "Another name"))).bytes
      #expect(edited != added)
      let last = try TaskMasterEdit(edited, name: tag.file, tag: tag.tag)
      let removed = try last.apply(.remove(id, cutsDependents: false)).bytes
      let isWhole = removed == document.bytes
      #expect(isWhole)
    }
  }

  @Test("changes are made under the lock")
  func locked() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("[]", to: "tasks.json")
    let file = StatusFile(path: path, tag: nil)
    let lock = try folder.write("{}", to: "tasks.json.lock")
    let soon = try folder.modified("tasks.json.lock") + .seconds(1)
    #expect(try file.tryChange(.add(nil, TaskDraft(title: "A")), now: soon) == nil)
    #expect(try folder.read("tasks.json") == "[]")
    let later = soon + .seconds(20)
    #expect(try file.tryChange(.add(nil, TaskDraft(title: "A")), now: later) == "1")
    #expect(!folder.names().contains(String(lock.split(separator: "/").last ?? "")))
  }
}
