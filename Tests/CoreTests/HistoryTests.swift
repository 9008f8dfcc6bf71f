import Core
import Testing

@Suite("What earlier runs tell")
struct HistoryTests {
  /// A history of runs of `a` and `b` after it; `a` fails once in the runs named.
  private func history(
    _ times: [Int], failing: Set<Int> = [], estimates: [String: Duration] = [:]
  ) throws -> History {
    var history = History()
    for (number, seconds) in times.enumerated() {
      var run = RunScenario([("a", []), ("b", ["a"])], estimates: estimates) { $0.attempts = 2 }
      if failing.contains(number) {
        run.pass(.seconds(1))
        run.end("a", 1)
        run.pass(.seconds(1))
      }
      _ = run.play(["a": .seconds(seconds), "b": .seconds(2)])
      history.take(try #require(RunRecord(run.events)))
    }
    return history
  }

  @Test("times, failures and flakiness of each task are kept")
  func tasks() throws {
    let history = try history([10, 12, 11], failing: [1])
    let task = try #require(history.tasks.first)
    #expect(task.key.id == "a")
    #expect(task.times == [.seconds(10), .seconds(12), .seconds(11)])
    #expect(task.median == .seconds(11))
    #expect((task.runs, task.attempts, task.failures, task.flakyRuns) == (3, 4, 1, 1))
    #expect(task.failureRate == 0.25)
    #expect(abs((task.spread ?? 0) - 0.0912) < 0.001)
    #expect(history.tasks.map(\.key.id) == ["a", "b"])
  }

  @Test("a later plan takes what it does not declare from history, and keeps what it does")
  func estimates() throws {
    let history = try history([10, 12, 11])
    let plan = Plan(
      origin: Plan.Origin(file: "f"),
      tasks: [
        TaskSpec(id: "a", title: ""), TaskSpec(id: "b", title: "", estimate: .seconds(60)),
        TaskSpec(id: "a2", title: ""), TaskSpec(id: "b", title: "another one"),
      ])
    let estimated = plan.estimated(by: history)
    #expect(estimated.tasks.map(\.estimate) == [.seconds(11), .seconds(60), nil, nil])
    let forecasts = TaskForecast.of(plan, history: history, spread: 0.3)
    #expect(forecasts.map(\.source) == [.history, .declared, .assumed, .assumed])
    #expect(forecasts.map(\.median) == [.seconds(11), .seconds(60), .seconds(60), .seconds(60)])
    #expect(forecasts[2].spread == 0.3)
    #expect(forecasts[1].spread == 0)
  }

  @Test("the error of estimates is told as a factor")
  func errors() throws {
    let history = try history([10, 20, 40], estimates: ["a": .seconds(20), "b": .seconds(2)])
    #expect(history.estimateErrors == [0.5, 1, 1, 1, 2, 1])
    #expect(history.errorFactor(0.5) == 1)
    #expect(history.errorFactor(1) == 2)
    #expect(
      history.lines().last == "📊 Estimates: 6 to compare; half were off by less than 1.0x, 9 of 10"
        + " by less than 2.0x; 17% were too low")
  }

  @Test("one task's history has its time in each run")
  func lines() throws {
    let history = try history([10, 12])
    #expect(
      history.lines(only: ["a", "x"]) == [
        "Task a: 2 attempts in 2 runs, 0 failed, usually 12.0 s", "  r  10.0 s", "  r  12.0 s",
        "No run had an attempt at task x",
      ])
    let root = try JSONDocument(parsing: history.json, name: "history").root
    #expect(root["runs"]?.elements.map(\.self).count == 2)
    #expect(root["tasks"]?.elements.compactMap { $0["median"]?.number } == [12, 2])
  }
}
