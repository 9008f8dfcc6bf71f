/// Pairs of tasks, and how many partners of each task are at work.
///
/// `note` costs O(partners), questions cost O(1).
struct TaskPairs: Equatable, Sendable {
  private var partners: [Int: [Int]] = [:]
  private var atWork: [Int: Int] = [:]

  func partners(of index: Int) -> [Int] { partners[index] ?? [] }

  /// Whether a partner of a task is at work.
  func isBesideWork(_ index: Int) -> Bool { atWork[index, default: 0] > 0 }

  /// Makes two tasks a pair, each given with whether it is at work; returns both, or nothing when they
  /// are one already.
  mutating func add(
    _ one: (index: Int, isAtWork: Bool), _ two: (index: Int, isAtWork: Bool)
  ) -> [Int] {
    let isKnown = partners[one.index]?.contains(two.index) ?? false
    guard one.index != two.index, !isKnown else { return [] }
    partners[one.index, default: []].append(two.index)
    partners[two.index, default: []].append(one.index)
    if one.isAtWork { atWork[two.index, default: 0] += 1 }
    if two.isAtWork { atWork[one.index, default: 0] += 1 }
    return [one.index, two.index]
  }

  /// Notes that a task begins or ends its work, and returns its partners.
  mutating func note(_ index: Int, isAtWork: Bool) -> [Int] {
    let touched = partners[index] ?? []
    for partner in touched { atWork[partner, default: 0] += isAtWork ? 1 : -1 }
    return touched
  }

  /// Takes a task out of all its pairs, and returns those who were its partners.
  mutating func remove(_ index: Int, isAtWork: Bool) -> [Int] {
    let former = partners.removeValue(forKey: index) ?? []
    atWork[index] = nil
    for partner in former {
      partners[partner]?.removeAll { $0 == index }
      if isAtWork { atWork[partner, default: 0] -= 1 }
    }
    return former
  }
}
