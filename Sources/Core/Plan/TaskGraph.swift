/// Who waits for whom, by task index, in flat arrays.
///
/// Levels are the longest-path layering (Kahn generations). When there is a cycle, `levels` holds
/// the generations that resolve and `stuck` the rest.
package struct TaskGraph: Sendable, Equatable {
  package let count: Int
  private let dependencyStarts: [Int32]
  private let dependencyList: [Int32]
  private let dependentStarts: [Int32]
  private let dependentList: [Int32]
  /// The level of each task; -1 for a stuck one.
  package let level: [Int]
  /// The tasks of each level, by ascending index.
  package let levels: [[Int]]
  /// Tasks on a cycle or behind one, by ascending index.
  package let stuck: [Int]

  /// Builds the graph from each task's dependencies. Cost: O(tasks + dependencies).
  package init(count: Int, edges: some Sequence<(Int, [Int])>) {
    self.count = count
    var lists = [[Int]](repeating: [], count: count)
    for (task, dependencies) in edges { lists[task] = dependencies }
    var starts = [Int32](repeating: 0, count: count + 1)
    var flat: [Int32] = []
    var incoming = [Int32](repeating: 0, count: count + 1)
    for task in 0..<count {
      for dependency in lists[task] {
        flat.append(Int32(dependency))
        incoming[dependency + 1] += 1
      }
      starts[task + 1] = Int32(flat.count)
    }
    for task in 0..<count { incoming[task + 1] += incoming[task] }
    var fill = incoming
    var dependents = [Int32](repeating: 0, count: flat.count)
    for task in 0..<count {
      for dependency in lists[task] {
        dependents[Int(fill[dependency])] = Int32(task)
        fill[dependency] += 1
      }
    }
    dependencyStarts = starts
    dependencyList = flat
    dependentStarts = incoming
    dependentList = dependents

    var level = [Int](repeating: -1, count: count)
    var open = (0..<count).map { Int(starts[$0 + 1] - starts[$0]) }
    var levels: [[Int]] = []
    var generation = (0..<count).filter { open[$0] == 0 }
    while !generation.isEmpty {
      var next: [Int] = []
      for task in generation {
        level[task] = levels.count
        for position in Int(incoming[task])..<Int(incoming[task + 1]) {
          let dependent = Int(dependents[position])
          open[dependent] -= 1
          if open[dependent] == 0 { next.append(dependent) }
        }
      }
      levels.append(generation.sorted())
      generation = next
    }
    self.level = level
    self.levels = levels
    stuck = (0..<count).filter { level[$0] < 0 }
  }

  /// The tasks that `task` waits for.
  package func dependencies(of task: Int) -> some RandomAccessCollection<Int> {
    dependencyList[Int(dependencyStarts[task])..<Int(dependencyStarts[task + 1])].lazy.map(Int.init)
  }

  /// The tasks that wait for `task`.
  package func dependents(of task: Int) -> some RandomAccessCollection<Int> {
    dependentList[Int(dependentStarts[task])..<Int(dependentStarts[task + 1])].lazy.map(Int.init)
  }
}
