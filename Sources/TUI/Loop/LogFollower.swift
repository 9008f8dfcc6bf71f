import Core

/// The view's logs: windows that were asked for, and the end of one again as it grows.
struct LogFollower {
  /// At most so often an end is read again.
  private static var pause: Duration { .milliseconds(100) }

  let windows: LogChannel
  /// Searches have a reader of their own, so that a long one keeps no window waiting.
  let searches: LogChannel
  /// And so has git, which may take its time.
  let diffs: LogChannel
  private let files: LogFiles
  private let watch: PathWatch?
  private var followed: (request: LogRequest, watch: Int32?)?
  private var lastRead = Instant(microseconds: 0)
  /// When the followed end is to be read again.
  private(set) var nextRead: Instant?

  init(_ files: LogFiles) throws(PlatformError) {
    self.files = files
    windows = LogChannel(reader: try LogReader(name: "lanes-logs", files), isOneAtATime: false)
    searches = LogChannel(reader: try LogReader(name: "lanes-search", files), isOneAtATime: true)
    diffs = LogChannel(reader: try LogReader(name: "lanes-diff", files), isOneAtATime: true)
    watch = try? PathWatch()
  }

  /// Readable when a followed log grew.
  var descriptor: Int32? { watch?.descriptor }

  mutating func read(_ request: LogRequest, at now: Instant) {
    guard let attempt = request.source.attempt else {
      stopFollowing()
      return diffs.send(request)
    }
    switch request.place {
    case .match, .matchBefore: searches.send(request)
    case .end:
      follow(request, attempt)
      lastRead = now
      windows.send(request)
    case .offset, .lines:
      stopFollowing()
      windows.send(request)
    }
  }

  private mutating func follow(_ request: LogRequest, _ attempt: AttemptKey) {
    if let followed, followed.request.source == request.source, followed.watch != nil {
      self.followed = (request, followed.watch)
      return
    }
    stopFollowing()
    followed = (request, watch?.add(files.path(attempt)))
  }

  private mutating func stopFollowing() {
    if let number = followed?.watch { watch?.remove(number) }
    (followed, nextRead) = (nil, nil)
  }

  /// To be called when the descriptor is readable.
  mutating func noteChanges(at now: Instant) {
    let changed = watch?.read() ?? []
    guard let number = followed?.watch, changed.contains(number), nextRead == nil else { return }
    nextRead = max(now, lastRead + Self.pause)
  }

  mutating func readIfDue(at now: Instant) {
    guard let nextRead, nextRead <= now, let request = followed?.request else { return }
    self.nextRead = nil
    lastRead = now
    windows.send(request)
  }

  func finish() {
    windows.finish()
    searches.finish()
    diffs.finish()
  }
}

/// Requests on their way to a reader.
struct LogChannel: Sendable {
  private let reader: LogReader
  /// Whether a request ends the reading for an earlier one.
  private let isOneAtATime: Bool
  private let requests: AsyncStream<(LogRequest, Int)>
  private let continuation: AsyncStream<(LogRequest, Int)>.Continuation

  init(reader: LogReader, isOneAtATime: Bool) {
    self.reader = reader
    self.isOneAtATime = isOneAtATime
    (requests, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(16))
  }

  func send(_ request: LogRequest) {
    continuation.yield((request, isOneAtATime ? reader.announce() : 0))
  }

  /// Gives each window that was asked for, until `finish`.
  func deliver(_ take: (LogWindow) async -> Void) async {
    for await (request, number) in requests {
      if let window = await reader.read(request, number: number) { await take(window) }
    }
  }

  func finish() {
    _ = reader.announce()
    continuation.finish()
  }
}
