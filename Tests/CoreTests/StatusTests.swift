import Core
import Testing

struct StatusTests {
  @Test(
    "only the statuses' own bytes change, in every task of every real file",
    arguments: try Corpus.tags())
  func allTasks(tag: Corpus.Tag) throws {
    for granularity in Plan.Granularity.allCases {
      let document = try Corpus.document(tag.file)
      let plan = try TaskMasterImporter.plan(from: document, tag: tag.tag, granularity: granularity)
      let changes = Dictionary(
        uniqueKeysWithValues: plan.tasks.map { ($0.id, TaskStatus.review) })
      let edited = try StatusEdit.apply(
        changes, to: document.bytes, name: tag.file, tag: tag.tag)
      let again = try JSONDocument(parsing: edited, name: tag.file)
      #expect(withoutStatuses(again) == withoutStatuses(document))
      let statuses = try TaskMasterImporter.plan(
        from: again, tag: tag.tag, granularity: granularity
      ).tasks.map(\.status)
      #expect(statuses == plan.tasks.map { _ in .review })
    }
  }

  @Test("one task's status changes in place", arguments: try Corpus.tags())
  func oneTask(tag: Corpus.Tag) throws {
    let document = try Corpus.document(tag.file)
    let tasks = try TaskMasterImporter.plan(from: document, tag: tag.tag).tasks
    for task in tasks.prefix(15) {
      let edited = try StatusEdit.apply(
        [task.id: .blocked], to: document.bytes, name: tag.file, tag: tag.tag)
      let prefix = zip(edited, document.bytes).prefix { $0 == $1 }.count
      let suffix = zip(edited.reversed(), document.bytes.reversed()).prefix { $0 == $1 }.count
      let old = document.bytes.count - prefix - suffix
      let new = edited.count - prefix - suffix
      #expect(old <= "\"in-progress\"".count && new <= "\"blocked\"".count, "\(task.id)")
    }
  }

  @Test(
    "a status is written as the file is written",
    arguments: [
      (#"[{"id":1,"status":"pending"}]"#, #"[{"id":1,"status":"done"}]"#),
      (#"[{"id":1,"status":null}]"#, #"[{"id":1,"status":"done"}]"#),
      (#"[{"id":1,"status":"Completed"}]"#, #"[{"id":1,"status":"Completed"}]"#),
      (#"[{"id":1,"status":"a","status":"b"}]"#, #"[{"id":1,"status":"a","status":"done"}]"#),
      (#"[{"id":1,"title":"x"}]"#, #"[{"id":1,"status":"done","title":"x"}]"#),
      (#"[{"id": 1, "title": "x"}]"#, #"[{"id": 1, "status": "done", "title": "x"}]"#),
      (
        "[\n  {\n    \"id\" : 1\n  }\n]",
        "[\n  {\n    \"id\" : 1,\n    \"status\" : \"done\"\n  }\n]"
      ),
      (
        "{\r\n\t\"tasks\": [{\r\n\t\t\"id\": \"1\",\r\n\t\t\"x\": 1}]}",
        "{\r\n\t\"tasks\": [{\r\n\t\t\"id\": \"1\",\r\n\t\t\"status\": \"done\",\r\n\t\t\"x\": 1}]}"
      ),
      (
        "\u{FEFF}[{\"id\":\"1\",\"status\":\"pending\"}]",
        "\u{FEFF}[{\"id\":\"1\",\"status\":\"done\"}]"
      ),
    ])
  func forms(before: String, after: String) throws {
    let edited = try StatusEdit.apply(["1": .done], to: Array(before.utf8), name: "t", tag: nil)
    #expect(String(decoding: edited, as: UTF8.self) == after)
  }

  @Test("only the chosen tag and the first of equal ids change; subtasks are found by full id")
  func places() throws {
    let before = """
      {"a": {"tasks": [{"id": 1, "status": "pending"}]},
       "b": {"tasks": [{"id": 1, "status": "pending", "subtasks": [{"id": 2, "status": "pending"}]},
                       {"id": 1, "status": "pending"}]}}
      """
    let edited = try StatusEdit.apply(
      ["1": .inProgress, "1.2": .done], to: Array(before.utf8), name: "t", tag: "b")
    #expect(
      String(decoding: edited, as: UTF8.self) == """
        {"a": {"tasks": [{"id": 1, "status": "pending"}]},
         "b": {"tasks": [{"id": 1, "status": "in-progress", "subtasks": [{"id": 2, "status": "done"}]},
                         {"id": 1, "status": "pending"}]}}
        """)
  }

  @Test("a file that lost the task, the tag or its form is an error")
  func lost() {
    func error(_ text: String, tag: String? = nil) -> String? {
      do throws(PlanError) {
        _ = try StatusEdit.apply(["5": .done], to: Array(text.utf8), name: "t", tag: tag)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      error(#"[{"id": 1}]"#) == "t: task 5 is no longer in it; put it back, or start a new run")
    #expect(
      error(#"{"a": {"tasks": []}}"#, tag: "b")
        == "t: the tag 'b' is no longer in it; put it back, or start a new run")
    #expect(error("{}") == "t: its task list is gone; put it back, or start a new run")
    #expect(
      error("[")
        == "t:1:2: the file ends inside the array that begins in line 1; close it with ']', or restore the rest of the file"
    )
  }

  /// The document's bytes with every member called status taken out.
  private func withoutStatuses(_ document: JSONDocument) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    func walk(_ node: JSONNode) {
      for element in node.elements { walk(element) }
      for (key, value) in node.members where !key.isString("status") {
        pieces.append(Array(document.bytes[key.range]))
        walk(value)
      }
      if node.kind != .object && node.kind != .array {
        pieces.append(Array(document.bytes[node.range]))
      }
    }
    walk(document.root)
    return pieces
  }
}
