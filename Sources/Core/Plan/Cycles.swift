/// The groups of tasks that wait for each other.
package struct Cycles: Equatable, Sendable {
  /// The groups, each by ascending index; the groups by their first task.
  package let groups: [[Int]]
  /// For each group a short way around: each task waits for the next, the last for the first.
  package let paths: [[Int]]

  /// Finds the strongly connected components of more than one task.
  ///
  /// Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972) with its stack
  /// spelled out. A path is the shortest one through its group's first task. Cost: O(tasks +
  /// dependencies).
  package init(in graph: TaskGraph) {
    guard !graph.stuck.isEmpty else {
      groups = []
      paths = []
      return
    }
    var search = ComponentSearch(graph)
    groups = search.components().sorted { $0[0] < $1[0] }
    var marks = [Int](repeating: -1, count: graph.count)
    for (group, members) in groups.enumerated() {
      for member in members { marks[member] = group }
    }
    paths = groups.enumerated().map { group, members in
      Self.shortestWay(around: members[0], in: graph) { marks[$0] == group }
    }
  }

  private static func shortestWay(
    around start: Int, in graph: TaskGraph, isMember: (Int) -> Bool
  ) -> [Int] {
    var previous: [Int: Int] = [:]
    var queue = [start]
    var position = 0
    while position < queue.count {
      let task = queue[position]
      position += 1
      for dependency in graph.dependencies(of: task) where isMember(dependency) {
        if dependency == start { return way(to: task, from: start, previous) }
        if previous[dependency] == nil {
          previous[dependency] = task
          queue.append(dependency)
        }
      }
    }
    return [start]
  }

  private static func way(to end: Int, from start: Int, _ previous: [Int: Int]) -> [Int] {
    var path = [end]
    var task = end
    while task != start, let before = previous[task] {
      path.append(before)
      task = before
    }
    return path.reversed()
  }
}

/// Tarjan's search over the tasks that are stuck.
private struct ComponentSearch {
  private let graph: TaskGraph
  private var order: [Int]
  private var low: [Int]
  private var isOnStack: [Bool]
  private var stack: [Int] = []
  private var visits: [(task: Int, next: Int)] = []
  private var clock = 0
  private var found: [[Int]] = []

  init(_ graph: TaskGraph) {
    self.graph = graph
    order = Array(repeating: -1, count: graph.count)
    low = order
    isOnStack = Array(repeating: false, count: graph.count)
  }

  mutating func components() -> [[Int]] {
    for root in graph.stuck where order[root] < 0 {
      enter(root)
      while let visit = visits.last {
        let dependencies = graph.dependencies(of: visit.task)
        if visit.next < dependencies.count {
          visits[visits.count - 1].next += 1
          follow(dependencies[dependencies.startIndex + visit.next], from: visit.task)
        } else {
          leave(visit.task)
        }
      }
    }
    return found
  }

  private mutating func enter(_ task: Int) {
    order[task] = clock
    low[task] = clock
    clock += 1
    stack.append(task)
    isOnStack[task] = true
    visits.append((task, 0))
  }

  private mutating func follow(_ dependency: Int, from task: Int) {
    if order[dependency] < 0 {
      enter(dependency)
    } else if isOnStack[dependency] {
      low[task] = min(low[task], order[dependency])
    }
  }

  private mutating func leave(_ task: Int) {
    visits.removeLast()
    if let caller = visits.last?.task { low[caller] = min(low[caller], low[task]) }
    guard low[task] == order[task] else { return }
    var members: [Int] = []
    while let member = stack.popLast() {
      isOnStack[member] = false
      members.append(member)
      if member == task { break }
    }
    if members.count > 1 { found.append(members.sorted()) }
  }
}
