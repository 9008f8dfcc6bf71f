import Core
import Glibc
import Testing

/// Plans in tracks: one track a terminal, all of one run.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct TrackTests {
  @Test("the example of three tracks ends with the report of tiers, time and cost by track")
  func example() async throws {
    let sandbox = try Sandbox.example("tracks")
    let run = try await sandbox.run("run")
    #expect(run.status == 0, "\(run.output.suffix(3000))\(run.errors)")
    for line in [
      "  Total tasks: 18/18 completed", "  Total sprints: 6", "  T1 tasks: 14 (78%)",
      "  T2 tasks: 4 (22%)", "  Track 1 (Backend API): $3.50", "  Track 2 (Frontend): $2.80",
      "  Track 3 (Infrastructure): $2.10", "  Final review: $1.20", "  Total: $9.60",
      "  ✅ the whole: security audit: PASS", "TRACK 2 (Frontend) COMPLETE ✅",
      "║  🎉 PROJECT COMPLETION SUCCESSFUL  🎉    ║",
    ] { #expect(run.lines.contains(line), "\(line)") }
    #expect(run.output.contains("acceptance criteria: FAIL - Missing password reset endpoint"))
  }

  private static let tasks: [Sandbox.Task] = [
    .init(id: "1"), .init(id: "2", dependencies: ["1"]), .init(id: "3"),
    .init(id: "4", dependencies: ["3", "2"]),
  ]

  /// Tasks 1 and 2 on track 1, tasks 3 and 4 on track 2; 4 needs 2.
  private func tracks(_ command: String) throws -> Sandbox {
    let sandbox = try Sandbox()
    var json = #"{"tasks": ["#
    json += Self.tasks.map { task in
      let track = Int(task.id).map { $0 < 3 ? 1 : 2 } ?? 0
      return
        #"{"id": "\#(task.id)", "title": "T\#(task.id)", "dependencies": \#(task.dependencies),"#
        + #" "metadata": {"lanes": {"track": \#(track)}}}"#
    }.joined(separator: ",")
    try sandbox.write(json + "]}", to: "tasks/tasks.json")
    try sandbox.write("command: '\(command)'\nbackoff: 10ms\n", to: "lanes.yml")
    return sandbox
  }

  @Test("a second terminal joins with its track, which waits for the first one's task")
  func joining() async throws {
    let gate = try tracks("while [ $LANES_TASK_ID = 2 ] && [ ! -e go ]; do sleep 0.05; done")
    let first = try await gate.start("run", "--track", "1", "--output", "json")
    try await first.event("attempt_launched", task: "2")
    let second = try await gate.start("run", "--track", "2")
    try await second.prints("waits for 2 T2")
    try gate.write("", to: "go")
    let (one, two) = (try await first.end(), try await second.end())
    #expect(one.status == 0)
    #expect(two.status == 0, "\(two.output)\(two.errors)")
    #expect(two.output.contains("Task 4 T4 completed"))
    #expect(!two.output.contains("Task 1 T1"))
  }

  @Test("when a terminal that joined is killed the first goes on, and the killed one joins again")
  func killedFollower() async throws {
    let sandbox = try tracks(
      "echo $LANES_TASK_ID >>ran; while [ $LANES_TASK_ID = 3 ] && [ ! -e go ]; do sleep 0.05; done;"
        + "while [ $LANES_TASK_ID = 2 ] && [ ! -e go2 ]; do sleep 0.05; done")
    let first = try await sandbox.start("run", "--track", "1", "--output", "json")
    try await first.event("attempt_launched", task: "2")
    let second = try await sandbox.start("run", "--track", "2", "--output", "json")
    try await first.event("attempt_launched", task: "3")
    second.signal(SIGKILL)
    try await second.end()
    try sandbox.write("", to: "go2")
    try await first.event("task_finished", task: "2")
    let third = try await sandbox.start("run", "--track", "2", "--output", "json")
    try await third.event("track_opened")
    try sandbox.write("", to: "go")
    let (one, three) = (try await first.end(), try await third.end())
    #expect(one.status == 0, "\(one.output.suffix(2000))\(one.errors)")
    #expect(three.status == 0, "\(three.output.suffix(2000))\(three.errors)")
    #expect(sandbox.lines("ran") == ["1", "2", "3", "4"])
  }

  @Test("when the first terminal is killed the other goes on, and the killed one resumes")
  func killed() async throws {
    let sandbox = try tracks(
      "echo $LANES_TASK_ID >>ran; while [ $LANES_TASK_ID = 2 ] && [ ! -e go ]; do sleep 0.05; done;"
        + "while [ $LANES_TASK_ID = 3 ] && [ ! -e go3 ]; do sleep 0.05; done")
    let first = try await sandbox.start("run", "--track", "1", "--output", "json")
    try await first.event("attempt_launched", task: "2")
    let second = try await sandbox.start("run", "--track", "2", "--output", "json")
    try await second.event("attempt_launched", task: "3")
    first.signal(SIGKILL)
    try await second.event("run_resumed")
    try sandbox.write("", to: "go3")
    try await second.event("task_finished", task: "3")
    let third = try await sandbox.start("run", "--track", "1", "--output", "json")
    try sandbox.write("", to: "go")
    let (two, three) = (try await second.end(), try await third.end())
    #expect(two.status == 0, "\(two.output.suffix(2000))\(two.errors)")
    #expect(three.status == 0, "\(three.output.suffix(2000))\(three.errors)")
    #expect(
      sandbox.lines("ran") == ["1", "2", "3", "4"],
      "\(two.output.suffix(4000))\n\(three.output.suffix(4000))")
  }
}
