import Core
import Testing

/// The example of seven tasks in three levels: {1, 3, 4, 6}, {2, 5}, {7}.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct SevenTasksTests {
  static let tasks: [(String, [String])] = [
    ("1", []), ("2", ["1"]), ("3", []), ("4", []), ("5", ["3", "4"]), ("6", []),
    ("7", ["2", "5", "6"]),
  ]

  /// The seconds that each task takes.
  private static let times = [
    "1": "0.30", "2": "0.50", "3": "0.45", "4": "0.40", "5": "0.45", "6": "0.35", "7": "0.60",
  ]

  private let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox(Self.tasks, commands: Self.times.mapValues { "sleep \($0)" })
  }

  @Test("every level starts, runs and ends before the next, and every attempt tells its whole life")
  func levels() async throws {
    let run = try await sandbox.run("run", "-j", "4", "--output", "json")
    #expect(run.status == 0)
    let story = run.story
    #expect(story.first == "run_started")
    #expect(story.last == "run_finished succeeded")
    let levels = [["1", "3", "4", "6"], ["2", "5"], ["7"]]
    var rest = story.dropFirst().dropLast()
    for (level, tasks) in levels.enumerated() {
      #expect(rest.popFirst() == "level_started \(level)")
      let end = try #require(rest.firstIndex { $0.hasPrefix("level_finished") })
      let inside = Array(rest[..<end])
      #expect(Array(inside.prefix(tasks.count)).sorted() == tasks.map { "attempt_started \($0)" })
      for task in tasks {
        #expect(
          inside.filter { $0.hasSuffix(" \(task)") || $0.contains(" \(task) ") } == [
            "attempt_started \(task)", "attempt_launched \(task)", "attempt_ended \(task)",
            "task_finished \(task) succeeded",
          ])
      }
      #expect(inside.count == tasks.count * 4)
      rest = rest[end...].dropFirst()
    }
    #expect(rest.isEmpty)
    #expect(run.events.map { $0.fields["seq"]?.integer } == Array(1...story.count))
    #expect(Set(run.events.map { $0["run"] }).count == 1)
  }

  @Test("the totals name levels, both speedups, efficiency and the longest path")
  func totals() async throws {
    let run = try await sandbox.run("run", "-j", "4")
    #expect(run.status == 0)
    for line in [
      "🎉 ALL LEVELS COMPLETED SUCCESSFULLY!", "📊 Tasks: 7 succeeded", "📊 Levels: 3",
      "📊 Theoretical speedup: 2.33x", "📊 Conflict rate: 0%",
    ] { #expect(run.lines.contains(line), "\(line)") }
    #expect(run.output.contains(" → 7 ("))
    #expect(run.output.contains("% of 4 at once\n"))
    #expect(run.errors == "")
  }

  @Test(
    "the wall time is near what the schedule allows",
    arguments: [("levels", 1.55), ("dataflow", 1.5)]
  )
  func time(schedule: String, bound: Double) async throws {
    let run = try await sandbox.run("run", "-j", "4", "--schedule", schedule, "--output", "quiet")
    #expect(run.status == 0)
    #expect(run.output == "")
    #expect(run.time.seconds >= bound)
    #expect(run.time.seconds < bound * 2)
  }

  @Test("in dataflow a task starts as soon as those that it needs have ended")
  func dataflow() async throws {
    let run = try await sandbox.run("run", "-j", "7", "--schedule", "dataflow", "--output", "json")
    #expect(run.status == 0)
    let story = run.story
    let second = try #require(story.firstIndex(of: "attempt_started 2"))
    let third = try #require(story.firstIndex(of: "attempt_ended 3"))
    #expect(second < third)
  }

  @Test("quiet says nothing about success; serial runs one at a time")
  func serial() async throws {
    let sandbox = try Sandbox(Self.tasks)
    let run = try await sandbox.run(
      "run", "--serial", "--output", "json", "--command", "echo $LANES_TASK_ID >>order")
    #expect(run.status == 0)
    #expect(run.most(of: "attempt_launched", "attempt_ended") == 1)
    #expect(sandbox.text("order").split(separator: "\n").last == "7")
  }
}

extension LanesProcess.Result {
  /// The most that had begun and not ended at one moment.
  func most(of begin: String, _ end: String) -> Int {
    var (now, most) = (0, 0)
    for event in events {
      if event.kind == begin { now += 1 }
      if event.kind == end { now -= 1 }
      most = max(most, now)
    }
    return most
  }
}
