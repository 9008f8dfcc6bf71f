import Glibc

/// Has Slurm do what the queue decides, on a thread of its own: its commands can hang for seconds
/// when the controller is away, and so can a shared file system.
actor SlurmDriver {
  /// What the launcher wants.
  enum Wish: Sendable {
    case launch(LaunchRequest, TaskResources)
    case adopt(LaunchRequest, job: UInt32)
    case send(TaskSignal, AttemptKey)
  }

  private static let wishToken: UInt64 = 0
  private static let pollEvery: Duration = .seconds(1)
  private static let lookEvery: Duration = .milliseconds(100)
  /// The commands themselves give up after about ten seconds.
  private static let longestCall: Duration = .seconds(20)
  private static let mostSubmissions = 3

  private nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

  private let clock: WallClock
  private let runID: String
  private let folder: SlurmFolder
  private let commands: SlurmCommands
  private let programs: SlurmPrograms
  private let spawner: Spawner
  private nonisolated let wishes: Mailbox<Wish>
  private nonisolated let reports: Mailbox<LaunchReport>
  private var queue: SlurmQueue
  private var requests: [AttemptKey: (request: LaunchRequest, resources: TaskResources)] = [:]
  private var tails: [AttemptKey: OutputTail] = [:]
  private var claims: FolderNames
  private var exits: FolderNames
  private var calls: [UInt64: (call: SlurmCall, purpose: SlurmErrand)] = [:]
  private var latestToken: UInt64 = 0
  private var submissions: ArraySlice<AttemptKey> = []
  private var controls: ArraySlice<SlurmQueue.Order> = []
  private var nextPoll = Instant(microseconds: 0)
  private var nextLook = Instant(microseconds: 0)
  /// Since when the controller does not answer.
  private var awaySince: Instant?
  /// Somebody was told that it does not.
  private var isAwayKnown = false

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
      queue.add(request.key, name: request.files.attempt)
    case .adopt(let request, let job):
      tails[request.key] = OutputTail(path: request.files.log)
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
      case .launched, .adopted, .underway, .output, .agent, .notice: break
      }
    }
    reports.post(news)
  }

  private var mustPoll: Bool { !queue.isEmpty || !controls.isEmpty }
  private var isPolling: Bool { calls.values.contains { $0.purpose.isPoll } }

  private func setDeadline() {
    var deadlines = calls.values.map(\.call.deadline)
    if !queue.isEmpty { deadlines.append(nextLook) }
    if mustPoll, !isPolling { deadlines.append(nextPoll) }
    reactor.setDeadline(deadlines.min())
  }

  // MARK: The shared folder

  private func look(at now: Instant) {
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

  // MARK: Calls

  private func startCalls(at now: Instant) {
    for order in queue.takeOrders() {
      if case .submit(let key) = order { submissions.append(key) } else { controls.append(order) }
    }
    if nextPoll <= now, mustPoll, !isPolling { poll(at: now) }
    if awaySince != nil { return }
    while calls.values.count(where: { $0.purpose.isSubmission }) < Self.mostSubmissions,
      let key = submissions.popFirst()
    {
      submit(key, at: now)
    }
    // One after the other, as a job that is resumed and then ended needs them.
    if !calls.values.contains(where: { $0.purpose.isControl }), let order = controls.popFirst(),
      let words = SlurmCommands.words(for: order)
    {
      start(words, [], .control(order), at: now)
    }
  }

  private func poll(at now: Instant) {
    nextPoll = now + Self.pollEvery
    start(SlurmCommands.poll, [], .poll(queue.beginPoll()), at: now)
  }

  private func submit(_ key: AttemptKey, at now: Instant) {
    guard queue.begin(key), let (request, resources) = requests[key] else { return }
    do throws(PlatformError) {
      try request.prepareFiles()
    } catch {
      queue.failed(key, "cannot start: \(error)", isTransient: error.isTransient)
      return
    }
    let words = commands.submit(
      request, jobName: queue.jobName(of: key), resources, folder: folder)
    var environment = request.environment
    AttemptMark(run: runID, key: key).set(in: &environment)
    start(words, environment, .submission(key), at: now)
  }

  private func start(
    _ words: [String], _ environment: [Variable], _ purpose: SlurmErrand, at now: Instant
  ) {
    latestToken += 1
    do throws(PlatformError) {
      let call = try SlurmCall(
        words, program: programs[words[0]], environment: environment, spawner: spawner,
        deadline: now + Self.longestCall)
      try reactor.watch(call.descriptor, token: latestToken)
      calls[latestToken] = (call, purpose)
    } catch {
      let problem = "error: \(error); temporarily"
      take(SlurmAnswer(status: 127, text: Array(problem.utf8)), for: purpose, at: now)
    }
  }

  private func take(_ answer: SlurmAnswer, _ token: UInt64, at now: Instant) {
    guard let (call, purpose) = calls.removeValue(forKey: token) else { return }
    reactor.unwatch(call.descriptor)
    take(answer, for: purpose, at: now)
  }

  private func take(_ answer: SlurmAnswer, for purpose: SlurmErrand, at now: Instant) {
    switch purpose {
    case .poll(let number):
      guard answer.isSuccess else { return noteAway(answer, at: now) }
      noteBack(at: now)
      // What ended meanwhile is to be known before the queue's word on it.
      look(at: now)
      queue.take(SlurmJob.list(answer.text), poll: number)
    case .submission(let key):
      queue.submitted(key, answer)
      if queue.stage(of: key) == .queued, let request = requests.removeValue(forKey: key) {
        tails[key] = OutputTail(path: request.request.files.log)
      } else if !answer.isSuccess, answer.isTransient {
        awaySince = awaySince ?? now
      }
    case .control(let order): took(answer, of: order, at: now)
    }
  }

  private func took(_ answer: SlurmAnswer, of order: SlurmQueue.Order, at now: Instant) {
    if answer.isSuccess { return }
    if answer.isTransient {
      controls = [order] + controls
      awaySince = awaySince ?? now
    } else if case .suspend(let job) = order {
      queue.suspensionFailed(job)
    }
  }

  // MARK: A controller that does not answer

  private func noteAway(_ answer: SlurmAnswer, at now: Instant) {
    awaySince = awaySince ?? now
    nextPoll = now + Self.pollEvery
    if isAwayKnown { return }
    isAwayKnown = true
    let words = "Slurm does not answer (\(answer.problem)); jobs that run go on, and lanes waits"
    reports.post([.notice(nil, code: "slurm_away", message: words)])
  }

  private func noteBack(at now: Instant) {
    guard let since = awaySince else { return }
    awaySince = nil
    guard isAwayKnown else { return }
    isAwayKnown = false
    let seconds = Int((now - since).seconds.rounded())
    reports.post([
      .notice(nil, code: "slurm_back", message: "Slurm answers again after \(seconds) s")
    ])
  }
}
