package import Core
import Glibc
import Synchronization

/// Where the texts are that the view shows parts of.
package struct LogFiles: Sendable {
  /// The path of an attempt's log.
  package var path: @Sendable (AttemptKey) -> String
  /// The folder for files that last no longer than the view.
  package var scratch: String

  package init(scratch: String, path: @escaping @Sendable (AttemptKey) -> String) {
    self.scratch = scratch
    self.path = path
  }
}

/// Reads windows of logs on a thread of its own, so that a slow disk or a long search holds up no key.
actor LogReader {
  private nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
  private let files: LogFiles
  /// The differences that were asked for last, as git wrote them.
  private var diff: (source: LogSource, descriptor: Int32)?
  /// The number of the newest request that was announced; reading for an older one gives up.
  private nonisolated let newest = Atomic<Int>(0)

  /// `name` is the thread's.
  init(name: String, _ files: LogFiles) throws(PlatformError) {
    self.files = files
    reactor = try Reactor(name: name)
    try reactor.start { _ in }
  }

  deinit {
    reactor.stop()
    if let diff { close(diff.descriptor) }
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
    let window = window(request, isCancelled)
    return isCancelled() ? nil : window
  }

  private func window(_ request: LogRequest, _ isCancelled: @escaping () -> Bool) -> LogWindow {
    switch request.source {
    case .attempt(let key):
      return LogWindow(reading: request, from: files.path(key), isCancelled: isCancelled)
    case .diff(_, let work, _):
      do throws(GitError) { try write(work, for: request.source) } catch {
        return LogWindow(request: request, problem: "\(error)")
      }
      guard let diff, let file = LogFile(copying: diff.descriptor) else {
        return LogWindow(request: request, problem: "too many files are open")
      }
      return LogWindow(reading: request, in: file, isCancelled: isCancelled)
    }
  }

  /// Has git write the differences, unless it did so before.
  private func write(_ work: WorkDiff, for source: LogSource) throws(GitError) {
    if let diff, diff.source == source { return }
    if let diff { close(diff.descriptor) }
    diff = nil
    diff = (source, try work.write(scratch: files.scratch))
  }
}

extension LogWindow {
  /// Reads a window from a file.
  ///
  /// Cost: O(the lines), apart from a search, which reads as far as it must.
  package init(reading request: LogRequest, from path: String, isCancelled: @escaping () -> Bool) {
    guard let file = LogFile(path: path) else {
      self.init(request: request, problem: "there is no log yet")
      return
    }
    self.init(reading: request, in: file, isCancelled: isCancelled)
  }

  /// A window of which nothing can be shown.
  fileprivate init(request: LogRequest, problem: String) {
    self.init(request: request, lines: [], size: 0, end: 0, problem: problem)
  }

  fileprivate init(
    reading request: LogRequest, in file: borrowing LogFile, isCancelled: @escaping () -> Bool
  ) {
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
