extension Plan {
  /// The tasks' indexes in the order of their ids.
  ///
  /// Cost: O(tasks × log tasks), less when they are in order.
  package func tasksByID() -> [Int] {
    let isInOrder = zip(tasks, tasks.dropFirst()).allSatisfy { !($1.id < $0.id) }
    let indexes = Array(tasks.indices)
    return isInOrder ? indexes : indexes.sorted { tasks[$0].id < tasks[$1].id }
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
