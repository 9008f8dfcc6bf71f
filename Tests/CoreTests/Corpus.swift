import Core
import Glibc
import Testing

/// The real task files beside the tests, and what a reference computed for them.
enum Corpus {
  static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/Fixtures/corpus"

  static func document(_ name: String) throws -> JSONDocument {
    try JSONDocument(parsing: SourceFile.read("\(folder)/\(name)"), name: name)
  }

  /// One task list of a file.
  struct Tag: CustomTestStringConvertible {
    var file: String
    /// Nil for a list without a tag.
    var tag: String?
    var expected: JSONNode

    var testDescription: String { "\(file) \(tag ?? "-")" }
  }

  static func tags() throws -> [Tag] {
    try document("expected.json").root.members.flatMap { file, entry in
      try #require(entry["tags"]).members.map { tag, expected in
        let name = try #require(tag.string)
        return Tag(
          file: try #require(file.string), tag: name.hasPrefix("(") ? nil : name, expected: expected
        )
      }
    }
  }

  /// The files that hold no task list.
  static func filesWithoutTasks() throws -> [String] {
    try document("expected.json").root.members.compactMap { file, entry in
      entry["tags"]?.members.first { _ in true } == nil ? file.string : nil
    }
  }
}

/// A reference's result for one graph, in the words of `expected.json`.
struct Shape: Equatable {
  var nodes: Int
  var edges: Int
  var levels: [[String]]?
  var levelsBeforeCycle: [[String]]?
  var stuck: [String]?
  var cycles: [[String]]
  var criticalPath: [String]?

  init(_ node: JSONNode) throws {
    nodes = try #require(node["nodes"]?.integer)
    edges = try #require(node["edges"]?.integer)
    levels = Self.lists(node["levels"])
    levelsBeforeCycle = Self.lists(node["levels_before_cycle"])
    stuck = Self.strings(node["stuck"])
    cycles = try #require(Self.lists(node["cycles"]))
    criticalPath = Self.strings(node["critical_path"])
  }

  init(_ plan: Plan) {
    let ids = { (tasks: [Int]) in tasks.map { plan.tasks[$0].id }.sorted().map(\.text) }
    let levels = plan.levels().map { $0.map { plan.tasks[$0].id.text } }
    let isWhole = plan.graph.stuck.isEmpty
    nodes = plan.tasks.count
    edges = plan.graph.edgeCount
    self.levels = isWhole ? levels : nil
    levelsBeforeCycle = isWhole ? nil : levels
    stuck = isWhole ? nil : ids(plan.graph.stuck)
    cycles = Cycles(in: plan.graph).groups.map(ids)
    let path = CriticalPath.longestChain(in: plan.graph, ranks: plan.ranks())
    criticalPath = isWhole ? path.map { plan.tasks[$0].id.text } : nil
  }

  static func lists(_ node: JSONNode?) -> [[String]]? {
    node?.kind == .array ? node?.elements.map { $0.elements.compactMap(\.string) } : nil
  }

  static func strings(_ node: JSONNode?) -> [String]? {
    node?.kind == .array ? node?.elements.compactMap(\.string) : nil
  }
}
