import Core

/// Figures that cost more than a frame may: worked out once a second while they are shown.
struct Figures: Equatable, Sendable {
  var metrics: Metrics
  /// Tasks on the longest chain, by measured times and by what the rest is thought to take.
  var critical: Set<Int>
  var criticalPath: [Int]

  /// Cost: O(tasks + dependencies).
  init(_ run: RunState, _ workload: Workload, at now: Instant) {
    metrics = Metrics(run, at: now)
    let times = workload.times(run, at: now)
    criticalPath = CriticalPath(graph: run.manifest.plan.graph, weights: times).path
    critical = Set(criticalPath)
  }
}
