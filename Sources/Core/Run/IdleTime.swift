/// Slot time in which nothing ran, by what kept the slots idle.
package struct IdleTime: Equatable, Sendable {
  /// Ready tasks waited for the level before theirs.
  package var barrier: Duration = .zero
  /// No task was ready: what remained waited for tasks that ran.
  package var dependencies: Duration = .zero
  /// What remained waited for its next attempt.
  package var backoff: Duration = .zero
  /// Ready tasks waited for a place in their pool, or for a usage limit to pass.
  package var held: Duration = .zero
  package var paused: Duration = .zero
  /// The run was draining or stopping.
  package var ending: Duration = .zero
  /// A task could have run: the cost of this program and of making processes.
  package var launching: Duration = .zero

  package var total: Duration {
    barrier + dependencies + backoff + held + paused + ending + launching
  }
}
