// Slices of a text that stay slices, so that their places in the file are not lost.
extension Substring {
  /// The slice without spaces and tabs around it.
  var trimmed: Substring {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let start = utf8.firstIndex(where: { !isSpace($0) }),
      let last = utf8.lastIndex(where: { !isSpace($0) })
    else { return self[endIndex..<endIndex] }
    return self[start...].prefix(upTo: utf8.index(after: last))
  }

  /// The slice without a run of one character at its end, and without white space before that.
  func droppingLast(_ character: Character) -> Substring {
    var slice = self
    while slice.last == character { slice = slice.dropLast() }
    return slice.trimmed
  }

  /// The slice without the marks of bold text and code around it.
  var unmarked: Substring {
    var slice = trimmed
    while true {
      let before = slice
      for mark in ["**", "__", "`"] where slice.count > 2 * mark.count {
        if slice.hasPrefix(mark), slice.hasSuffix(mark) {
          slice = slice.dropFirst(mark.count).dropLast(mark.count).trimmed
        }
      }
      if slice == before { return slice }
    }
  }

  /// What stands before and after the first place of a character; nil when it is not there.
  func splitOnce(_ character: Character) -> (head: Substring, tail: Substring)? {
    firstIndex(of: character).map { (self[..<$0], self[index(after: $0)...]) }
  }
}

extension Substring.UnicodeScalarView {
  var text: Substring { Substring(self) }
}

extension StringProtocol {
  /// The text in small letters without marks, with single spaces, for comparing.
  var folded: String {
    lowercased().filter { $0 != "*" && $0 != "`" }
      .split { $0 == " " || $0 == "\t" }.joined(separator: " ")
  }
}
