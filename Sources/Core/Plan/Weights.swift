extension Plan {
  /// How long each task is expected to take, in microseconds, for priorities and bounds.
  ///
  /// A task that declares no estimate gets the median of those that do, or an hour when none does.
  package var weights: [Int64] {
    let declared = tasks.compactMap { $0.estimate?.microseconds }.sorted()
    let typical = declared.isEmpty ? 3_600_000_000 : declared[declared.count / 2]
    return tasks.map { $0.estimate?.microseconds ?? typical }
  }
}
