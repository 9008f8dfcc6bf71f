import Core
import Testing

struct MarkdownStatusTests {
  private func edit(_ text: String, _ changes: [TaskID: TaskStatus]) throws -> String {
    let bytes = try MarkdownStatusEdit.apply(changes, to: Array(text.utf8), name: "plan.md")
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "only the value of the status changes",
    arguments: [
      ("## [ ] Task 1: A\n", "## [x] Task 1: A\n"),
      ("## Task 1: A\n- Status: pending\n- x\n", "## Task 1: A\n- Status: done\n- x\n"),
      ("## Task 1: A\n- **Status**: todo (soon)\n", "## Task 1: A\n- **Status**: done (soon)\n"),
      ("## Task 1: A\n- **Status:** ⏳ open\n", "## Task 1: A\n- **Status:** done\n"),
      ("## Task 1: A\n- Status: `pending` \r\n", "## Task 1: A\n- Status: `done` \r\n"),
      ("## Task 1: A\n- Status: Completed.\n", "## Task 1: A\n- Status: done (Completed.)\n"),
      ("## Task 1: A\n- Status: completed\n", "## Task 1: A\n- Status: completed\n"),
      ("## Task 1: A\n- Status:\n", "## Task 1: A\n- Status: done\n"),
      (
        "## Task 1: A\n- Status: Asked for, waiting (x)\n",
        "## Task 1: A\n- Status: done (Asked for, waiting (x))\n"
      ),
      ("## Task 1: A\n\n  * x\n", "## Task 1: A\n\n  * Status: done\n  * x\n"),
      (
        "## Task 1: A\r\n- **Files**: a\r\n",
        "## Task 1: A\r\n- **Status**: done\r\n- **Files**: a\r\n"
      ),
      ("**Task 1: A**", "**Task 1: A**\n- Status: done"),
      ("- **Task 1: A**\n", "- **Task 1: A**\n  - Status: done\n"),
    ])
  func inPlace(before: String, after: String) throws {
    #expect(try edit(before, ["1": .done]) == after)
    #expect(try edit(after, ["1": .done]) == after)
  }

  @Test("statuses go there and back in both kinds of documents")
  func roundTrip() throws {
    for text in [MarkdownPlanTests.requirements, MarkdownPlanTests.specs] {
      let plan = try MarkdownImporter.plan(from: Array(text.utf8), name: "plan.md")
      for status in TaskStatus.allCases {
        let changes = Dictionary(uniqueKeysWithValues: plan.tasks.map { ($0.id, status) })
        let edited = try edit(text, changes)
        let again = try MarkdownImporter.plan(from: Array(edited.utf8), name: "plan.md")
        #expect(again.tasks.allSatisfy { $0.status == status })
        #expect(again.tasks.map(\.dependencies) == plan.tasks.map(\.dependencies))
        #expect(
          again.stages
            == plan.stages.map { stage in
              var stage = stage
              stage.place = again.stages.first { $0.name == stage.name }?.place
              return stage
            })
      }
    }
  }

  @Test("a task that is gone and a status without a mark are errors")
  func errors() {
    #expect(throws: PlanError.self) { try edit("## Task 1: A\n", ["2": .done]) }
    #expect(throws: PlanError.self) { try edit("## [ ] Task 1: A\n", ["1": .cancelled]) }
  }

  @Test("the file is written under the same lock and by a rename")
  func file() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("## Task 1: A\n", to: "plan.md")
    var file = StatusFile(path: path, tag: nil, format: .markdown)
    #expect(
      try file.tryWrite(["1": .inProgress], now: Instant(microseconds: 1_700_000_000_000_000))
        == .written)
    #expect(try folder.read("plan.md") == "## Task 1: A\n- Status: in-progress\n")
    #expect(folder.names() == ["plan.md"])
  }
}
