/// The JSON form of events, for the journal and for lines of output; `docs/events.md` describes it.
extension RunEvent.Kind {
  /// The value of the field `kind`.
  package var name: String {
    switch self {
    case .runStarted: "run_started"
    case .runResumed: "run_resumed"
    case .levelStarted: "level_started"
    case .levelFinished: "level_finished"
    case .attemptStarted: "attempt_started"
    case .attemptLaunched: "attempt_launched"
    case .attemptAdopted: "attempt_adopted"
    case .attemptProgressed: "attempt_progressed"
    case .attemptPaused: "attempt_paused"
    case .attemptContinued: "attempt_continued"
    case .attemptEnding: "attempt_ending"
    case .attemptEnded: "attempt_ended"
    case .retryScheduled: "retry_scheduled"
    case .taskFinished: "task_finished"
    case .taskReset: "task_reset"
    case .dispatchPaused: "dispatch_paused"
    case .dispatchContinued: "dispatch_continued"
    case .jobsChanged: "jobs_changed"
    case .runDraining: "run_draining"
    case .runStopping: "run_stopping"
    case .git(let event): event.name
    case .warning: "warning"
    case .runFinished: "run_finished"
    case .crew(let event): event.name
    }
  }

  /// The task the event is about, where it is about one.
  package var task: TaskID? {
    switch self {
    case .attemptStarted(let key, _), .attemptLaunched(let key, _), .attemptAdopted(let key, _),
      .attemptProgressed(let key, _), .attemptPaused(let key), .attemptContinued(let key),
      .attemptEnding(let key, _, _), .attemptEnded(let key, _, _):
      key.task
    case .retryScheduled(let id, _), .taskFinished(let id, _), .taskReset(let id): id
    case .git(let event): event.task
    case .warning(_, _, let id): id
    case .crew(let event): event.task
    case .runStarted, .runResumed, .levelStarted, .levelFinished, .dispatchPaused,
      .dispatchContinued, .jobsChanged, .runDraining, .runStopping, .runFinished:
      nil
    }
  }

  /// Writes the fields that are the kind's own, inside an object that the caller opened.
  package func encodeFields(into json: inout JSONWriter) {
    switch self {
    case .runStarted(let manifest): manifest.encodeFields(into: &json)
    case .runResumed(let runner): json.field("runner", runner)
    case .levelStarted(let level, let tasks):
      json.field("level", level)
      json.field("tasks", tasks)
    case .levelFinished(let level, let succeeded, let failed):
      json.field("level", level)
      json.field("succeeded", succeeded)
      json.field("failed", failed)
    case .attemptStarted(let key, let level):
      json.field(key)
      json.field("level", level)
    case .attemptLaunched(let key, let process), .attemptAdopted(let key, let process):
      json.field(key)
      if process.isJob {
        json.field(job: process.job)
      } else {
        json.field("pid", process.pid)
        json.field("start_ticks", process.startTicks)
      }
    case .attemptProgressed(let key, let progress):
      json.field(key)
      json.field("fraction", progress.fraction)
      json.field("label", progress.label)
    case .attemptPaused(let key), .attemptContinued(let key): json.field(key)
    case .attemptEnding(let key, let reason, let step):
      json.field(key)
      json.field("reason", reason.rawValue)
      json.field("step", step)
    case .attemptEnded(let key, let outcome, let usage):
      json.field(key)
      outcome.encodeFields(into: &json)
      json.field("cpu", usage.cpu.seconds)
      json.field("max_rss", usage.maxResident)
      if usage.wall > .zero { json.field("wall", usage.wall.seconds) }
    case .retryScheduled(let id, let at):
      json.field("task", id.text)
      json.field("retry_at", at.microseconds)
    case .taskFinished(let id, let result):
      json.field("task", id.text)
      result.encodeFields(into: &json)
    case .taskReset(let id): json.field("task", id.text)
    case .dispatchPaused, .dispatchContinued: break
    case .jobsChanged(let count, let reason):
      json.field("jobs", count)
      if let reason { json.field("reason", reason.rawValue) }
    case .runDraining(let reason), .runStopping(let reason): json.field("reason", reason.rawValue)
    case .git(let event): event.encodeFields(into: &json)
    case .warning(let code, let message, let task):
      json.field("code", code)
      json.field("message", message)
      if let task { json.field("task", task.text) }
    case .runFinished(let result): json.field("result", result.rawValue)
    case .crew(let event): event.encodeFields(into: &json)
    }
  }

  /// The event of a name with its fields, or nil when either is not known.
  package init?(name: String, fields: JSONNode) {
    guard let kind = Self.decode(name, fields) else { return nil }
    self = kind
  }

  private static func decode(_ name: String, _ json: JSONNode) -> Self? {
    switch name {
    case "run_started": RunManifest(fields: json).map(Self.runStarted)
    case "run_resumed": json.int32("runner").map(Self.runResumed)
    case "level_started":
      json.both("level", "tasks").map { .levelStarted(level: $0, tasks: $1) }
    case "level_finished":
      json.both("succeeded", "failed").flatMap { succeeded, failed in
        json["level"]?.integer.map {
          .levelFinished(level: $0, succeeded: succeeded, failed: failed)
        }
      }
    case "jobs_changed": json["jobs"]?.integer.map { .jobsChanged($0, json.choice("reason")) }
    case "dispatch_paused": .dispatchPaused
    case "dispatch_continued": .dispatchContinued
    case "run_draining": json.choice("reason").map(Self.runDraining)
    case "run_stopping": json.choice("reason").map(Self.runStopping)
    case "run_finished": json.choice("result").map(Self.runFinished)
    case "warning":
      .warning(
        code: json["code"]?.string ?? "", message: json["message"]?.string ?? "",
        task: (json["task"]?.string).map { TaskID($0) })
    case "retry_scheduled":
      json.task.flatMap { id in
        (json["retry_at"]?.integer).map {
          .retryScheduled(id, at: Instant(microseconds: Int64($0)))
        }
      }
    case "task_finished":
      json.task.flatMap { id in TaskResult(fields: json).map { .taskFinished(id, $0) } }
    case "task_reset": json.task.map(Self.taskReset)
    default:
      json.attempt.flatMap { decodeAttempt(name, $0, json) }
        ?? CrewEvent(name: name, fields: json).map(Self.crew)
        ?? GitEvent(name: name, fields: json).map(Self.git)
    }
  }

  private static func decodeAttempt(_ name: String, _ key: AttemptKey, _ json: JSONNode) -> Self? {
    switch name {
    case "attempt_started": .attemptStarted(key, level: json["level"]?.integer ?? 0)
    case "attempt_launched": json.process.map { .attemptLaunched(key, process: $0) }
    case "attempt_adopted": json.process.map { .attemptAdopted(key, process: $0) }
    case "attempt_progressed":
      (json["fraction"]?.number).map {
        .attemptProgressed(key, Progress(fraction: $0, label: json["label"]?.string ?? ""))
      }
    case "attempt_paused": .attemptPaused(key)
    case "attempt_continued": .attemptContinued(key)
    case "attempt_ending":
      json.choice("reason").map { .attemptEnding(key, $0, step: json["step"]?.integer ?? 0) }
    case "attempt_ended":
      Outcome(fields: json).map { .attemptEnded(key, $0, ResourceUsage(fields: json)) }
    default: nil
    }
  }
}

extension ResourceUsage {
  fileprivate init(fields json: JSONNode) {
    self.init(
      cpu: json.duration("cpu") ?? .zero, maxResident: Int64(json["max_rss"]?.integer ?? 0))
    wall = json.duration("wall") ?? .zero
  }
}

extension Outcome {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    switch self {
    case .exited(let code):
      json.field("outcome", "exited")
      json.field("code", code)
    case .signaled(let signal):
      json.field("outcome", "signaled")
      json.field("signal", signal)
    case .timedOut: json.field("outcome", "timed_out")
    case .stalled: json.field("outcome", "stalled")
    case .cancelled: json.field("outcome", "cancelled")
    case .interrupted: json.field("outcome", "interrupted")
    case .lost: json.field("outcome", "lost")
    case .notStarted(let message):
      json.field("outcome", "not_started")
      json.field("message", message)
    case .unavailable(let message):
      json.field("outcome", "unavailable")
      json.field("message", message)
    case .agentFailed(let message):
      json.field("outcome", "agent_failed")
      json.field("message", message)
    case .limited(let message):
      json.field("outcome", "limited")
      json.field("message", message)
    case .refused(let gate, let message):
      json.field("outcome", "refused")
      json.field("gate", gate)
      json.field("message", message)
    case .uncommitted(let message):
      json.field("outcome", "uncommitted")
      json.field("message", message)
    case .unchanged: json.field("outcome", "unchanged")
    case .conflicted: json.field("outcome", "conflicted")
    }
  }

  fileprivate init?(fields json: JSONNode) {
    switch json["outcome"]?.string {
    case "exited": self = .exited(code: json.int32("code") ?? 0)
    case "signaled": self = .signaled(json.int32("signal") ?? 0)
    case "timed_out": self = .timedOut
    case "stalled": self = .stalled
    case "cancelled": self = .cancelled
    case "interrupted": self = .interrupted
    case "lost": self = .lost
    case "not_started": self = .notStarted(json["message"]?.string ?? "")
    case "unavailable": self = .unavailable(json["message"]?.string ?? "")
    case "agent_failed": self = .agentFailed(json["message"]?.string ?? "")
    case "limited": self = .limited(json["message"]?.string ?? "")
    case "refused":
      self = .refused(gate: json["gate"]?.string ?? "", json["message"]?.string ?? "")
    case "uncommitted": self = .uncommitted(json["message"]?.string ?? "")
    case "unchanged": self = .unchanged
    case "conflicted": self = .conflicted
    default: return nil
    }
  }
}

extension TaskResult {
  /// The value of the field `result`.
  package var name: String {
    switch self {
    case .succeeded: "succeeded"
    case .failed: "failed"
    case .needsPerson: "needs_person"
    case .cancelled: "cancelled"
    case .skipped: "skipped"
    case .blocked: "blocked"
    }
  }

  fileprivate func encodeFields(into json: inout JSONWriter) {
    json.field("result", name)
    switch self {
    case .failed(let outcome), .needsPerson(let outcome): outcome.encodeFields(into: &json)
    case .blocked(let cause): json.field("by", cause.text)
    case .succeeded, .cancelled, .skipped: break
    }
  }

  fileprivate init?(fields json: JSONNode) {
    switch json["result"]?.string {
    case "succeeded": self = .succeeded
    case "failed": self = .failed(Outcome(fields: json) ?? .lost)
    case "needs_person": self = .needsPerson(Outcome(fields: json) ?? .lost)
    case "cancelled": self = .cancelled
    case "skipped": self = .skipped
    case "blocked": self = .blocked(by: TaskID(json["by"]?.string ?? ""))
    default: return nil
    }
  }
}

extension JSONWriter {
  mutating func field(_ name: StaticString, _ value: String) {
    key(plain: name)
    string(value)
  }

  mutating func field(_ name: StaticString, _ value: some BinaryInteger) {
    key(plain: name)
    integer(value)
  }

  mutating func field(_ name: StaticString, _ value: Double) {
    key(plain: name)
    number(value)
  }

  mutating func field(_ name: StaticString, _ value: Bool) {
    key(plain: name)
    bool(value)
  }

  mutating func field(_ attempt: AttemptKey) {
    field("task", attempt.task.text)
    field("attempt", attempt.attempt)
  }
}

extension JSONNode {
  var task: TaskID? { (self["task"]?.string).map { TaskID($0) } }

  var attempt: AttemptKey? {
    guard let task, let attempt = self["attempt"]?.integer else { return nil }
    return AttemptKey(task, attempt)
  }

  var process: ProcessIdentity? {
    if self["job"] != nil { return ProcessIdentity(job: job) }
    return int32("pid").map {
      ProcessIdentity(pid: $0, startTicks: UInt64(max(0, self["start_ticks"]?.integer ?? 0)))
    }
  }

  func int32(_ name: String) -> Int32? { (self[name]?.integer).flatMap { Int32(exactly: $0) } }

  func both(_ first: String, _ second: String) -> (Int, Int)? {
    guard let one = self[first]?.integer, let two = self[second]?.integer else { return nil }
    return (one, two)
  }

  /// A member in seconds, to the microsecond that was written.
  func duration(_ name: String) -> Duration? {
    (self[name]?.number).map { seconds in
      let most = Double(Int64.max / 1_000_000_000)
      return .microseconds(Int64((max(-most, min(seconds, most)) * 1_000_000).rounded()))
    }
  }

  func choice<Choice: RawRepresentable<String>>(_ name: String) -> Choice? {
    (self[name]?.string).flatMap(Choice.init(rawValue:))
  }
}
