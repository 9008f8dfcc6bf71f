/// The calls of Slurm's commands, and what their answers mean.
extension SlurmDriver {
  private static let pollEvery: Duration = .seconds(1)
  /// The commands themselves give up after about ten seconds.
  private static let longestCall: Duration = .seconds(20)
  private static let mostSubmissions = 3

  var hasMostSubmissions: Bool {
    calls.values.count { $0.purpose.isSubmission } >= Self.mostSubmissions
  }

  func startCalls(at now: Instant) {
    for order in queue.takeOrders() {
      guard case .submit(let key) = order else {
        controls.add(order)
        continue
      }
      if let resources = requests[key]?.resources { gathering.add(key, resources, at: now) }
    }
    if nextPoll <= now, mustPoll, !isPolling { poll(at: now) }
    if awaySince != nil { return }
    while !hasMostSubmissions, let due = gathering.next(at: now) {
      submit(due.keys, due.resources, at: now)
    }
    // One after the other, as a job that is resumed and then ended needs them.
    if calls.values.contains(where: { $0.purpose.isControl }) { return }
    let orders = controls.next()
    if !orders.isEmpty {
      start(SlurmCommands.words(for: orders), .control(orders), at: now)
    }
  }

  private func poll(at now: Instant) {
    nextPoll = now + Self.pollEvery
    start(SlurmCommands.poll, .poll(queue.beginPoll()), at: now)
  }

  private func submit(_ keys: [AttemptKey], _ resources: TaskResources, at now: Instant) {
    let ready = keys.compactMap { requests[$0]?.request }.filter { queue.begin($0.key) }
      .filter(isPrepared)
    if ready.isEmpty { return }
    do throws(PlatformError) {
      let batch = try batches.add(ready, runID: runID)
      let words = commands.submit(
        ready,
        jobName: ready.count > 1 ? queue.prefix + "\(batch)" : queue.jobName(of: ready[0].key),
        resources, folder: folder, batch: batches.folder(of: batch))
      start(words, .submission(ready.map(\.key)), at: now)
    } catch {
      for request in ready { failed(request.key, error) }
    }
  }

  /// Whether the attempt has its files; one that cannot have them has failed.
  private func isPrepared(_ request: LaunchRequest) -> Bool {
    do throws(PlatformError) { try request.prepareFiles() } catch {
      failed(request.key, error)
      return false
    }
    return true
  }

  private func failed(_ key: AttemptKey, _ error: PlatformError) {
    queue.failed(key, "cannot start: \(error)", isTransient: error.isTransient)
  }

  private func start(
    _ words: [String], _ purpose: SlurmErrand, at now: Instant
  ) {
    latestToken += 1
    do throws(PlatformError) {
      let call = try SlurmCall(
        words, program: programs[words[0]], environment: [], spawner: spawner,
        deadline: now + Self.longestCall)
      try reactor.watch(call.descriptor, token: latestToken)
      calls[latestToken] = (call, purpose)
    } catch {
      let problem = "error: \(error); temporarily"
      take(SlurmAnswer(status: 127, text: Array(problem.utf8)), for: purpose, at: now)
    }
  }

  func take(_ answer: SlurmAnswer, _ token: UInt64, at now: Instant) {
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
      queue.take(SlurmJob.list(answer.text).map(named), poll: number)
    case .submission(let keys): submitted(keys, answer, at: now)
    case .control(let orders): took(answer, of: orders, at: now)
    }
  }

  /// A job under the name of its attempt, which one of an array does not have.
  private func named(_ job: SlurmJob) -> SlurmJob {
    guard job.name.hasPrefix(queue.prefix) else { return job }
    var job = job
    let name = job.name.dropFirst(queue.prefix.count)
    job.name = queue.prefix + batches.attempt(of: name, job.id)
    return job
  }

  private func submitted(_ keys: [AttemptKey], _ answer: SlurmAnswer, at now: Instant) {
    if answer.isTooMany, keys.count > 1 {
      gathering.most = max(1, keys.count / 2)
      return queue.submitApart(keys)
    }
    queue.submitted(keys, answer)
    if !answer.isSuccess, answer.isTransient { awaySince = awaySince ?? now }
    for key in keys {
      switch queue.stage(of: key) {
      case .queued, .began: requests[key] = nil
      case .waiting, .submitting, .unsure, .sought, nil: break
      }
    }
  }

  private func took(_ answer: SlurmAnswer, of orders: [SlurmQueue.Order], at now: Instant) {
    if answer.isSuccess { return }
    if answer.isTransient {
      controls.putBack(orders)
      awaySince = awaySince ?? now
    } else if orders.count == 1 || answer.isDenial {
      for case .suspend(let job) in orders { queue.suspensionFailed(job) }
    } else if orders.first?.verb.first == "scontrol" {
      // It does not say which of them were refused.
      controls.separate(orders)
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
