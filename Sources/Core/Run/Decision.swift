/// What the run is told from outside, besides time passing.
package enum Input: Equatable, Sendable {
  /// A runner began a new run.
  case begun
  /// A runner took up a run that an earlier one left or ended.
  case takenUp(TakeUp)
  case report(LaunchReport)
  case git(GitReport)
  case timer(RunTimer)
  /// How the machine did in the last second or so, told while `jobs` is lanes' to choose.
  case pressure(PressureSample)
  /// The moment of an attempt's newest output, asked for by a stall timer.
  case silence(AttemptKey, since: Instant)
  case command(ControlCommand)
  /// SIGINT: drain, and stop the second time.
  case interrupted
  /// SIGTERM: stop.
  case terminated
}

/// How a run is taken up.
package struct TakeUp: Equatable, Sendable {
  /// The runner's process id.
  package var runner: Int32
  /// The most tasks at once from now on; nil leaves it.
  package var jobs: Int?
  /// Whether `jobs` is only where to begin.
  package var adaptsJobs: Bool
  /// Whether tasks that failed get another try.
  package var retriesFailed: Bool
  /// What the run may cost from now on; nil leaves it.
  package var budget: Budget?
  /// Tracks that are to be worked on from now on.
  package var tracks: [Int]?

  package init(
    runner: Int32, jobs: Int? = nil, adaptsJobs: Bool = false, retriesFailed: Bool = false,
    budget: Budget? = nil, tracks: [Int]? = nil
  ) {
    self.runner = runner
    self.jobs = jobs
    self.adaptsJobs = adaptsJobs
    self.retriesFailed = retriesFailed
    self.budget = budget
    self.tracks = tracks
  }
}

/// What a person asks of a run, by key or from another terminal.
package enum ControlCommand: Equatable, Sendable {
  case pauseDispatch
  case continueDispatch
  case pause([TaskID])
  case proceed([TaskID])
  case cancel([TaskID])
  case cancelAll
  /// Ends tasks that run at once, without the grace that `cancel` gives them.
  case kill([TaskID])
  case skip([TaskID])
  case retry([TaskID], withDependents: Bool)
  case retryFailed
  case jobs(Int)
  /// From now on lanes chooses how many tasks run at once.
  case automaticJobs
  case drain
  case stop
  case openTrack(Int)
}

/// A moment that the run asked to be told of; one that no longer matters is ignored.
package enum RunTimer: Hashable, Sendable {
  case timeout(AttemptKey)
  case stall(AttemptKey)
  /// The next step of ending an attempt.
  case teardown(AttemptKey, step: Int)
  case retry(TaskID)
  /// The end of a gate's time.
  case gate(AttemptKey, gate: String, attempt: Int)
  /// The end of a usage limit.
  case hold(String)
  /// Another try to merge, after git failed.
  case merge
}

/// What follows from a state and an input: facts for the journal, then what is to be done.
package struct Decision: Equatable, Sendable {
  package var events: [RunEvent.Kind] = []
  package var actions: [Action] = []
  package var reply: Reply?

  package init(
    events: [RunEvent.Kind] = [], actions: [Action] = [], reply: Reply? = nil
  ) {
    self.events = events
    self.actions = actions
    self.reply = reply
  }

  package static func + (left: Decision, right: Decision) -> Decision {
    Decision(
      events: left.events + right.events, actions: left.actions + right.actions,
      reply: right.reply ?? left.reply)
  }
}

extension Decision {
  /// The same with the run ended by it once, however many tasks failed.
  var endingOnce: Decision {
    var (decision, isEnding) = (self, false)
    decision.events.removeAll { kind in
      guard kind == .runDraining(.failure) || kind == .runStopping(.failure) else { return false }
      defer { isEnding = true }
      return isEnding
    }
    return decision
  }
}

/// The answer to a command, in words.
package enum Reply: Equatable, Sendable {
  case done(String)
  case refused(String)
}

/// Something the executor does to the world; it has no choice in it.
package enum Action: Equatable, Sendable {
  case launch(AttemptKey)
  case adopt(AttemptKey, ProcessIdentity?)
  case signal(AttemptKey, TaskSignal)
  case wake(RunTimer, at: Instant)
  /// Find out when the attempt last wrote something and answer with `Input.silence`.
  case measureSilence(AttemptKey)
  /// Have git do something and answer with `Input.git`.
  case git(GitOrder)
  /// Start a gate's process; it reports like an attempt's.
  case gate(GateOrder)
}

/// A gate that is to run once.
package struct GateOrder: Equatable, Sendable {
  /// The attempt it is about, or the stage's key.
  package var key: AttemptKey
  package var gate: String
  package var attempt: Int
  /// Nil for a gate of one task.
  package var stage: GateStage?

  package init(key: AttemptKey, gate: String, attempt: Int, stage: GateStage? = nil) {
    self.key = key
    self.gate = gate
    self.attempt = attempt
    self.stage = stage
  }
}
