/// Where the lines of a text begin, for turning byte offsets into lines and columns.
///
/// Only line feeds end a line. Columns count Unicode scalars; a byte order mark counts for none.
struct LineIndex: Sendable {
  /// The offset of each line's first byte, ascending; the first is 0, or 3 after a byte order mark.
  private let starts: [UInt32]
  /// For each block of bytes, how many UTF-8 continuation bytes precede it; empty for plain ASCII.
  private let continuations: [UInt32]

  private static let blockSize = 4096

  init(starts: [UInt32], isASCII: Bool, in bytes: UnsafeBufferPointer<UInt8>) {
    self.starts = starts
    continuations = isASCII ? [] : Self.countContinuations(bytes)
  }

  /// Finds the place of a byte.
  ///
  /// Cost: O(log lines), whatever the lengths of the lines.
  func place(of offset: Int, in bytes: [UInt8]) -> SourcePlace {
    let line = lastLine(startingAtOrBefore: offset)
    let start = Int(starts[line])
    let skipped =
      continuationBytes(before: offset, in: bytes) - continuationBytes(before: start, in: bytes)
    return SourcePlace(line: line + 1, column: max(0, offset - start - skipped) + 1)
  }

  /// Finds the place of a byte in a text that has no index.
  ///
  /// Cost: O(offset).
  static func place(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> SourcePlace {
    var line = 1
    var column = 1
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? min(3, offset) : 0
    for byte in bytes[start..<min(offset, bytes.count)] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return SourcePlace(line: line, column: column)
  }

  private func lastLine(startingAtOrBefore offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(starts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private func continuationBytes(before offset: Int, in bytes: [UInt8]) -> Int {
    if continuations.isEmpty { return 0 }
    let block = offset / Self.blockSize
    var count = Int(continuations[block])
    for byte in bytes[(block * Self.blockSize)..<offset] where byte & 0xC0 == 0x80 { count += 1 }
    return count
  }

  private static func countContinuations(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt32] {
    var counts: [UInt32] = [0]
    var start = 0
    while start < bytes.count {
      let end = min(start + blockSize, bytes.count)
      var count: UInt32 = 0
      for byte in bytes[start..<end] where byte & 0xC0 == 0x80 { count += 1 }
      counts.append(counts[counts.count - 1] + count)
      start = end
    }
    return counts
  }
}
