/// What is known of the attempts of a run in Slurm's queue, and what follows from news of them.
///
/// Three sources tell of an attempt, and the one that is nearer to it wins: its exit status on the
/// shared folder, its claim there (it began), and what `squeue` says. A controller that crashed can
/// forget jobs, or show one as running or waiting that ended long ago, so it is believed only when it
/// says three times in a row that there is no such job any more.
package struct SlurmQueue {
  /// What the names of the run's jobs begin with.
  package let prefix: String
  private var entries: [AttemptKey: Entry] = [:]
  private var keys: [String: AttemptKey] = [:]
  private var latestPoll = 0
  private var reports: [LaunchReport] = []
  private var orders: [Order] = []

  /// How many polls must agree that an attempt has no job before it is given up.
  private static let patience = 3

  /// `prefix` is what the names of the run's jobs begin with.
  package init(prefix: String) {
    self.prefix = prefix
  }

  package var isEmpty: Bool { entries.isEmpty }

  /// The attempts that began and have not ended.
  package var begun: [AttemptKey] { entries.filter { $0.value.stage == .began }.map(\.key) }

  package func stage(of key: AttemptKey) -> Stage? { entries[key]?.stage }

  package func jobName(of key: AttemptKey) -> String { prefix + (entries[key]?.name ?? "") }

  /// The attempt of this name, if it has not ended.
  package func key(named name: String) -> AttemptKey? { keys[name] }

  /// What is to be told to the run since the last call.
  package mutating func takeReports() -> [LaunchReport] {
    defer { reports = [] }
    return reports
  }

  /// What is to be done since the last call.
  package mutating func takeOrders() -> [Order] {
    defer { orders = [] }
    return orders
  }

  // MARK: What the run wants

  /// An attempt to be submitted.
  package mutating func add(_ key: AttemptKey, name: String) {
    enter(key, Entry(name: name, stage: .waiting))
    orders.append(.submit(key))
  }

  /// An attempt of an earlier runner, with the job it was known by.
  package mutating func seek(_ key: AttemptKey, name: String, job: SlurmJobID?) {
    enter(key, Entry(name: name, stage: .sought, job: job, poll: latestPoll))
  }

  private mutating func enter(_ key: AttemptKey, _ entry: Entry) {
    entries[key] = entry
    keys[entry.name] = key
  }

  package mutating func send(_ signal: TaskSignal, to key: AttemptKey) {
    guard let entry = entries[key] else { return }
    switch signal {
    case .interrupt, .terminate, .kill: end(key, entry, signal)
    case .pause: pause(key, entry)
    case .proceed: proceed(key, entry)
    }
  }

  private mutating func end(_ key: AttemptKey, _ entry: Entry, _ signal: TaskSignal) {
    entries[key]?.isEnding = true
    if entry.stage == .waiting { return finish(key, .signaled(15)) }
    guard let job = entry.jobInSlurm else { return }
    if entry.stage == .queued { return orders.append(.cancel(job)) }
    if entry.isPaused { proceed(key, entry) }
    orders.append(.signal(job, signal))
    // The signal ends the wrapper too; this ends the job when it could not be delivered.
    if signal == .kill { orders.append(.cancel(job)) }
  }

  private mutating func pause(_ key: AttemptKey, _ entry: Entry) {
    entries[key]?.isPaused = true
    guard let job = entry.jobInSlurm else { return }
    orders.append(entry.stage == .queued ? .hold(job) : .suspend(job))
  }

  private mutating func proceed(_ key: AttemptKey, _ entry: Entry) {
    entries[key]?.isPaused = false
    entries[key]?.isStopped = false
    if entry.stage == .waiting { return orders.append(.submit(key)) }
    guard let job = entry.jobInSlurm else { return }
    if entry.stage == .queued { return orders.append(.release(job)) }
    if entry.isStopped { orders.append(.signal(job, .proceed)) }
    // Also where a signal stopped it: a refusal may have come because it was suspended already.
    orders.append(.resume(job))
  }

  // MARK: What became of orders

  /// Whether the attempt is to be submitted now; if so it counts as being submitted.
  package mutating func begin(_ key: AttemptKey) -> Bool {
    guard let entry = entries[key], entry.stage == .waiting, !entry.isPaused else { return false }
    entries[key]?.stage = .submitting
    return true
  }

  /// Takes in what `sbatch` said of attempts that were submitted together, in their order.
  package mutating func submitted(_ batch: [AttemptKey], _ answer: SlurmAnswer) {
    for (index, key) in batch.enumerated() {
      let job = answer.job.map {
        SlurmJobID($0, element: batch.count > 1 ? UInt32(index) : nil)
      }
      submitted(key, job, answer)
    }
  }

  /// Has attempts submitted again that Slurm would not take together.
  package mutating func submitApart(_ batch: [AttemptKey]) {
    for key in batch {
      guard let entry = entries[key], entry.stage == .submitting else { continue }
      submitAgain(key, entry)
    }
  }

  private mutating func submitted(_ key: AttemptKey, _ job: SlurmJobID?, _ answer: SlurmAnswer) {
    guard let entry = entries[key] else { return }
    if entry.stage == .began, let job { return learn(key, entry, job) }
    guard entry.stage == .submitting else { return }
    if let job {
      entered(key, job)
    } else if answer.isSuccess || answer.isTransient {
      entries[key]?.stage = .unsure
      entries[key]?.poll = latestPoll
    } else if entry.isEnding {
      finish(key, .signaled(15))
    } else {
      failed(key, "sbatch: \(answer.problem)", isTransient: false)
    }
  }

  /// The number of a job that began before `sbatch` had told it.
  private mutating func learn(_ key: AttemptKey, _ entry: Entry, _ job: SlurmJobID) {
    guard entry.job == nil else { return }
    entries[key]?.job = job
    if entry.isEnding {
      orders.append(.cancel(job))
    } else if entry.isPaused {
      orders.append(.suspend(job))
    }
  }

  private mutating func entered(_ key: AttemptKey, _ job: SlurmJobID) {
    guard let entry = entries[key] else { return }
    entries[key]?.stage = .queued
    entries[key]?.job = job
    entries[key]?.poll = latestPoll
    if entry.isEnding {
      orders.append(.cancel(job))
    } else if entry.isPaused {
      orders.append(.hold(job))
    }
  }

  /// Slurm would not suspend the job, which only its operators may do; a signal does much the same.
  package mutating func suspensionFailed(_ job: SlurmJobID) {
    guard let key = entries.first(where: { $0.value.job == job })?.key,
      entries[key]?.isPaused == true
    else { return }
    entries[key]?.isStopped = true
    orders.append(.signal(job, .pause))
  }

  // MARK: What the shared folder says

  /// An attempt began, as this job; nil when that is not known.
  package mutating func began(_ key: AttemptKey, job: SlurmJobID?) {
    guard let entry = entries[key], entry.stage != .began else { return }
    let job = job ?? entry.job
    let identity = ProcessIdentity(job: job)
    entries[key]?.stage = .began
    entries[key]?.job = job
    entries[key]?.doubts = 0
    if entry.stage == .sought { entries[key]?.poll = latestPoll }
    reports.append(entry.stage == .sought ? .adopted(key, identity) : .launched(key, identity))
  }

  /// An attempt ended and left its status.
  package mutating func ended(_ key: AttemptKey, _ status: ExitStatus, _ usage: ResourceUsage) {
    guard entries[key] != nil else { return }
    leave(key)
    reports.append(.ended(key, status, usage))
  }

  // MARK: What squeue says

  /// The number of a poll that begins now.
  package mutating func beginPoll() -> Int {
    latestPoll += 1
    return latestPoll
  }

  /// Takes in the jobs that the poll of this number listed.
  package mutating func take(_ jobs: [SlurmJob], poll: Int) {
    var listed: [AttemptKey: SlurmJob] = [:]
    for job in jobs where job.name.hasPrefix(prefix) {
      guard let key = keys[String(job.name.dropFirst(prefix.count))] else { continue }
      // A job that is over says nothing beside another of its name.
      if let other = listed[key], job.isOver || (!other.isOver && other.id > job.id) { continue }
      listed[key] = job
    }
    // A poll that began before the job was submitted cannot know it.
    for (key, entry) in entries where entry.poll < poll { judge(key, entry, listed[key]) }
  }

  private mutating func judge(_ key: AttemptKey, _ entry: Entry, _ job: SlurmJob?) {
    switch entry.stage {
    case .waiting, .submitting: break
    case .unsure:
      guard let job else { return submitAgain(key, entry) }
      entered(key, job.id)
    case .sought:
      guard let job else {
        return doubt(key, entry, "it is not in the queue", isLost: false)
      }
      entered(key, job.id)
    case .queued, .began:
      guard let job, !job.isOver else { return doubt(key, entry, Self.words(for: job)) }
      learn(key, entry, job.id)
      if job.isImpossible {
        doubt(key, entry, "Slurm will not start it: \(job.reason)", isLost: false)
      } else if job.isHeld, !entry.isPaused, entry.stage == .queued {
        doubt(key, entry, "Slurm holds job \(job.id): \(job.reason)")
      } else {
        entries[key]?.doubts = 0
      }
    }
  }

  private static func words(for job: SlurmJob?) -> String {
    guard let job else { return "its job is not in the queue any more" }
    let place = job.nodes.isEmpty ? "" : " on \(job.nodes)"
    return "job \(job.id) is \(job.state)\(place) (\(job.reason)) and left no exit status"
  }

  private mutating func submitAgain(_ key: AttemptKey, _ entry: Entry) {
    if entry.isEnding { return finish(key, .signaled(15)) }
    entries[key]?.stage = .waiting
    orders.append(.submit(key))
  }

  /// Gives an attempt up when there is reason to for long enough.
  private mutating func doubt(
    _ key: AttemptKey, _ entry: Entry, _ why: String, isLost: Bool = true
  ) {
    entries[key]?.doubts += 1
    guard entry.doubts + 1 >= Self.patience else { return }
    if let job = entry.job { orders.append(.cancel(job)) }
    if entry.isEnding { return finish(key, .signaled(15)) }
    if isLost {
      reports.append(.notice(key, code: "slurm_job", message: "task \(key.task): \(why)"))
      finish(key, nil)
    } else {
      failed(key, why, isTransient: entry.stage == .sought)
    }
  }

  // MARK: The end of an entry

  private mutating func finish(_ key: AttemptKey, _ status: ExitStatus?) {
    leave(key)
    reports.append(.ended(key, status, ResourceUsage()))
  }

  /// An attempt that cannot be started.
  package mutating func failed(_ key: AttemptKey, _ message: String, isTransient: Bool) {
    leave(key)
    reports.append(.failed(key, message: message, isTransient: isTransient))
  }

  private mutating func leave(_ key: AttemptKey) {
    guard let entry = entries.removeValue(forKey: key) else { return }
    keys[entry.name] = nil
  }
}
