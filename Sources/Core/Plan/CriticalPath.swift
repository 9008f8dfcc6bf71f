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
    var tails = weights
    for task in graph.levels.joined() {
      tails[task] += graph.dependencies(of: task).lazy.map { tails[$0] }.max() ?? 0
    }
    var heads = weights
    for task in graph.levels.reversed().joined() {
      let behind = graph.dependents(of: task).lazy.filter { graph.level[$0] >= 0 }
      heads[task] += behind.map { heads[$0] }.max() ?? 0
    }
    self.heads = heads
    let rank = { (task: Int) in ranks?[task] ?? task }
    let longest = graph.levels.joined().map { tails[$0] }.max() ?? 0
    length = longest
    var path: [Int] = []
    var wanted = longest
    var candidates = graph.levels.joined().filter { tails[$0] == longest }
    while let task = candidates.min(by: { rank($0) < rank($1) }) {
      path.append(task)
      wanted -= weights[task]
      candidates = graph.dependencies(of: task).filter { [wanted] in tails[$0] == wanted }
    }
    self.path = path.reversed()
  }

  /// The longest chains by number of tasks.
  package init(graph: TaskGraph, ranks: [Int]? = nil) {
    self.init(
      graph: graph, weights: Array(repeating: 1, count: graph.count), ranks: ranks)
  }
}
