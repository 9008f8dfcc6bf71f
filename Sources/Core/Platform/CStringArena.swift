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
    let start = bytes.count
    var string = string
    string.withUTF8 { bytes.append(contentsOf: $0) }
    if bytes[start...].contains(0) {
      bytes.removeSubrange(start...)
      bytes.append(contentsOf: string.utf8.lazy.filter { $0 != 0 })
    }
  }
}
