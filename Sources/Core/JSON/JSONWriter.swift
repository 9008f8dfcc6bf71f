// Linked for the rounding of numbers.
import Glibc

/// Writes compact JSON into a byte buffer, one value after the other.
///
/// The caller keeps to the grammar (a key before each value of an object); commas are placed here.
/// Text is written as UTF-8 with the escapes JSON asks for, and DEL and C1 controls escaped too, so
/// that a line of output is safe to show.
package struct JSONWriter {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  package init(reservingCapacity capacity: Int) {
    bytes.reserveCapacity(capacity)
  }

  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Writes `{`, what `body` writes, and `}`.
  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "{"))
    body(&self)
    close(UInt8(ascii: "}"))
  }

  /// Writes `[`, what `body` writes, and `]`.
  package mutating func array(_ body: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "["))
    body(&self)
    close(UInt8(ascii: "]"))
  }

  package mutating func key(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a key that is plain ASCII without quotes, backslashes or controls.
  package mutating func key(plain name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    let text = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    bytes.append(contentsOf: text)
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  package mutating func string(_ value: String) {
    separate()
    quote(value)
    needsComma = true
  }

  package mutating func integer(_ value: some BinaryInteger) {
    guard let value = Int64(exactly: value) else { return raw(String(value)) }
    separate()
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    digits(of: value.magnitude)
    needsComma = true
  }

  /// Writes a finite number with at most `decimals` places; what is not finite becomes null.
  package mutating func number(_ value: Double, decimals: Int = 6) {
    guard value.isFinite, abs(value) < 1e15 else { return null() }
    var scale: UInt64 = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * Double(scale)).rounded()
    guard abs(scaled) < 9e18 else { return raw(String(value)) }
    let whole = UInt64(scaled.magnitude)
    separate()
    if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
    digits(of: whole / scale)
    if whole % scale != 0 { fraction(whole % scale, of: scale) }
    needsComma = true
  }

  private mutating func digits(of value: UInt64) {
    let start = bytes.count
    var rest = value
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// Writes the point and the places of `part` in `scale`, a power of ten, without ending zeros.
  private mutating func fraction(_ part: UInt64, of scale: UInt64) {
    bytes.append(UInt8(ascii: "."))
    var (part, scale) = (part, scale)
    while part > 0 {
      scale /= 10
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: part / scale))
      part %= scale
    }
  }

  package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

  package mutating func null() { raw("null") }

  /// Writes bytes that are one JSON value already.
  package mutating func value(_ json: some Sequence<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
    needsComma = true
  }

  package mutating func newline() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  private mutating func raw(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func quote(_ text: String) {
    var text = text
    text.withUTF8 { quote($0) }
  }

  private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(where: Self.isSpecial) ?? text.count
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<end]))
      if end < text.count { quoteSpecial(text[end]) }
      start = end + 1
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Whether a byte cannot stand in a string as it is, or may belong to a C1 control.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
      || 0x7F..<0xA0 ~= byte
  }

  private mutating func quoteSpecial(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
    case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
    case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
    case 0x80..<0xA0 where bytes.last == 0xC2:
      bytes.removeLast()
      escape(byte)
    case 0x80..<0xA0: bytes.append(byte)
    default: escape(byte)
    }
  }

  private mutating func escape(_ code: UInt8) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(contentsOf: "\\u00".utf8)
    bytes.append(digits[Int(code >> 4)])
    bytes.append(digits[Int(code & 15)])
  }
}
