/// A fact about agents, gates, limits and money.
package enum CrewEvent: Equatable, Sendable {
  /// Who works on an attempt; `tier` counts the different agents of its ladder from 1.
  case agentAssigned(AttemptKey, agent: String, model: String?, tier: Int)
  /// What the agent's output says, with totals of its process.
  case agentReported(AttemptKey, AgentReading)
  /// The agent's process ended well, and gates decide what it is worth.
  case workFinished(AttemptKey, ResourceUsage)
  case gateStarted(AttemptKey, gate: String, try: Int)
  case gateEnded(AttemptKey, gate: String, GateResult)
  /// All tasks that a gate is about are done, and it begins.
  case stageStarted(GateStage, gate: String, try: Int)
  case stageReported(GateStage, gate: String, AgentReading)
  case stageEnded(GateStage, gate: String, GateResult)
  /// Nothing starts that would meet a usage limit.
  case dispatchHeld(account: String, until: Instant, words: String)
  case holdEnded(account: String)
  /// A task's wait for its next attempt is over, and a limit keeps it from starting.
  case waitEnded(TaskID)
  case budgetWarned(spent: Double)
  case budgetSpent(spent: Double)
  case budgetChanged(Budget)
  case trackOpened(Int)
  case trackFinished(Int)
  /// A track has nothing to do until these tasks of other tracks are done.
  case trackWaiting(Int, tasks: [TaskID])
}

/// How one try of a gate came out.
package struct GateResult: Equatable, Sendable {
  package var attempt: Int
  package var hasPassed: Bool
  /// Whether the gate is tried again.
  package var isRetried: Bool
  /// Why it failed, in one line; empty when it passed.
  package var words: String
  /// How long it took.
  package var time: Duration

  package init(
    attempt: Int, hasPassed: Bool, isRetried: Bool = false, words: String = "",
    time: Duration = .zero
  ) {
    self.attempt = attempt
    self.hasPassed = hasPassed
    self.isRetried = isRetried
    self.words = words
    self.time = time
  }
}

/// What a gate that is not about one task is about.
package enum GateStage: Hashable, Sendable {
  case level(Int)
  case sprint(String)
  case final
  /// One commit of a level's result, while the work is sought that the level's gate refuses.
  case probe(level: Int, commit: String)

  package var moment: Gate.Moment {
    switch self {
    case .level, .probe: .level
    case .sprint: .sprint
    case .final: .final
    }
  }

  /// The name under which its processes run; attempts of tasks count from 1.
  package var key: AttemptKey {
    switch self {
    case .level(let level): AttemptKey(TaskID("level-\(level)"), 0)
    case .sprint(let id): AttemptKey(TaskID("sprint-\(id)"), 0)
    case .final: AttemptKey("final", 0)
    case .probe(let level, let commit):
      AttemptKey(TaskID("level-\(level)-\(commit.prefix(10))"), 0)
    }
  }

  /// The commit it is about, when that is not the result as it stands.
  package var commit: String? {
    if case .probe(_, let commit) = self { commit } else { nil }
  }

  package var words: String {
    switch self {
    case .level(let level): "level \(level)"
    case .sprint(let id): "sprint \(id)"
    case .final: "the whole"
    case .probe(let level, let commit): "level \(level) at \(commit.prefix(10))"
    }
  }
}
