/// How long a plan takes when some of its tasks may not run at the same time.
package struct SerializedMakespan {
  private let graph: TaskGraph
  private let weights: [Int64]
  private let heads: [Int64]
  private let hasBarriers: Bool
  private let workers: Int

  /// Larger plans are not simulated: the price of a pair is for people.
  package static let mostTasks = 2000

  package init(_ plan: Plan, schedule: RunOptions.Schedule, workers: Int) {
    graph = plan.graph
    weights = Estimates(of: plan.tasks).weights
    heads = CriticalPath(graph: plan.graph, weights: weights).heads
    hasBarriers = schedule == .levels
    self.workers = max(1, workers)
  }

  /// The time in microseconds, with list scheduling by the longest path each task still heads.
  ///
  /// Cost: O(tasks²) at worst.
  package func time(with pairs: [IndexPair]) -> Int64 {
    var partners: [Int: [Int]] = [:]
    for pair in pairs {
      partners[pair.first, default: []].append(pair.second)
      partners[pair.second, default: []].append(pair.first)
    }
    var open = (0..<graph.count).map { graph.dependencies(of: $0).count }
    var (waiting, running): ([Int], [(end: Int64, task: Int)]) = ([], [])
    var left = graph.levels.map(\.count)
    var level = 0
    var now: Int64 = 0
    for task in 0..<graph.count where graph.level[task] >= 0 && open[task] == 0 {
      waiting.append(task)
    }
    while true {
      waiting.sort { (heads[$1], $0) < (heads[$0], $1) }
      waiting.removeAll { task in
        let isHeld = running.contains { partners[task]?.contains($0.task) ?? false }
        let isBarred = hasBarriers && graph.level[task] > level
        guard !isHeld, !isBarred, running.count < workers else { return false }
        running.append((now + weights[task], task))
        return true
      }
      guard let next = running.indices.min(by: { running[$0].end < running[$1].end }) else {
        return now
      }
      let (end, task) = running.remove(at: next)
      now = end
      left[graph.level[task]] -= 1
      while level < left.count, left[level] == 0 { level += 1 }
      for dependent in graph.dependents(of: task) {
        open[dependent] -= 1
        if open[dependent] == 0 { waiting.append(dependent) }
      }
    }
  }
}
