import Glibc

/// Listens to the output of one agent as it grows.
final class AgentTail {
  /// The most that is read at a time.
  private static let longestRead = 256 << 10

  private let path: String
  private let errors: String
  private let clock: WallClock
  private var listener: AgentListener
  private var offset = 0
  private var latest: AgentReading?

  init(path: String, errors: String, format: AgentFormat, clock: WallClock) {
    self.path = path
    self.errors = errors
    self.clock = clock
    listener = AgentListener(format)
  }

  /// Whether there is new output, and the reading when it changed.
  func poll() -> (hasGrown: Bool, reading: AgentReading?) {
    read() ? (true, changed()) : (false, nil)
  }

  /// The last reading, of all that the process wrote; nil when it is what `poll` gave last.
  ///
  /// `status` is how the process ended, where that is known.
  func finish(_ status: ExitStatus?) -> AgentReading? {
    _ = read()
    let errors = FileBytes.tail(errors, count: 4096) ?? []
    listener.finish(status, errors: errors, now: clock.now())
    return changed()
  }

  private func read() -> Bool {
    var hasGrown = false
    while let bytes = FileBytes.read(path, from: offset, count: Self.longestRead), !bytes.isEmpty {
      hasGrown = true
      offset += bytes.count
      listener.take(bytes[...])
    }
    return hasGrown
  }

  private func changed() -> AgentReading? {
    if listener.reading == latest { return nil }
    latest = listener.reading
    return latest
  }
}
