import Core
import Glibc

/// Windows of a log, or of another text, of any size: only what is asked for is read.
struct LogFile: ~Copyable {
  /// A longer line is cut there, in bytes.
  static let longestLine = 4096
  private static let chunk = 256 << 10

  private let descriptor: Int32
  /// The size when it was opened; what is written later does not count.
  let size: Int64

  /// Nil when there is no such file.
  init?(path: String) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return nil
    }
    size = Int64(status.st_size)
  }

  /// Another look at an open file; nil when there are too many.
  init?(copying open: Int32) {
    descriptor = fcntl(open, F_DUPFD_CLOEXEC, 3)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    size = fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
  }

  deinit {
    close(descriptor)
  }

  /// Whole lines from one that begins at `start` on, cut and cleaned, and where the next one begins.
  ///
  /// Cost: O(the lines), whatever the size of the file.
  func lines(_ count: Int, from start: Int64) -> (lines: [LogWindow.Line], end: Int64) {
    var lines: [LogWindow.Line] = []
    var place = max(0, start)
    while lines.count < count, place < size {
      let end = lineEnd(from: place)
      let length = min(Int(end - place), Self.longestLine)
      var bytes = read(from: place, count: length)
      if bytes.last == 0x0A { bytes.removeLast() }
      lines.append(LogWindow.Line(offset: place, text: LogText.line(Self.shown(bytes))))
      place = end
    }
    return (lines, place)
  }

  /// What a terminal would leave of a line that was drawn over itself, as progress bars do.
  private static func shown(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var line = bytes[...]
    while line.last == 0x0D { line.removeLast() }
    guard let last = line.lastIndex(of: 0x0D) else { return line }
    return line[(last + 1)...]
  }

  /// The beginning of the line that holds a byte.
  func lineStart(at offset: Int64) -> Int64 {
    var end = min(max(0, offset), size)
    while end > 0 {
      let start = max(0, end - Int64(Self.chunk))
      let bytes = read(from: start, count: Int(end - start))
      if let newline = bytes.lastIndex(of: 0x0A) { return start + Int64(newline) + 1 }
      end = start
    }
    return 0
  }

  /// Where the line after the one that begins at `start` begins; the size for the last one.
  private func lineEnd(from start: Int64) -> Int64 {
    var place = start
    // Most lines are short.
    var count = 1024
    while place < size {
      let bytes = read(from: place, count: count)
      if bytes.isEmpty { break }
      if let newline = bytes.firstIndex(of: 0x0A) { return place + Int64(newline) + 1 }
      place += Int64(bytes.count)
      count = Self.chunk
    }
    return size
  }

  /// The beginning of the line so many lines after, or before, the one that begins at `start`.
  func line(_ count: Int, from start: Int64) -> Int64 {
    var place = min(max(0, start), size)
    for _ in 0..<abs(count) {
      if count > 0 {
        let next = lineEnd(from: place)
        if next >= size { return place }
        place = next
      } else {
        if place == 0 { return 0 }
        place = lineStart(at: place - 1)
      }
    }
    return place
  }

  /// The beginning of the last `count` lines.
  func startOfLast(_ count: Int) -> Int64 {
    let last = size > 0 && read(from: size - 1, count: 1) == [0x0A] ? size - 1 : size
    return line(1 - count, from: lineStart(at: last))
  }

  func read(from offset: Int64, count: Int) -> [UInt8] {
    let wanted = Int(min(Int64(count), max(0, size - offset)))
    return [UInt8](unsafeUninitializedCapacity: wanted) { buffer, length in
      while length < wanted {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + length }, wanted - length,
          off_t(offset) + off_t(length))
        if got < 0, errno == EINTR { continue }
        if got <= 0 { return }
        length += got
      }
    }
  }
}
