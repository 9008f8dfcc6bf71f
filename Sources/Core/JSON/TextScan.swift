/// Steps over the bytes of a string.
enum TextScan {
  /// The first byte at or after `position` that is not plain text: a quote, a backslash, a control
  /// character or a byte outside ASCII; the count when there is none.
  @inline(__always)
  static func firstSpecial(in bytes: UnsafeBufferPointer<UInt8>, from position: Int) -> Int {
    var position = position
    if let base = UnsafeRawPointer(bytes.baseAddress) {
      while position + 8 <= bytes.count {
        let word = UInt64(
          littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        let found = specials(in: word)
        if found != 0 { return position + found.trailingZeroBitCount / 8 }
        position += 8
      }
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        return position
      }
      position += 1
    }
    return position
  }

  /// The first byte at or after `position` that is no space; the count when there is none.
  @inline(__always)
  static func firstAfterSpaces(in bytes: UnsafeBufferPointer<UInt8>, from position: Int) -> Int {
    var position = position
    if let base = UnsafeRawPointer(bytes.baseAddress) {
      while position + 8 <= bytes.count {
        let word = UInt64(
          littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        let others = word ^ 0x2020_2020_2020_2020
        if others != 0 { return position + others.trailingZeroBitCount / 8 }
        position += 8
      }
    }
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
    return position
  }

  /// Marks the special bytes of eight by their highest bits; marks above the lowest may be false.
  @inline(__always)
  private static func specials(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    let low = (word &- (ones &* 0x20)) & ~word
    let zeros = ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
    return (low | zeros | word) & (ones &* 0x80)
  }

  /// The length of the well-formed UTF-8 sequence at `position`; 0 when it is not well-formed.
  @inline(__always)
  static func scalarLength(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int {
    let lead = bytes[position]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if lead == 0xE0 { second = 0xA0...0xBF }
      if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if lead == 0xF0 { second = 0x90...0xBF }
      if lead == 0xF4 { second = 0x80...0x8F }
    default: return 0
    }
    guard position + length <= bytes.count, second.contains(bytes[position + 1]) else { return 0 }
    for offset in 2..<max(2, length) where bytes[position + offset] & 0xC0 != 0x80 { return 0 }
    return length
  }

  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
