/// Who waits for whom, by task index, in flat arrays.
///
/// Levels are the longest-path layering (Kahn generations). When there is a cycle, `levels` holds
/// the generations that resolve and `stuck` the rest.
package struct TaskGraph: Sendable, Equatable {
  package let count: Int
  private let waitsFor: Adjacency
  private let frees: Adjacency
  /// The level of each task; -1 for a stuck one.
  package let level: [Int]
  /// The tasks of each level, by ascending index.
  package let levels: [[Int]]
  /// Tasks on a cycle or behind one, by ascending index.
  package let stuck: [Int]

  /// Builds the graph from each task's dependencies.
  ///
  /// Cost: O(tasks + dependencies).
  package init(count: Int, edges: some Sequence<(Int, [Int])>) {
    var lists = [[Int]](repeating: [], count: count)
    for (task, dependencies) in edges { lists[task] = dependencies }
    var starts: [Int32] = [0]
    var targets: [Int32] = []
    for list in lists {
      for dependency in list { targets.append(Int32(dependency)) }
      starts.append(Int32(targets.count))
    }
    self.init(starts: starts, dependencies: targets)
  }

  /// Builds the graph from dependencies that lie one task's after the other's.
  ///
  /// Task `i` waits for `dependencies[starts[i]..<starts[i + 1]]`; `starts` has one more element than
  /// there are tasks. Cost: O(tasks + dependencies).
  package init(starts: [Int32], dependencies: [Int32]) {
    count = starts.count - 1
    waitsFor = Adjacency(starts: starts, targets: dependencies)
    frees = waitsFor.reversed()
    level = Self.layering(waitsFor, frees)
    levels = Self.buckets(level)
    stuck = level.contains(-1) ? level.indices.filter { [level] in level[$0] < 0 } : []
  }

  /// The tasks that `task` waits for.
  package func dependencies(of task: Int) -> Neighbours { waitsFor[task] }

  /// The tasks that wait for `task`.
  package func dependents(of task: Int) -> Neighbours { frees[task] }

  /// How many dependencies there are.
  package var edgeCount: Int { waitsFor.targets.count }

  /// The weight of the heaviest chain that ends in each task, itself included.
  ///
  /// A task without a level has its own weight only, and counts for no other. Cost: O(tasks +
  /// dependencies).
  func heaviestChains(endingIn weights: [Int64]) -> [Int64] {
    heaviestChains(weights, along: waitsFor, in: levels)
  }

  /// The weight of the heaviest chain that begins with each task, itself included.
  func heaviestChains(beginningWith weights: [Int64]) -> [Int64] {
    heaviestChains(weights, along: frees, in: levels.reversed())
  }

  private func heaviestChains(
    _ weights: [Int64], along edges: Adjacency, in levels: [[Int]]
  ) -> [Int64] {
    let (starts, targets, level) = (edges.starts, edges.targets, level)
    var chains = weights
    for tasks in levels {
      for task in tasks {
        var longest: Int64 = 0
        for place in Int(starts[task])..<Int(starts[task + 1]) {
          let target = Int(targets[place])
          if chains[target] > longest && level[target] >= 0 { longest = chains[target] }
        }
        chains[task] += longest
      }
    }
    return chains
  }

  /// Some tasks' indexes, read from the graph's own memory.
  package struct Neighbours: RandomAccessCollection, Sendable {
    fileprivate let slice: ArraySlice<Int32>

    package var startIndex: Int { slice.startIndex }
    package var endIndex: Int { slice.endIndex }
    package subscript(position: Int) -> Int { Int(slice[position]) }
  }

  private static func layering(_ waitsFor: Adjacency, _ frees: Adjacency) -> [Int] {
    let count = waitsFor.count
    var level = [Int](repeating: -1, count: count)
    var open = (0..<count).map { waitsFor.starts[$0 + 1] - waitsFor.starts[$0] }
    var queue: [Int32] = []
    queue.reserveCapacity(count)
    for task in 0..<count where open[task] == 0 {
      level[task] = 0
      queue.append(Int32(task))
    }
    var position = 0
    while position < queue.count {
      let task = Int(queue[position])
      position += 1
      for place in Int(frees.starts[task])..<Int(frees.starts[task + 1]) {
        let dependent = Int(frees.targets[place])
        open[dependent] -= 1
        if open[dependent] == 0 {
          level[dependent] = level[task] + 1
          queue.append(Int32(dependent))
        }
      }
    }
    return level
  }

  /// The indexes with each value from 0 up, those of -1 left out.
  private static func buckets(_ values: [Int]) -> [[Int]] {
    var sizes = [Int](repeating: 0, count: (values.max() ?? -1) + 1)
    for value in values where value >= 0 { sizes[value] += 1 }
    var buckets = sizes.map { size in
      var bucket: [Int] = []
      bucket.reserveCapacity(size)
      return bucket
    }
    for (index, value) in values.enumerated() where value >= 0 { buckets[value].append(index) }
    return buckets
  }
}

/// For each task a run of others, in two arrays.
private struct Adjacency: Sendable, Equatable {
  /// Where each task's run begins, and the end of the last one.
  let starts: [Int32]
  let targets: [Int32]

  var count: Int { starts.count - 1 }

  subscript(task: Int) -> TaskGraph.Neighbours {
    TaskGraph.Neighbours(slice: targets[Int(starts[task])..<Int(starts[task + 1])])
  }

  func reversed() -> Adjacency {
    var starts = [Int32](repeating: 0, count: self.starts.count)
    for target in targets { starts[Int(target) + 1] += 1 }
    for task in 0..<count { starts[task + 1] += starts[task] }
    var fill = starts
    var sources = [Int32](repeating: 0, count: targets.count)
    for task in 0..<count {
      for place in Int(self.starts[task])..<Int(self.starts[task + 1]) {
        let target = Int(targets[place])
        sources[Int(fill[target])] = Int32(task)
        fill[target] += 1
      }
    }
    return Adjacency(starts: starts, targets: sources)
  }
}
