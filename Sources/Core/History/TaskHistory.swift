import Glibc

/// What earlier runs tell of one task.
package struct TaskHistory: Equatable, Sendable {
  package var key: Key
  /// The times of attempts that succeeded, the oldest first.
  package var times: [Duration] = []
  package var runs = 0
  package var attempts = 0
  /// Attempts that failed or ran into a time limit.
  package var failures = 0
  /// Runs in which one attempt failed and another one succeeded.
  package var flakyRuns = 0

  /// A task is the same in another run when its id and its title are.
  package struct Key: Hashable, Sendable {
    package var id: TaskID
    package var title: String

    package init(_ task: TaskSpec) {
      id = task.id
      title = task.title
    }
  }

  init(key: Key) {
    self.key = key
  }

  /// Half of the times are longer than this; nil when no attempt succeeded.
  package var median: Duration? {
    times.isEmpty ? nil : times.sorted()[times.count / 2]
  }

  /// The deviation of the logarithm of the times; nil with fewer than three.
  package var spread: Double? {
    guard times.count >= 3 else { return nil }
    let logarithms = times.map { log(max(0.000_001, $0.seconds)) }
    let mean = logarithms.reduce(0, +) / Double(logarithms.count)
    let squares = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(logarithms.count - 1)).squareRoot()
  }

  /// The share of attempts that fail, below 1.
  package var failureRate: Double {
    failures == 0 ? 0 : min(0.95, Double(failures) / Double(max(1, attempts)))
  }

  /// The share of runs in which the task failed and then succeeded.
  package var flakiness: Double { runs > 0 ? Double(flakyRuns) / Double(runs) : 0 }
}
