/// How long a graph of tasks would take, worked out without running anything.
///
/// Times are in microseconds. Tasks on a cycle or behind one are left out.
package enum Makespan {
  /// The work of all tasks, T1: how long one worker takes.
  package static func work(_ graph: TaskGraph, weights: [Int64]) -> Int64 {
    graph.levels.joined().reduce(0) { sum($0, weights[$1]) }
  }

  /// How long any number of workers take with a barrier after each level: the sum of each level's
  /// longest task.
  package static func levelBound(_ graph: TaskGraph, weights: [Int64]) -> Int64 {
    graph.levels.reduce(0) { total, level in
      sum(total, level.lazy.map { weights[$0] }.max() ?? 0)
    }
  }

  /// How long `workers` take with a barrier after each level.
  ///
  /// Ready tasks start in the order of the longest path they still head (`heads`). Cost: O(tasks ×
  /// log tasks).
  package static func levels(
    _ graph: TaskGraph, weights: [Int64], heads: [Int64], workers: Int
  ) -> Int64 {
    graph.levels.reduce(0) { total, level in
      var running = Heap<Int64>(precedes: <)
      var end: Int64 = 0
      for task in level.sorted(by: { (heads[$1], $0) < (heads[$0], $1) }) {
        let start = running.count < max(1, workers) ? 0 : running.popFirst() ?? 0
        let finish = sum(start, weights[task])
        running.insert(finish)
        end = max(end, finish)
      }
      return sum(total, end)
    }
  }

  /// How long `workers` take when a task starts as soon as its own dependencies have ended.
  ///
  /// List scheduling by the longest path each ready task still heads (`heads`). Cost:
  /// O((tasks + dependencies) × log tasks).
  package static func dataflow(
    _ graph: TaskGraph, weights: [Int64], heads: [Int64], workers: Int
  ) -> Int64 {
    var simulation = ListScheduling(graph, weights: weights, heads: heads)
    return simulation.run(workers: max(1, workers))
  }

  static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    let (result, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : result
  }
}

/// Workers taking the ready task that heads the longest path.
private struct ListScheduling {
  private let graph: TaskGraph
  private let weights: [Int64]
  private var open: [Int]
  private var ready: Heap<Int>
  private var running = Heap<(end: Int64, task: Int)> { ($0.end, $0.task) < ($1.end, $1.task) }
  private var now: Int64 = 0

  init(_ graph: TaskGraph, weights: [Int64], heads: [Int64]) {
    self.graph = graph
    self.weights = weights
    open = (0..<graph.count).map { graph.dependencies(of: $0).count }
    ready = Heap { (heads[$1], $0) < (heads[$0], $1) }
    for task in graph.levels.first ?? [] { ready.insert(task) }
  }

  mutating func run(workers: Int) -> Int64 {
    while true {
      while running.count < workers, let task = ready.popFirst() {
        running.insert((Makespan.sum(now, weights[task]), task))
      }
      guard let (end, task) = running.popFirst() else { return now }
      now = end
      finish(task)
    }
  }

  private mutating func finish(_ task: Int) {
    for dependent in graph.dependents(of: task) {
      open[dependent] -= 1
      if open[dependent] == 0 { ready.insert(dependent) }
    }
  }
}

/// A binary heap: the element that precedes all others comes out first.
struct Heap<Element> {
  private var elements: [Element] = []
  private let precedes: (Element, Element) -> Bool

  init(precedes: @escaping (Element, Element) -> Bool) {
    self.precedes = precedes
  }

  var count: Int { elements.count }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var child = elements.count - 1
    while child > 0, precedes(elements[child], elements[(child - 1) / 2]) {
      elements.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popFirst() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    if elements.isEmpty { return first }
    elements[0] = last
    var parent = 0
    while let child = firstChild(of: parent), precedes(elements[child], elements[parent]) {
      elements.swapAt(child, parent)
      parent = child
    }
    return first
  }

  private func firstChild(of parent: Int) -> Int? {
    let left = 2 * parent + 1
    guard left < elements.count else { return nil }
    let right = left + 1
    return right < elements.count && precedes(elements[right], elements[left]) ? right : left
  }
}
