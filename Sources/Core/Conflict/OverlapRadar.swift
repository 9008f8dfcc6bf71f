import CLinux
import Glibc
import Synchronization

/// Watches the worktrees of running tasks and tells when two of them change the same files.
///
/// A thread of its own sleeps until something in a worktree changes, then asks git what is different
/// and merges those pairs in memory that have a file in common. Worktrees that cannot be watched are
/// looked at every few seconds.
final class OverlapRadar: Sendable {
  private let bell: Int32
  /// Readable when the thread has ended.
  private let end: Int32
  private let orders = Mutex<[Order]>([])
  private let options: GitOptions
  private let program: Program
  private let folder: String
  private let tell: @Sendable (GitReport) -> Void

  enum Order: Sendable {
    case watch(TaskID, repository: Int, Workspace)
    case forget(TaskID)
    case stop
  }

  /// Starts the thread; `folder` is one for temporary files, `tell` is called on the thread.
  init(
    options: GitOptions, program: Program, folder: String,
    tell: @escaping @Sendable (GitReport) -> Void
  ) throws(PlatformError) {
    self.options = options
    self.program = program
    self.folder = folder
    self.tell = tell
    bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    end = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard bell >= 0, end >= 0 else { throw PlatformError("eventfd") }
    pthread_detach(try NativeThread.start { self.work() })
  }

  deinit {
    close(bell)
    close(end)
  }

  /// Has the thread end, and waits for that, so that no process of it outlives this one.
  ///
  /// It takes as long as a call of git that is under way, and not more than a second.
  func stop() {
    take(.stop)
    var ended = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
    poll(&ended, 1, 1000)
  }

  func take(_ order: Order) {
    orders.withLock { $0.append(order) }
    eventfd_write(bell, 1)
  }

  private func work() {
    lanes_enter_thread("lanes-radar")
    defer { eventfd_write(end, 1) }
    var screen = RadarScreen(options: options, program: program, folder: folder)
    while true {
      wait(screen.descriptor, screen.delay)
      var count: eventfd_t = 0
      eventfd_read(bell, &count)
      let orders = orders.withLock { orders in
        defer { orders = [] }
        return orders
      }
      for order in orders {
        if case .stop = order { return screen.clear() }
        screen.take(order)
      }
      for report in screen.look() { tell(report) }
    }
  }

  private func wait(_ changes: Int32?, _ delay: Duration?) {
    var waited = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
    if let changes { waited.append(pollfd(fd: changes, events: Int16(POLLIN), revents: 0)) }
    let limit = delay.map { Int32(clamping: ($0.microseconds + 999) / 1000) } ?? -1
    poll(&waited, nfds_t(waited.count), limit)
  }
}
