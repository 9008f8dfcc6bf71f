/// Looks for a text in a log, ignoring case, without holding more than a chunk of it.
///
/// The search is on bytes; letters outside ASCII must match in case. An escape sequence in the middle
/// of a word hides it.
struct LogSearch {
  private static let chunk: Int64 = 1 << 20

  private let needle: [UInt8]
  private let isCancelled: () -> Bool

  /// Nil when there is nothing to look for.
  init?(_ text: String, isCancelled: @escaping () -> Bool) {
    needle = text.utf8.prefix(1024).map(Self.folded)
    guard !needle.isEmpty else { return nil }
    self.isCancelled = isCancelled
  }

  /// The beginning of the first line after the one at `offset` that has the text.
  func next(in file: borrowing LogFile, after offset: Int64) -> Int64? {
    var place = file.line(1, from: offset)
    if place <= offset { return nil }
    while place < file.size, !isCancelled() {
      let bytes = file.read(from: place, count: Int(Self.chunk))
      if let found = bytes.firstPlace(of: needle) {
        return file.lineStart(at: place + Int64(found))
      }
      if bytes.count < Self.chunk { return nil }
      // What begins in one chunk may end in the next.
      place += Int64(bytes.count - needle.count + 1)
    }
    return nil
  }

  /// The beginning of the last line before the one at `offset` that has the text.
  func previous(in file: borrowing LogFile, before offset: Int64) -> Int64? {
    var end = min(offset, file.size)
    while end > 0, !isCancelled() {
      let start = max(0, end - Self.chunk)
      let bytes = file.read(from: start, count: Int(end - start))
      if let found = bytes.lastPlace(of: needle) {
        return file.lineStart(at: start + Int64(found))
      }
      if start == 0 { return nil }
      end = start + Int64(needle.count - 1)
    }
    return nil
  }

  fileprivate static func folded(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}

extension [UInt8] {
  /// The first place of a folded text among these bytes; O(count × length) at worst.
  fileprivate func firstPlace(of needle: [UInt8]) -> Int? {
    withUnsafeBufferPointer { bytes in
      needle.withUnsafeBufferPointer { needle in
        guard bytes.count >= needle.count else { return nil }
        return (0...bytes.count - needle.count).first { bytes.has(needle, at: $0) }
      }
    }
  }

  fileprivate func lastPlace(of needle: [UInt8]) -> Int? {
    withUnsafeBufferPointer { bytes in
      needle.withUnsafeBufferPointer { needle in
        guard bytes.count >= needle.count else { return nil }
        return (0...bytes.count - needle.count).last { bytes.has(needle, at: $0) }
      }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func has(_ needle: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
    guard LogSearch.folded(self[place]) == needle[0] else { return false }
    for offset in 1..<Swift.max(1, needle.count)
    where LogSearch.folded(self[place + offset]) != needle[offset] {
      return false
    }
    return true
  }
}
