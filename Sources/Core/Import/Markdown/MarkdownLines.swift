// Whole lines of a document put in and taken out.
extension MarkdownDocument {
  /// The break behind a line; the last line has that of the one before.
  func lineBreak(at index: Int) -> String {
    guard lines.indices.contains(index) else { return "\n" }
    switch text.utf8[lines[index].text.endIndex...].first {
    case UInt8(ascii: "\r"): return "\r\n"
    case nil: return lineBreak(at: index - 1)
    default: return "\n"
    }
  }

  /// Puts lines in behind a line.
  func insertion(of new: [String], after index: Int) -> ByteEdit {
    let end = lineBreak(at: index)
    return ByteEdit(at: range(of: lines[index].text).upperBound, new.map { end + $0 }.joined())
  }

  /// Puts lines in before a line, or at the end of a document that has none.
  func insertion(of new: [String], before index: Int) -> ByteEdit {
    let end = lineBreak(at: index)
    let isThere = lines.indices.contains(index)
    let start = isThere ? range(of: lines[index].text).lowerBound : text.utf8.count
    return ByteEdit(at: start, new.map { $0 + end }.joined())
  }

  /// Takes lines out; a document that does not end in a break still does not.
  func removal(of range: Range<Int>) -> ByteEdit {
    var start = self.range(of: lines[range.lowerBound].text).lowerBound
    guard range.upperBound == lines.count else {
      return ByteEdit(start..<self.range(of: lines[range.upperBound].text).lowerBound, [])
    }
    if text.utf8.last != UInt8(ascii: "\n"), range.lowerBound > 0 {
      start = self.range(of: lines[range.lowerBound - 1].text).upperBound
    }
    return ByteEdit(start..<text.utf8.count, [])
  }

  /// Takes a block of lines out with the blank lines that part it from the one before it, or else
  /// from what follows.
  func removal(ofBlock block: Range<Int>, isFirst: Bool) -> ByteEdit {
    var (start, end) = (block.lowerBound, block.upperBound)
    let isLast = end == lines.count
    if isLast || lines[end].isBlank {
      if isFirst, !isLast {
        while end < lines.count, lines[end].isBlank { end += 1 }
      } else {
        while start > 0, lines[start - 1].isBlank { start -= 1 }
      }
    }
    return removal(of: start..<end)
  }

  /// What stands before the text of an item: white space and its marker; nil when it is no item.
  func marker(of index: Int) -> String? {
    guard case .item(let text) = lines[index].kind else { return nil }
    let line = lines[index].text
    return String(line[line.startIndex..<text.startIndex])
  }

  /// The white space that a line begins with.
  func whiteSpace(of index: Int) -> String {
    String(lines[index].text.prefix { $0 == " " || $0 == "\t" })
  }
}
