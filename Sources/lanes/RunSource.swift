import Core
import Glibc
import TUI

/// What a view of a run elsewhere is told.
enum RunMessage: Sendable {
  case events([RunEvent])
  /// Something about the runner that is no event.
  case note(String)
  /// To be resumed when all messages before it were taken.
  case caughtUp(CheckedContinuation<Void, Never>)
}

/// The events of a run that this process does not run.
protocol RunSource: Sendable {
  /// All there is to show from now on; ends when the run does, or with `stop`. To be called once.
  func messages() async throws -> AsyncStream<RunMessage>
  /// Returns when all that has happened by now was taken from the messages.
  func catchUp() async
  func stop() async
}

extension RunSource {
  func catchUp() async {}
}

/// The events of a past run, at the pace at which they came.
actor ReplayedRun: RunSource {
  private nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
  private let clock: ViewClock
  private let events: [RunEvent]
  private var next = 0
  private var continuation: AsyncStream<RunMessage>.Continuation?

  init(_ events: [RunEvent], clock: ViewClock) throws(PlatformError) {
    self.events = events
    self.clock = clock
    reactor = try Reactor(name: "lanes-replay")
    try reactor.start { [weak self] _ in self?.assumeIsolated { $0.give() } }
  }

  func messages() -> AsyncStream<RunMessage> {
    let (stream, continuation) = AsyncStream<RunMessage>.makeStream(bufferingPolicy: .unbounded)
    self.continuation = continuation
    give()
    return stream
  }

  func stop() {
    continuation?.finish()
    continuation = nil
    reactor.stop()
  }

  /// Gives what is due, and waits for the next; in groups, as a fast replay has many at once.
  private func give() {
    guard let continuation else { return }
    let now = clock.now()
    let shown = clock.shown(at: now)
    let end = events[next...].firstIndex { $0.at > shown } ?? events.count
    if end > next { continuation.yield(.events(Array(events[next..<end]))) }
    next = end
    guard end < events.count else { return continuation.finish() }
    reactor.setDeadline(max(clock.present(of: events[end].at), now + .milliseconds(30)))
  }
}

/// The events of a run as its runner writes them to the journal.
actor FollowedRun: RunSource {
  /// How long a runner may be away before that is told: another one may be about to take over.
  private static var patience: Duration { .seconds(3) }
  private static var pause: Duration { .milliseconds(50) }

  private nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
  private let wall = WallClock()
  private let folder: LanesFolder
  private let run: String
  private let watch: PathWatch
  private var sequence: Int64
  private var journal: Journal?
  private var nextRead = Instant(microseconds: 0)
  private var isReadDue = true
  /// Whether the file is watched; between a change and the next read it is not, as each write would wake
  /// this thread.
  private var isWatching = false
  private var nextLook = Instant(microseconds: 0)
  private var aloneSince: Instant?
  private var isNoted = false
  private var continuation: AsyncStream<RunMessage>.Continuation?

  /// Follows from after event number `sequence` on.
  init(run: String, after sequence: Int64, in folder: LanesFolder) throws(PlatformError) {
    self.run = run
    self.sequence = sequence
    self.folder = folder
    watch = try PathWatch()
    reactor = try Reactor(name: "lanes-attach")
    try reactor.start { [weak self] tokens in
      self?.assumeIsolated { $0.wake(wasWritten: !tokens.isEmpty) }
    }
  }

  func messages() throws -> AsyncStream<RunMessage> {
    journal = try Journal.open(folder: folder, mode: .reading)
    _ = watch.add(folder.database + "-wal")
    let (stream, continuation) = AsyncStream<RunMessage>.makeStream(bufferingPolicy: .unbounded)
    self.continuation = continuation
    wake(wasWritten: false)
    return stream
  }

  func catchUp() async {
    guard let continuation else { return }
    read(wall.now())
    isReadDue = true
    reactor.setDeadline(nextRead)
    await withCheckedContinuation { done in
      if case .enqueued = continuation.yield(.caughtUp(done)) { return }
      done.resume()
    }
  }

  func stop() {
    continuation?.finish()
    continuation = nil
    reactor.stop()
  }

  private func wake(wasWritten: Bool) {
    guard continuation != nil else { return }
    let now = wall.now()
    if wasWritten {
      isReadDue = true
      watchFile(false)
    }
    // Once a second it is looked at in any case, as the files may have been replaced.
    if nextRead <= now, isReadDue || nextRead + .seconds(1) <= now {
      watchFile(true)
      read(now)
    }
    if nextLook <= now { look(for: now) }
    reactor.setDeadline(isReadDue ? nextRead : now + .seconds(1))
  }

  private func watchFile(_ isWanted: Bool) {
    guard isWanted != isWatching else { return }
    isWatching = isWanted
    guard isWanted else { return reactor.unwatch(watch.descriptor) }
    _ = watch.read()
    do { try reactor.watch(watch.descriptor, token: 1) } catch { isWatching = false }
  }

  private func read(_ now: Instant) {
    isReadDue = false
    nextRead = now + Self.pause
    guard let rows = try? journal?.rows(run: run, after: sequence, limit: .max), !rows.isEmpty
    else { return }
    sequence = rows.last?.sequence ?? sequence
    let events = rows.compactMap(RunEvent.init(row:))
    continuation?.yield(.events(events))
    if case .runFinished = events.last?.kind { continuation?.finish() }
  }

  /// Tells once when there is no runner any more although the run has not ended.
  private func look(for now: Instant) {
    nextLook = now + .seconds(1)
    guard RunLock.holder(in: folder)?.run != run else {
      (aloneSince, isNoted) = (nil, false)
      return
    }
    let since = aloneSince ?? now
    aloneSince = since
    guard now - since >= Self.patience, !isNoted else { return }
    isNoted = true
    continuation?.yield(.note("the runner is gone; `lanes resume` takes the run up"))
  }
}
