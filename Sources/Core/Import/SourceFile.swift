import Glibc

/// The bytes of a file that someone else wrote.
package enum SourceFile {
  /// Why a file could not be read.
  package enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    case missing
    /// It is a folder, a device, a pipe or a socket.
    case notRegular
    /// It has more bytes than `limit`.
    case tooLarge(limit: Int)
    /// A system call failed with this error number.
    case system(Int32)

    /// What is wrong, in the words of a sentence.
    package var description: String {
      switch self {
      case .missing: "the file is not there"
      case .notRegular: "it is no regular file"
      case .tooLarge(let limit): "it has more than \(limit) bytes"
      case .system(let number): SourceFile.message(number)
      }
    }
  }

  /// Reads a whole regular file; never waits for a pipe or a device.
  package static func read(
    _ path: String, limit: Int = JSONDocument.sizeLimit
  ) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw errno == ENOENT ? .missing : .system(errno) }
    defer { close(descriptor) }
    return try read(descriptor: descriptor, limit: limit)
  }

  private static func read(descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    guard Int(status.st_size) <= limit else { throw .tooLarge(limit: limit) }
    var bytes: [UInt8] = []
    // One more than its size, to see the end without another round.
    var room = Int(status.st_size) + 1
    while true {
      let (chunk, failure) = chunk(of: room, from: descriptor)
      if failure == EINTR { continue }
      if failure != 0 { throw .system(failure) }
      if chunk.isEmpty { return bytes }
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if bytes.count > limit { throw .tooLarge(limit: limit) }
      room = max(room - chunk.count, 4096)
    }
  }

  private static func chunk(
    of room: Int, from descriptor: Int32
  ) -> (bytes: [UInt8], failure: Int32) {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      let result = Glibc.read(descriptor, buffer.baseAddress, room)
      if result < 0 { failure = errno }
      count = max(0, result)
    }
    return (bytes, failure)
  }

  /// Whether there is anything at a path.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// What a system error number means, in words.
  package static func message(_ number: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: text, as: UTF8.self)
  }
}
