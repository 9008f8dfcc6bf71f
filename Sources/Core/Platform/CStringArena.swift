import Glibc

/// Strings for C, one after the other in memory that is used again each time.
struct CStringArena {
  private var bytes: [UInt8] = []
  private var starts: [Int] = []

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
  }

  /// Adds a string and returns its place; NUL characters, which would end it early, are left out.
  @discardableResult
  mutating func append(_ string: String) -> Int {
    starts.append(bytes.count)
    append(bytesOf: string)
    bytes.append(0)
    return starts.count - 1
  }

  /// Adds `name=value` and returns its place; nil, and nothing is added, when that is no name.
  mutating func append(name: String, value: String) -> Int? {
    let start = bytes.count
    append(bytesOf: name)
    guard bytes.count > start, !bytes[start...].contains(UInt8(ascii: "=")) else {
      bytes.removeSubrange(start...)
      return nil
    }
    starts.append(start)
    bytes.append(UInt8(ascii: "="))
    append(bytesOf: value)
    bytes.append(0)
    return starts.count - 1
  }

  /// Calls `body` with the strings' addresses, valid during the call.
  mutating func withPointers<Result>(_ body: (Pointers) -> Result) -> Result {
    let starts = starts
    return bytes.withUnsafeMutableBytes { buffer in
      body(Pointers(start: buffer.baseAddress, starts: starts))
    }
  }

  struct Pointers {
    fileprivate let start: UnsafeMutableRawPointer?
    fileprivate let starts: [Int]

    subscript(place: Int) -> UnsafeMutablePointer<CChar>? {
      start.map { ($0 + starts[place]).assumingMemoryBound(to: CChar.self) }
    }
  }

  private mutating func append(bytesOf string: String) {
    var string = string
    string.withUTF8 { text in
      guard let start = text.baseAddress else { return }
      if memchr(start, 0, text.count) == nil {
        bytes.append(contentsOf: text)
      } else {
        bytes.append(contentsOf: text.lazy.filter { $0 != 0 })
      }
    }
  }
}
