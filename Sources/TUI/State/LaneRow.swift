/// What a row of the lanes stands for.
enum LaneRow: Hashable, Sendable {
  /// A lane, in the list of narrow screens.
  case header(Int)
  /// A task, by its index.
  case task(Int)
  /// The tasks of a folded lane that are in one group.
  case group(Int, TaskGroup)
}

/// What a folded lane tells apart.
enum TaskGroup: Int, CaseIterable, Hashable, Sendable {
  case failed
  case running
  case waiting
  case succeeded
  /// Skipped, cancelled, or blocked by another task.
  case ended

  /// Whether its tasks are shown one by one in a folded lane.
  var isListed: Bool { self == .failed || self == .running }
}
