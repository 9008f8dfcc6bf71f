/// The nearest of some known words to a mistyped one.
package enum Spelling {
  /// Finds the known word that takes the fewest edits to reach; nil when none is near.
  ///
  /// Near is at most a third of the longer word's letters. Cost: O(words × lengths), lengths cut to
  /// 64.
  package static func nearest(to word: String, among known: some Sequence<String>) -> String? {
    let letters = Array(word.lowercased().unicodeScalars.prefix(64))
    var best: (word: String, edits: Int)?
    for candidate in known {
      let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
      let edits = distance(letters, other)
      let isNear = edits * 3 <= max(letters.count, other.count)
      if isNear, edits < best?.edits ?? .max { best = (candidate, edits) }
    }
    return best?.word
  }

  /// The insertions, deletions, replacements and swaps of neighbours between two words.
  private static func distance(_ left: [UnicodeScalar], _ right: [UnicodeScalar]) -> Int {
    var older: [Int] = []
    var previous = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var edits = min(
          previous[column] + (letter == other ? 0 : 1), previous[column + 1] + 1,
          current[column] + 1)
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          edits = min(edits, older[column - 1] + 1)
        }
        current.append(edits)
      }
      (older, previous) = (previous, current)
    }
    return previous[right.count]
  }
}
