import CLinux
import Glibc
import Synchronization

/// One thread that waits for descriptors and a deadline and is the executor of an actor.
///
/// An actor whose `unownedExecutor` is the reactor runs on this thread, between two waits, so what
/// a ready descriptor causes needs no other thread. Inside `onReady` such an actor is isolated:
/// `actor.assumeIsolated` gives access to it.
package final class Reactor: SerialExecutor {
  /// Called on the reactor's thread with the tokens of descriptors that have something to read, or
  /// with none when the deadline has passed.
  package typealias ReadyHandler = @Sendable (_ tokens: [UInt64]) -> Void

  private struct State {
    var jobs: [UnownedJob] = []
    var deadline: Instant?
    /// The thread waits or is about to: something new must wake it.
    var isWaiting = false
    var isStopped = false
  }

  /// The longest wait: `epoll` does not count the time a machine sleeps, so a deadline is looked at
  /// again at least this often.
  private static let longestWait: Int64 = 60_000_000_000
  private static let wakeToken = UInt64.max
  private static let batch = 256

  private let name: String
  private let clock: WallClock
  private let poller: Int32
  private let waker: Int32
  /// Jobs come from any thread.
  private let state = Mutex(State())
  private let thread = Atomic<UInt>(0)

  /// Opens the descriptors; `name` is the thread's, of which Linux shows 15 bytes.
  package init(name: String, clock: WallClock = WallClock()) throws(PlatformError) {
    self.name = name
    self.clock = clock
    poller = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard poller >= 0 else { throw PlatformError("epoll_create1") }
    waker = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard waker >= 0, lanes_epoll_add(poller, waker, Self.wakeToken) == 0 else {
      let error = PlatformError("eventfd")
      close(poller)
      throw error
    }
  }

  deinit {
    close(waker)
    close(poller)
  }

  /// Starts the thread, which runs until `stop`.
  package func start(onReady: @escaping ReadyHandler) throws(PlatformError) {
    pthread_detach(try NativeThread.start { self.run(onReady) })
  }

  /// Tells `token` whenever `descriptor` has something to read, until `unwatch`.
  ///
  /// `UInt64.max` is the reactor's own and must not be used.
  package func watch(_ descriptor: Int32, token: UInt64) throws(PlatformError) {
    guard lanes_epoll_add(poller, descriptor, token) == 0 else { throw PlatformError("epoll_ctl") }
  }

  /// To be called before the descriptor is closed.
  ///
  /// A child that is being made holds a copy of every descriptor until it executes its program, and
  /// a closed one with a copy would be reported again.
  package func unwatch(_ descriptor: Int32) {
    _ = lanes_epoll_remove(poller, descriptor)
  }

  /// Replaces the deadline: `onReady` is called with no tokens once, when it has passed.
  package func setDeadline(_ instant: Instant?) {
    wakeIfNeeded { $0.deadline = instant }
  }

  /// Ends the thread after the jobs that are there; what is enqueued later never runs.
  package func stop() {
    wakeIfNeeded { $0.isStopped = true }
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    wakeIfNeeded { $0.jobs.append(job) }
  }

  package func checkIsolated() {
    precondition(isOnThread, "not on the thread of reactor \(name)")
  }

  package func isIsolatingCurrentContext() -> Bool? {
    isOnThread
  }

  private var isOnThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

  private func wakeIfNeeded(_ change: (inout sending State) -> Void) {
    let mustWake = state.withLock { state in
      change(&state)
      defer { state.isWaiting = false }
      return state.isWaiting
    }
    guard mustWake else { return }
    eventfd_write(waker, 1)
  }
}

extension Reactor {
  private func run(_ onReady: ReadyHandler) {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    lanes_enter_thread(name)
    var tokens: [UInt64] = []
    while runJobs() {
      wait(&tokens)
      if !tokens.isEmpty { onReady(tokens) }
      if takePassedDeadline() { onReady([]) }
    }
    thread.store(0, ordering: .relaxed)
  }

  /// Runs the jobs that are there now; those they enqueue come after the next look at descriptors.
  private func runJobs() -> Bool {
    let (jobs, isStopped) = state.withLock { state in
      defer { state.jobs = [] }
      return (state.jobs, state.isStopped)
    }
    let executor = asUnownedSerialExecutor()
    for job in jobs { job.runSynchronously(on: executor) }
    return !isStopped
  }

  private func wait(_ tokens: inout [UInt64]) {
    let deadline = state.withLock { state -> Instant?? in
      state.isWaiting = state.jobs.isEmpty && !state.isStopped
      return state.isWaiting ? .some(state.deadline) : nil
    }
    let nanoseconds = deadline.map(longestWait(until:)) ?? 0
    tokens.removeAll(keepingCapacity: true)
    tokens.append(contentsOf: repeatElement(0, count: Self.batch))
    let ready = tokens.withUnsafeMutableBufferPointer {
      lanes_epoll_wait(poller, $0.baseAddress, Int32($0.count), nanoseconds)
    }
    precondition(ready >= 0, "epoll_wait on \(poller): error \(errno)")
    state.withLock { $0.isWaiting = false }
    tokens.removeLast(Self.batch - Int(ready))
    guard let index = tokens.firstIndex(of: Self.wakeToken) else { return }
    tokens.remove(at: index)
    var count: eventfd_t = 0
    eventfd_read(waker, &count)
  }

  private func longestWait(until deadline: Instant?) -> Int64 {
    guard let deadline else { return -1 }
    return min(clock.nanoseconds(until: deadline), Self.longestWait)
  }

  private func takePassedDeadline() -> Bool {
    state.withLock { state in
      guard let deadline = state.deadline, clock.nanoseconds(until: deadline) == 0 else {
        return false
      }
      state.deadline = nil
      return true
    }
  }
}
