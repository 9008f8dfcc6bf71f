/// The longest chains of a graph, by the tasks' weights.
package struct CriticalPath: Equatable, Sendable {
  /// For each task the weight of the heaviest chain that begins with it, itself included.
  ///
  /// A task on a cycle or behind one has its own weight only.
  package let heads: [Int64]
  /// One heaviest chain, from its first task to its last; without tasks on or behind a cycle.
  package let path: [Int]
  /// The weight of `path`.
  package let length: Int64

  /// Finds the longest chains.
  ///
  /// Of several the one that ends in the task of the lowest rank counts, and so on backwards; without
  /// `ranks` the index is the rank. Weights are not negative. Cost: O(tasks + dependencies).
  package init(graph: TaskGraph, weights: [Int64], ranks: [Int]? = nil) {
    // A chain has at most all tasks, so sums of weights cut like this cannot overflow.
    let limit = Int64.max / Int64(graph.count + 1)
    let weights = weights.map { min($0, limit) }
    let tails = graph.heaviestChains(endingIn: weights)
    heads = graph.heaviestChains(beginningWith: weights)
    let longest = graph.levels.joined().map { tails[$0] }.max() ?? 0
    length = longest
    let ends = graph.levels.joined().filter { tails[$0] == longest }
    path = Self.path(in: graph, from: ends, ranks: ranks) { tails[$0] == tails[$1] - weights[$1] }
  }

  /// The longest chain by number of tasks, chosen like `path`.
  package static func longestChain(in graph: TaskGraph, ranks: [Int]? = nil) -> [Int] {
    path(in: graph, from: graph.levels.last ?? [], ranks: ranks) { dependency, task in
      graph.level[dependency] == graph.level[task] - 1
    }
  }

  /// Goes backwards from one of `ends`, each time to the lowest rank of what leads on.
  private static func path(
    in graph: TaskGraph, from ends: [Int], ranks: [Int]?,
    leads: (_ dependency: Int, _ task: Int) -> Bool
  ) -> [Int] {
    let lowest = { (tasks: [Int]) in tasks.min { (ranks?[$0] ?? $0) < (ranks?[$1] ?? $1) } }
    var path: [Int] = []
    var next = lowest(ends)
    while let task = next {
      path.append(task)
      next = lowest(graph.dependencies(of: task).filter { leads($0, task) })
    }
    return path.reversed()
  }
}
