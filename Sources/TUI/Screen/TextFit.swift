import Core

/// Text of a task, a log or a file name, made safe and short enough to draw.
///
/// The one way such text takes to the screen. Cost: O(limit).
package func shown(_ text: String, limit: Int = 2000) -> String {
  guard text.utf8.count > limit else { return cleaned(text) }
  return cleaned(String(text.unicodeScalars.prefix(limit)))
}

/// The beginning of a text that takes at most so many columns.
func prefix(of text: String, columns: Int) -> Substring {
  if text.isPrintableASCII { return text.prefix(max(0, columns)) }
  var left = columns
  var end = text.startIndex
  for index in text.indices {
    left -= width(of: text[index])
    if left < 0 { break }
    end = text.index(after: index)
  }
  return text[..<end]
}

/// The text, its end replaced by `mark` when it takes more than so many columns.
package func elided(_ text: String, to columns: Int, mark: String) -> String {
  guard width(of: text, upTo: columns) > columns else { return text }
  let room = columns - width(of: mark)
  guard room > 0 else { return String(prefix(of: text, columns: columns)) }
  return prefix(of: text, columns: room) + mark
}

/// The text, its middle replaced by `mark` when it takes more than so many columns: for paths, whose
/// ends say most.
package func elidedInMiddle(_ text: String, to columns: Int, mark: String) -> String {
  guard width(of: text, upTo: columns) > columns else { return text }
  let room = columns - width(of: mark)
  guard room > 1 else { return elided(text, to: columns, mark: mark) }
  var left = room / 2
  var start = text.endIndex
  while start > text.startIndex {
    let before = text.index(before: start)
    left -= width(of: text[before])
    if left < 0 { break }
    start = before
  }
  return prefix(of: text, columns: room - room / 2) + mark + text[start...]
}

/// The text in lines of at most so many columns, broken at blanks where there are any.
///
/// Line breaks in the text are kept; each line is cleaned. Cost: O(length).
package func wrapped(_ text: String, columns: Int, limit: Int = 64_000) -> [String] {
  let columns = max(1, columns)
  let cut = text.utf8.count > limit ? String(text.unicodeScalars.prefix(limit)) : text
  return cut.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
    wrappedLine(cleaned(String(line)), columns: columns)
  }
}

/// One line without breaks, in pieces of at most so many columns.
func wrappedLine(_ line: String, columns: Int) -> [String] {
  guard width(of: line, upTo: columns) > columns else { return [line] }
  var pieces: [String] = []
  var rest = Substring(line)
  while !rest.isEmpty {
    let most = prefix(of: String(rest), columns: columns)
    var piece = rest.prefix(max(1, most.count))
    if piece.endIndex < rest.endIndex, rest[piece.endIndex] != " ",
      let blank = piece.lastIndex(of: " "),
      blank > piece.startIndex
    {
      piece = rest[..<blank]
    }
    pieces.append(String(piece))
    rest = rest[piece.endIndex...].drop { $0 == " " }
  }
  return pieces
}
