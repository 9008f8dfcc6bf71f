import Glibc
import Synchronization

/// Brings what was appended to a database to the disk, from a thread of its own.
///
/// The thread sleeps until something is noted, waits a little for more, makes the WAL durable, and
/// moves a long WAL into the database. So no writer ever waits for the disk, a power cut costs at
/// most about `delay`, and an idle process does not wake. The WAL has a descriptor of its own here,
/// which is safe because SQLite keeps its locks on the other two files.
package final class DurableSync: Sendable {
  private let database: String
  private let log: Int32
  private let bell: (wait: Int32, ring: Int32)
  private let delay: Duration
  private let isNoted = Atomic<Bool>(false)
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<pthread_t?>(nil)

  /// From this length on the WAL is moved into the database when nobody minds.
  private static let longLog: Int64 = 4 << 20
  /// From this length on it is moved even if writers have to wait.
  private static let tooLongLog: Int64 = 32 << 20

  /// Starts the thread for a database that is open in WAL mode.
  package init(database: String, delay: Duration = .milliseconds(200)) throws(SystemError) {
    self.database = database
    self.delay = delay
    log = open(database + "-wal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard log >= 0 else { throw SystemError(code: errno) }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      let code = errno
      close(log)
      throw SystemError(code: code)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    bell = (ends[0], ends[1])
    if let code = start() { throw SystemError(code: code) }
  }

  deinit {
    close(bell.wait)
    close(bell.ring)
    close(log)
  }

  /// Says that something was written.
  ///
  /// Cost: an atomic exchange, and a system call for the first note of each round.
  package func note() {
    if !isNoted.exchange(true, ordering: .acquiringAndReleasing) { wake() }
  }

  /// Waits for no more: what was noted becomes durable from now on.
  package func hurry() {
    wake()
  }

  /// Ends the thread once all that was noted is durable, and waits for that.
  package func stop() {
    isStopping.store(true, ordering: .releasing)
    wake()
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    if let running { pthread_join(running, nil) }
  }

  private func wake() {
    _ = write(bell.ring, "!", 1)
  }

  /// Starts the thread with all signals blocked, so that it takes none from the main thread.
  private func start() -> Int32? {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    do {
      let created = try NativeThread.start { self.work() }
      thread.withLock { $0 = created }
      return nil
    } catch { return error.code }
  }

  private func work() {
    var isFirst = true
    var isLast = false
    while !isLast {
      pause(nil)
      if !isStopping.load(ordering: .acquiring) { pause(delay) }
      isLast = isStopping.load(ordering: .acquiring)
      guard isNoted.exchange(false, ordering: .acquiringAndReleasing) else { continue }
      fdatasync(log)
      shorten(always: isFirst)
      isFirst = false
    }
  }

  /// Sleeps until something wakes the thread or the time is over.
  private func pause(_ limit: Duration?) {
    var descriptor = pollfd(fd: bell.wait, events: Int16(POLLIN), revents: 0)
    let milliseconds = limit.map { Int32(clamping: $0.microseconds / 1000) } ?? -1
    guard poll(&descriptor, 1, milliseconds) > 0 else { return }
    var byte: UInt8 = 0
    _ = read(bell.wait, &byte, 1)
  }

  /// Moves the WAL into the database when it is long, or `always`.
  ///
  /// The first time it is always done: until then a new database is not on the disk at all. What
  /// fails here (no space, a lock) fails harmlessly and is tried again in the next round.
  private func shorten(always: Bool) {
    var status = stat()
    guard fstat(log, &status) == 0, always || status.st_size >= Self.longLog else { return }
    let connection = try? SQLite(path: database, access: .writing, patience: .milliseconds(100))
    try? connection?.checkpoint(restarting: false)
    if status.st_size >= Self.tooLongLog { try? connection?.checkpoint(restarting: true) }
  }
}
