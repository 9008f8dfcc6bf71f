/// Finds what a task says about its progress in its output.
///
/// Understood are, the newest first: the terminal sequence `ESC ] 9 ; 4 ; 1 ; 40` ended by BEL or
/// ST (ConEmu's, also states 2 and 4), and at the level of lines `::progress 40 words`, `[12/40]
/// words` and `40%` at the end. Lines end at a line feed or a carriage return. Everything else,
/// binary output too, says nothing.
package enum ProgressParser {
  /// The newest statement in a piece of output; nil when there is none.
  ///
  /// The last line may be unfinished: then only the terminal sequence and `40%` count, since of
  /// `[12/40]` the rest may be missing. Costs one pass over the lines after the newest statement.
  package static func newest(in output: some RandomAccessCollection<UInt8>) -> Progress? {
    let bytes = Array(output)
    var end = bytes.count
    var isFinished = false
    while end > 0 || !isFinished {
      let start = bytes[..<end].lastIndex(where: isLineEnd).map { $0 + 1 } ?? 0
      let line = bytes[start..<end]
      if let progress = statement(in: line, isFinished: isFinished) { return progress }
      if start == 0 { return nil }
      end = start - 1
      isFinished = true
    }
    return nil
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private static func statement(in line: ArraySlice<UInt8>, isFinished: Bool) -> Progress? {
    let mayHaveSequence = line.contains(escape)
    guard mayHaveSequence || line.contains(where: isSign) else { return nil }
    if mayHaveSequence, let progress = terminalSequence(in: line) { return progress }
    let text = mayHaveSequence ? withoutSequences(line)[...] : line
    if let progress = percentage(in: text) { return progress }
    return isFinished ? command(in: text) ?? count(in: text) : nil
  }

  /// One of these is in every statement that is not a terminal sequence.
  private static func isSign(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "%") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: ":")
  }

  /// `40%` or `40.5 %` as the last word.
  private static func percentage(in text: ArraySlice<UInt8>) -> Progress? {
    var text = text
    dropBlanks(&text)
    guard text.popLast() == UInt8(ascii: "%") else { return nil }
    dropBlanks(&text)
    let digits = text.suffix { isDigit($0) || $0 == UInt8(ascii: ".") }
    if let before = text.dropLast(digits.count).last, isPartOfWord(before) { return nil }
    guard let value = number(digits), value <= 100 else { return nil }
    return Progress(fraction: value / 100)
  }

  private static func isPartOfWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "_")
      || byte.isLetter
  }

  /// `::progress 40 words` at the start of a line; more than 100 is taken as 100.
  private static func command(in text: ArraySlice<UInt8>) -> Progress? {
    let word = "::progress ".utf8
    guard text.starts(with: word) else { return nil }
    let rest = text.dropFirst(word.count).drop(while: isBlank)
    let digits = rest.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
    let label = rest.dropFirst(digits.count)
    guard let value = number(digits), label.first.map({ isBlank($0) || $0 == percent }) ?? true
    else { return nil }
    return Progress(
      fraction: min(value / 100, 1),
      label: cleaned(label.first == percent ? label.dropFirst() : label))
  }

  /// The first `[12/40]` of a line.
  private static func count(in text: ArraySlice<UInt8>) -> Progress? {
    var rest = text
    while let open = rest.firstIndex(of: UInt8(ascii: "[")) {
      rest = rest[(open + 1)...]
      var inner = rest.drop(while: isBlank)
      guard let done = takeNumber(&inner), takeSlash(&inner), let total = takeNumber(&inner),
        total > 0, done <= total
      else { continue }
      inner = inner.drop(while: isBlank)
      guard inner.popFirst() == UInt8(ascii: "]") else { continue }
      return Progress(fraction: done / total, label: cleaned(inner))
    }
    return nil
  }

  private static func takeSlash(_ text: inout ArraySlice<UInt8>) -> Bool {
    text = text.drop(while: isBlank)
    guard text.popFirst() == UInt8(ascii: "/") else { return false }
    text = text.drop(while: isBlank)
    return true
  }

  private static func takeNumber(_ text: inout ArraySlice<UInt8>) -> Double? {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return number(digits)
  }

  /// At most 9 digits, with at most one point among them.
  static func number(_ digits: ArraySlice<UInt8>) -> Double? {
    guard digits.count <= 9, digits.first.map(isDigit) == true, digits.last.map(isDigit) == true
    else { return nil }
    return Double(String(decoding: digits, as: UTF8.self))
  }

  private static func dropBlanks(_ text: inout ArraySlice<UInt8>) {
    text = text.prefix(upTo: text.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? text.startIndex)
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static let percent = UInt8(ascii: "%")
}

extension UInt8 {
  fileprivate var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self >= 0x80
  }
}

extension BidirectionalCollection where SubSequence == Self {
  fileprivate func suffix(while condition: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
