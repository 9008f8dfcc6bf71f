import Core
import Testing

@Suite("What attempts waited for")
struct AttemptRecordTests {
  @Test("the wait for the level, for a slot, and for a retry are told apart")
  func waits() throws {
    var run = RunScenario([("a", []), ("b", []), ("c", ["a"]), ("d", ["a"])]) {
      $0.jobs = 2
      $0.attempts = 2
    }
    run.pass(.seconds(1))
    run.end("a")
    run.pass(.seconds(2))
    run.end("b", 1)
    run.pass(.seconds(1))
    run.pass(.seconds(1))
    run.end("b")
    run.pass(.seconds(1))
    run.end("c")
    run.end("d")
    let record = try #require(RunRecord(run.events))
    let waits = record.attempts.map { "\($0.key.task) \($0.barrierWait) \($0.slotWait) \($0.slot)" }
    #expect(
      waits == [
        "a 0.0 seconds 0.0 seconds 0", "b 0.0 seconds 0.0 seconds 1",
        "b 0.0 seconds 0.0 seconds 0", "c 4.0 seconds 0.0 seconds 0",
        "d 4.0 seconds 0.0 seconds 1",
      ])
    #expect(record.attempts.map { $0.worked(at: run.now) }.reduce(.zero, +) == run.state.worked)
  }
}
