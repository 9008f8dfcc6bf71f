/// Attempts that are to be submitted, gathered so that those which ask for the same go in one call.
///
/// For each kind of request there is at most one call in half a second, so their number grows with time and
/// not with the attempts; the first of them waits a moment for others that become ready with it.
package struct SlurmGathering {
  private struct Group {
    var keys: ArraySlice<AttemptKey> = []
    /// When the first and the latest of those that wait came.
    var first = Instant(microseconds: 0)
    var latest = Instant(microseconds: 0)
    /// When the group may be submitted again.
    var notBefore = Instant(microseconds: 0)

    var due: Instant? {
      if keys.isEmpty { return nil }
      return max(notBefore, min(latest + .milliseconds(20), first + .milliseconds(200)))
    }

    mutating func add(_ key: AttemptKey, at now: Instant) {
      if keys.isEmpty { first = now }
      latest = now
      keys.append(key)
    }
  }

  private static let pause: Duration = .milliseconds(500)

  /// The most attempts in one call; Slurm takes arrays of up to 1000 jobs unless it is told otherwise.
  package var most = 1000
  private var groups: [TaskResources: Group] = [:]

  package init() {}

  package mutating func add(_ key: AttemptKey, _ resources: TaskResources, at now: Instant) {
    groups[resources, default: Group()].add(key, at: now)
  }

  /// Attempts to be submitted in one call now; nil when none are due.
  package mutating func next(at now: Instant) -> (keys: [AttemptKey], resources: TaskResources)? {
    let due = groups.filter { $0.value.due.map { $0 <= now } ?? false }
    guard let (resources, group) = due.min(by: { $0.value.first < $1.value.first }) else {
      return nil
    }
    let keys = Array(group.keys.prefix(most))
    groups[resources]?.keys.removeFirst(keys.count)
    groups[resources]?.notBefore = now + Self.pause
    return (keys, resources)
  }

  /// When the next call is due.
  package var due: Instant? { groups.values.compactMap(\.due).min() }
}
