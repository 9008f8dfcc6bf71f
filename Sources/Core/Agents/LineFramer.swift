/// Cuts a stream of bytes into lines.
///
/// Only a line feed ends a line, never U+2028 or U+2029, which file contents may hold; text is not
/// decoded before a line is whole. A line that is too long is dropped, and reading goes on.
struct LineFramer {
  enum Line: Equatable {
    /// Without its end, and without a carriage return before that.
    case whole([UInt8])
    /// A line that had more bytes than the limit.
    case dropped(bytes: Int)
  }

  private var rest: [UInt8] = []
  /// How many bytes of a line that is too long have gone by.
  private var skipped = 0
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// The lines that end in these bytes, blank ones left out.
  mutating func take(_ bytes: ArraySlice<UInt8>) -> [Line] {
    var lines: [Line] = []
    var bytes = bytes
    while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
      add(bytes[..<end])
      bytes = bytes[(end + 1)...]
      if let line = finish() { lines.append(line) }
    }
    add(bytes)
    return lines
  }

  /// What follows the last line feed; nil when nothing does.
  mutating func finish() -> Line? {
    defer {
      rest = []
      skipped = 0
    }
    if skipped > 0 { return .dropped(bytes: skipped) }
    if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
    let isBlank = rest.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    return isBlank ? nil : .whole(rest)
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>) {
    if skipped > 0 {
      skipped += bytes.count
    } else if rest.count + bytes.count > limit {
      skipped = rest.count + bytes.count
      rest = []
    } else {
      rest += bytes
    }
  }
}
