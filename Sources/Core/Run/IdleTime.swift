/// Slot time in which nothing ran, by what kept the slots idle: `SlotTime` with fewer causes.
package struct IdleTime: Equatable, Sendable {
  /// Ready tasks waited for the level before theirs.
  package var barrier: Duration
  /// No task was ready: what remained waited for tasks that ran, or nothing remained.
  package var dependencies: Duration
  /// What remained waited for its next attempt.
  package var backoff: Duration
  /// Ready tasks waited for a place in their pool, for a usage limit to pass, for one that works on
  /// the same files, or for a gate or a merge.
  package var held: Duration
  package var paused: Duration
  /// The run was draining or stopping.
  package var ending: Duration
  /// A task could have run: the cost of this program and of making processes.
  package var launching: Duration

  package init(_ idle: SlotTime) {
    barrier = idle[.barrier]
    dependencies = idle[.dependency] + idle[.slots]
    backoff = idle[.backoff]
    held = idle[.limit] + idle[.conflict] + idle[.gate] + idle[.merge]
    paused = idle[.held]
    ending = idle[.ending] + idle[.unattended]
    launching = idle[.launching]
  }

  package var total: Duration {
    barrier + dependencies + backoff + held + paused + ending + launching
  }
}
