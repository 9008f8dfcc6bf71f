/// What is to be said about a plan before it runs.
package struct PlanReport: Sendable {
  let plan: Plan
  /// How many workers the makespans are for.
  let jobs: Int
  /// The tasks of each level in the order of their ids.
  let levels: [[Int]]
  let cycles: Cycles
  let estimates: Estimates
  /// The longest chain by number of tasks.
  let longestChain: [Int]
  let times: Times
  /// Tasks that will probably change the same files.
  package var conflicts: [PredictedConflict] = []
  /// What they cost, when that was worked out.
  package var conflictPrice: ConflictPrice?
  /// What the run does with them.
  package var conflictPolicy = GitOptions.PredictedPolicy.serialize
  private let order: [Int]

  /// What the plan takes, in microseconds, by the estimates.
  struct Times: Equatable, Sendable {
    /// The work of all tasks.
    var work: Int64
    /// The heaviest chain, and its work: what no number of workers can beat.
    var criticalPath: [Int]
    var criticalPathLength: Int64
    /// What no number of workers can beat with a barrier after each level.
    var levelBound: Int64
    /// What the given number of workers take with a barrier after each level.
    var levels: Int64
    /// What they take without barriers.
    var dataflow: Int64
  }

  /// Works out the numbers of a plan for `jobs` workers.
  ///
  /// Cost: O((tasks + dependencies) × log tasks).
  package init(_ plan: Plan, jobs: Int) {
    self.plan = plan
    self.jobs = max(1, jobs)
    order = plan.tasksByID()
    levels = plan.levels(inOrder: order)
    cycles = Cycles(in: plan.graph)
    estimates = Estimates(of: plan.tasks)
    var ranks = [Int](repeating: 0, count: order.count)
    for (rank, task) in order.enumerated() { ranks[task] = rank }
    longestChain = CriticalPath.longestChain(in: plan.graph, ranks: ranks)
    times = Times(plan.graph, weights: estimates.weights, ranks: ranks, jobs: self.jobs)
  }

  /// Whether every task has a level, so that the plan can run.
  package var isRunnable: Bool { plan.graph.stuck.isEmpty }

  /// The tasks on a cycle or behind one, in the order of their ids.
  var stuck: [Int] { order.filter { plan.graph.level[$0] < 0 } }

  /// The most tasks in one level.
  var maxParallel: Int { levels.lazy.map(\.count).max() ?? 0 }

  /// Tasks by levels, to two decimals; nil when there is no task or a cycle.
  var theoreticalSpeedup: Double? {
    guard isRunnable, !levels.isEmpty else { return nil }
    let ratio = Double(plan.tasks.count) / Double(levels.count)
    return (ratio * 100).rounded(.toNearestOrEven) / 100
  }

  func id(_ task: Int) -> String { plan.tasks[task].id.text }

  /// The members of each cycle in the order of their ids.
  var cycleGroups: [[Int]] {
    cycles.groups.map { $0.sorted { plan.tasks[$0].id < plan.tasks[$1].id } }
  }
}

extension PlanReport.Times {
  fileprivate init(_ graph: TaskGraph, weights: [Int64], ranks: [Int], jobs: Int) {
    let critical = CriticalPath(graph: graph, weights: weights, ranks: ranks)
    let heads = critical.heads
    work = Makespan.work(graph, weights: weights)
    criticalPath = critical.path
    criticalPathLength = critical.length
    levelBound = Makespan.levelBound(graph, weights: weights)
    levels = Makespan.levels(graph, weights: weights, heads: heads, workers: jobs)
    dataflow = Makespan.dataflow(graph, weights: weights, heads: heads, workers: jobs)
  }
}
