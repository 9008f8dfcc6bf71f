import Core
import Testing

/// Small plans for tests.
enum Fixture {
  /// Seven tasks in three levels, with estimates and files.
  static func ecommerce() throws -> Plan {
    try PlanSource.read(file: "ecommerce.json", directory: Corpus.folder + "/..")
  }

  static func plan(
    _ text: String, tag: String? = nil, granularity: Plan.Granularity = .task
  ) throws -> Plan {
    let document = try JSONDocument(parsing: Array(text.utf8), name: "tasks.json")
    return try TaskMasterImporter.plan(from: document, tag: tag, granularity: granularity)
  }
}
