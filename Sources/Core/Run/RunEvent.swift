/// A fact about a run, with the moment it became one.
///
/// Everything that happens in a run is one of these; the journal, the view, plain lines, JSON,
/// reports and recovery are folds over them. `docs/events.md` lists each kind and field.
package struct RunEvent: Equatable, Sendable {
  package var at: Instant
  package var kind: Kind

  package init(at: Instant, _ kind: Kind) {
    self.at = at
    self.kind = kind
  }

  package enum Kind: Equatable, Sendable {
    /// The run exists; always the first event.
    indirect case runStarted(RunManifest)
    /// A runner took over a run that another one left.
    case runResumed(runner: Int32)
    case levelStarted(level: Int, tasks: Int)
    case levelFinished(level: Int, succeeded: Int, failed: Int)
    /// An attempt is about to be launched: in the journal before the process exists.
    case attemptStarted(AttemptKey, level: Int)
    /// The process exists; `startTicks` (field 22 of /proc/PID/stat) tells it from a later one of
    /// the same number.
    case attemptLaunched(AttemptKey, process: ProcessIdentity)
    /// The process of an earlier runner was found alive and is watched again.
    case attemptAdopted(AttemptKey, process: ProcessIdentity)
    case attemptProgressed(AttemptKey, Progress)
    case attemptPaused(AttemptKey)
    case attemptContinued(AttemptKey)
    /// The attempt was told to end; `step` counts the teardown's steps from 0.
    case attemptEnding(AttemptKey, EndReason, step: Int)
    case attemptEnded(AttemptKey, Outcome, ResourceUsage)
    case retryScheduled(TaskID, at: Instant)
    case taskFinished(TaskID, TaskResult)
    /// A finished task was put back to wait for another attempt.
    case taskReset(TaskID)
    case dispatchPaused
    case dispatchContinued
    /// The most tasks at once; with a reason when lanes chose it, nil when somebody named it.
    case jobsChanged(Int, JobsReason?)
    /// Nothing more starts; what runs may end.
    case runDraining(StopReason)
    /// What runs is being stopped.
    case runStopping(StopReason)
    /// What happens in worktrees and at merges.
    indirect case git(GitEvent)
    case warning(code: String, message: String, task: TaskID?)
    case runFinished(RunResult)
    /// What happens with agents, gates and money.
    indirect case crew(CrewEvent)
  }
}

/// One attempt at a task; attempts count from 1.
package struct AttemptKey: Hashable, Sendable {
  package var task: TaskID
  package var attempt: Int

  package init(_ task: TaskID, _ attempt: Int) {
    self.task = task
    self.attempt = attempt
  }
}

/// A process that cannot be mistaken for a later one with the same number, or a job of a cluster.
package struct ProcessIdentity: Hashable, Sendable {
  package var pid: Int32
  /// Field 22 of /proc/PID/stat; 0 when unknown.
  package var startTicks: UInt64
  /// The job; nil for a process of this machine, and where its number is not known.
  package var job: SlurmJobID?

  package init(pid: Int32, startTicks: UInt64) {
    self.pid = pid
    self.startTicks = startTicks
  }

  package init(job: SlurmJobID?) {
    self.init(pid: 0, startTicks: 0)
    self.job = job
  }

  package var isJob: Bool { pid == 0 }

  /// What it is called in a sentence.
  package var words: String {
    isJob ? "Slurm job \(job.map(\.description) ?? "0")" : "process \(pid)"
  }
}

/// How far a task says it is.
package struct Progress: Equatable, Sendable {
  /// 0 to 1.
  package var fraction: Double
  /// The task's own word for what it does, cleaned of control characters; may be empty.
  package var label: String

  package init(fraction: Double, label: String = "") {
    self.fraction = fraction
    self.label = label
  }
}

/// How an attempt's process ended.
package enum Outcome: Equatable, Sendable {
  case exited(code: Int32)
  case signaled(Int32)
  case timedOut
  case stalled
  case cancelled
  /// The run was stopped; the attempt does not count.
  case interrupted
  /// The process ended while no runner watched and left no exit status.
  case lost
  /// No process could be made; the text says why.
  case notStarted(String)
  /// The machine had no room for a process just now; the attempt does not count.
  case unavailable(String)
  /// The process ended, and its agent said that it failed; the text says why.
  case agentFailed(String)
  /// The agent met a usage limit; the attempt does not count.
  case limited(String)
  /// The agent did its work, and a gate refused it; the text says why.
  case refused(gate: String, String)
  /// The process succeeded, but what it left could not be committed; the text says why.
  case uncommitted(String)
  /// The process succeeded and changed no file, where that was asked for.
  case unchanged
  /// The process succeeded, but its work does not merge with that of other tasks.
  case conflicted

  package var isSuccess: Bool { self == .exited(code: 0) }

  /// Whether a gate refused the work.
  var isRefusal: Bool {
    if case .refused = self { true } else { false }
  }
}

/// Why an attempt was told to end.
package enum EndReason: String, Equatable, Sendable, CaseIterable {
  case timeout
  case stall
  /// Its agent said how it ended, and stays.
  case concluded
  case cancel
  case stop
  /// It would conflict with a task that started before it.
  case conflict
}

/// What a process used, as the kernel counts it; zero when unknown.
package struct ResourceUsage: Equatable, Sendable {
  package var cpu: Duration = .zero
  /// Bytes.
  package var maxResident: Int64 = 0
  /// How long it took, where that is known better than by the moments of the events.
  package var wall: Duration = .zero

  package init(cpu: Duration = .zero, maxResident: Int64 = 0) {
    self.cpu = cpu
    self.maxResident = maxResident
  }
}

/// How a task came out, for good or until it is retried.
package enum TaskResult: Equatable, Sendable {
  case succeeded
  case failed(Outcome)
  /// It failed in every way that was to be tried; somebody must look at it.
  case needsPerson(Outcome)
  case cancelled
  case skipped
  /// It can never start because the named task did not succeed.
  case blocked(by: TaskID)
}

/// Why a run ends before its tasks do.
package enum StopReason: String, Equatable, Sendable, CaseIterable {
  case interrupt
  case terminate
  case failure
  case request
  /// The money is spent.
  case budget
  /// An agent met a usage limit that does not pass soon.
  case limit
  /// A gate of a level, a sprint or the whole refused.
  case gate
  /// The tracks it had to do are done.
  case track
}

/// How a run ended.
package enum RunResult: String, Equatable, Sendable, CaseIterable {
  case succeeded
  case failed
  /// Stopped by a signal or on request; it can be resumed.
  case interrupted
}
