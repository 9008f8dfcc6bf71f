import Core
import Testing

/// What the queue makes of news about its jobs.
struct SlurmQueueTests {
  private let key = AttemptKey(TaskID("5"), 1)
  private var queue = SlurmQueue(prefix: "lanes.r.")

  private func answer(_ text: String, status: Int32? = 0) -> SlurmAnswer {
    SlurmAnswer(status: status, text: Array(text.utf8))
  }

  private func job(
    _ state: String, id: UInt32 = 17, element: UInt32? = nil, reason: String = "None"
  ) -> SlurmJob {
    SlurmJob(
      id: SlurmJobID(id, element: element), name: "lanes.r.5.1", state: state, reason: reason,
      nodes: "n2")
  }

  /// The queue with one attempt that is job 17.
  private func submitted() -> SlurmQueue {
    var queue = queue
    queue.add(key, name: "5.1")
    _ = queue.takeOrders()
    _ = queue.begin(key)
    queue.submitted([key], answer("17\n"))
    return queue
  }

  private func began() -> SlurmQueue {
    var queue = submitted()
    queue.began(key, job: SlurmJobID(17))
    _ = queue.takeReports()
    return queue
  }

  private func takeReports(_ queue: inout SlurmQueue) -> [LaunchReport] { queue.takeReports() }

  private func takeOrders(_ queue: inout SlurmQueue) -> [SlurmQueue.Order] { queue.takeOrders() }

  private func poll(_ queue: inout SlurmQueue, _ jobs: SlurmJob...) {
    let number = queue.beginPoll()
    queue.take(jobs, poll: number)
  }

  @Test("a job that begins before its number is known is cancelled or suspended once it is")
  func early() {
    for (signal, order) in [
      (TaskSignal.terminate, SlurmQueue.Order.cancel(SlurmJobID(17))),
      (.pause, .suspend(SlurmJobID(17))),
    ] {
      var queue = queue
      queue.add(key, name: "5.1")
      _ = queue.begin(key)
      _ = queue.takeOrders()
      queue.began(key, job: nil)
      queue.send(signal, to: key)
      #expect(takeOrders(&queue) == [])
      queue.submitted([key], answer("17\n"))
      #expect(takeOrders(&queue) == [order])
    }
  }

  @Test("an attempt is submitted, begins and ends")
  func life() {
    var queue = queue
    queue.add(key, name: "5.1")
    #expect(takeOrders(&queue) == [.submit(key)])
    let isFirst = queue.begin(key)
    let isSecond = queue.begin(key)
    #expect((isFirst, isSecond) == (true, false))
    #expect(queue.jobName(of: key) == "lanes.r.5.1")
    queue.submitted([key], answer("17;cluster\n"))
    #expect(queue.stage(of: key) == .queued)
    poll(&queue, job("PENDING", reason: "Resources"))
    queue.began(key, job: SlurmJobID(17))
    queue.began(key, job: SlurmJobID(17))
    queue.ended(key, .exited(3), ResourceUsage())
    #expect(
      takeReports(&queue) == [
        .launched(key, ProcessIdentity(job: SlurmJobID(17))),
        .ended(key, .exited(3), ResourceUsage()),
      ])
    #expect(queue.isEmpty)
  }

  @Test(
    "a job that is over without an exit status is believed to be lost at the third poll",
    arguments: ["NODE_FAIL", "FAILED", "COMPLETED", ""])
  func lost(state: String) {
    var queue = began()
    for _ in 0..<2 { state.isEmpty ? poll(&queue) : poll(&queue, job(state)) }
    #expect(takeReports(&queue) == [])
    state.isEmpty ? poll(&queue) : poll(&queue, job(state))
    let reports = queue.takeReports()
    #expect(reports.last == .ended(key, nil, ResourceUsage()))
    #expect(reports.count == 2)
    #expect(takeOrders(&queue) == [.cancel(SlurmJobID(17))])
    #expect(queue.isEmpty)
  }

  @Test("a job that is there again after it was missed is not lost")
  func found() {
    var queue = began()
    for _ in 0..<4 {
      poll(&queue)
      poll(&queue)
      poll(&queue, job("RUNNING"))
    }
    #expect(takeReports(&queue) == [])
    #expect(!queue.isEmpty)
  }

  @Test("an exit status counts more than what the queue says")
  func exitWins() {
    var queue = began()
    poll(&queue, job("NODE_FAIL"))
    poll(&queue, job("PENDING", reason: "launch_failed_requeued_held"))
    queue.ended(key, .exited(0), ResourceUsage())
    #expect(takeReports(&queue) == [.ended(key, .exited(0), ResourceUsage())])
  }

  @Test("a poll that began before a job was submitted says nothing about it")
  func earlyPoll() {
    var queue = queue
    queue.add(key, name: "5.1")
    _ = queue.begin(key)
    let numbers = [queue.beginPoll(), queue.beginPoll(), queue.beginPoll()]
    queue.submitted([key], answer("17\n"))
    for number in numbers { queue.take([], poll: number) }
    #expect(takeReports(&queue) == [])
    #expect(queue.stage(of: key) == .queued)
  }

  @Test("a job that Slurm holds after a failed launch is given up, one that was paused is not")
  func held() {
    var queue = submitted()
    queue.send(.pause, to: key)
    #expect(takeOrders(&queue).last == .hold(SlurmJobID(17)))
    for _ in 0..<5 { poll(&queue, job("PENDING", reason: "JobHeldUser")) }
    #expect(takeReports(&queue) == [])
    queue.send(.proceed, to: key)
    #expect(takeOrders(&queue) == [.release(SlurmJobID(17))])
    for _ in 0..<3 { poll(&queue, job("PENDING", reason: "launch_failed_requeued_held")) }
    #expect(takeReports(&queue).last == .ended(key, nil, ResourceUsage()))
  }

  @Test("a request that can never start is a failure of the task")
  func impossible() {
    var queue = submitted()
    for _ in 0..<3 { poll(&queue, job("PENDING", reason: "PartitionConfig")) }
    #expect(
      takeReports(&queue) == [
        .failed(key, message: "Slurm will not start it: PartitionConfig", isTransient: false)
      ])
    #expect(takeOrders(&queue) == [.cancel(SlurmJobID(17))])
  }

  @Test("a refused submission is a failure with Slurm's words")
  func refused() {
    var queue = queue
    queue.add(key, name: "5.1")
    _ = queue.begin(key)
    let text =
      "sbatch: error: Memory specification can not be satisfied\n"
      + "sbatch: error: Batch job submission failed: Requested node configuration is not available\n"
    queue.submitted([key], answer(text, status: 1))
    let message =
      "sbatch: Batch job submission failed: Requested node configuration is not available"
    #expect(takeReports(&queue) == [.failed(key, message: message, isTransient: false)])
  }

  @Test(
    "a submission without a clear answer is looked for before it is repeated",
    arguments: [true, false])
  func unsure(isThere: Bool) {
    var queue = queue
    queue.add(key, name: "5.1")
    _ = queue.takeOrders()
    _ = queue.begin(key)
    queue.submitted([key], answer("", status: nil))
    #expect(queue.stage(of: key) == .unsure)
    if isThere { poll(&queue, job("PENDING")) } else { poll(&queue) }
    #expect(queue.stage(of: key) == (isThere ? .queued : .waiting))
    #expect(takeOrders(&queue) == (isThere ? [] : [.submit(key)]))
    #expect(takeReports(&queue) == [])
  }

  @Test("an attempt of an earlier runner is adopted by its claim")
  func adopted() {
    var queue = queue
    queue.seek(key, name: "5.1", job: SlurmJobID(17))
    queue.began(key, job: nil)
    #expect(takeReports(&queue) == [.adopted(key, ProcessIdentity(job: SlurmJobID(17)))])
  }

  @Test("an attempt of an earlier runner that still waits is found by its name")
  func foundByName() {
    var queue = queue
    queue.seek(key, name: "5.1", job: nil)
    poll(&queue, job("PENDING"))
    #expect(queue.stage(of: key) == .queued)
    queue.began(key, job: SlurmJobID(17))
    #expect(takeReports(&queue) == [.launched(key, ProcessIdentity(job: SlurmJobID(17)))])
  }

  @Test("an attempt of an earlier runner that is nowhere was never submitted")
  func neverSubmitted() {
    var queue = queue
    queue.seek(key, name: "5.1", job: nil)
    for _ in 0..<3 { poll(&queue) }
    #expect(
      takeReports(&queue) == [
        .failed(key, message: "it is not in the queue", isTransient: true)
      ])
  }

  @Test("ending takes what waits out of the queue and signals what runs")
  func ending() {
    var waiting = queue
    waiting.add(key, name: "5.1")
    waiting.send(.interrupt, to: key)
    #expect(takeReports(&waiting) == [.ended(key, .signaled(15), ResourceUsage())])
    let isBegun = waiting.begin(key)
    #expect(!isBegun)

    var queued = submitted()
    queued.send(.interrupt, to: key)
    #expect(takeOrders(&queued) == [.cancel(SlurmJobID(17))])
    for _ in 0..<3 { poll(&queued, job("CANCELLED")) }
    #expect(takeReports(&queued) == [.ended(key, .signaled(15), ResourceUsage())])

    var running = began()
    running.send(.pause, to: key)
    running.send(.interrupt, to: key)
    running.send(.kill, to: key)
    #expect(
      takeOrders(&running) == [
        .suspend(SlurmJobID(17)), .resume(SlurmJobID(17)), .signal(SlurmJobID(17), .interrupt),
        .signal(SlurmJobID(17), .kill), .cancel(SlurmJobID(17)),
      ])
  }

  @Test("what is told to end while it is being submitted is cancelled when its number is known")
  func endingWhileSubmitted() {
    var queue = queue
    queue.add(key, name: "5.1")
    _ = queue.begin(key)
    queue.send(.terminate, to: key)
    _ = queue.takeOrders()
    queue.submitted([key], answer("17\n"))
    #expect(takeOrders(&queue) == [.cancel(SlurmJobID(17))])
  }

  @Test("a job that Slurm will not suspend is stopped by a signal, and goes on by one")
  func suspensionRefused() {
    var queue = began()
    queue.send(.pause, to: key)
    #expect(takeOrders(&queue) == [.suspend(SlurmJobID(17))])
    queue.suspensionFailed(SlurmJobID(17))
    #expect(takeOrders(&queue) == [.signal(SlurmJobID(17), .pause)])
    queue.send(.proceed, to: key)
    #expect(
      takeOrders(&queue) == [.signal(SlurmJobID(17), .proceed), .resume(SlurmJobID(17))])
  }

  @Test("of two jobs of one name the one that is not over counts")
  func twoJobs() {
    var queue = began()
    for _ in 0..<4 { poll(&queue, job("FAILED", id: 18), job("RUNNING"), job("FAILED", id: 19)) }
    #expect(takeReports(&queue) == [])
  }

  /// The queue with two attempts that are being submitted.
  private func submitting(_ other: AttemptKey) -> SlurmQueue {
    var queue = queue
    for (key, name) in [(key, "5.1"), (other, "6.1")] {
      queue.add(key, name: name)
      _ = queue.begin(key)
    }
    _ = queue.takeOrders()
    return queue
  }

  @Test("attempts that were submitted together are the elements of one array, in their order")
  func together() {
    let other = AttemptKey(TaskID("6"), 1)
    var queue = submitting(other)
    queue.submitted([key, other], answer("17\n"))
    queue.send(.terminate, to: other)
    queue.began(key, job: nil)
    #expect(takeOrders(&queue) == [.cancel(SlurmJobID(17, element: 1))])
    #expect(
      takeReports(&queue) == [
        .launched(key, ProcessIdentity(job: SlurmJobID(17, element: 0)))
      ])
    for _ in 0..<4 { poll(&queue, job("RUNNING", element: 0)) }
    #expect(takeReports(&queue) == [.ended(other, .signaled(15), ResourceUsage())])
  }

  @Test("attempts that Slurm will not take together are submitted again, but those told to end")
  func apart() {
    let other = AttemptKey(TaskID("6"), 1)
    var queue = submitting(other)
    queue.send(.terminate, to: other)
    queue.submitApart([key, other])
    #expect(takeOrders(&queue) == [.submit(key)])
    #expect(takeReports(&queue) == [.ended(other, .signaled(15), ResourceUsage())])
  }
}
