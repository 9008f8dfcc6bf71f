import Core
import Glibc
import Testing

/// What is shown and refused before anything runs.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct PlanningTests {
  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox(SevenTasksTests.tasks)
  }

  @Test("the plan's lines are those that scripts look for")
  func text() async throws {
    let plan = try await sandbox.run("plan")
    #expect(plan.status == 0)
    #expect(
      Array(plan.lines.prefix(5)) == [
        "✅ Dependency graph built successfully", "📊 Total tasks: 7", "📊 Execution levels: 3",
        "📊 Max parallel tasks: 4", "📊 Theoretical speedup: 2.33x",
      ])
    #expect(!sandbox.exists(".lanes"))
  }

  @Test("the plan's JSON has the levels, with ids as text")
  func json() async throws {
    let plan = try await sandbox.run("plan", "--format", "json")
    #expect(plan.status == 0)
    let root = try JSONDocument(parsing: Array(plan.output.utf8), name: "plan").root
    let levels = root["levels"]?.elements.map { $0.elements.compactMap(\.string) } ?? []
    #expect(levels == [["1", "3", "4", "6"], ["2", "5"], ["7"]])
    #expect(root["max_parallel"]?.integer == 4)
  }

  @Test(
    "the plan is also a diagram",
    arguments: [("dot", "digraph"), ("mermaid", "graph")])
  func diagrams(format: String, start: String) async throws {
    let plan = try await sandbox.run("plan", "--format", format)
    #expect(plan.status == 0)
    #expect(plan.output.hasPrefix(start) || plan.output.hasPrefix("flowchart"))
  }

  @Test("a sound plan has nothing to say; a warning stops only when told to be strict")
  func strict() async throws {
    #expect(try await sandbox.run("validate").output == "✅ 7 tasks, nothing to say\n")
    let odd = try Sandbox([.init(id: "1", dependencies: ["9"]), .init(id: "2", status: "odd")])
    let lenient = try await odd.run("validate")
    let strict = try await odd.run("validate", "--strict")
    #expect(strict.status == 3)
    #expect(strict.output == lenient.output)
  }

  @Test("a cycle stops every command with its path", arguments: [["plan"], ["validate"], ["run"]])
  func cycle(_ words: [String]) async throws {
    let odd = try Sandbox([("a", ["c"]), ("b", ["a"]), ("c", ["b"])])
    let answer = try await odd.run(words + (words == ["run"] ? ["--command", "true"] : []))
    #expect(answer.status == 3)
    #expect((answer.output + answer.errors).contains(" → "))
    #expect(!odd.exists(".lanes"))
  }

  @Test(
    "a file that is no task list is refused with file, line and column",
    arguments: ["{\"tasks\": [\n  {\"id\": 1,}\n]}", "", "{\"tasks\": [", "[1, 2"])
  func unreadable(_ text: String) async throws {
    try sandbox.write(text, to: "tasks/tasks.json")
    for words in [["plan"], ["run", "--command", "true"]] {
      let answer = try await sandbox.run(words)
      #expect(answer.status == 3)
      #expect(answer.errors.hasPrefix("❌ tasks/tasks.json"))
      #expect(sandbox.text("tasks/tasks.json") == text)
    }
    #expect(!sandbox.exists(".lanes"))
  }

  @Test("a dry run starts nothing and writes nothing")
  func dryRun() async throws {
    let before = sandbox.text("tasks/tasks.json")
    let run = try await sandbox.run("run", "--dry-run", "--command", "touch ran", "-j3")
    #expect(run.status == 0)
    #expect(run.lines.contains("Would run, at most 3 at once:"))
    #expect(run.lines.contains("  level 1  5  touch ran"))
    #expect(sandbox.names(in: "") == ["tasks"])
    #expect(sandbox.text("tasks/tasks.json") == before)
  }

  @Test("a run without a command to run is refused before it exists")
  func noCommand() async throws {
    let run = try await sandbox.run("run")
    #expect(run.status == 2)
    #expect(run.errors.hasPrefix("lanes run: nothing says what to run for task 1; give --command"))
    #expect(!sandbox.exists(".lanes"))
  }

  @Test(
    "a word that is not known is answered with the nearest that is",
    arguments: [
      (["run", "--comand", "x"], "unknown flag \"--comand\"; did you mean --command?"),
      (["stats"], "unknown command \"stats\"; did you mean status?"),
      (["run", "--schedule", "level"], "did you mean levels?"),
      (["run", "-j", "0"], "-j: \"0\" is not a number from 1"), (["run", "-j", "many"], "-j: "),
    ])
  func typos(_ words: [String], reason: String) async throws {
    let answer = try await sandbox.run(words)
    #expect(answer.status == 2)
    #expect(answer.errors.contains(reason), "\(answer.errors)")
    #expect(answer.output == "")
  }
}
