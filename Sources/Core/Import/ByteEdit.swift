/// Bytes of a file that others replace.
struct ByteEdit: Equatable {
  var range: Range<Int>
  var text: [UInt8]

  init(_ range: Range<Int>, _ text: some Sequence<UInt8>) {
    self.range = range
    self.text = Array(text)
  }

  /// Puts bytes in at a place.
  init(at position: Int, _ text: String) {
    self.init(position..<position, text.utf8)
  }

  /// The bytes with some edits made, and every other byte as it was.
  ///
  /// Edits must not overlap, but where both take bytes out.
  static func apply(_ edits: [ByteEdit], to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + edits.count * 32)
    var position = 0
    // What is put in at a place goes before what is taken out there.
    let sorted = edits.sorted { left, right in
      (left.range.lowerBound, left.range.upperBound)
        < (right.range.lowerBound, right.range.upperBound)
    }
    for edit in sorted {
      // Two neighbouring lines taken out may share the break between them.
      result += bytes[position..<max(position, edit.range.lowerBound)]
      result += edit.text
      position = max(position, edit.range.upperBound)
    }
    return result + bytes[position...]
  }
}
