import Core
import Testing

@Suite("Simulated runs")
struct SimulationTests {
  private func simulation(
    _ plan: Plan, jobs: Int, _ schedule: RunOptions.Schedule, attempts: Int = 1
  ) -> Simulation {
    var options = RunOptions()
    (options.jobs, options.schedule, options.attempts) = (jobs, schedule, attempts)
    return Simulation(plan: plan, options: options)
  }

  private let seven = RandomPlan.plan(sevenTasks)
  private let times = Simulation.Draw(
    times: sevenTasks.map { (sevenTimes[$0.0] ?? .zero).microseconds })

  @Test(
    "the seven tasks take as long as the real run's decisions make them take",
    arguments: [
      (RunOptions.Schedule.levels, 4, 1550), (.dataflow, 4, 1500), (.levels, 1, 3050),
      (.dataflow, 1, 3050), (.dataflow, 2, 1900),
    ])
  func sevenTasksTime(schedule: RunOptions.Schedule, jobs: Int, milliseconds: Int) {
    let makespan = simulation(seven, jobs: jobs, schedule).makespan(times)
    var run = RunScenario(sevenTasks) { ($0.jobs, $0.schedule) = (jobs, schedule) }
    #expect(makespan == run.play(sevenTimes))
    #expect(makespan == .milliseconds(milliseconds))
  }

  @Test("random plans keep to the bounds that theory gives", arguments: 0..<20)
  func bounds(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    let plan = RandomPlan.plan(RandomPlan.tasks(count: 40, &numbers))
    let draw = Simulation.Draw(
      times: (0..<40).map { _ in Int64.random(in: 1...1_000_000, using: &numbers) })
    let work = Duration.microseconds(draw.times.reduce(0, +))
    let chain = Duration.microseconds(
      CriticalPath(graph: plan.graph, weights: draw.times).length)
    for schedule in Forecast.schedules {
      #expect(simulation(plan, jobs: 1, schedule).makespan(draw) == work)
      for jobs in 2...5 {
        let makespan = simulation(plan, jobs: jobs, schedule).makespan(draw)
        #expect(makespan >= max(chain, work / jobs))
      }
    }
    #expect(simulation(plan, jobs: 40, .dataflow).makespan(draw) == chain)
    #expect(
      simulation(plan, jobs: 40, .levels).makespan(draw)
        == .microseconds(Makespan.levelBound(plan.graph, weights: draw.times)))
  }

  @Test("a failed attempt costs its time and the wait before the next one")
  func failures() {
    let plan = RandomPlan.plan([("a", [])])
    let draw = Simulation.Draw(times: [2_000_000], failures: [1])
    #expect(simulation(plan, jobs: 1, .levels, attempts: 2).makespan(draw) == .seconds(5))
    #expect(simulation(plan, jobs: 1, .levels, attempts: 1).makespan(draw) == .seconds(2))
  }

  @Test("the same seed gives the same forecast, and another one another")
  func seeds() {
    let tasks = TaskForecast.declared(seven, spread: 0.3)
    let forecast = { (seed: UInt64) in
      Forecast(seven, tasks: tasks, options: RunOptions(), mostJobs: 3, draws: 20, seed: seed)
    }
    #expect(forecast(1) == forecast(1))
    #expect(forecast(1) != forecast(2))
  }

  @Test("drawn times have the median and the spread that were asked for")
  func distribution() {
    let forecasts = [TaskForecast](
      repeating: TaskForecast(median: .seconds(100), spread: 0.5, failureRate: 0.25), count: 20_000)
    let draw = Simulation.Draw(forecasts, number: 3, seed: 9, attempts: 3)
    let sorted = draw.times.map { Double($0) / 1e8 }.sorted()
    #expect(abs(sorted[10_000] - 1) < 0.02)
    #expect(abs(sorted[16_827] - 1.6487) < 0.05)
    let failed = draw.failures?.count { $0 > 0 } ?? 0
    #expect(abs(Double(failed) / 20_000 - 0.25) < 0.02)
  }

  @Test("the best choice is the smallest that is nearly as fast as any")
  func best() {
    let estimates = sevenTasks.map { sevenTimes[$0.0] ?? .zero }
    let plan = RandomPlan.plan(sevenTasks, estimates: estimates)
    let tasks = TaskForecast.declared(plan, spread: 0)
    var options = RunOptions()
    options.jobs = 4
    let forecast = Forecast(
      plan, tasks: tasks, options: options, mostJobs: 8, draws: 1, seed: 1)
    #expect(forecast.best?.jobs == 3)
    #expect(forecast.best?.schedule == .dataflow)
    #expect(forecast.best?.median == .milliseconds(1500))
    #expect(
      forecast.lines.suffix(4) == [
        "📊 Best: -j 3 --schedule dataflow: 1.50 s, and 9 of 10 runs within 1.50 s",
        "📊 As set now, -j 4 --schedule levels: 1.55 s; the best saves 3%",
        "📊 Without level barriers at -j 3: 14% less time",
        "📊 One more slot: 0% less time",
      ])
  }
}
