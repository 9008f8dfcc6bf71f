extension Plan {
  /// A finding for each group of tasks that wait for each other, with a way around as its path.
  package func cycleFindings() -> [Finding] {
    Cycles(in: graph).paths.map { path in
      let ids = path.map { tasks[$0].id }
      return Finding(
        .error, .cycle, tasks: ids, place: tasks[path[0]].place,
        problem: "tasks wait for each other: \(Self.arrows(ids))",
        remedy: remedy(path))
    }
  }

  /// Which dependency on the way around to give up: one on a task of a later phase, if there is one.
  private func remedy(_ path: [Int]) -> String {
    let phases = stages.filter { $0.kind == .phase }
    let phase = { (task: Int) in phases.firstIndex { $0.tasks.contains(tasks[task].id) } }
    let pairs = path.indices.map { (path[$0], path[($0 + 1) % path.count]) }
    let later = pairs.first { task, dependency in
      guard let own = phase(task), let other = phase(dependency) else { return false }
      return own < other
    }
    let (task, dependency) = later ?? pairs[0]
    let (id, other) = (tasks[task].id, tasks[dependency].id)
    guard origin.format == .markdown else {
      return "remove one of these dependencies, for example \(other) from task \(id)"
    }
    let reason = later == nil ? "" : ", which comes in a later phase"
    return "write '\(other) (can start in parallel)' among the dependencies of \(id)\(reason)"
  }

  /// The way around as text, its middle left out when it is long.
  private static func arrows(_ ids: [TaskID]) -> String {
    var words = ids.map(\.text) + [ids[0].text]
    if words.count > 14 {
      words.replaceSubrange(6..<words.count - 6, with: ["… (\(words.count - 12) more)"])
    }
    return words.joined(separator: " → ")
  }

  /// The plan of what is left to do: without tasks that are done or cancelled.
  ///
  /// A dependency on one of those is satisfied and is left out. Cost: O(tasks + dependencies).
  package func remaining() -> Plan {
    let left = tasks.filter { !$0.status.satisfiesDependents }
    guard left.count < tasks.count else { return self }
    let reduced = left.map { task in
      var task = task
      task.dependencies.removeAll { id in
        index(of: id).map { tasks[$0].status.satisfiesDependents } ?? true
      }
      return task
    }
    var plan = Plan(origin: origin, tasks: reduced, findings: findings)
      .keepingSurroundings(of: self)
    plan.findings.removeAll { $0.kind == .cycle }
    plan.findings += plan.cycleFindings()
    return plan
  }
}

extension Plan {
  /// The plan of these tasks alone; what they need besides each other counts as done.
  package func restricted(to ids: Set<TaskID>) -> Plan {
    let chosen = tasks.filter { ids.contains($0.id) }.map { task in
      var task = task
      task.dependencies.removeAll { !ids.contains($0) }
      return task
    }
    return Plan(origin: origin, tasks: chosen, findings: findings).keepingSurroundings(of: self)
  }
}
