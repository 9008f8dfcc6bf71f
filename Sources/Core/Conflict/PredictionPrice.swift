/// How long a plan takes when some of its tasks may not run at the same time, or are rolled back if they do.
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
  /// Two of `pairs` do not run at the same time. Two of `doomed` do where a worker would be idle; then the
  /// one that ends later is done once more, apart from its partners. Cost: O(tasks²) at worst.
  package func time(with pairs: [IndexPair], rollingBack doomed: [IndexPair] = []) -> Int64 {
    var play = Play(graph, apart: pairs, doomed: doomed)
    var level = 0
    while true {
      play.waiting.sort { (heads[$1], $0) < (heads[$0], $1) }
      for takesRisks in doomed.isEmpty ? [true] : [false, true] {
        play.start(weights, workers, takesRisks: takesRisks) { [graph] task in
          hasBarriers && graph.level[task] > level
        }
      }
      guard let task = play.endNext() else { return play.now }
      if play.isRolledBack(task) { continue }
      play.left[graph.level[task]] -= 1
      while level < play.left.count, play.left[level] == 0 { level += 1 }
      for dependent in graph.dependents(of: task) {
        play.open[dependent] -= 1
        if play.open[dependent] == 0 { play.waiting.append(dependent) }
      }
    }
  }
}

/// The plan being played through.
private struct Play {
  var now: Int64 = 0
  var waiting: [Int] = []
  /// For each task how many that it needs are not done, and for each level how many of its own.
  var open: [Int]
  var left: [Int]
  private var running: [(end: Int64, task: Int)] = []
  private var apart: [Int: Set<Int>] = [:]
  private var rivals: [Int: Set<Int>] = [:]
  private var starts: [Int: Int64] = [:]
  private var ends: [Int: Int64] = [:]

  init(_ graph: TaskGraph, apart: [IndexPair], doomed: [IndexPair]) {
    open = (0..<graph.count).map { graph.dependencies(of: $0).count }
    left = graph.levels.map(\.count)
    waiting = (0..<graph.count).filter {
      graph.level[$0] >= 0 && graph.dependencies(of: $0).isEmpty
    }
    for pair in apart { keepApart(pair.first, pair.second) }
    for pair in doomed {
      rivals[pair.first, default: []].insert(pair.second)
      rivals[pair.second, default: []].insert(pair.first)
    }
  }

  private mutating func keepApart(_ one: Int, _ two: Int) {
    apart[one, default: []].insert(two)
    apart[two, default: []].insert(one)
  }

  private func isBeside(_ others: Set<Int>?) -> Bool {
    guard let others else { return false }
    return running.contains { others.contains($0.task) }
  }

  mutating func start(
    _ weights: [Int64], _ workers: Int, takesRisks: Bool, isBarred: (Int) -> Bool
  ) {
    var held: [Int] = []
    for task in waiting {
      guard running.count < workers, !isBarred(task), !isBeside(apart[task]),
        takesRisks || !isBeside(rivals[task])
      else {
        held.append(task)
        continue
      }
      running.append((now + weights[task], task))
      starts[task] = now
    }
    waiting = held
  }

  /// Goes on to the next end of a task; nil when none runs.
  mutating func endNext() -> Int? {
    guard let next = running.indices.min(by: { running[$0].end < running[$1].end }) else {
      return nil
    }
    let (end, task) = running.remove(at: next)
    now = end
    return task
  }

  /// Whether a task that has ended does not merge with one that ended while it ran; then it waits again.
  mutating func isRolledBack(_ task: Int) -> Bool {
    let others = rivals[task] ?? []
    guard others.contains(where: { ends[$0].map { $0 > starts[task] ?? $0 } ?? false }) else {
      ends[task] = now
      return false
    }
    rivals[task] = nil
    for other in others {
      rivals[other]?.remove(task)
      keepApart(task, other)
    }
    waiting.append(task)
    return true
  }
}
