/// The parts of a run's state that are values of their own.
extension RunState {
  package enum Phase: Equatable, Sendable {
    case running
    /// Nothing more starts; what runs may end.
    case draining(StopReason)
    /// What runs has been told to end.
    case stopping(StopReason)
    case finished(RunResult)
  }

  package struct Level: Equatable, Sendable {
    package var total: Int
    /// Tasks that have not finished.
    package var open: Int
    package var succeeded = 0
    package var failed = 0
    /// Tasks that were cancelled or blocked.
    var bad = 0
    package var startedAt: Instant?
    package var endedAt: Instant?
    var isAnnounced = false
  }

  package struct Counts: Equatable, Sendable {
    package var succeeded = 0
    package var failed = 0
    package var cancelled = 0
    package var skipped = 0
    package var blocked = 0

    package var finished: Int { succeeded + failed + cancelled + skipped + blocked }
  }
}

extension RunState.Level {
  mutating func start(at instant: Instant) {
    isAnnounced = true
    if startedAt == nil { startedAt = instant }
  }
}

extension RunState.Level {
  /// Whether all its tasks came out so that work can go on.
  var isWell: Bool { open == 0 && failed == 0 && bad == 0 }
}
