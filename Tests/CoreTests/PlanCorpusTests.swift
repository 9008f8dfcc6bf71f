import Core
import Testing

struct PlanCorpusTests {
  @Test("the graph of every real file is the reference's", arguments: try Corpus.tags())
  func top(tag: Corpus.Tag) throws {
    let plan = try plan(tag)
    #expect(try Shape(plan) == Shape(#require(tag.expected["top"])))
    #expect(try Shape(plan.remaining()) == Shape(#require(tag.expected["remaining"])))
  }

  @Test(
    "the graph with subtasks of every real file is the reference's", arguments: try Corpus.tags())
  func withSubtasks(tag: Corpus.Tag) throws {
    let expected = try #require(tag.expected["with_subtasks"])
    if expected.isNull { return }
    let plan = try plan(tag, .subtask)
    #expect(try Shape(plan) == Shape(expected))
    let dangling = plan.findings.filter { $0.kind == .dangling }.map { $0.tasks.map(\.text) }
    #expect(dangling == Shape.lists(expected["sub_dangling"]))
  }

  @Test("the findings of every real file are the reference's", arguments: try Corpus.tags())
  func findings(tag: Corpus.Tag) throws {
    let plan = try plan(tag)
    let duplicates = plan.findings.filter { $0.kind == .duplicateID }.map { $0.tasks[0].text }
    #expect(duplicates == Shape.strings(tag.expected["duplicate_ids"]))
    let dangling = plan.findings.filter { $0.kind == .dangling }.map { $0.tasks[1].text }
    #expect(dangling == Shape.strings(tag.expected["dangling_ids"]))
    let missing = plan.findings.count { $0.kind == .missingID }
    #expect(missing == tag.expected["no_id"]?.integer)
    #expect(plan.findings.allSatisfy { $0.place != nil && !$0.remedy.isEmpty })
  }

  @Test("a file without a task list is an error", arguments: try Corpus.filesWithoutTasks())
  func noTasks(file: String) {
    #expect(throws: (any Error).self) {
      try TaskMasterImporter.plan(from: Corpus.document(file))
    }
  }

  @Test("line ends and a byte order mark change nothing", arguments: try Corpus.tags())
  func encodings(tag: Corpus.Tag) throws {
    var bytes: [UInt8] = [0xEF, 0xBB, 0xBF]
    for byte in try Corpus.document(tag.file).bytes {
      if byte == UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\r")) }
      bytes.append(byte)
    }
    let document = try JSONDocument(parsing: bytes, name: tag.file)
    let plan = try TaskMasterImporter.plan(from: document, tag: tag.tag)
    let original = try self.plan(tag)
    #expect(plan.tasks == original.tasks)
    #expect(plan.findings == original.findings)
  }

  @Test("the file with a control character in a string is an error that names the byte")
  func brokenFile() {
    let error = #expect(throws: JSONError.self) {
      try Corpus.document("kef2001__claude-code-ochestrator__broken_ctrlchar.json")
    }
    #expect(error?.place == SourcePlace(line: 177, column: 6))
  }

  private func plan(
    _ tag: Corpus.Tag, _ granularity: Plan.Granularity = .task
  ) throws -> Plan {
    try TaskMasterImporter.plan(
      from: Corpus.document(tag.file), tag: tag.tag, granularity: granularity)
  }
}
