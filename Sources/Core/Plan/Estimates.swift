/// How much work each task is taken to be, and on whose word.
package struct Estimates: Equatable, Sendable {
  /// The work of each task, in microseconds.
  package let weights: [Int64]
  /// How many tasks state their work.
  package let declared: Int
  /// What a task that does not state its work counts as.
  package let fallback: Duration

  /// What every task counts as when none states its work.
  package static let defaultWork: Duration = .seconds(1800)

  /// Takes the work the tasks state, and for the others the median of it, or half an hour.
  ///
  /// Cost: O(tasks × log tasks).
  package init(of tasks: [TaskSpec]) {
    let estimates = tasks.indices.map { tasks[$0].estimate?.microseconds }
    let stated = estimates.compactMap { $0 }
    let isNeeded = !stated.isEmpty && stated.count < tasks.count
    let median = isNeeded ? stated.sorted()[stated.count / 2] : Self.defaultWork.microseconds
    declared = stated.count
    fallback = .microseconds(median)
    weights = estimates.map { $0 ?? median }
  }

  package var undeclared: Int { weights.count - declared }
}
