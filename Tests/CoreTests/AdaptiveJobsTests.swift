import Core
import Testing

/// How `-j auto` judges the machine.
struct AdaptiveJobsTests {
  typealias Stalls = PressureReading.Stalls<Double?>

  private func sample(
    processor: Double? = 0, memory: Double? = 0, disk: Double? = 0, available: Double? = 0.5,
    runnable: Int = 0
  ) -> PressureSample {
    PressureSample(
      processors: 4, runnable: runnable, availableMemory: available,
      stalls: Stalls(processor: processor, memory: memory, disk: disk))
  }

  private func policy(
    _ jobs: Int, running: Int? = nil, wanted: Bool = true, after reason: JobsReason = .room,
    age: Duration = .seconds(60)
  ) -> AdaptiveJobs {
    AdaptiveJobs(
      jobs: jobs, running: running ?? jobs, isWanted: wanted, reason: reason, age: age)
  }

  @Test("grows by half while there is room, to a limit", arguments: [(1, 2), (4, 6), (30, 32)])
  func growth(jobs: Int, grown: Int) {
    #expect(policy(jobs).change(after: sample()) == .init(grown, .room))
    #expect(policy(32).change(after: sample()) == nil)
  }

  @Test("does not grow when nothing more would start")
  func noDemand() {
    #expect(policy(4, running: 3).change(after: sample()) == nil)
    #expect(policy(4, wanted: false).change(after: sample()) == nil)
    #expect(policy(4, age: .milliseconds(900)).change(after: sample()) == nil)
  }

  @Test(
    "does not grow while something is scarce",
    arguments: [
      (0.3, 0.0, 0.0, 0.5), (0.0, 0.02, 0.0, 0.5), (0.0, 0.0, 0.4, 0.5), (0.0, 0.0, 0.0, 0.15),
    ])
  func scarcity(processor: Double, memory: Double, disk: Double, available: Double) {
    let sample = sample(processor: processor, memory: memory, disk: disk, available: available)
    #expect(policy(8).change(after: sample) == nil)
  }

  @Test("memory that gets short takes a quarter, and half when it is nearly gone")
  func memory() {
    #expect(policy(8).change(after: sample(available: 0.08)) == .init(6, .memory))
    #expect(policy(8).change(after: sample(memory: 0.2)) == .init(6, .memory))
    #expect(policy(8).change(after: sample(available: 0.03)) == .init(4, .memory))
    #expect(policy(1).change(after: sample(available: 0.03)) == nil)
  }

  @Test("what counts is how many run, when that is fewer than allowed")
  func base() {
    #expect(policy(20, running: 4).change(after: sample(available: 0.08)) == .init(3, .memory))
    #expect(policy(4, running: 9).change(after: sample(available: 0.08)) == .init(3, .memory))
  }

  @Test("busy disks take a quarter; busy processors too, but leave one task for each processor")
  func disksAndProcessors() {
    #expect(policy(8).change(after: sample(disk: 0.7)) == .init(6, .disk))
    let busy = sample(processor: 0.9, runnable: 12)
    #expect(policy(8).change(after: busy) == .init(6, .processorTime))
    #expect(policy(5).change(after: busy) == .init(4, .processorTime))
    #expect(policy(4).change(after: busy) == nil)
    #expect(policy(8).change(after: sample(processor: 0.9, runnable: 8)) == nil)
  }

  @Test("after a shortage it waits, and then grows one by one")
  func recovery() {
    #expect(policy(4, after: .memory, age: .seconds(14)).change(after: sample()) == nil)
    #expect(policy(4, after: .memory).change(after: sample()) == .init(5, .recovery))
    #expect(policy(5, after: .recovery).change(after: sample()) == .init(6, .recovery))
  }

  @Test("a shortage is given time to show that what was done about it helps")
  func patience() {
    let short = sample(available: 0.08)
    #expect(policy(8, after: .memory, age: .seconds(4)).change(after: short) == nil)
    #expect(policy(8, after: .memory, age: .seconds(5)).change(after: short) == .init(6, .memory))
    let urgent = sample(available: 0.04)
    #expect(policy(8, after: .memory, age: .seconds(1)).change(after: urgent) == .init(4, .memory))
  }

  @Test("a kernel that does not count stalls is judged by what wants to run and by free memory")
  func noStalls() {
    let none = Stalls(processor: nil, memory: nil, disk: nil)
    let judge = { (runnable: Int) in
      PressureSample(processors: 4, runnable: runnable, availableMemory: 0.5, stalls: none)
    }
    #expect(policy(4).change(after: judge(3)) == .init(6, .room))
    #expect(policy(4).change(after: judge(5)) == nil)
    #expect(policy(8).change(after: judge(9)) == .init(6, .processorTime))
  }

  @Test("a sample is what changed between two readings")
  func sampling() {
    var first = PressureReading(at: Instant(microseconds: 0))
    first.stalls = .init(processor: .seconds(5), memory: nil, disk: .seconds(1))
    var second = PressureReading(at: Instant(microseconds: 2_000_000))
    second.stalls = .init(processor: .seconds(6), memory: .zero, disk: .seconds(9))
    (second.runnable, second.totalMemory, second.availableMemory) = (3, 400, 100)
    #expect(
      PressureSample(from: first, to: second, processors: 2)
        == PressureSample(
          processors: 2, runnable: 3, availableMemory: 0.25,
          stalls: Stalls(processor: 0.5, memory: nil, disk: 1)))
  }

  @Test("this machine can be read")
  func reading() {
    let reading = PressureReading.now(Instant(microseconds: 0))
    #expect(reading.runnable > 0)
    #expect(reading.totalMemory > reading.availableMemory && reading.availableMemory > 0)
    #expect(Processors.usable > 0)
  }

  @Test("a run that adapts changes its slots with a reason, and stops when somebody names a number")
  func run() {
    var run = RunScenario([("1", []), ("2", []), ("3", [])]) {
      ($0.jobs, $0.adaptsJobs) = (2, true)
    }
    #expect(run.state.jobsReason == .processors)
    run.pass(.seconds(2))
    let before = run.events.count
    run.send(.pressure(sample()))
    #expect(run.kinds(since: before).first == .jobsChanged(3, .room))
    #expect(run.running == ["1", "2", "3"])
    run.pass(.seconds(5))
    run.send(.pressure(sample(available: 0.01)))
    #expect(run.state.jobs == 1)
    #expect(run.state.jobsReason == .memory)
    #expect(run.running == ["1", "2", "3"])
    run.command(.jobs(2))
    run.pass(.seconds(60))
    run.send(.pressure(sample(available: 0.01)))
    #expect((run.state.jobs, run.state.jobsReason == nil) == (2, true))
    run.command(.automaticJobs)
    #expect(run.state.jobsReason == .processors)
  }
}
