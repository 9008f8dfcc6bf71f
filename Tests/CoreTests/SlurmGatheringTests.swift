import Core
import Testing

/// Which calls of Slurm's commands there are, and when.
struct SlurmGatheringTests {
  private func key(_ number: Int) -> AttemptKey { AttemptKey(TaskID(String(number)), 1) }

  private func at(_ milliseconds: Int) -> Instant {
    Instant(microseconds: Int64(milliseconds) * 1000)
  }

  @Test("attempts that become ready together go in one call, those that ask for something else not")
  func together() {
    var gathering = SlurmGathering()
    for number in 1...3 { gathering.add(key(number), TaskResources(), at: at(number)) }
    gathering.add(key(4), TaskResources(cpus: 2), at: at(4))
    #expect(gathering.due == at(23))
    let early = gathering.next(at: at(22))
    let first = gathering.next(at: at(24))
    let second = gathering.next(at: at(24))
    let third = gathering.next(at: at(1000))
    #expect(early == nil)
    #expect(first?.keys == [key(1), key(2), key(3)])
    #expect(second?.keys == [key(4)])
    #expect(second?.resources == TaskResources(cpus: 2))
    #expect(third == nil)
    #expect(gathering.due == nil)
  }

  @Test(
    "the number of calls grows with time and not with the attempts", arguments: [10, 100, 1000])
  func calls(each: Int) {
    var gathering = SlurmGathering()
    var (calls, given) = (0, 0)
    for step in 0..<100 {
      for number in 0..<each { gathering.add(key(number), TaskResources(), at: at(step * 100)) }
      while let batch = gathering.next(at: at(step * 100)) {
        calls += 1
        given += batch.keys.count
      }
    }
    #expect(calls <= 21)
    #expect(given >= min(each * 90, 19_000))
  }

  @Test("a stream without a pause is not waited for")
  func stream() {
    var gathering = SlurmGathering()
    for number in 0..<20 { gathering.add(key(number), TaskResources(), at: at(number * 10)) }
    #expect(gathering.due == at(200))
  }

  @Test("orders of one kind go in one call, and those about one job in their order")
  func controls() {
    var controls = SlurmControls()
    let jobs = (0..<3).map { SlurmJobID(17, element: UInt32($0)) }
    for job in jobs {
      controls.add(.resume(job))
      controls.add(.signal(job, .interrupt))
    }
    controls.add(.resume(jobs[0]))
    var calls: [[String]] = []
    while case let orders = controls.next(), !orders.isEmpty {
      calls.append(SlurmCommands.words(for: orders))
    }
    #expect(
      calls == [
        ["scontrol", "resume", "17_0,17_1,17_2"],
        ["scancel", "--full", "--signal=INT", "17_0", "17_1", "17_2"],
        ["scontrol", "resume", "17_0"],
      ])
    #expect(controls.isEmpty)
  }

  @Test("orders that were refused together are carried out one by one")
  func separate() {
    var controls = SlurmControls()
    for number in 1...3 { controls.add(.suspend(SlurmJobID(UInt32(number)))) }
    let group = controls.next()
    controls.separate(group)
    for number in 1...3 {
      let orders = controls.next()
      #expect(orders == [.suspend(SlurmJobID(UInt32(number)))])
    }
    #expect(controls.isEmpty)
  }
}
