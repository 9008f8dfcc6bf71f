import CLinux
package import Core
import Glibc

/// The view at work: what happens goes through the reducer, and what has changed to the screen.
///
/// Keys, the mouse, signals, ticks, run events, replies, log windows and themes meet in one queue, a
/// `ViewQueue`; frames are drawn at a `FramePace` and only when something has changed. The loop runs on a thread of its own, so that nothing that holds up the terminal holds up
/// the run, and nothing here blocks the cooperative pool.
package actor ViewLoop {
  static let keyboardToken: UInt64 = 1
  private static let signalToken: UInt64 = 2
  private static let pathToken: UInt64 = 3
  /// The bytes of one key come together, but for slow lines.
  private static var escapeTime: Duration { .milliseconds(30) }
  /// How long a view that nobody has touched stays when its run has ended.
  private static var farewell: Duration { .seconds(3) }

  nonisolated let reactor: Reactor
  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    reactor.asUnownedSerialExecutor()
  }

  let setup: ViewSetup
  let clock: ViewClock
  var logs: LogFollower
  let requests: ViewRequests
  var themes: ThemeFollower
  var screen: (any Screen)?
  var view: ViewState
  var queue = ViewQueue()
  private var pace = FramePace()
  private var parser = InputParser()
  private var clicks = ClickCounter()
  private var escapeAt: Instant?
  private var nextTick: Instant
  /// When events of the run are taken that are no flood.
  private var nextSlice = Instant(microseconds: 0)
  private var endedAt: Instant?
  private var isTouched = false
  /// Another job has the terminal.
  var isHidden = false
  var end: ViewEnd?
  var waiter: CheckedContinuation<ViewEnd, Never>?

  /// Prepares a view of a run as it is now; nothing is written before `open`.
  package init(_ setup: ViewSetup, run: RunState, clock: ViewClock) throws(PlatformError) {
    self.setup = setup
    self.clock = clock
    reactor = try Reactor(name: "lanes-view")
    requests = ViewRequests()
    logs = try LogFollower(setup.logs)
    themes = ThemeFollower(setup.themes)
    let now = clock.now()
    nextTick = now
    view = ViewState(
      run: run, size: Size(columns: 80, rows: 24), now: clock.shown(at: now),
      options: setup.options)
  }

  /// Takes the terminal over, or says why that cannot be.
  package func open() throws {
    // Tasks by the hundred may be at work on the same processors.
    lanes_prefer_latency()
    let screen = setup.makeScreen()
    try screen.open()
    self.screen = screen
    do { try watch() } catch {
      screen.close()
      throw error
    }
    queue.add(.resized(screen.size))
    load(theme: setup.theme)
    turn()
  }

  /// Starts the thread; to be called once, before anything else.
  package nonisolated func start() throws(PlatformError) {
    try reactor.start { [weak self] tokens in
      self?.assumeIsolated { $0.wake(tokens) }
    }
  }

  /// Ends the thread; to be called once, when `run` has returned or `open` has failed.
  package nonisolated func stop() {
    reactor.stop()
  }

  /// Shows the run until the view is left; the terminal is then as it was before.
  package func run() async -> ViewEnd {
    let (requests, setup) = (requests, setup)
    return await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await command in requests.commands {
          await self.post(.reply(await setup.ask(command)))
        }
      }
      let end = await self.readLogsUntilEnd()
      // What was asked just before the view was left is asked all the same.
      requests.finish()
      return end
    }
  }

  private func readLogsUntilEnd() async -> ViewEnd {
    let logs = logs
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { await logs.windows.deliver { await self.post(.log($0)) } }
      group.addTask { await logs.searches.deliver { await self.post(.log($0)) } }
      group.addTask { await logs.diffs.deliver { await self.post(.log($0)) } }
      let end = await self.waitForEnd()
      logs.finish()
      group.cancelAll()
      return end
    }
  }

  private func waitForEnd() async -> ViewEnd {
    if let end { return end }
    return await withCheckedContinuation { waiter = $0 }
  }

  /// Shows what happened; false when the view has been left and somebody else is to show it.
  package func take(_ events: [RunEvent]) -> Bool {
    if end != nil { return false }
    post(.run(events))
    return true
  }

  /// Says that no further events will come.
  package func runEnded() {
    if endedAt != nil { return }
    endedAt = clock.now()
    post(.runEnded)
  }

  /// Shows a message.
  package func note(_ text: String) { post(.notice(text)) }

  /// The run as far as it was shown.
  package var state: RunState { view.run }

  private func post(_ event: InputEvent) {
    guard end == nil else { return }
    queue.add(event)
    turn()
  }

  private func watch() throws(PlatformError) {
    try reactor.watch(setup.terminal.input, token: Self.keyboardToken)
    try reactor.watch(setup.signals.descriptor, token: Self.signalToken)
    if let descriptor = logs.descriptor { try reactor.watch(descriptor, token: Self.pathToken) }
  }

  // MARK: What comes in

  private func wake(_ tokens: [UInt64]) {
    guard end == nil, screen != nil else { return }
    for token in tokens {
      switch token {
      case Self.keyboardToken: readKeyboard()
      case Self.signalToken: readSignals()
      default: logs.noteChanges(at: clock.now())
      }
    }
    turn()
  }

  private func readKeyboard() {
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = read(setup.terminal.input, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    // There is no terminal any more.
    guard count > 0 else { return leave(.hungUp) }
    isTouched = true
    take(parser.take(buffer[..<count]))
  }

  private func take(_ events: [InputEvent]) {
    let now = clock.now()
    for event in events { queue.add(clicks.counted(event, at: now)) }
    let pause = parser.isInPaste ? Duration.seconds(1) : Self.escapeTime
    escapeAt = parser.isWaiting ? now + pause : nil
  }

  // MARK: What follows

  /// Reduces what came in, draws if it is time, and says when to be woken next.
  private func turn() {
    guard end == nil, screen != nil else { return }
    let now = clock.now()
    if let escapeAt, escapeAt <= now { take(parser.flush()) }
    if nextTick <= now { tick(now) }
    // What is asked for is meant for the run as it is now, as long as there is no flood of events.
    if queue.hasInputs, !queue.isFull { takeSlice(now) }
    takeInputs(now)
    // An answer comes before the rest of a flood.
    if end == nil, pace.isUrgent { draw(now) }
    if end == nil, queue.isFull || nextSlice <= now {
      takeSlice(now)
      takeInputs(now)
    }
    if end != nil { return }
    sayGoodbye(now)
    draw(now)
    wait(now)
  }

  private func takeSlice(_ now: Instant) {
    guard let events = queue.takeSlice() else { return }
    nextSlice = now + FramePace.calm
    perform(reduce(&view, events))
  }

  private func takeInputs(_ now: Instant) {
    while end == nil, case let events = queue.takeInputs(), !events.isEmpty {
      for event in events where end == nil {
        pace.note(event, at: now)
        perform(reduce(&view, event))
      }
    }
  }

  private func tick(_ now: Instant) {
    nextTick = clock.nextTick(after: now)
    queue.add(.tick(clock.shown(at: now)))
    if isHidden { comeBack() }
    if now.microseconds / 1_000_000 % 5 == 0, let load = MachineProbe.load() {
      queue.add(.machine(load))
    }
    guard let change = themes.change() else { return }
    show(change)
  }

  private func draw(_ now: Instant) {
    guard view.needsDrawing, !isHidden, pace.next <= now, let screen else { return }
    screen.draw(frame(of: view))
    view.drawn()
    pace.drew(at: now)
  }

  private func wait(_ now: Instant) {
    let frame = view.needsDrawing && !isHidden ? pace.next : nil
    let events = queue.isFull ? now : queue.isRunDrained ? nil : nextSlice
    reactor.setDeadline(
      [nextTick, escapeAt, frame, events, logs.nextRead].compactMap(\.self).min())
    logs.readIfDue(at: now)
  }

  /// Leaves when the run has ended and there is nobody, or nobody who would want to see more.
  private func sayGoodbye(_ now: Instant) {
    guard setup.options.mode == .live, queue.isRunDrained, let endedAt else { return }
    let run = view.run
    let isStopped = run.stopReason == .interrupt || run.stopReason == .terminate
    let isUnwatched = !isTouched && run.counts.failed < 2 && now - endedAt >= Self.farewell
    if isStopped || isUnwatched { leave(.left(.close)) }
  }
}
