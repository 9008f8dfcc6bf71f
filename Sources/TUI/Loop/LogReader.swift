import Core
import Synchronization

/// Reads windows of logs on a thread of its own, so that a slow disk or a long search holds up no key.
actor LogReader {
  private nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
  private let path: @Sendable (AttemptKey) -> String
  /// The number of the newest request that was announced; reading for an older one gives up.
  private nonisolated let newest = Atomic<Int>(0)

  /// `path` says where an attempt's log is; `name` is the thread's.
  init(name: String, path: @escaping @Sendable (AttemptKey) -> String) throws(PlatformError) {
    self.path = path
    reactor = try Reactor(name: name)
    try reactor.start { _ in }
  }

  deinit {
    reactor.stop()
  }

  /// Gives a new request its number, which ends the reading for earlier ones; without any the number
  /// is 0.
  nonisolated func announce() -> Int {
    newest.add(1, ordering: .relaxed).newValue
  }

  /// The window; nil when a later request has been announced meanwhile.
  func read(_ request: LogRequest, number: Int) -> LogWindow? {
    let isCancelled = { self.newest.load(ordering: .relaxed) != number }
    if isCancelled() { return nil }
    let window = LogWindow(reading: request, from: path(request.attempt), isCancelled: isCancelled)
    return isCancelled() ? nil : window
  }
}

extension LogWindow {
  /// Reads a window from a file.
  ///
  /// Cost: O(the lines), apart from a search, which reads as far as it must.
  package init(reading request: LogRequest, from path: String, isCancelled: @escaping () -> Bool) {
    guard let file = LogFile(path: path) else {
      self.init(request: request, lines: [], size: 0, end: 0, problem: "there is no log yet")
      return
    }
    guard let start = Self.start(of: request, in: file, isCancelled) else {
      self.init(request: request, lines: [], size: file.size, end: 0, problem: "not found")
      return
    }
    let (lines, end) = file.lines(min(request.lines, 2000), from: start)
    self.init(request: request, lines: lines, size: file.size, end: end)
  }

  private static func start(
    of request: LogRequest, in file: borrowing LogFile, _ isCancelled: @escaping () -> Bool
  ) -> Int64? {
    switch request.place {
    case .end: file.startOfLast(max(1, request.lines))
    case .offset(let offset): file.lineStart(at: offset)
    case .lines(let count, let offset): file.line(count, from: offset)
    case .match(let text, let offset):
      LogSearch(text, isCancelled: isCancelled)?.next(in: file, after: offset)
    case .matchBefore(let text, let offset):
      LogSearch(text, isCancelled: isCancelled)?.previous(in: file, before: offset)
    }
  }
}
