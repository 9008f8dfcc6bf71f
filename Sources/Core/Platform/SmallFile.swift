import Glibc

/// Reads and writes whole files of moderate size.
enum SmallFile {
  /// The bytes of a file, at most `limit` and some; nil when it cannot be read.
  static func read(_ path: String, limit: Int = 4 << 20) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let chunk = readChunk(descriptor, count: min(limit, max(4096, bytes.count)))
      if chunk.isEmpty { break }
      bytes.append(contentsOf: chunk)
    }
    return bytes
  }

  /// The last bytes of a file, at most `limit`; nil when it cannot be read.
  static func readEnd(_ path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    lseek(descriptor, max(0, size - off_t(limit)), SEEK_SET)
    return readChunk(descriptor, count: limit)
  }

  private static func readChunk(_ descriptor: Int32, count: Int) -> [UInt8] {
    Array(unsafeUninitializedCapacity: count) { buffer, done in
      repeat {
        done = Glibc.read(descriptor, buffer.baseAddress, count)
      } while done < 0 && errno == EINTR
      done = max(0, done)
    }
  }

  /// Replaces the content of a file that only its owner may read.
  static func write(_ text: String, to path: String) throws(PlatformError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw PlatformError(path) }
    defer { close(descriptor) }
    var text = text
    let failure = text.withUTF8 { bytes -> PlatformError? in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return PlatformError(path) }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
      return nil
    }
    if let failure { throw failure }
  }
}
