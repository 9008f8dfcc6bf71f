import Core
import Testing

struct TracksTests {
  /// Three chains and four single tasks, 128 hours of work: back end, front end and infrastructure.
  static func shop() -> Plan {
    let rows: [(Int, String, Int, [Int])] = [
      (1, "backend", 6, []), (2, "frontend", 6, []), (3, "infrastructure", 6, []),
      (4, "backend", 10, [1]), (5, "frontend", 8, [2]), (6, "backend", 6, []),
      (7, "infrastructure", 6, [3]), (8, "backend", 8, [4]), (9, "frontend", 6, [5]),
      (10, "frontend", 6, []), (11, "infrastructure", 8, [7]), (12, "backend", 8, [8]),
      (13, "frontend", 8, [9]), (14, "infrastructure", 4, []), (15, "infrastructure", 8, [11]),
      (16, "backend", 10, [12]), (17, "frontend", 10, [13]), (18, "backend", 4, []),
    ]
    let id = { (number: Int) in TaskID("TASK-0" + (number < 10 ? "0" : "") + String(number)) }
    let tasks = rows.map { number, worker, hours, dependencies in
      var task = TaskSpec(
        id: id(number), title: "Part \(number)", dependencies: dependencies.map(id),
        estimate: .seconds(hours * 3600))
      task.worker = worker
      return task
    }
    return Plan(origin: Plan.Origin(file: "tasks"), tasks: tasks)
  }

  @Test("chains stay together, single tasks join their kind of worker, and the hours add up")
  func example() {
    let analysis = TrackAnalysis(Self.shop(), requested: nil)
    #expect(analysis.recommended == 3)
    #expect(analysis.maxTracks == 7)
    #expect(analysis.tracks.loads.map { $0 / 3_600_000_000 } == [52, 44, 32])
    #expect(analysis.work / 3_600_000_000 == 128)
    #expect(analysis.tracks.makespan / 3_600_000_000 == 52)
    #expect(analysis.savedPercent == 59)
    #expect((0..<3).map(analysis.name) == ["backend", "frontend", "infrastructure"])
    let sprints = TrackSprints.sprints(of: analysis)
    #expect(
      sprints.map { "\($0.id) \($0.tasks.map { $0.text.suffix(2) }.joined(separator: " "))" } == [
        "SPRINT-001-01 01 04 08", "SPRINT-001-02 02 05 09", "SPRINT-001-03 03 07",
        "SPRINT-002-01 12 16 06 18", "SPRINT-002-02 13 17 10", "SPRINT-002-03 11 15 14",
      ])
    #expect(sprints[3].dependencies == ["SPRINT-001-01"])
    #expect(
      analysis.options.map { $0.makespan / 3_600_000_000 } == [128, 66, 44, 42, 42, 42, 42, 42])
  }

  @Test("balanced by hours alone, single tasks go to the track with the least work")
  func byHours() {
    let analysis = TrackAnalysis(Self.shop(), requested: 3, balance: .hours)
    #expect(analysis.tracks.loads.map { $0 / 3_600_000_000 }.sorted() == [42, 42, 44])
  }

  @Test("more tracks than can be busy are cut to those that can, in words")
  func tooMany() {
    let chain = (1...6).map { number in
      TaskSpec(
        id: TaskID("\(number)"), title: "",
        dependencies: number > 3 ? [TaskID("\(number - 3)")] : [])
    }
    let plan = Plan(origin: Plan.Origin(file: "tasks"), tasks: chain)
    let report = TrackReport(TrackAnalysis(plan, requested: 9)).text()
    #expect(report.contains("Requested 9 tracks, but max possible is 3. Using 3 tracks."))
    #expect(report.contains("Maximum Parallel Development Tracks: 3"))
    #expect(report.contains("- 3 tasks wait for none of each other, and no more do: "))
  }

  @Test("tasks that the plan assigns to a track stay there, and finished ones are left out")
  func assigned() {
    let plan = Self.shop()
    let tasks = plan.tasks.enumerated().map { index, task in
      var task = task
      task.track = index % 2 + 1
      if index < 2 { task.status = .done }
      return task
    }
    let analysis = TrackAnalysis(Plan(origin: plan.origin, tasks: tasks), requested: nil)
    #expect(analysis.tracks.count == 2)
    #expect(analysis.plan.tasks.count == 16)
    #expect(analysis.tracks.track == analysis.plan.tasks.map { ($0.track ?? 0) - 1 })
  }

  @Test("what a track waits for on another one is in the time")
  func crossTrack() {
    let specs = [
      TaskSpec(id: "1", title: "", estimate: .seconds(3600)),
      TaskSpec(id: "2", title: "", dependencies: ["1"], estimate: .seconds(3600)),
    ].enumerated().map { index, task in
      var task = task
      task.track = index + 1
      return task
    }
    let plan = Plan(origin: Plan.Origin(file: "tasks"), tasks: specs)
    let tracks = Tracks(plan, count: 2)
    #expect(tracks.loads == [3_600_000_000, 3_600_000_000])
    #expect(tracks.makespan == 7_200_000_000)
  }

  @Test("tasks on a cycle have no track, and an empty plan has none to give")
  func degenerate() {
    let cycle = Plan(
      origin: Plan.Origin(file: "tasks"),
      tasks: [
        TaskSpec(id: "1", title: "", dependencies: ["2"]),
        TaskSpec(id: "2", title: "", dependencies: ["1"]), TaskSpec(id: "3", title: ""),
      ])
    #expect(Tracks(cycle, count: 2).track == [-1, -1, 0])
    #expect(TracksWidth(of: cycle.graph).tasks == [2])
    let empty = Plan(origin: Plan.Origin(file: "tasks"), tasks: [])
    #expect(TrackReport(TrackAnalysis(empty, requested: 3)).text() == "ℹ️  Nothing is left to do\n")
  }
}
