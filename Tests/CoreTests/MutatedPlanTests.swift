import Core
import Glibc
import Testing

/// Plans as a slip of the hand or a broken disk would leave them.
struct MutatedPlanTests {
  private static let task = """
    id: TASK-001
    name: "Tables, and more"
    type: database
    estimated_hours: 6
    dependencies: [TASK-002, {id: TASK-003}]
    acceptance_criteria:
      - "all tables are there"
    files:
      - src/a.py
    """

  private static let sources: [(format: Plan.Format, text: String)] = [
    (.markdown, MarkdownPlanTests.requirements), (.markdown, MarkdownPlanTests.specs),
    (.specs, SpecPlanTests.shop), (.planning, task), (.planning, PlanningPlanTests.state),
  ]

  @Test("a mutated plan is read, or refused with a line, and its statuses can be written or not")
  func mutations() throws {
    let folder = try TemporaryFolder()
    var random = SplitMix(state: 11)
    var refusals = 0
    for round in 0..<500 {
      let source = Self.sources[round % Self.sources.count]
      let bytes = Self.mutated(Array(source.text.utf8), &random)
      let name = source.format == .planning ? "plan.yaml" : "plan.md"
      try folder.write(bytes, to: name)
      do throws(PlanError) {
        let plan = try PlanSource.read(file: name, directory: folder.path, format: source.format)
        #expect(plan.findings.allSatisfy { !$0.problem.isEmpty && !$0.remedy.isEmpty })
        #expect(plan.graph.levels.joined().count + plan.graph.stuck.count == plan.tasks.count)
        _ = (
          PlanReport(plan, jobs: 2).text(), TrackReport(TrackAnalysis(plan, requested: nil)).text()
        )
        Self.checkEdit(of: plan, bytes, source.format)
      } catch {
        refusals += 1
        #expect(!error.problem.isEmpty && !error.remedy.isEmpty)
        #expect(error.kind != .syntax || error.place != nil)
      }
    }
    #expect((20..<450).contains(refusals))
  }

  @Test("a mutated state is read or set aside, and never stands in the way")
  func states() throws {
    let folder = try TemporaryFolder()
    for name in ["planning", "planning/tasks"] { _ = try folder.folder(name) }
    _ = try folder.write("id: TASK-001\n", to: "planning/tasks/a.yaml")
    _ = try folder.write("id: TASK-002\n", to: "planning/tasks/b.yaml")
    var random = SplitMix(state: 5)
    for _ in 0..<100 {
      let bytes = Self.mutated(Array(PlanningPlanTests.state.utf8), &random)
      try folder.write(bytes, to: "planning/.project-state.yaml")
      _ = try PlanSource.read(file: "planning/tasks", directory: folder.path)
      var file = StatusFile(
        path: folder.path + "/planning/tasks", tag: nil, format: .planning)
      let now = Instant(microseconds: 1_700_000_000_000_000)
      do throws(PlanError) {
        #expect(try file.tryWrite(["TASK-001": .done], now: now) == .written)
        let plan = try PlanSource.read(file: "planning/tasks", directory: folder.path)
        #expect(plan.tasks[0].status == .done)
      } catch {
        #expect(error.kind == .unsuitable)
        #expect(try folder.read("planning/.project-state.yaml").utf8.count > 0)
      }
    }
  }

  /// A few bytes removed, doubled, swapped, or put in.
  private static func mutated(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let position = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, position + Int.random(in: 1...20, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes.removeSubrange(position..<end)
      case 1: bytes.insert(contentsOf: bytes[position..<end], at: position)
      case 2: bytes[position] = UInt8.random(in: 0...255, using: &random)
      case 3:
        let signs = Array("[]{}:,#*-|`\"'&!>%\t\n\r()".utf8)
        bytes.insert(signs[Int.random(in: 0..<signs.count, using: &random)], at: position)
      case 4: bytes.insert(contentsOf: "\u{202E}é\u{1B}[2J".utf8, at: position)
      default: bytes = Array(bytes[..<max(1, position)])
      }
    }
    return bytes
  }

  private static func checkEdit(of plan: Plan, _ bytes: [UInt8], _ format: Plan.Format) {
    let changes = Dictionary(
      plan.tasks.map { ($0.id, TaskStatus.done) }, uniquingKeysWith: { first, _ in first })
    switch format {
    case .markdown:
      let edited = try? MarkdownStatusEdit.apply(changes, to: bytes, name: "plan.md")
      let again = edited.flatMap { try? MarkdownImporter.plan(from: $0, name: "plan.md") }
      #expect(again?.tasks.allSatisfy { $0.status == .done } ?? true)
    case .specs: _ = try? SpecStatusEdit.apply(changes, to: bytes, name: "plan.md")
    case .planning, .taskMaster: break
    }
  }
}

extension TemporaryFolder {
  func write(_ bytes: [UInt8], to name: String) throws {
    let stream = try #require(fopen(path + "/" + name, "w"))
    defer { fclose(stream) }
    try #require(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
  }
}
