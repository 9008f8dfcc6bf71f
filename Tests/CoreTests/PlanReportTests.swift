import Core
import Testing

struct PlanReportTests {
  @Test("the text begins with the lines scripts read, then shows levels and times")
  func text() throws {
    let plan = try Fixture.ecommerce()
    #expect(
      PlanReport(plan, jobs: 4).text() == """
        ✅ Dependency graph built successfully
        📊 Total tasks: 7
        📊 Execution levels: 3
        📊 Max parallel tasks: 4
        📊 Theoretical speedup: 2.33x

        Execution plan:
          Level 0: Tasks [1, 3, 4, 6] (parallel)
            1  Database Schema Setup  (30m)
            3  User Authentication Module  (45m)
            4  Product Catalog Module  (40m)
            6  Frontend Components  (35m)
          Level 1: Tasks [2, 5] (parallel)
            2  API Endpoints  (50m)
            5  Shopping Cart API  (45m)
          Level 2: Tasks [7]
            7  Integration Tests  (1h)

        Critical path: 3 → 5 → 7
        Work and time, by the estimates of all tasks:
          All work, one task at a time:     5h 5m
          Critical path:                    2h 30m
          Level by level, any number:       2h 35m
          Level by level, -j 4:             2h 35m
          Without barriers, -j 4:           2h 30m

        """)
  }

  @Test("a cycle comes first, with its path, and what is stuck behind it")
  func cycle() throws {
    let plan = try Fixture.plan(
      """
      [{"id": 1, "title": "a"}, {"id": 2, "title": "b", "dependencies": [1, 3]},
       {"id": 3, "title": "c", "dependencies": [2]}, {"id": 4, "title": "d", "dependencies": [3]}]
      """)
    #expect(
      PlanReport(plan, jobs: 4).text() == """
        ❌ Circular dependency detected: 2 → 3 → 2
        📊 Total tasks: 4

        Execution plan up to the cycle:
          Level 0: Tasks [1]
            1  a
          On a cycle or behind it: Tasks [2, 3, 4]
            2  b
            3  c
            4  d

        Findings:
          ❌ tasks.json:1:27: tasks wait for each other: 2 → 3 → 2; remove one of these dependencies, for example 3 from task 2

        """)
  }

  @Test("an empty list is said to be empty")
  func empty() throws {
    let text = PlanReport(try Fixture.plan("[]"), jobs: 4).text()
    #expect(
      text == """
        ⚠️  No tasks found in input file
        📊 Total tasks: 0
        📊 Execution levels: 0
        📊 Max parallel tasks: 0

        """)
  }

  @Test("control characters of the task file reach no form of the report")
  func hostileTitle() throws {
    let plan = try Fixture.plan(
      """
      [{"id": "a\\u001b[2J\\"\\\\", "title": "x\\u001b]0;t\\u0007\\n\\u202ey\\"]; <b>#`\\\\"}]
      """)
    let report = PlanReport(plan, jobs: 1)
    #expect(report.text().contains("    a\"\\  x y\"]; <b>#`\\\n"))
    #expect(
      report.dot() == #"""
        digraph plan {
          rankdir=LR;
          node [shape=box];
          "task at 0" [label="a\"\\\nx y\"]; <b>#`\\"];
          { rank=same; "task at 0"; }
        }

        """#)
    #expect(
      report.mermaid() == """
        flowchart LR
          subgraph level0["Level 0"]
            t0["a#34;#92;: x y#34;]#59; #60;b#62;#35;#96;#92;"]
          end

        """)
    let json = String(decoding: report.json(), as: UTF8.self)
    #expect(json.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
  }

  @Test("diagrams lead from a task to those that wait for it")
  func diagrams() throws {
    let plan = try Fixture.plan(
      #"[{"id": 1, "title": "a"}, {"id": 2, "title": "b", "dependencies": [1]}]"#)
    let report = PlanReport(plan, jobs: 1)
    #expect(
      report.dot() == #"""
        digraph plan {
          rankdir=LR;
          node [shape=box];
          "1" [label="1\na"];
          "2" [label="2\nb"];
          { rank=same; "1"; }
          { rank=same; "2"; }
          "1" -> "2";
        }

        """#)
    #expect(
      report.mermaid() == """
        flowchart LR
          subgraph level0["Level 0"]
            t0["1: a"]
          end
          subgraph level1["Level 1"]
            t1["2: b"]
          end
          t0 --> t1

        """)
  }

  @Test("the JSON of every real file agrees with the reference", arguments: try Corpus.tags())
  func json(tag: Corpus.Tag) throws {
    for (granularity, key) in [(Plan.Granularity.task, "top"), (.subtask, "with_subtasks")] {
      let expected = try #require(tag.expected[key])
      if expected.isNull { continue }
      let plan = try TaskMasterImporter.plan(
        from: Corpus.document(tag.file), tag: tag.tag, granularity: granularity)
      try expect(plan, agreesWith: expected)
      if granularity == .task {
        try expect(plan.remaining(), agreesWith: #require(tag.expected["remaining"]))
      }
    }
  }

  @Test("the JSON names the file, the tag, the findings and the times")
  func jsonValues() throws {
    let plan = try Fixture.plan(
      #"{"x": {"tasks": [{"id": 1, "title": "a", "estimate": "1h", "dependencies": [1, 9]}]}}"#)
    let json = String(decoding: PlanReport(plan, jobs: 2).json(), as: UTF8.self)
    #expect(
      json == """
        {"file":"tasks.json","tag":"x","granularity":"task","tasks":1,"levels":[["1"]],\
        "num_levels":1,"max_parallel":1,"theoretical_speedup":1,"critical_path":["1"],\
        "cycles":[],"cycle_paths":[],"dangling":[["1","9"]],"duplicates":[],"conflicts":[],\
        "findings":[{"severity":"warning","kind":"self_dependency","tasks":["1"],"line":1,\
        "column":77,"problem":"task 1 depends on itself, which is left out",\
        "remedy":"remove the dependency"},{"severity":"warning","kind":"dangling",\
        "tasks":["1","9"],"line":1,"column":80,\
        "problem":"task 1 depends on 9, which is not in this list; it does not wait for it",\
        "remedy":"correct the dependency or remove it"}],\
        "estimates":{"declared":1,"default":0,"default_seconds":1800},\
        "critical_path_by_time":["1"],"jobs":2,"work_seconds":3600,\
        "critical_path_seconds":3600,"level_bound_seconds":3600,\
        "makespan_levels_seconds":3600,"makespan_dataflow_seconds":3600,\
        "task_list":[{"id":"1","title":"a","status":"pending","level":0,"dependencies":[],\
        "estimate_seconds":3600}]}

        """)
  }

  private func expect(_ plan: Plan, agreesWith expected: JSONNode) throws {
    let bytes = PlanReport(plan, jobs: 4).json()
    let report = try JSONDocument(parsing: bytes, name: "report").root
    #expect(report["tasks"]?.integer == expected["nodes"]?.integer)
    for key in ["levels", "levels_before_cycle", "cycles"] {
      #expect(Shape.lists(report[key]) == Shape.lists(expected[key]), "\(key)")
    }
    for key in ["critical_path", "stuck"] {
      #expect(Shape.strings(report[key]) == Shape.strings(expected[key]), "\(key)")
    }
    for key in ["num_levels", "max_parallel"] {
      #expect(report[key]?.integer == expected[key]?.integer, "\(key)")
    }
    #expect(report["theoretical_speedup"]?.number == expected["speedup"]?.number)
  }
}
