/// Turns the inside of a JSON string into its text.
enum JSONEscapes {
  /// Decodes a string's bytes without its quotes; the parser has checked their form.
  ///
  /// A surrogate without its other half becomes U+FFFD. Cost: O(bytes).
  static func decoded(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "\\") {
        text.append(bytes[position])
        position += 1
      } else if bytes[position + 1] == UInt8(ascii: "u") {
        let (scalar, length) = unicode(bytes, at: position)
        text.append(contentsOf: String(scalar).utf8)
        position += length
      } else {
        text.append(plain(bytes[position + 1]))
        position += 2
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func plain(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 8
    case UInt8(ascii: "f"): 12
    case UInt8(ascii: "n"): 10
    case UInt8(ascii: "r"): 13
    case UInt8(ascii: "t"): 9
    default: letter
    }
  }

  /// The scalar of one `\uXXXX` or of a pair of them, and the bytes it takes.
  private static func unicode(
    _ bytes: UnsafeBufferPointer<UInt8>, at position: Int
  ) -> (scalar: UnicodeScalar, length: Int) {
    let unit = codeUnit(bytes, at: position)
    let next = position + 6
    if unit & 0xFC00 == 0xD800, next + 6 <= bytes.count, bytes[next] == UInt8(ascii: "\\"),
      bytes[next + 1] == UInt8(ascii: "u")
    {
      let low = codeUnit(bytes, at: next)
      if low & 0xFC00 == 0xDC00,
        let scalar = UnicodeScalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
      {
        return (scalar, 12)
      }
    }
    return (UnicodeScalar(unit) ?? "\u{FFFD}", 6)
  }

  private static func codeUnit(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt32 {
    bytes[position + 2..<position + 6].reduce(0) { $0 << 4 | (TextScan.hexDigit($1) ?? 0) }
  }
}
