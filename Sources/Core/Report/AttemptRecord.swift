/// One attempt of a run, from when it could have started to its end.
package struct AttemptRecord: Equatable, Sendable {
  package var key: AttemptKey
  /// The index of its task in the plan.
  package var task: Int
  /// The slot it ran in, from 0; a slot has one attempt at a time.
  package var slot: Int
  /// When nothing but the barrier and a slot was missing.
  package var readyAt: Instant
  /// How long only the level before kept it from starting.
  package var barrierWait: Duration
  /// How long only a slot was missing.
  package var slotWait: Duration
  package var startedAt: Instant
  /// When its process existed; nil when none was made.
  package var launchedAt: Instant?
  /// When it ended; nil while it runs.
  package var endedAt: Instant?
  package var pauses: [Pause] = []
  /// How it ended; nil while it runs.
  package var outcome: Outcome?
  package var usage = ResourceUsage()
  /// Who works on it; nil for a command.
  package var agent: String?
  package var model: String?
  /// US dollars, those of its reviewers included.
  package var cost = 0.0
  package var tokensIn = 0
  package var tokensOut = 0

  /// A time in which the attempt stood still.
  package struct Pause: Equatable, Sendable {
    package var from: Instant
    /// Nil while it lasts.
    package var to: Instant?
  }

  /// How long it has worked at `now`, pauses excluded.
  package func worked(at now: Instant) -> Duration {
    let end = endedAt ?? now
    let paused = pauses.reduce(Duration.zero) { $0 + (($1.to ?? end) - $1.from) }
    return max(.zero, end - startedAt - paused)
  }
}
