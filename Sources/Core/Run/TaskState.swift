/// What a run knows of one task; changed by `RunState.apply` alone.
package struct TaskState: Equatable, Sendable {
  package enum Phase: Equatable, Sendable {
    /// A dependency has not ended, or the source says the task is not to be worked on.
    case waiting
    /// Only the level barrier or a slot is missing.
    case ready
    /// An attempt has been started and has not ended.
    case running
    /// The next attempt starts at that moment or later.
    case backingOff(until: Instant)
    /// Its work is done and committed, and waits to be merged.
    case committed
    case finished(TaskResult)
  }

  package var phase: Phase
  /// The number of the newest attempt; 0 before the first.
  package var attempt = 0
  /// Attempts that failed and count against the limit.
  package var failures = 0
  /// Attempts in a row that do not count: no process could be made, or its end was not seen.
  package var misfires = 0
  /// When the last thing it depends on ended.
  package var eligibleAt: Instant?
  /// When the newest attempt was started.
  package var startedAt: Instant?
  /// When the newest attempt ended.
  package var endedAt: Instant?
  /// The time of all attempts that ended, pauses excluded.
  package var worked: Duration = .zero
  /// The process of the newest attempt, once it is known.
  package var process: ProcessIdentity?
  package var pausedSince: Instant?
  /// How long the newest attempt has been paused, apart from a pause that lasts.
  package var paused: Duration = .zero
  /// Why the newest attempt was told to end, and how many steps of that were taken.
  package var ending: Ending?
  package var progress: Progress?
  package var outcome: Outcome?
  package var usage = ResourceUsage()

  package struct Ending: Equatable, Sendable {
    package var reason: EndReason
    package var step: Int

    package init(reason: EndReason, step: Int) {
      self.reason = reason
      self.step = step
    }
  }

  package init(phase: Phase) {
    self.phase = phase
  }

  package var isRunning: Bool { phase == .running }

  package var isFinished: Bool {
    if case .finished = phase { true } else { false }
  }

  package var result: TaskResult? {
    if case .finished(let result) = phase { result } else { nil }
  }

  /// How long the newest attempt has worked at `now`, pauses excluded.
  package func elapsed(at now: Instant) -> Duration {
    guard let startedAt else { return .zero }
    let end = phase == .running ? now : endedAt ?? now
    let lasting = pausedSince.map { end - $0 } ?? .zero
    return end - startedAt - paused - lasting
  }
}

extension TaskResult {
  /// Whether tasks that depend on one with this result may start.
  package var satisfiesDependents: Bool {
    switch self {
    case .succeeded, .skipped: true
    case .failed, .needsPerson, .cancelled, .blocked: false
    }
  }

  package var isSuccess: Bool { self == .succeeded }

  package var isFailure: Bool {
    switch self {
    case .failed, .needsPerson: true
    case .succeeded, .skipped, .cancelled, .blocked: false
    }
  }
}

extension TaskResult {
  /// Whether the task failed because a gate refused it.
  package var isRefusal: Bool {
    switch self {
    case .failed(.refused), .needsPerson(.refused): true
    case .failed, .needsPerson, .succeeded, .skipped, .cancelled, .blocked: false
    }
  }
}

/// What events do to a task; for `RunState.apply` alone.
extension TaskState {
  mutating func beginAttempt(_ number: Int, at instant: Instant) {
    phase = .running
    attempt = number
    startedAt = instant
    endedAt = nil
    process = nil
    pausedSince = nil
    paused = .zero
    ending = nil
    progress = nil
    outcome = nil
  }

  /// Notes what works on the newest attempt; a job has waited in a queue until now.
  mutating func launched(_ process: ProcessIdentity, at instant: Instant) {
    if process.isJob, self.process == nil { startedAt = instant }
    self.process = process
  }

  /// Notes the end of the newest attempt and returns how long it worked.
  mutating func endAttempt(
    _ outcome: Outcome, _ usage: ResourceUsage, at instant: Instant
  ) -> Duration {
    endPause(at: instant)
    if usage.wall > .zero { startedAt = instant + (.zero - usage.wall - paused) }
    phase = .waiting
    endedAt = instant
    process = nil
    ending = nil
    self.outcome = outcome
    self.usage = ResourceUsage(
      cpu: self.usage.cpu + usage.cpu, maxResident: max(self.usage.maxResident, usage.maxResident))
    switch outcome.weight {
    case .counts: failures += outcome.isSuccess ? 0 : 1
    case .misfire: misfires += 1
    case .free: break
    }
    if outcome.weight == .counts { misfires = 0 }
    let spent = elapsed(at: instant)
    worked += spent
    return spent
  }

  mutating func endPause(at instant: Instant) {
    guard let since = pausedSince else { return }
    paused += max(.zero, instant - since)
    pausedSince = nil
  }

  mutating func forgetResult() {
    phase = .waiting
    failures = 0
    misfires = 0
    outcome = nil
    progress = nil
  }
}

extension Outcome {
  /// Whether an attempt with this outcome counts against the limit of attempts.
  package enum Weight: Equatable, Sendable {
    case counts
    /// The task was not at fault; a few in a row are too many.
    case misfire
    case free
  }

  package var weight: Weight {
    switch self {
    case .exited, .signaled, .timedOut, .stalled, .cancelled, .notStarted, .uncommitted,
      .agentFailed, .refused, .unchanged:
      .counts
    case .lost, .unavailable: .misfire
    case .interrupted, .conflicted, .limited: .free
    }
  }
}
