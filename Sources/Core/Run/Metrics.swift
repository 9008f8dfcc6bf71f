/// The figures of a run, computed from its state.
///
/// Speedup is the sum of task times over the wall time; efficiency is speedup over the most tasks
/// at once; the conflict rate is conflicts over tasks that ran in parallel.
package struct Metrics: Equatable, Sendable {
  package var levels: Int
  package var tasks: Int
  package var wall: Duration
  package var worked: Duration
  package var wasted: Duration
  package var peak: Int
  package var theoreticalSpeedup: Double
  package var speedup: Double
  package var efficiency: Double
  package var conflicts: Int
  package var conflictRate: Double
  /// The longest chain of dependent tasks by measured times, and its length.
  package var criticalPath: [TaskID]
  package var criticalTime: Duration
  /// The sum over the levels of each one's longest task: no schedule with barriers is faster.
  package var levelBound: Duration
  package var idle: IdleTime
  /// Where the time of all slots went.
  package var slots: SlotTime

  /// The figures at `now`, or at the end of a run that has ended.
  ///
  /// Cost: O(tasks + dependencies).
  package init(_ state: RunState, at now: Instant) {
    let graph = state.manifest.plan.graph
    let end = state.hasEnded ? state.lastEventAt : max(now, state.lastEventAt)
    let times = state.tasks.map { task in
      task.worked + (task.isRunning ? task.elapsed(at: end) : .zero)
    }
    let path = CriticalPath(graph: graph, weights: times.map(\.microseconds))
    levels = graph.levels.count
    tasks = graph.count
    wall = max(.zero, end - state.startedAt - state.downtime)
    worked = times.reduce(.zero, +)
    wasted = state.wasted
    peak = state.peak
    theoreticalSpeedup = levels == 0 ? 0 : Double(tasks) / Double(levels)
    speedup = wall > .zero ? worked.seconds / wall.seconds : 0
    efficiency = peak > 0 ? speedup / Double(peak) : 0
    conflicts = state.git?.conflicts ?? 0
    let parallel =
      state.peak > 1 ? graph.levels.map { $0.count > 1 ? $0.count : 0 }.reduce(0, +) : 0
    conflictRate = parallel > 0 ? Double(conflicts) / Double(parallel) : 0
    criticalPath = path.path.map { state.manifest.plan.tasks[$0].id }
    criticalTime = path.path.map { times[$0] }.reduce(.zero, +)
    levelBound = graph.levels.map { $0.map { times[$0] }.max() ?? .zero }.reduce(.zero, +)
    idle = IdleTime(state.idleTime(at: end))
    slots = state.slotTime(at: end)
  }
}
