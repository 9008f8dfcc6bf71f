/// The most tasks of a graph that can be under way at once: its largest antichain.
///
/// By Dilworth's theorem that is the number of tasks less the size of a largest matching in the
/// bipartite graph of the transitive closure; the matching is found as Hopcroft and Karp do ("An
/// n^(5/2) algorithm for maximum matchings in bipartite graphs", 1973), the antichain as König does.
package struct TracksWidth: Equatable, Sendable {
  /// Tasks that could all be under way at once, by ascending index; no larger set can.
  package let tasks: [Int]

  package var count: Int { tasks.count }

  /// Finds a largest antichain among the tasks that are on no cycle and behind none.
  ///
  /// Cost: O(tasks² / 64) memory in bits for the closure, and up to O(√tasks) times as much time.
  package init(of graph: TaskGraph) {
    var matching = ClosureMatching(Closure(of: graph))
    matching.complete()
    tasks = matching.antichain()
  }
}

/// Who waits for whom, directly or not, a bit for each pair.
private struct Closure {
  /// The graph's tasks in an order in which each comes after those it waits for.
  let order: [Int]
  /// How many words a row has.
  let width: Int
  /// For each position the later positions that wait for it.
  private(set) var words: [UInt64]

  init(of graph: TaskGraph) {
    let order = graph.levels.flatMap { $0 }
    let width = (order.count + 63) / 64
    var position = [Int](repeating: -1, count: graph.count)
    for (place, task) in order.enumerated() { position[task] = place }
    var words = [UInt64](repeating: 0, count: order.count * width)
    words.withUnsafeMutableBufferPointer { words in
      for row in order.indices.reversed() {
        for dependent in graph.dependents(of: order[row]) {
          let other = position[dependent]
          if other < 0 { continue }
          words[row * width + other / 64] |= 1 << UInt64(other % 64)
          // Nothing before its own position is set in a later row.
          for word in other / 64..<width {
            words[row * width + word] |= words[other * width + word]
          }
        }
      }
    }
    self.order = order
    self.width = width
    self.words = words
  }
}

/// A matching between tasks and tasks that wait for them, by positions in the closure's order.
private struct ClosureMatching {
  private let closure: Closure
  private let count: Int
  /// The later task each task is matched with, and the earlier one of each; -1 for none.
  private var later: [Int32]
  private var earlier: [Int32]
  private var distance: [Int32]
  /// For each layer of the search the tasks on the right in it, a bit for each.
  private var layers: [[UInt64]] = []

  init(_ closure: Closure) {
    self.closure = closure
    count = closure.order.count
    later = Array(repeating: -1, count: count)
    earlier = later
    distance = later
  }

  /// Makes the matching as large as any.
  mutating func complete() {
    matchGreedily()
    while search() {
      for task in 0..<count where later[task] < 0 { augment(from: task) }
    }
  }

  private mutating func matchGreedily() {
    var free = fullRow()
    for task in 0..<count {
      if let other = take(from: &free, in: task) { match(task, other) }
    }
  }

  private func fullRow() -> [UInt64] {
    var row = [UInt64](repeating: .max, count: closure.width)
    if count % 64 != 0 { row[closure.width - 1] = (1 << UInt64(count % 64)) - 1 }
    return row
  }

  private mutating func match(_ task: Int, _ other: Int) {
    later[task] = Int32(other)
    earlier[other] = Int32(task)
  }

  /// Takes the first task out of `row` that waits for `task`.
  private func take(from row: inout [UInt64], in task: Int) -> Int? {
    closure.words.withUnsafeBufferPointer { words in
      row.withUnsafeMutableBufferPointer { row in
        for word in task / 64..<closure.width {
          let found = words[task * closure.width + word] & row[word]
          if found == 0 { continue }
          row[word] &= ~(found & (~found &+ 1))
          return word * 64 + found.trailingZeroBitCount
        }
        return nil
      }
    }
  }

  /// Lays out the shortest alternating ways from unmatched tasks; false when none leads to an
  /// unmatched task on the right.
  private mutating func search() -> Bool {
    var open = fullRow()
    layers = []
    for task in 0..<count { distance[task] = later[task] < 0 ? 0 : -1 }
    var queue = (0..<count).filter { later[$0] < 0 }
    var isFound = false
    while !queue.isEmpty, !isFound {
      var next: [Int] = []
      var layer = [UInt64](repeating: 0, count: closure.width)
      for task in queue {
        while let other = take(from: &open, in: task) {
          layer[other / 64] |= 1 << UInt64(other % 64)
          let matched = earlier[other]
          if matched < 0 {
            isFound = true
          } else if distance[Int(matched)] < 0 {
            distance[Int(matched)] = Int32(layers.count + 1)
            next.append(Int(matched))
          }
        }
      }
      layers.append(layer)
      queue = next
    }
    return isFound
  }

  /// Follows one shortest way from an unmatched task to an unmatched one on the right, and turns the
  /// matches on it over.
  private mutating func augment(from start: Int) {
    var way: [(task: Int, other: Int)] = []
    var task = start
    while true {
      let layer = Int(distance[task])
      guard layer < layers.count, let other = take(from: &layers[layer], in: task) else {
        guard let (previous, _) = way.popLast() else { return }
        task = previous
        continue
      }
      way.append((task, other))
      let matched = earlier[other]
      if matched < 0 {
        for (task, other) in way { match(task, other) }
        return
      }
      guard distance[Int(matched)] == distance[task] + 1 else {
        way.removeLast()
        continue
      }
      task = Int(matched)
    }
  }

  /// Tasks no two of which wait for each other: those that a search from the unmatched ones reaches
  /// on the left and not on the right.
  mutating func antichain() -> [Int] {
    var open = fullRow()
    var isReached = later.map { $0 < 0 }
    var queue = (0..<count).filter { later[$0] < 0 }
    while let task = queue.popLast() {
      while let other = take(from: &open, in: task) {
        let matched = Int(earlier[other])
        if matched >= 0, !isReached[matched] {
          isReached[matched] = true
          queue.append(matched)
        }
      }
    }
    return (0..<count).filter { isReached[$0] && open[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
      .map { closure.order[$0] }.sorted()
  }
}
