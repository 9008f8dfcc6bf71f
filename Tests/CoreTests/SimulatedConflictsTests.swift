import Core
import Testing

@Suite("Simulated runs in which tasks may conflict")
struct SimulatedConflictsTests {
  private func pair(
    _ one: String, _ two: String, _ probability: Double = 1,
    _ standing: PredictedConflict.Standing = .expected
  ) -> PredictedConflict {
    PredictedConflict(
      first: TaskID(one), second: TaskID(two), probability: probability, evidence: [],
      standing: standing)
  }

  /// The makespan in seconds of tasks given as `id: dependencies`, with the pairs that really clash.
  private func seconds(
    _ tasks: [(String, [String])], _ times: [Int64], _ pairs: [PredictedConflict],
    clashes: [Bool], _ policy: GitOptions.PredictedPolicy,
    _ schedule: RunOptions.Schedule = .levels, jobs: Int = 8, failures: [Int]? = nil,
    isMerged: Bool = true
  ) -> Double {
    var options = RunOptions()
    (options.jobs, options.schedule, options.attempts) = (jobs, schedule, 2)
    let conflicts = ForecastConflicts(pairs, policy: policy, isMerged: isMerged)
    let simulation = Simulation(
      plan: RandomPlan.plan(tasks), options: options, conflicts: conflicts, policy: policy)
    let draw = Simulation.Draw(
      times: times.map { $0 * 1_000_000 }, failures: failures, clashes: clashes)
    #expect(simulation.finalState(draw).phase == .finished(.succeeded))
    return simulation.makespan(draw).seconds
  }

  private let two: [(String, [String])] = [("1", []), ("2", [])]
  private let three: [(String, [String])] = [("1", []), ("2", []), ("3", [])]

  @Test(
    "two tasks on one file take what the policy and the merge make of them",
    arguments: RunOptions.Schedule.allCases.prefix(2),
    [
      (GitOptions.PredictedPolicy.serialize, true, 20.0), (.serialize, false, 20),
      (.speculate, true, 20), (.speculate, false, 10), (.warn, true, 20), (.warn, false, 10),
    ])
  func two(
    schedule: RunOptions.Schedule, row: (GitOptions.PredictedPolicy, Bool, Double)
  ) {
    let (policy, clashes, expected) = row
    #expect(
      seconds(two, [10, 10], [pair("1", "2")], clashes: [clashes], policy, schedule) == expected)
  }

  @Test("speculation learns of a conflict before the level ends, the merge of a level does not")
  func early() {
    func time(_ policy: GitOptions.PredictedPolicy, _ schedule: RunOptions.Schedule) -> Double {
      seconds(three, [10, 10, 30], [pair("1", "2")], clashes: [true], policy, schedule)
    }
    #expect(time(.serialize, .levels) == 30)
    #expect(time(.speculate, .levels) == 30)
    #expect(time(.warn, .levels) == 40)
    #expect(time(.warn, .dataflow) == 30)
  }

  @Test("of three that all clash two are done twice, and with one slot speculation risks nothing")
  func severalAndOneSlot() {
    let pairs = [pair("1", "2"), pair("1", "3"), pair("2", "3")]
    for policy in [GitOptions.PredictedPolicy.serialize, .speculate, .warn] {
      #expect(
        seconds(three, [10, 10, 10], pairs, clashes: [true, true, true], policy, .dataflow) == 30)
      // With a mere warning a task starts while the one before is merged, and so without its work.
      #expect(
        seconds(
          three, [10, 10, 10], pairs, clashes: [true, true, true], policy, .dataflow, jobs: 1)
          == (policy == .warn ? 50 : 30))
    }
    // Only 1 and 3 clash: 3 is done again, and what waits for the wrong ones loses.
    let clashes = [false, true, false]
    #expect(seconds(three, [10, 10, 10], pairs, clashes: clashes, .serialize) == 30)
    #expect(seconds(three, [10, 10, 10], pairs, clashes: clashes, .speculate) == 20)
  }

  @Test("a second attempt goes on in the worktree of the first, and so lacks what was merged since")
  func secondAttempt() {
    #expect(
      seconds(
        two, [10, 15], [pair("1", "2")], clashes: [true], .warn, .dataflow, failures: [0, 1]) == 46)
  }

  @Test("a pair that is not likely to conflict is not kept apart, and costs when it does")
  func unlikely() {
    let pairs = [pair("1", "2", 0.3, .unlikely)]
    #expect(ForecastConflicts(pairs, policy: .serialize)?.policies == [.serialize])
    #expect(seconds(two, [10, 10], pairs, clashes: [true], .serialize) == 20)
    #expect(seconds(two, [10, 10], pairs, clashes: [false], .serialize) == 10)
  }

  @Test("a pair in two levels meets only where no barrier is between them")
  func levels() {
    let tasks: [(String, [String])] = [("1", []), ("2", []), ("3", ["1"])]
    func time(_ policy: GitOptions.PredictedPolicy, _ schedule: RunOptions.Schedule) -> Double {
      seconds(tasks, [10, 20, 15], [pair("2", "3")], clashes: [true], policy, schedule)
    }
    for policy in [GitOptions.PredictedPolicy.serialize, .speculate, .warn] {
      #expect(time(policy, .levels) == 35)
    }
    #expect(time(.serialize, .dataflow) == 35)
    #expect(time(.warn, .dataflow) == 40)
  }

  @Test("where nothing is merged nothing clashes, and there is nothing to roll back")
  func unmerged() {
    let conflicts = ForecastConflicts([pair("1", "2")], policy: .serialize, isMerged: false)
    #expect(conflicts?.policies == [.serialize, .warn])
    #expect(
      seconds(two, [10, 10], [pair("1", "2")], clashes: [true], .serialize, isMerged: false) == 20)
    #expect(
      seconds(two, [10, 10], [pair("1", "2")], clashes: [true], .warn, isMerged: false) == 10)
  }

  private func forecast(
    _ probability: Double, seed: UInt64 = 1, draws: Int = 300
  ) -> Forecast {
    let plan = RandomPlan.plan(two, estimates: [.seconds(10), .seconds(10)])
    return Forecast(
      plan, tasks: TaskForecast.declared(plan, spread: 0), options: RunOptions(), mostJobs: 2,
      draws: draws, seed: seed,
      conflicts: ForecastConflicts([pair("1", "2", probability)], policy: .serialize))
  }

  @Test("a pair clashes as often as it is likely to, and the same seed gives the same forecast")
  func likelihood() throws {
    for probability in [0.0, 0.25, 0.6, 1] {
      let forecast = forecast(probability)
      for policy in [GitOptions.PredictedPolicy.speculate, .warn] {
        let choice = try #require(forecast.choice(2, .levels, policy))
        #expect(abs(choice.mean.seconds - 10 * (1 + probability)) < 1)
      }
      #expect(forecast.choice(2, .levels, .serialize)?.mean == .seconds(20))
      #expect(forecast.choice(1, .levels, .speculate)?.mean == .seconds(20))
    }
    #expect(forecast(0.6, draws: 20) == forecast(0.6, draws: 20))
    #expect(forecast(0.6, draws: 20) != forecast(0.6, seed: 2, draws: 20))
  }

  @Test("the best choice weighs policies by their means, and takes the careful one of equals")
  func best() throws {
    let risky = forecast(0.6)
    #expect(risky.best?.policy == .speculate)
    #expect(risky.best?.jobs == 2)
    // Most draws take 20 s.
    #expect(risky.best?.median == .seconds(20))
    let certain = forecast(1, draws: 1)
    #expect(certain.best?.policy == .serialize)
    #expect(certain.best?.jobs == 1)
    let never = forecast(0, draws: 1)
    #expect(
      never.lines.dropFirst(3) == [
        "📊 Conflicts: 1 pair may conflict, 1 expected to; each draw decides, and times are means",
        "",
        "   --predicted serialize",
        "   -j   levels                            dataflow",
        "    1   20.0 s (20.0 s to 20.0 s)         20.0 s (20.0 s to 20.0 s)",
        "    2   20.0 s (20.0 s to 20.0 s)         20.0 s (20.0 s to 20.0 s)",
        "    4   20.0 s (20.0 s to 20.0 s)         20.0 s (20.0 s to 20.0 s)",
        "",
        "   --predicted speculate",
        "   -j   levels                            dataflow",
        "    1   20.0 s (20.0 s to 20.0 s)         20.0 s (20.0 s to 20.0 s)",
        "▸   2   10.0 s (10.0 s to 10.0 s)         10.0 s (10.0 s to 10.0 s)",
        "    4   10.0 s (10.0 s to 10.0 s)         10.0 s (10.0 s to 10.0 s)",
        "",
        "   --predicted warn",
        "   -j   levels                            dataflow",
        "    1   20.0 s (20.0 s to 20.0 s)         20.0 s (20.0 s to 20.0 s)",
        "    2   10.0 s (10.0 s to 10.0 s)         10.0 s (10.0 s to 10.0 s)",
        "    4   10.0 s (10.0 s to 10.0 s)         10.0 s (10.0 s to 10.0 s)",
        "",
        "📊 Best: -j 2 --schedule levels --predicted speculate: 10.0 s on average, and 9 of 10 runs"
          + " within 10.0 s",
        "📊 As set now, -j 4 --schedule levels --predicted serialize: 20.0 s on average; the best"
          + " saves 50%",
        "📊 Conflicts at -j 2 --schedule levels: serialize 20.0 s, speculate 10.0 s, warn 10.0 s",
        "📊 Without level barriers at -j 2: 0% less time",
      ])
  }
}
