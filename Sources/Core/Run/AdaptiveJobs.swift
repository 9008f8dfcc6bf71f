/// Why the number of tasks at once is what it is, when nobody named it.
package enum JobsReason: String, Equatable, Sendable, CaseIterable {
  /// As many as there are processors, or as there were, to begin with.
  case processors
  /// The machine had room for more.
  case room
  /// The machine has room again after something was short; it is approached in small steps.
  case recovery
  case memory
  case disk
  case processorTime = "processor_time"

  /// Why, as the end of a sentence.
  package var words: String {
    switch self {
    case .processors: "to begin with"
    case .room: "the machine has room for more"
    case .recovery: "the machine has room again"
    case .memory: "memory is short"
    case .disk: "the disks are overloaded"
    case .processorTime: "the processors are overloaded"
    }
  }

  /// Whether something was short.
  var isShortage: Bool {
    switch self {
    case .memory, .disk, .processorTime: true
    case .processors, .room, .recovery: false
    }
  }
}

/// How many tasks should run at once, from what the machine can bear.
///
/// Up by half while there is room and tasks wait; down by a quarter when something is short, to half
/// when memory is about to run out, and then up again one by one: additive increase and
/// multiplicative decrease, as TCP does it. Nothing that runs is ended: fewer start.
package struct AdaptiveJobs: Equatable, Sendable {
  package var jobs: Int
  package var running: Int
  /// Whether a task could start if there were one more slot.
  package var isWanted: Bool
  /// Why `jobs` was changed last, and how long ago.
  package var reason: JobsReason
  package var age: Duration

  package init(jobs: Int, running: Int, isWanted: Bool, reason: JobsReason, age: Duration) {
    self.jobs = jobs
    self.running = running
    self.isWanted = isWanted
    self.reason = reason
    self.age = age
  }

  /// A new number of tasks at once.
  package struct Change: Equatable, Sendable {
    package var jobs: Int
    package var reason: JobsReason

    package init(_ jobs: Int, _ reason: JobsReason) {
      self.jobs = jobs
      self.reason = reason
    }
  }

  /// What follows from a sample; nil when the number stays.
  package func change(after sample: PressureSample) -> Change? {
    guard let shortage = Shortage(sample) else { return increase(sample) }
    return decrease(shortage, sample)
  }

  /// The most tasks at once that a machine is given.
  package static func most(processors: Int) -> Int { max(16, processors * 8) }

  /// What is short in a sample.
  private struct Shortage {
    var reason: JobsReason
    var isUrgent = false

    init?(_ sample: PressureSample) {
      let (available, stalls) = (sample.availableMemory ?? 1, sample.stalls)
      let memory = stalls.memory ?? 0
      if available < 0.1 || memory > 0.1 {
        (reason, isUrgent) = (.memory, available < 0.05 || memory > 0.3)
      } else if stalls.disk ?? 0 > 0.6 {
        reason = .disk
      } else if stalls.processor ?? 1 > 0.6, sample.runnable > 2 * sample.processors {
        reason = .processorTime
      } else {
        return nil
      }
    }
  }

  private func decrease(_ shortage: Shortage, _ sample: PressureSample) -> Change? {
    // What was decided last must have had time to show.
    let patience: Duration =
      shortage.isUrgent ? .seconds(1) : reason.isShortage ? .seconds(5) : .seconds(2)
    guard age >= patience else { return nil }
    let base = min(jobs, max(1, running))
    let fewer = shortage.isUrgent ? base / 2 : base - max(1, base / 4)
    // The scheduler shares processors fairly, so fewer tasks than processors win nothing.
    let least = shortage.reason == .processorTime ? sample.processors : 1
    let target = max(least, fewer)
    return target < jobs ? Change(target, shortage.reason) : nil
  }

  private func increase(_ sample: PressureSample) -> Change? {
    let patience: Duration = reason.isShortage ? .seconds(15) : .seconds(1)
    guard isWanted, running >= jobs, age >= patience, hasRoom(sample) else { return nil }
    let isRecovering = reason.isShortage || reason == .recovery
    let step = isRecovering ? 1 : max(1, jobs / 2)
    let target = min(jobs + step, Self.most(processors: sample.processors))
    return target > jobs ? Change(target, isRecovering ? .recovery : .room) : nil
  }

  private func hasRoom(_ sample: PressureSample) -> Bool {
    let isProcessorFree =
      sample.stalls.processor.map { $0 < 0.2 } ?? (sample.runnable <= sample.processors)
    return isProcessorFree && sample.availableMemory ?? 1 > 0.2 && sample.stalls.memory ?? 0 < 0.01
      && sample.stalls.disk ?? 0 < 0.3
  }
}

extension RunState {
  /// What a sample of the machine means for the number of tasks at once.
  func decide(_ sample: PressureSample, at now: Instant) -> Decision {
    guard let reason = jobsReason, phase == .running else { return Decision() }
    let policy = AdaptiveJobs(
      jobs: jobs, running: running.count, isWanted: firstReady != nil && !isDispatchPaused,
      reason: reason, age: now - jobsChangedAt)
    guard let change = policy.change(after: sample) else { return Decision() }
    return Decision(events: [.jobsChanged(change.jobs, change.reason)])
  }
}
