/// A plan cut into chains: ways along dependencies that no two share a task of.
package struct TrackChains: Equatable, Sendable {
  /// Each chain from its first task to its last; the heaviest first.
  package let chains: [[Int]]

  /// Cuts the tasks that are on no cycle and behind none into chains.
  ///
  /// Each chain begins at the task that heads the longest path of those left and goes on, always to
  /// the dependent with the longest path, so that the first one is the critical path. Cost:
  /// O(tasks × log tasks + dependencies).
  package init(graph: TaskGraph, weights: [Int64], ranks: [Int]) {
    let heads = CriticalPath(graph: graph, weights: weights).heads
    var isTaken = [Bool](repeating: false, count: graph.count)
    let precedes = { (left: Int, right: Int) in
      (heads[right], ranks[left]) < (heads[left], ranks[right])
    }
    var chains: [[Int]] = []
    for start in graph.levels.joined().sorted(by: precedes) where !isTaken[start] {
      var chain: [Int] = []
      var next: Int? = start
      while let task = next {
        isTaken[task] = true
        chain.append(task)
        next = graph.dependents(of: task).filter { !isTaken[$0] && graph.level[$0] >= 0 }
          .min(by: precedes)
      }
      chains.append(chain)
    }
    let loads = chains.map { $0.reduce(0) { $0 + weights[$1] } }
    self.chains = chains.indices.sorted { (loads[$1], $0) < (loads[$0], $1) }.map { chains[$0] }
  }
}
