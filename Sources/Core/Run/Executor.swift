import Glibc

/// Runs a plan: feeds what happens to the pure state, keeps the journal, and does what was decided.
///
/// It has no policy of its own. Its jobs run on the reactor's thread, where the descriptors of
/// processes, signals and the inbox become ready, so that nothing changes threads and no cooperative
/// thread is ever blocked. An event is committed before its actions are performed and before any
/// reader sees it.
package actor Executor {
  /// Tokens of the reactor below this one are the executor's; the launcher's begin here.
  package static let firstLauncherToken: UInt64 = 16
  private static let signalToken: UInt64 = 0
  private static let inboxToken: UInt64 = 1
  private static let gitToken: UInt64 = 2

  private nonisolated let reactor: Reactor
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    reactor.asUnownedSerialExecutor()
  }

  private let clock: WallClock
  private let launcher: any Launcher
  private let builder: RequestBuilder
  private let outlets: Outlets
  private var state: RunState
  private var log: EventLog
  private var timers = DeadlineQueue<RunTimer>()
  private var inputs: [(input: Input, command: Int64?)] = []
  private var withheld: [Action] = []
  private var lastOutput: [AttemptKey: Instant] = [:]
  private var nextPoll: Instant?
  private var pressure = PressureMeter()
  private var echoes = SignalEchoes()
  private var subscribers: [AsyncStream<[RunEvent]>.Continuation] = []
  /// Committed events that the subscribers have not been given yet.
  private var undelivered: [RunEvent] = []
  private var nextDelivery = Instant(microseconds: 0)
  private var completion: CheckedContinuation<RunState, Never>?
  /// `run` has returned: nothing is to be noticed any more.
  private var isOver = false

  /// What a run is joined to besides its processes.
  package struct Outlets: Sendable {
    package var signals: SignalSource?
    package var inbox: FileWatch?
    /// What carries out orders for git; nil in a run without worktrees.
    package var git: GitDesk?
    /// Told of each event on the executor's thread, after it was committed.
    package var observer: (@Sendable (RunEvent) -> Void)?

    package init(
      signals: SignalSource? = nil, inbox: FileWatch? = nil, git: GitDesk? = nil,
      observer: (@Sendable (RunEvent) -> Void)? = nil
    ) {
      self.signals = signals
      self.inbox = inbox
      self.git = git
      self.observer = observer
    }
  }

  package init(
    state: RunState, log: consuming sending EventLog, launcher: sending any Launcher,
    reactor: Reactor,
    clock: WallClock, runFolder: String,
    outlets: Outlets = Outlets()
  ) {
    self.state = state
    self.log = log
    self.launcher = launcher
    self.reactor = reactor
    self.clock = clock
    self.outlets = outlets
    builder = RequestBuilder(manifest: state.manifest, runFolder: runFolder)
  }

  /// Starts the thread that all of it runs on; to be called once, before anything else.
  package nonisolated func start() throws(PlatformError) {
    try reactor.start { [weak self] tokens in
      self?.assumeIsolated { $0.wake(tokens) }
    }
  }

  /// Ends the thread; to be called once, when `run` has returned.
  package nonisolated func stop() {
    reactor.stop()
  }

  /// The events from now on, each after it was committed; ends with the run.
  ///
  /// They come in groups, at most 20 ms late, because waking a reader costs as much as a task. Nothing
  /// is dropped: a reader that falls behind costs memory.
  package func events() -> AsyncStream<[RunEvent]> {
    AsyncStream(bufferingPolicy: .unbounded) { subscribers.append($0) }
  }

  /// Runs to the end and returns the last state.
  ///
  /// `opening` are events that begin the journal, already applied to the state; `input` is `.begun` or
  /// `.takenUp`.
  package func run(opening: [RunEvent], _ input: Input) async -> RunState {
    await withCheckedContinuation { continuation in
      completion = continuation
      begin(opening, input)
    }
  }

  /// Asks something of the run; the answer comes when it is decided, before it is all done.
  package func submit(_ command: ControlCommand) -> Reply {
    if isOver, !state.hasEnded { return .refused("another runner has taken the run over") }
    let settled = state.settle(.command(command), at: clock.now())
    take(settled)
    flush()
    process()
    return settled.reply ?? .refused("nothing came of it")
  }

  /// Ends `run` although the run has not ended: what runs goes on, for another runner to take up.
  ///
  /// False when that cannot be, because the journal lacks something that cannot be written.
  package func letGo() -> Bool {
    guard completion != nil else { return false }
    flush()
    process()
    flush(isLast: true)
    guard completion != nil, !log.isBehind else { return false }
    unwatch()
    deliver(at: nextDelivery)
    finish()
    return true
  }

  private func unwatch() {
    if let signals = outlets.signals { reactor.unwatch(signals.descriptor) }
    if let inbox = outlets.inbox {
      reactor.unwatch(inbox.descriptor)
      inbox.remove()
    }
  }

  private func begin(_ opening: [RunEvent], _ input: Input) {
    watch()
    for event in opening { log.add(event) }
    inputs.append((input, nil))
    readInbox()
    process()
  }

  private func watch() {
    if let signals = outlets.signals {
      try? reactor.watch(signals.descriptor, token: Self.signalToken)
    }
    if let inbox = outlets.inbox {
      try? reactor.watch(inbox.descriptor, token: Self.inboxToken)
    }
    if let git = outlets.git { try? reactor.watch(git.descriptor, token: Self.gitToken) }
  }

  // MARK: What comes in

  private func wake(_ tokens: [UInt64]) {
    if isOver { return }
    var own: [UInt64] = []
    for token in tokens {
      switch token {
      case Self.signalToken: readSignals()
      case Self.inboxToken: readInbox()
      case Self.gitToken: inputs += (outlets.git?.reports() ?? []).map { (.git($0), nil) }
      default: own.append(token)
      }
    }
    if !own.isEmpty { take(launcher.collect(own)) }
    let now = clock.now()
    while let timer = timers.popDue(at: now) { inputs.append((.timer(timer), nil)) }
    poll(at: now)
    process()
  }

  private func readSignals() {
    let now = clock.now()
    for signal in outlets.signals?.arrivals() ?? [] where echoes.isNew(signal, at: now) {
      inputs.append((signal.number == SIGTERM ? .terminated : .interrupted, nil))
    }
  }

  private func readInbox() {
    _ = outlets.inbox?.read()
    for (id, command) in log.pendingCommands() {
      guard let command else {
        log.answer(id, .refused("this runner does not know that command"))
        continue
      }
      inputs.append((.command(command), id))
    }
  }

  private func take(_ reports: [LaunchReport]) {
    for report in reports {
      switch report {
      case .output(let key, _): lastOutput[key] = clock.now()
      case .ended(let key, _, _): lastOutput[key] = nil
      case .agent(let key, _): lastOutput[key] = clock.now()
      case .launched, .adopted, .failed, .underway, .notice: break
      }
      inputs.append((.report(report), nil))
    }
  }

  private func poll(at now: Instant) {
    guard let due = nextPoll, due <= now else { return }
    nextPoll = nil
    take(launcher.poll())
    if state.jobsReason != nil, let sample = pressure.sample(at: now) {
      inputs.append((.pressure(sample), nil))
    }
  }

  // MARK: What follows

  /// Settles all inputs, and what comes of performing their actions, until there are none.
  private func process() {
    repeat {
      let batch = take(&inputs)
      for place in batch.indices {
        let settled = state.settle(batch[place].input, at: clock.now())
        take(settled)
        if let command = batch[place].command {
          log.answer(command, settled.reply ?? .refused("nothing came of it"))
        }
      }
      if !withheld.isEmpty || state.hasEnded || log.isDue(at: clock.now()) { flush() }
    } while !inputs.isEmpty
    finishOrWait()
  }

  private func take(_ settled: Settlement) {
    for event in settled.events { log.add(event) }
    withheld += settled.actions
  }

  /// Commits what is pending, performs the actions that waited for it, and tells the readers.
  private func flush(isLast: Bool = false) {
    let committed = log.commit(at: clock.now(), isLast: isLast || state.hasEnded)
    let actions = take(&withheld)
    for action in actions {
      if log.isBehind, !action.isSafeUncommitted {
        withheld.append(action)
      } else {
        perform(action)
      }
    }
    if let observer = outlets.observer { committed.forEach(observer) }
    undelivered += committed
  }

  private func perform(_ action: Action) {
    switch action {
    case .launch(let key):
      guard let request = builder.request(for: key, in: state) else { return }
      take([launcher.launch(request)])
    case .gate(let order):
      guard let request = builder.request(for: order, in: state) else { return }
      lastOutput[order.key] = clock.now()
      take([launcher.launch(request)])
    case .adopt(let key, let process):
      guard let request = builder.request(for: key, in: state) else { return }
      if let reading = launcher.reading(request) { take([.agent(key, reading)]) }
      take([launcher.adopt(request, process: process)])
    case .signal(let key, let signal): send(signal, to: key)
    case .wake(let timer, let at): timers.add(timer, at: at)
    case .measureSilence(let key):
      let since = lastOutput[key] ?? state.task(key.task)?.startedAt ?? clock.now()
      inputs.append((.silence(key, since: since), nil))
    case .git(let order): outlets.git?.take(order)
    }
  }

  /// An attempt that is still to be launched, once the journal can be written, ends without having
  /// begun when it is told to.
  private func send(_ signal: TaskSignal, to key: AttemptKey) {
    guard signal.isToEnd, let place = withheld.firstIndex(of: .launch(key)) else {
      return launcher.send(signal, to: key)
    }
    withheld.remove(at: place)
    take([.ended(key, nil, ResourceUsage())])
  }

  /// Gives the subscribers what was committed, at most so often that waking them costs little.
  private func deliver(at now: Instant) {
    guard !undelivered.isEmpty, now >= nextDelivery || state.hasEnded else { return }
    nextDelivery = now + .milliseconds(20)
    let events = take(&undelivered)
    for subscriber in subscribers { subscriber.yield(events) }
  }

  private func finishOrWait() {
    deliver(at: clock.now())
    if state.hasEnded, launcher.isCleaning { take(launcher.poll()) }
    let isOver = state.hasEnded && !launcher.isCleaning
    if isOver, !log.isBehind || log.hasGivenUp { return finish() }
    if nextPoll == nil, !state.running.isEmpty || launcher.isCleaning {
      nextPoll = clock.now() + (state.hasEnded ? .milliseconds(20) : .milliseconds(250))
    }
    let delivery = undelivered.isEmpty ? nil : nextDelivery
    reactor.setDeadline([timers.next, nextPoll, log.nextCommit, delivery].compactMap(\.self).min())
  }

  private func finish() {
    guard let completion else { return }
    self.completion = nil
    isOver = true
    log.end()
    outlets.git?.stop()
    for subscriber in subscribers { subscriber.finish() }
    reactor.setDeadline(nil)
    completion.resume(returning: state)
  }

  private func take<Element>(_ list: inout [Element]) -> [Element] {
    defer { list = [] }
    return list
  }
}

extension TaskSignal {
  fileprivate var isToEnd: Bool {
    switch self {
    case .interrupt, .terminate, .kill: true
    case .pause, .proceed: false
    }
  }
}

extension Action {
  /// Whether the action may be done while the journal cannot be written: it starts nothing.
  fileprivate var isSafeUncommitted: Bool {
    switch self {
    case .signal, .wake, .measureSilence, .adopt: true
    case .launch, .git, .gate: false
    }
  }
}
