/// A JSON text that was read whole, with the place of every value.
///
/// The values lie in document order on a flat tape; strings and numbers stay in the bytes until they
/// are asked for. Reading is strict: RFC 8259, plus a leading byte order mark. Cost: one pass over
/// the bytes and 16 bytes of tape for each value and each key.
package struct JSONDocument: Sendable {
  private let contents: Contents

  package var bytes: [UInt8] { contents.bytes }
  /// What errors call the document, usually its path.
  package var name: String { contents.name }
  var tape: [Entry] { contents.tape }

  /// The most containers inside each other.
  package static let depthLimit = 512
  /// The most bytes a document may have, so that offsets fit into 32 bits.
  package static let sizeLimit = 1 << 30
  /// The most values and keys, so that a hostile document cannot fill the memory.
  package static let valueLimit = 1 << 26

  package enum Kind: UInt8, Equatable, Sendable {
    case object
    case array
    case string
    case number
    case bool
    case null
  }

  /// A value or a key on the tape.
  struct Entry {
    /// The value's first byte.
    var start: UInt32
    /// The byte after the value's last.
    var end: UInt32
    /// The tape position after the value and all it contains.
    var next: UInt32
    var kind: Kind
    /// Whether a string has escapes, so that its bytes are not yet its text.
    var hasEscapes: Bool
  }

  /// Reads a whole document.
  ///
  /// `name` is what errors call it. Throws at the first byte that is not JSON.
  package init(parsing bytes: [UInt8], name: String) throws(JSONError) {
    do throws(JSONFault) {
      let (tape, lines) = try JSONParser.parse(bytes)
      contents = Contents(bytes: bytes, name: name, tape: tape, lines: lines)
    } catch {
      let place = bytes.withUnsafeBufferPointer { LineIndex.place(of: error.offset, in: $0) }
      throw JSONError(file: name, place: place, problem: error.problem, remedy: error.remedy)
    }
  }

  package var root: JSONNode { JSONNode(document: self, index: 0) }

  /// The line and column of a byte.
  ///
  /// Cost: O(log lines).
  package func place(of offset: Int) -> SourcePlace {
    contents.lines.place(of: offset, in: contents.bytes)
  }

  /// What a document and all its nodes share, never changed: a class, so that a node is small and
  /// costs one reference count.
  private final class Contents: Sendable {
    let bytes: [UInt8]
    let name: String
    let tape: [Entry]
    let lines: LineIndex

    init(bytes: [UInt8], name: String, tape: [Entry], lines: LineIndex) {
      self.bytes = bytes
      self.name = name
      self.tape = tape
      self.lines = lines
    }
  }
}
