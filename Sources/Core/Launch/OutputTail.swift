import Glibc

/// Watches one log grow and reads what is new at its end.
struct OutputTail {
  /// The most that is read of a log at a time.
  static let longestRead = 64 << 10

  private let path: String
  private var size: Int64 = 0
  /// Where the first line begins that was not complete when the log was read last.
  private var lineStart: Int64 = 0

  init(path: String) {
    self.path = path
  }

  /// Whether the log has grown since the last call, and the newest progress stated in what is new.
  ///
  /// Costs one `stat` when nothing is new.
  mutating func poll() -> (hasGrown: Bool, progress: Progress?) {
    var information = stat()
    guard stat(path, &information) == 0, information.st_size != size else { return (false, nil) }
    if information.st_size < size { lineStart = 0 }
    size = Int64(information.st_size)
    let start = max(lineStart, size - Int64(Self.longestRead))
    guard let bytes = read(from: start, count: Int(size - start)) else { return (true, nil) }
    if let last = bytes.lastIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
      lineStart = start + Int64(last) + 1
    }
    return (true, ProgressParser.newest(in: bytes))
  }

  private func read(from offset: Int64, count: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return Array(unsafeUninitializedCapacity: count) { buffer, done in
      done = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
    }
  }
}
