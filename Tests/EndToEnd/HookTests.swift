import Core
import Glibc
import Testing

/// The user's own commands at events of a run.
@Suite(.timeLimit(.minutes(2)))
struct HookTests {
  @Test("hooks run after their events, in the project, and hold nothing up")
  func hooks() async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])], commands: ["2": "exit 3"])
    try sandbox.write(
      """
      hooks:
        task_finished: 'echo "$LANES_EVENT_TASK $LANES_EVENT_RESULT" >> tasks.txt; echo said'
        run_finished: 'until test -e go; do sleep 0.02; done; echo "$LANES_EVENT_RESULT" > end.txt'

      """, to: "lanes.yml")
    let run = try await sandbox.run("run", "--command", "true", "--output", "json")
    #expect(run.status == 1)
    #expect(!sandbox.exists("end.txt"))
    try sandbox.write("", to: "go")
    for _ in 0..<500 where !sandbox.exists("end.txt") || sandbox.lines("tasks.txt").count < 2 {
      poll(nil, 0, 20)
    }
    #expect(sandbox.text("end.txt") == "failed\n")
    #expect(sandbox.lines("tasks.txt").contains("1 succeeded"))
    #expect(sandbox.lines("tasks.txt").contains("2 failed"))
  }
}
