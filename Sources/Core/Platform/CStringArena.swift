import Glibc

/// Strings for C, one after the other in memory that is used again each time.
struct CStringArena {
  private var bytes: [UInt8] = []
  private var starts: [Int] = []

  var count: Int { starts.count }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
  }

  /// Adds a string; NUL characters, which would end it early, are left out.
  mutating func append(_ string: String) {
    starts.append(bytes.count)
    appendBytes(of: string)
    bytes.append(0)
  }

  /// Adds `name=value`.
  mutating func append(name: String, value: String) {
    starts.append(bytes.count)
    appendBytes(of: name)
    bytes.append(UInt8(ascii: "="))
    appendBytes(of: value)
    bytes.append(0)
  }

  /// Calls `body` with a function from a string's position to its address, valid during the call.
  mutating func withPointers<Result>(
    _ body: (_ pointer: (Int) -> UnsafeMutablePointer<CChar>?) -> Result
  ) -> Result {
    let starts = starts
    return bytes.withUnsafeMutableBytes { buffer in
      body { index in
        buffer.baseAddress.map { ($0 + starts[index]).assumingMemoryBound(to: CChar.self) }
      }
    }
  }

  private mutating func appendBytes(of string: String) {
    var string = string
    string.withUTF8 { text in
      guard let start = text.baseAddress else { return }
      let holdsNUL = memchr(start, 0, text.count) != nil
      if holdsNUL { bytes += text.lazy.filter { $0 != 0 } } else { bytes += text }
    }
  }
}
