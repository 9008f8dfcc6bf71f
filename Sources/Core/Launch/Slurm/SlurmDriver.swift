import Glibc

/// Has Slurm do what the queue decides, on a thread of its own: its commands can hang for seconds
/// when the controller is away, and so can a shared file system.
actor SlurmDriver {
  /// What the launcher wants.
  enum Wish: Sendable {
    case launch(LaunchRequest, TaskResources)
    case adopt(LaunchRequest, job: SlurmJobID?)
    case send(TaskSignal, AttemptKey)
  }

  private static let wishToken: UInt64 = 0
  private static let lookEvery: Duration = .milliseconds(100)

  nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

  private let clock: WallClock
  let runID: String
  let folder: SlurmFolder
  let commands: SlurmCommands
  let programs: SlurmPrograms
  let spawner: Spawner
  private nonisolated let wishes: Mailbox<Wish>
  nonisolated let reports: Mailbox<LaunchReport>
  var queue: SlurmQueue
  var requests: [AttemptKey: (request: LaunchRequest, resources: TaskResources)] = [:]
  private var tails: [AttemptKey: OutputTail] = [:]
  /// What the attempts are called that have not ended.
  private var names: [AttemptKey: String] = [:]
  private var claims: FolderNames
  private var exits: FolderNames
  var calls: [UInt64: (call: SlurmCall, purpose: SlurmErrand)] = [:]
  var latestToken: UInt64 = 0
  var gathering = SlurmGathering()
  var batches: SlurmBatches
  var controls = SlurmControls()
  var nextPoll = Instant(microseconds: 0)
  var nextLook = Instant(microseconds: 0)
  /// Since when the controller does not answer.
  var awaySince: Instant?
  /// Somebody was told that it does not.
  var isAwayKnown = false

  init(
    runID: String, folder: SlurmFolder, commands: SlurmCommands, environment: EnvironmentBlock,
    clock: WallClock, wishes: Mailbox<Wish>, reports: Mailbox<LaunchReport>
  ) throws(SlurmError) {
    programs = try SlurmPrograms(environment: environment)
    do throws(PlatformError) {
      reactor = try Reactor(name: "lanes-slurm", clock: clock)
      spawner = try Spawner(environment: environment, openFiles: OpenFileLimit.raise())
      try folder.create()
      try reactor.watch(wishes.descriptor, token: Self.wishToken)
    } catch { throw .platform(error) }
    (self.runID, self.folder, self.commands, self.clock) = (runID, folder, commands, clock)
    (self.wishes, self.reports) = (wishes, reports)
    queue = SlurmQueue(prefix: "lanes.\(runID).")
    claims = FolderNames(path: folder.claims)
    exits = FolderNames(path: folder.exits)
    batches = SlurmBatches(path: folder.batches)
  }

  /// Starts the thread; to be called once.
  nonisolated func start() throws(SlurmError) {
    do throws(PlatformError) {
      try reactor.start { [weak self] tokens in
        self?.assumeIsolated { $0.wake(tokens) }
      }
    } catch { throw .platform(error) }
  }

  nonisolated func stop() { reactor.stop() }

  private func wake(_ tokens: [UInt64]) {
    let now = clock.now()
    for token in tokens {
      if token == Self.wishToken {
        for wish in wishes.take() { take(wish) }
      } else if let answer = calls[token]?.call.read() {
        take(answer, token, at: now)
      }
    }
    for (token, running) in calls where running.call.deadline <= now {
      take(running.call.end(), token, at: now)
    }
    if nextLook <= now { look(at: now) }
    startCalls(at: now)
    deliver()
    setDeadline()
  }

  private func take(_ wish: Wish) {
    switch wish {
    case .launch(let request, let resources):
      requests[request.key] = (request, resources)
      tails[request.key] = OutputTail(path: request.files.log)
      names[request.key] = request.files.attempt
      queue.add(request.key, name: request.files.attempt)
    case .adopt(let request, let job):
      tails[request.key] = OutputTail(path: request.files.log)
      names[request.key] = request.files.attempt
      queue.seek(request.key, name: request.files.attempt, job: job)
      nextLook = Instant(microseconds: 0)
    case .send(let signal, let key): queue.send(signal, to: key)
    }
  }

  private func deliver() {
    let news = queue.takeReports()
    for report in news {
      switch report {
      case .ended(let key, _, _), .failed(let key, _, _):
        (tails[key], requests[key]) = (nil, nil)
        if let name = names.removeValue(forKey: key) { batches.remove(name) }
      case .launched, .adopted, .underway, .output, .agent, .notice: break
      }
    }
    reports.post(news)
  }

  var mustPoll: Bool { !queue.isEmpty || !controls.isEmpty }
  var isPolling: Bool { calls.values.contains { $0.purpose.isPoll } }

  private func setDeadline() {
    var deadlines = calls.values.map(\.call.deadline)
    if !queue.isEmpty { deadlines.append(nextLook) }
    if mustPoll, !isPolling { deadlines.append(nextPoll) }
    if awaySince == nil, !hasMostSubmissions, let due = gathering.due { deadlines.append(due) }
    reactor.setDeadline(deadlines.min())
  }

  // MARK: The shared folder

  func look(at now: Instant) {
    nextLook = now + Self.lookEvery
    if queue.isEmpty { return }
    for name in claims.changes(at: now) ?? [] {
      guard let key = queue.key(named: name), queue.stage(of: key) != .began else { continue }
      began(key, name)
    }
    for name in exits.changes(at: now) ?? [] where !name.hasPrefix(".") {
      guard let key = queue.key(named: name), let exit = folder.exit(of: name) else { continue }
      if queue.stage(of: key) != .began { began(key, name) }
      queue.ended(key, exit.status, exit.usage)
    }
    for key in queue.begun { report(tailOf: key) }
  }

  private func began(_ key: AttemptKey, _ name: String) {
    queue.began(key, job: folder.job(of: name))
  }

  private func report(tailOf key: AttemptKey) {
    guard let (hasGrown, progress) = tails[key]?.poll(), hasGrown else { return }
    reports.post([.output(key, progress: progress)])
  }
}
