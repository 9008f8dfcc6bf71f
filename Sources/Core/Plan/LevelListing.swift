extension Plan {
  /// The tasks' indexes in the order of their ids.
  ///
  /// Cost: O(tasks × log tasks), less when they are in order.
  package func tasksByID() -> [Int] {
    let indexes = Array(tasks.indices)
    let ids = indexes.map { tasks[$0].id }
    let isInOrder = indexes.dropFirst().allSatisfy { !(ids[$0] < ids[$0 - 1]) }
    return isInOrder ? indexes : indexes.sorted { ids[$0] < ids[$1] }
  }

  /// The tasks of each level in the order of their ids.
  package func levels() -> [[Int]] { levels(inOrder: tasksByID()) }

  func levels(inOrder order: [Int]) -> [[Int]] {
    var levels = graph.levels.map { level in
      var tasks: [Int] = []
      tasks.reserveCapacity(level.count)
      return tasks
    }
    for task in order where graph.level[task] >= 0 { levels[graph.level[task]].append(task) }
    return levels
  }

  /// The place of each task in the order of the ids.
  package func ranks() -> [Int] {
    var ranks = [Int](repeating: 0, count: tasks.count)
    for (rank, task) in tasksByID().enumerated() { ranks[task] = rank }
    return ranks
  }
}
