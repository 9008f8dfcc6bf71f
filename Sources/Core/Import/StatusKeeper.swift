import CLinux
import Glibc
import Synchronization

/// Keeps the statuses of a task list in step with a run, a group at a time, on a thread of its own.
///
/// Writing is put off so that a run of thousands of short tasks does not rewrite the file for each:
/// at least 0.3 s lie between two writes, and a hundred times the processor time of the last one.
/// What cannot be written is tried again: another program holds the lock, the disk is full, or
/// somebody is in the middle of writing the file.
package final class StatusKeeper: Sendable {
  private let reactor: Reactor
  private let path: String
  private let clock: WallClock
  /// Shared between the run's thread, which notes, and this one's, which writes.
  private let box: Mutex<Box>

  private struct Box {
    var file: StatusFile
    var changes: [TaskID: TaskStatus] = [:]
    var isScheduled = false
    var pause: Duration = .milliseconds(300)
    /// What will never be written, and why.
    var problem: String?
    var ending: Ending?
  }

  private struct Ending {
    var began: Instant
    var continuation: CheckedContinuation<String?, Never>
  }

  /// How long the end of a run waits for a lock: longer than one counts whose owner died.
  private static let lockPatience = TaskFileLock.staleAge + .seconds(1)
  /// How long it waits for a file that cannot be read or written.
  private static let filePatience = Duration.seconds(1)

  package init(file: StatusFile, clock: WallClock) throws(PlatformError) {
    path = file.path
    box = Mutex(Box(file: file))
    self.clock = clock
    reactor = try Reactor(name: "lanes-status")
    try reactor.start { [weak self] _ in self?.write() }
  }

  /// Notes what an event means for a task's status.
  ///
  /// Cost: a lock that is hardly ever held.
  package func note(_ event: RunEvent) {
    switch event.kind {
    case .attemptStarted(let key, _): change(key.task, to: .inProgress)
    case .taskFinished(let id, .succeeded): change(id, to: .done)
    case .taskFinished(let id, .failed), .taskFinished(let id, .needsPerson),
      .taskFinished(let id, .cancelled), .taskReset(let id):
      change(id, to: .pending)
    case .attemptEnded(let key, .interrupted, _), .attemptEnded(let key, .limited, _):
      change(key.task, to: .pending)
    case .runFinished, .taskFinished, .runStarted, .runResumed, .levelStarted, .levelFinished,
      .attemptLaunched, .attemptAdopted, .attemptProgressed, .attemptPaused, .attemptContinued,
      .attemptEnding, .attemptEnded, .retryScheduled, .dispatchPaused, .dispatchContinued,
      .jobsChanged, .runDraining, .runStopping, .git, .crew, .warning:
      break
    }
  }

  /// Notes the status of every task that a state says something about.
  package func catchUp(with state: RunState) {
    for (task, spec) in zip(state.tasks, state.manifest.plan.tasks) {
      switch task.result {
      case .succeeded: change(spec.id, to: .done)
      case .failed, .needsPerson, .cancelled: change(spec.id, to: .pending)
      case .skipped, .blocked, nil: break
      }
    }
  }

  private func change(_ id: TaskID, to status: TaskStatus) {
    let pause = box.withLock { box -> Duration? in
      box.changes[id] = status
      if box.isScheduled { return nil }
      box.isScheduled = true
      return box.pause
    }
    if let pause { reactor.setDeadline(clock.now() + pause) }
  }

  /// Writes what is still to be written and ends; the result is what could not be done, in words.
  package func finish() async -> String? {
    let problem = await withCheckedContinuation { continuation in
      let now = clock.now()
      box.withLock { $0.ending = Ending(began: now, continuation: continuation) }
      reactor.setDeadline(now)
    }
    reactor.stop()
    return problem
  }

  private func write() {
    let changes = box.withLock { box in
      defer { box.changes = [:] }
      return box.changes
    }
    let began = Self.processorTime()
    let outcome = changes.isEmpty ? .written : attempt(changes)
    let pause = max(.milliseconds(300), (Self.processorTime() - began) * 100)
    settle(outcome, changes, pause: pause)
  }

  /// What this thread has used.
  private static func processorTime() -> Duration {
    .nanoseconds(lanes_clock_nanoseconds(CLOCK_THREAD_CPUTIME_ID))
  }

  private enum WriteOutcome {
    case written
    /// At the end of the run only for as long as `patience`.
    case again(after: Duration, problem: String, patience: Duration)
    case impossible(String)
  }

  private func attempt(_ changes: [TaskID: TaskStatus]) -> WriteOutcome {
    var file = box.withLock { $0.file }
    defer { box.withLock { [file] in $0.file = file } }
    do throws(PlanError) {
      switch try file.tryWrite(changes, now: clock.now()) {
      case .written: return .written
      case .locked(let retryAfter):
        return .again(
          after: retryAfter, problem: "\(path) stayed locked by another program",
          patience: Self.lockPatience)
      }
    } catch {
      return error.mayPass
        ? .again(
          after: .milliseconds(200), problem: error.description, patience: Self.filePatience)
        : .impossible(error.description)
    }
  }

  private func settle(
    _ outcome: WriteOutcome, _ changes: [TaskID: TaskStatus], pause: Duration
  ) {
    let now = clock.now()
    let next = box.withLock { box -> (wait: Duration?, ended: Ending?) in
      switch outcome {
      case .written: box.pause = pause
      case .again(let wait, let problem, let patience):
        guard let ending = box.ending, now - ending.began >= patience else {
          box.changes.merge(changes) { newer, _ in newer }
          box.isScheduled = true
          return (box.ending == nil ? max(wait, pause) : wait, nil)
        }
        box.problem = problem
      case .impossible(let problem): box.problem = problem
      }
      box.isScheduled = !box.changes.isEmpty
      if !box.changes.isEmpty { return (box.ending == nil ? box.pause : .zero, nil) }
      defer { box.ending = nil }
      return (nil, box.ending)
    }
    if let wait = next.wait { reactor.setDeadline(now + wait) }
    next.ended?.continuation.resume(returning: box.withLock { $0.problem })
  }
}

extension PlanError {
  /// Whether what was wrong with a file may be over a moment later.
  fileprivate var mayPass: Bool {
    switch kind {
    case .notFound, .unreadable, .syntax, .unsuitable, .unwritable: true
    case .tag, .lostTask: false
    }
  }
}
