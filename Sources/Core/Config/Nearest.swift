/// The candidate that a mistyped word most likely meant; nil when none is close.
///
/// Close is a third of the letters wrong, missing, added or swapped with their neighbour (optimal
/// string alignment distance), or a beginning of at least three letters. Case does not count. Of
/// equally close candidates the first one is given. Cost: the product of the lengths for each.
package func nearest(_ word: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(word.lowercased())
  guard !wanted.isEmpty, wanted.count <= 100 else { return nil }
  var best: (word: String, distance: Int)?
  for candidate in candidates where candidate.utf8.count <= 400 {
    let letters = Array(candidate.lowercased())
    let isBeginning = wanted.count >= 3 && letters.starts(with: wanted)
    let distance = isBeginning ? 1 : editDistance(wanted, letters)
    let longest = max(wanted.count, letters.count)
    guard distance <= (longest + 2) / 3, distance < longest else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.word
}

private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var before = [Int](repeating: 0, count: right.count + 1)
  var above = Array(0...right.count)
  for row in 0..<left.count {
    var current = [row + 1]
    for column in 0..<right.count {
      let isSame = left[row] == right[column]
      var cost = min(above[column] + (isSame ? 0 : 1), above[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        cost = min(cost, before[column - 1] + 1)
      }
      current.append(cost)
    }
    before = above
    above = current
  }
  return above[right.count]
}
