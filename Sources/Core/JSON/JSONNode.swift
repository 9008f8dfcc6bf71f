/// One value of a document.
package struct JSONNode: Sendable {
  package let document: JSONDocument
  /// The value's position on the document's tape.
  let index: Int

  private var entry: JSONDocument.Entry { document.tape[index] }

  package var kind: JSONDocument.Kind { entry.kind }

  /// The bytes of the value, a string's quotes among them.
  package var range: Range<Int> { Int(entry.start)..<Int(entry.end) }

  /// Where the value begins.
  ///
  /// Cost: O(log lines).
  package var place: SourcePlace { document.place(of: Int(entry.start)) }

  /// The value of a key, nil when this is no object or has no such key.
  ///
  /// Of several members with the key the last one counts. Cost: O(members).
  package subscript(_ key: String) -> JSONNode? {
    var found: JSONNode?
    for member in members where member.key.isString(key) { found = member.value }
    return found
  }

  /// The values of an array; none when this is no array.
  package var elements: Elements { Elements(container: self, kind: .array) }

  /// The members of an object in their order; none when this is no object.
  package var members: Members { Members(children: Elements(container: self, kind: .object)) }

  /// The text of a string; a lone surrogate in it becomes U+FFFD.
  package var string: String? {
    guard kind == .string else { return nil }
    let inner = Int(entry.start) + 1..<Int(entry.end) - 1
    return document.bytes.withUnsafeBufferPointer { bytes in
      let text = UnsafeBufferPointer(rebasing: bytes[inner])
      return entry.hasEscapes
        ? JSONEscapes.decoded(text) : String(decoding: text, as: UTF8.self)
    }
  }

  /// The number as written, nil when this is no number.
  package var numberText: String? {
    guard kind == .number else { return nil }
    return document.bytes.withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
    }
  }

  /// Whether this is a number of digits alone.
  var isDigits: Bool {
    kind == .number
      && document.bytes[range].allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
  }

  /// The number, when it is written in at most nine digits and nothing else.
  var smallNumber: Int? {
    guard kind == .number, range.count < 10 else { return nil }
    var value = 0
    for byte in document.bytes[range] {
      guard byte &- UInt8(ascii: "0") < 10 else { return nil }
      value = value * 10 + Int(byte &- UInt8(ascii: "0"))
    }
    return value
  }

  /// The number, when it is whole and fits; 1.0 and 1e3 are whole.
  package var integer: Int? {
    guard let text = numberText else { return nil }
    return Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
  }

  /// The number, when it is finite.
  package var number: Double? {
    numberText.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
  }

  package var bool: Bool? {
    kind == .bool ? document.bytes[Int(entry.start)] == UInt8(ascii: "t") : nil
  }

  package var isNull: Bool { kind == .null }

  /// Whether this is the string `text`.
  package func isString(_ text: String) -> Bool {
    guard kind == .string else { return false }
    if entry.hasEscapes { return string == text }
    return document.bytes[Int(entry.start) + 1..<Int(entry.end) - 1].elementsEqual(text.utf8)
  }

  /// The values inside a container, one after the other.
  package struct Elements: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private var index: Int
    private let end: Int

    init(container: JSONNode, kind: JSONDocument.Kind) {
      document = container.document
      index = container.index + 1
      end = container.kind == kind ? Int(container.entry.next) : index
    }

    package mutating func next() -> JSONNode? {
      guard index < end else { return nil }
      defer { index = Int(document.tape[index].next) }
      return JSONNode(document: document, index: index)
    }
  }

  /// The members of an object, one after the other.
  package struct Members: Sequence, IteratorProtocol {
    fileprivate var children: Elements

    package mutating func next() -> (key: JSONNode, value: JSONNode)? {
      guard let key = children.next(), let value = children.next() else { return nil }
      return (key, value)
    }
  }
}
