/// The words of a message, a task's text or a path by which files are found.
package enum MessageWords {
  /// The words, each once, in ascending order: lower case, names also taken apart at capitals, plurals as
  /// singulars.
  ///
  /// Left out are words that every text has, numbers, addresses, and trailers such as `Signed-off-by:`.
  /// Cost: O(text).
  package static func words(in text: String) -> [String] {
    var found: Set<String> = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) where !isTrailer(line) {
      for chunk in line.split(whereSeparator: { $0 <= 0x20 }) where !isAddress(chunk) {
        for run in chunk.split(whereSeparator: { !isLetter($0) && !isDigit($0) }) {
          add(Array(run), to: &found)
        }
      }
      if found.count > mostWords { break }
    }
    return found.sorted()
  }

  private static let mostWords = 500

  private static func add(_ run: [UInt8], to found: inout Set<String>) {
    let parts = parts(of: run)
    for part in parts { note(part, &found) }
    if parts.count > 1 { note(run[...], &found) }
  }

  private static func note(_ bytes: ArraySlice<UInt8>, _ found: inout Set<String>) {
    guard (2...40).contains(bytes.count), !bytes.allSatisfy(isDigit) else { return }
    let word = String(decoding: stem(bytes.map(lowercased)), as: UTF8.self)
    if !common.contains(word) { found.insert(word) }
  }

  /// `parseHTMLPage2` is parse, HTML, Page and 2.
  private static func parts(of run: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    var start = 0
    for place in run.indices.dropFirst() {
      let (before, now) = (run[place - 1], run[place])
      let isNext = place + 1 < run.count && isSmall(run[place + 1])
      let isEdge =
        isDigit(before) != isDigit(now) || isSmall(before) && isCapital(now)
        || isCapital(before) && isCapital(now) && isNext
      if isEdge {
        parts.append(run[start..<place])
        start = place
      }
    }
    return parts + [run[start...]]
  }

  private static func stem(_ word: [UInt8]) -> ArraySlice<UInt8> {
    let letter = UInt8(ascii: "s")
    guard word.count > 3, word.last == letter, word[word.count - 2] != letter else {
      return word[...]
    }
    if word.count > 4, word.suffix(3).elementsEqual("ies".utf8) {
      return (word.dropLast(3) + [UInt8(ascii: "y")])[...]
    }
    return word.dropLast()
  }

  /// `Signed-off-by: …`: capitalised words joined by dashes before a colon.
  private static func isTrailer(_ line: Substring.UTF8View) -> Bool {
    guard let first = line.first, isCapital(first),
      let colon = line.firstIndex(of: UInt8(ascii: ":"))
    else { return false }
    let name = line[..<colon]
    return name.contains(UInt8(ascii: "-"))
      && name.allSatisfy { isLetter($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isAddress(_ chunk: Substring.UTF8View) -> Bool {
    guard chunk.contains(UInt8(ascii: "@")) || chunk.contains(UInt8(ascii: ":")) else {
      return false
    }
    return chunk.contains(UInt8(ascii: "@")) || Substring(chunk).contains("://")
  }

  private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isSmall(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || byte >= 0x80
  }
  private static func isLetter(_ byte: UInt8) -> Bool { isCapital(byte) || isSmall(byte) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func lowercased(_ byte: UInt8) -> UInt8 { isCapital(byte) ? byte | 0x20 : byte }

  private static let common = Set(
    """
    the a an of to in for and or is are be been on at by with from as it its this that these those not no \
    now do does did don when if into use used using useful fix fixed fixing add added adding new remove \
    removed removing update updated updating change changed changing make made making more some all also \
    should can could will would wa were ha have had but so than then there thi it which while after before \
    instead only other we you they their our your any each both over up out about such via may must let \
    get set see etc
    """.split(separator: " ").map(String.init))
}
