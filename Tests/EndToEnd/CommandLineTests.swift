import Core
import Glibc
import Testing

/// Commands that start nothing, and calls that are refused before anything starts.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct CommandLineTests {
  private static let circle: [(String, [String])] = [
    ("1", ["3"]), ("2", ["1"]), ("3", ["2"]), ("4", []),
  ]

  // MARK: Plans

  @Test("plan shows the levels of the seven tasks")
  func plan() async throws {
    let sandbox = try Sandbox(SevenTasksTests.tasks)
    let plan = try await sandbox.run("plan")
    #expect(plan.status == 0)
    #expect(plan.errors == "")
    #expect(
      plan.output.hasPrefix(
        """
        ✅ Dependency graph built successfully
        📊 Total tasks: 7
        📊 Execution levels: 3
        📊 Max parallel tasks: 4
        📊 Theoretical speedup: 2.33x

        Execution plan:
          Level 0: Tasks [1, 3, 4, 6] (parallel)
            1  Task 1
            3  Task 3
            4  Task 4
            6  Task 6
          Level 1: Tasks [2, 5] (parallel)
            2  Task 2
            5  Task 5
          Level 2: Tasks [7]
            7  Task 7

        """))
    #expect(!sandbox.exists(".lanes"))
  }

  @Test("plan as JSON has the levels and figures of the seven tasks")
  func planInJSON() async throws {
    let plan = try await Sandbox(SevenTasksTests.tasks).run("plan", "--format", "json")
    #expect(plan.status == 0)
    let root = try JSONDocument(parsing: Array(plan.output.utf8), name: "plan").root
    #expect(root["tasks"]?.integer == 7)
    #expect(root["num_levels"]?.integer == 3)
    #expect(root["max_parallel"]?.integer == 4)
    #expect(
      root["levels"]?.elements.map { $0.elements.compactMap(\.string) } == [
        ["1", "3", "4", "6"], ["2", "5"], ["7"],
      ])
  }

  @Test("plan as a diagram has a node for every task and an edge for every dependency")
  func diagrams() async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])])
    let dot = try await sandbox.run("plan", "--format", "dot")
    #expect(dot.status == 0)
    #expect(
      dot.lines == [
        "digraph plan {", "  rankdir=LR;", "  node [shape=box];", #"  "1" [label="1\nTask 1"];"#,
        #"  "2" [label="2\nTask 2"];"#, #"  { rank=same; "1"; }"#, #"  { rank=same; "2"; }"#,
        #"  "1" -> "2";"#, "}",
      ])
    let mermaid = try await sandbox.run("plan", "--format", "mermaid")
    #expect(mermaid.status == 0)
    #expect(
      mermaid.lines == [
        "flowchart LR", #"  subgraph level0["Level 0"]"#, #"    t0["1: Task 1"]"#, "  end",
        #"  subgraph level1["Level 1"]"#, #"    t1["2: Task 2"]"#, "  end", "  t0 --> t1",
      ])
  }

  @Test("plan --remaining leaves out what is done")
  func remaining() async throws {
    let sandbox = try Sandbox([
      Sandbox.Task(id: "1", status: "done"), Sandbox.Task(id: "2", dependencies: ["1"]),
      Sandbox.Task(id: "3", dependencies: ["2"]),
    ])
    let whole = try await sandbox.run("plan")
    #expect(whole.lines.contains("📊 Total tasks: 3"))
    #expect(whole.lines.contains("    1  Task 1  [done]"))
    let rest = try await sandbox.run("plan", "--remaining")
    #expect(rest.lines.contains("📊 Total tasks: 2"))
    #expect(rest.lines.contains("  Level 0: Tasks [2]"))
    #expect(!rest.output.contains("Task 1"))
  }

  @Test(
    "a cycle is named with its path, and nothing runs",
    arguments: [["plan"], ["validate"], ["run", "--command", "true"], ["run", "--dry-run"]])
  func cycle(words: [String]) async throws {
    let sandbox = try Sandbox(Self.circle)
    let result = try await sandbox.run(words)
    #expect(result.status == 3)
    let told = words[0] == "run" ? result.errors : result.output
    #expect(told.contains(": tasks wait for each other: 1 → 3 → 2 → 1; "))
    #expect(told.contains("tasks/tasks.json:"))
    #expect(words[0] != "plan" || result.lines[0].hasSuffix("detected: 1 → 3 → 2 → 1"))
    #expect(words[0] != "run" || result.output == "")
    #expect(!sandbox.exists(".lanes"))
  }

  @Test(
    "a dependency on nothing is a warning, and an error when strict",
    arguments: [["plan"], ["validate"], ["run", "--command", "echo $LANES_TASK_ID >>ran"]])
  func dangling(words: [String]) async throws {
    let sandbox = try Sandbox([("1", ["99"]), ("2", [])])
    let strict = try await sandbox.run(words + ["--strict"])
    #expect(strict.status == 3)
    #expect((strict.output + strict.errors).contains("task 1 depends on 99, which is not in"))
    #expect(!sandbox.exists(".lanes"))
    let lenient = try await sandbox.run(words)
    #expect(lenient.status == 0)
    #expect((lenient.output + lenient.errors).contains("task 1 depends on 99, which is not in"))
    #expect(sandbox.lines("ran") == (words[0] == "run" ? ["1", "2"] : []))
  }

  @Test(
    "validate has nothing to say about a good list, and the place of what is wrong in a bad one")
  func validate() async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])])
    let good = try await sandbox.run("validate")
    #expect(good.status == 0)
    #expect(good.output == "✅ 2 tasks, nothing to say\n")
    try sandbox.write("{\"tasks\": [\n  {\"id\": 1,}\n]}", to: "tasks/tasks.json")
    let bad = try await sandbox.run("validate")
    #expect(bad.status == 3)
    #expect(bad.output == "")
    #expect(bad.errors.contains("tasks/tasks.json:2:12: "))
    let none = try await sandbox.run("validate", "other.json")
    #expect(none.status == 3)
    #expect(none.errors.contains("other.json; check the path"))
  }

  // MARK: Words

  @Test(
    "a word that is not known is answered with the nearest that is",
    arguments: [
      (["rnu"], #"lanes: unknown command "rnu"; did you mean run?"#),
      (["run", "--jbos", "2"], #"lanes run: unknown flag "--jbos"; did you mean --jobs?"#),
      (["plan", "-x"], #"lanes plan: unknown flag "-x"; see lanes help plan"#),
      (
        ["--jobs", "4"], #"unknown flag "--jobs"; put the command first, as in lanes run --jobs 4"#
      ),
      (["tasks.json"], "to run a task list, write lanes run tasks.json"),
      (["run", "--schedule", "level"], "levels"), (["run", "-j", "0"], "lanes run: -j: "),
      (["plan", "--format", "jsn"], "json"), (["explain"], "lanes explain: TASK is missing"),
      (["retry"], "lanes retry: which tasks?"), (["help", "statsu"], "did you mean status?"),
    ])
  func unknownWords(words: [String], answer: String) async throws {
    let sandbox = try Sandbox([("1", [])])
    let result = try await sandbox.run(words)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(result.errors.contains(answer))
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(!sandbox.exists(".lanes"))
  }

  @Test("help and version are results")
  func help() async throws {
    let sandbox = try Sandbox()
    for words in [[], ["help"], ["--help"], ["help", "run"], ["run", "-h"], ["version"], ["-V"]] {
      let result = try await sandbox.run(words)
      #expect(result.status == 0, "\(words)")
      #expect(result.errors == "", "\(words)")
      #expect(result.output.contains("lanes"), "\(words)")
    }
    #expect(sandbox.names(in: "") == ["tasks"])
  }

  // MARK: Settings

  @Test("a mistake in lanes.yml is named with its line", arguments: ["run", "config", "plan"])
  func settingsMistake(command: String) async throws {
    let sandbox = try Sandbox([("1", [])])
    try sandbox.write("jobs: 2\ncommand: \"true\"\nschedul: levels\n", to: "lanes.yml")
    let result = try await sandbox.run(command)
    #expect(result.status == 2)
    #expect(result.output == "")
    #expect(
      result.errors == #"lanes: lanes.yml:3:1: unknown key "schedul"; did you mean schedule?"#
        + "\n")
    #expect(!sandbox.exists(".lanes"))
  }

  @Test("init writes a lanes.yml that changes nothing, and does not replace one")
  func initialize() async throws {
    let sandbox = try Sandbox([("1", [])])
    let before = try await sandbox.run("config")
    let first = try await sandbox.run("init")
    #expect(first.status == 0)
    #expect(first.output == "wrote \(sandbox.path)/lanes.yml\n")
    #expect(try await sandbox.run("config").output == before.output)
    try sandbox.write("jobs: 3\n", to: "lanes.yml")
    let second = try await sandbox.run("init")
    #expect(second.status == 2)
    #expect(second.errors == "lanes init: lanes.yml is there already; --force replaces it\n")
    #expect(sandbox.text("lanes.yml") == "jobs: 3\n")
    #expect(try await sandbox.run("init", "--force").status == 0)
    #expect(sandbox.text("lanes.yml").hasPrefix("# How lanes runs"))
  }

  @Test("config names the place each value comes from, of which the strongest wins")
  func config() async throws {
    let sandbox = try Sandbox()
    try sandbox.write("jobs: 2\nattempts: 5\nschedule: dataflow\n", to: "lanes.yml")
    try #require(mkdir(sandbox.home + "/lanes", 0o755) == 0)
    try sandbox.write("jobs: 8\n\ngrace: 2s\n", to: "../lanes/lanes.yml")
    let environment = ["LANES_SCHEDULE": "levels", "XDG_CONFIG_HOME": sandbox.home]
    let result = try await sandbox.run(
      ["config", "--on-failure", "keep-going"], environment: environment)
    #expect(result.status == 0)
    let words = result.lines.map { $0.split(separator: " ").joined(separator: " ") }
    for line in [
      "jobs 2 lanes.yml:1:7", "attempts 5 lanes.yml:2:11", "schedule levels $LANES_SCHEDULE",
      "grace 2s \(sandbox.home)/lanes/lanes.yml:3:8", "on_failure keep-going --on-failure",
      "strict false default",
    ] { #expect(words.contains(line), "\(line)") }
  }

  @Test("doctor ends with 0 when tasks can run, and with 1 and a remedy when they cannot")
  func doctor() async throws {
    let sandbox = try Sandbox([("1", [])])
    let well = try await sandbox.run("doctor")
    #expect(well.status == 0)
    #expect(well.lines.contains("✔ folder     \(sandbox.path)"))
    #expect(well.lines.contains("✔ task list  tasks/tasks.json"))
    try sandbox.write("jbos: 2\n", to: "lanes.yml")
    let ill = try await sandbox.run("doctor")
    #expect(ill.status == 1)
    #expect(ill.lines.contains("✔ task list  tasks/tasks.json"))
    let problem = try #require(
      ill.lines.firstIndex { $0.hasPrefix("✘ settings   lanes.yml:1:1: ") })
    #expect(ill.lines[problem + 1] == "             → correct it; lanes config shows the result")
    #expect(!sandbox.exists(".lanes"))
  }
}
