/// The identity of a task as its source writes it, as text.
///
/// Numbers sort first, part by part: `2`, `2.1`, `2.10`, `10`. Every other id follows, as text. Ids
/// are untrusted: clean one before it becomes a path, a ref or part of a command.
package struct TaskID: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  package init(stringLiteral value: String) {
    text = value
  }

  package var description: String { text }

  package static func < (left: TaskID, right: TaskID) -> Bool {
    var first = left.text
    var second = right.text
    return first.withUTF8 { first in second.withUTF8 { precedes(first, $0) } }
  }

  private static func precedes(
    _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let isNumber = (isDotted(left), isDotted(right))
    if isNumber.0 != isNumber.1 { return isNumber.0 }
    guard isNumber.0 else { return left.lexicographicallyPrecedes(right) }
    var first = left[...]
    var second = right[...]
    while !first.isEmpty, !second.isEmpty {
      let parts = (takePart(&first), takePart(&second))
      if parts.0.count != parts.1.count { return parts.0.count < parts.1.count }
      if !parts.0.elementsEqual(parts.1) { return parts.0.lexicographicallyPrecedes(parts.1) }
    }
    if first.isEmpty != second.isEmpty { return first.isEmpty }
    return left.lexicographicallyPrecedes(right)
  }

  /// Whether the text is numbers with single dots between them.
  private static func isDotted(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var isAfterDigit = false
    for byte in text {
      if byte == UInt8(ascii: ".") {
        guard isAfterDigit else { return false }
        isAfterDigit = false
      } else {
        guard byte &- UInt8(ascii: "0") < 10 else { return false }
        isAfterDigit = true
      }
    }
    return isAfterDigit
  }

  /// Takes the digits up to the next dot, without leading zeros, and the dot.
  private static func takePart(
    _ text: inout Slice<UnsafeBufferPointer<UInt8>>
  ) -> Slice<UnsafeBufferPointer<UInt8>> {
    let part = text.prefix { $0 != UInt8(ascii: ".") }
    text = text.dropFirst(part.count + 1)
    return part.drop { $0 == UInt8(ascii: "0") }
  }
}
