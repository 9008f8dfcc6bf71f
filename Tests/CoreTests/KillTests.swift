import Core
import Testing

struct KillTests {
  @Test("a killed task is sent the last signal at once, and ends as one that was cancelled")
  func kill() {
    var run = RunScenario([("1", []), ("2", ["1"])])
    run.command(.kill(["1"]))
    #expect(run.reply == .done("task 1 killed"))
    #expect(run.actions == [.signal(AttemptKey("1", 1), .kill)])
    #expect(run.state.task("1")?.ending == TaskState.Ending(reason: .cancel, step: 2))
    run.send(.report(.ended(AttemptKey("1", 1), .signaled(9), ResourceUsage())))
    #expect(run.phase("1") == .finished(.cancelled))
  }

  @Test("a task that is ending already is killed without waiting for the steps between")
  func killWhileEnding() {
    var run = RunScenario([("1", [])])
    run.command(.cancel(["1"]))
    run.command(.kill(["1"]))
    #expect(run.actions == [.signal(AttemptKey("1", 1), .kill)])
    run.command(.kill(["1"]))
    #expect(run.actions.isEmpty)
    run.pass(.seconds(60))
    #expect(run.actions.isEmpty)
  }

  @Test("what does not run cannot be killed")
  func refused() {
    var run = RunScenario([("1", []), ("2", ["1"])])
    run.command(.kill(["2"]))
    #expect(run.reply == .refused("task 2 is not running"))
  }

  @Test("the command keeps its meaning on the way through the inbox")
  func coding() {
    let command = ControlCommand.kill(["1", "2.3"])
    #expect(ControlCommand(json: command.json) == command)
  }
}
