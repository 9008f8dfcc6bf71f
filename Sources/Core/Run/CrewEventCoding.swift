/// The JSON form of events about agents, gates and money; `docs/events.md` describes it.
extension CrewEvent {
  package var name: String {
    switch self {
    case .agentAssigned: "agent_assigned"
    case .agentReported: "agent_reported"
    case .workFinished: "work_finished"
    case .gateStarted: "gate_started"
    case .gateEnded: "gate_ended"
    case .stageStarted: "stage_gate_started"
    case .stageReported: "stage_gate_reported"
    case .stageEnded: "stage_gate_ended"
    case .dispatchHeld: "dispatch_held"
    case .holdEnded: "hold_ended"
    case .waitEnded: "wait_ended"
    case .budgetWarned: "budget_warned"
    case .budgetSpent: "budget_spent"
    case .budgetChanged: "budget_changed"
    case .trackOpened: "track_opened"
    case .trackFinished: "track_finished"
    case .trackWaiting: "track_waiting"
    }
  }

  package var task: TaskID? {
    switch self {
    case .agentAssigned(let key, _, _, _), .agentReported(let key, _), .workFinished(let key, _),
      .gateStarted(let key, _, _), .gateEnded(let key, _, _):
      key.task
    case .waitEnded(let id): id
    case .stageStarted, .stageReported, .stageEnded, .dispatchHeld, .holdEnded, .budgetWarned,
      .budgetSpent, .budgetChanged, .trackOpened, .trackFinished, .trackWaiting:
      nil
    }
  }

  func encodeFields(into json: inout JSONWriter) {
    switch self {
    case .agentAssigned(let key, let agent, let model, let tier):
      json.field(key)
      json.field("agent", agent)
      if let model { json.field("model", model) }
      json.field("tier", tier)
    case .agentReported(let key, let reading):
      json.field(key)
      reading.encodeFields(into: &json)
    case .workFinished(let key, let usage):
      json.field(key)
      json.field("cpu", usage.cpu.seconds)
      json.field("max_rss", usage.maxResident)
    case .gateStarted(let key, let gate, let number):
      json.field(key)
      json.field("gate", gate)
      json.field("try", number)
    case .gateEnded(let key, let gate, let result):
      json.field(key)
      json.field("gate", gate)
      result.encodeFields(into: &json)
    case .stageStarted(let stage, let gate, let number):
      stage.encodeFields(into: &json)
      json.field("gate", gate)
      json.field("try", number)
    case .stageReported(let stage, let gate, let reading):
      stage.encodeFields(into: &json)
      json.field("gate", gate)
      reading.encodeFields(into: &json)
    case .stageEnded(let stage, let gate, let result):
      stage.encodeFields(into: &json)
      json.field("gate", gate)
      result.encodeFields(into: &json)
    case .dispatchHeld(let account, let until, let words):
      json.field("account", account)
      json.field("until", until.microseconds)
      json.field("message", words)
    case .holdEnded(let account): json.field("account", account)
    case .waitEnded(let id): json.field("task", id.text)
    case .budgetWarned(let spent), .budgetSpent(let spent): json.field("spent", spent)
    case .budgetChanged(let budget): budget.encodeFields(into: &json)
    case .trackOpened(let track), .trackFinished(let track): json.field("track", track)
    case .trackWaiting(let track, let tasks):
      json.field("track", track)
      json.strings("tasks", tasks.map(\.text))
    }
  }

  init?(name: String, fields json: JSONNode) {
    guard let event = Self.decode(name, json) ?? Self.decodeStage(name, json) else { return nil }
    self = event
  }

  private static func decode(_ name: String, _ json: JSONNode) -> Self? {
    let gate = json["gate"]?.string ?? ""
    return switch name {
    case "agent_assigned":
      json.attempt.map {
        .agentAssigned(
          $0, agent: json["agent"]?.string ?? "", model: json["model"]?.string,
          tier: json["tier"]?.integer ?? 1)
      }
    case "agent_reported": json.attempt.map { .agentReported($0, AgentReading(fields: json)) }
    case "work_finished":
      json.attempt.map {
        .workFinished(
          $0,
          ResourceUsage(
            cpu: json.duration("cpu") ?? .zero,
            maxResident: Int64(json["max_rss"]?.integer ?? 0)))
      }
    case "gate_started":
      json.attempt.map { .gateStarted($0, gate: gate, try: json["try"]?.integer ?? 1) }
    case "gate_ended": json.attempt.map { .gateEnded($0, gate: gate, GateResult(fields: json)) }
    case "wait_ended": json.task.map(Self.waitEnded)
    default: nil
    }
  }

  private static func decodeStage(_ name: String, _ json: JSONNode) -> Self? {
    let (gate, account) = (json["gate"]?.string ?? "", json["account"]?.string ?? "")
    let stage = GateStage(fields: json)
    return switch name {
    case "stage_gate_started":
      stage.map { .stageStarted($0, gate: gate, try: json["try"]?.integer ?? 1) }
    case "stage_gate_reported":
      stage.map { .stageReported($0, gate: gate, AgentReading(fields: json)) }
    case "stage_gate_ended": stage.map { .stageEnded($0, gate: gate, GateResult(fields: json)) }
    case "dispatch_held":
      .dispatchHeld(
        account: account, until: Instant(microseconds: Int64(json["until"]?.integer ?? 0)),
        words: json["message"]?.string ?? "")
    case "hold_ended": .holdEnded(account: account)
    case "budget_warned": .budgetWarned(spent: json["spent"]?.number ?? 0)
    case "budget_spent": .budgetSpent(spent: json["spent"]?.number ?? 0)
    case "budget_changed": .budgetChanged(Budget(fields: json))
    case "track_opened": (json["track"]?.integer).map(Self.trackOpened)
    case "track_finished": (json["track"]?.integer).map(Self.trackFinished)
    case "track_waiting":
      (json["track"]?.integer).map {
        .trackWaiting($0, tasks: json.strings("tasks").map { TaskID($0) })
      }
    default: nil
    }
  }
}

extension GateStage {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    json.field("at", moment.rawValue)
    switch self {
    case .level(let level): json.field("level", level)
    case .sprint(let id): json.field("sprint", id)
    case .final: break
    case .probe(let level, let commit):
      json.field("level", level)
      json.field("commit", commit)
    }
  }

  fileprivate init?(fields json: JSONNode) {
    switch json.choice("at") as Gate.Moment? {
    case .level:
      let level = json["level"]?.integer ?? 0
      self = (json["commit"]?.string).map { .probe(level: level, commit: $0) } ?? .level(level)
    case .sprint: self = .sprint(json["sprint"]?.string ?? "")
    case .final: self = .final
    case .task, nil: return nil
    }
  }
}

extension GateResult {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    json.field("try", attempt)
    json.field("passed", hasPassed)
    if isRetried { json.field("retried", true) }
    if !words.isEmpty { json.field("message", words) }
    json.field("time", time.seconds)
  }

  fileprivate init(fields json: JSONNode) {
    self.init(
      attempt: json["try"]?.integer ?? 1, hasPassed: json["passed"]?.bool ?? false,
      isRetried: json["retried"]?.bool ?? false, words: json["message"]?.string ?? "",
      time: json.duration("time") ?? .zero)
  }
}

extension AgentReading {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    if let session { json.field("session", session) }
    if !activity.isEmpty { json.field("activity", activity) }
    if todos > 0 {
      json.field("todos", todos)
      json.field("todos_done", todosDone)
    }
    json.field("tokens_in", tokensIn)
    json.field("tokens_out", tokensOut)
    if tokensCached > 0 { json.field("tokens_cached", tokensCached) }
    if let cost { json.field("cost", cost) }
    json.field("turns", turns)
    if unreadableLines > 0 { json.field("unreadable", unreadableLines) }
    if let hasFailed { json.field("failed", hasFailed) }
    if let problem { json.field("problem", problem) }
    if let answer { json.field("answer", answer) }
    guard let limit else { return }
    json.field("limit", limit.kind.rawValue)
    json.field("limit_message", limit.words)
    if let resetsAt = limit.resetsAt { json.field("resets_at", resetsAt.microseconds) }
  }

  fileprivate init(fields json: JSONNode) {
    self.init()
    session = json["session"]?.string
    activity = json["activity"]?.string ?? ""
    todos = json["todos"]?.integer ?? 0
    todosDone = json["todos_done"]?.integer ?? 0
    tokensIn = json["tokens_in"]?.integer ?? 0
    tokensOut = json["tokens_out"]?.integer ?? 0
    tokensCached = json["tokens_cached"]?.integer ?? 0
    cost = json["cost"]?.number
    turns = json["turns"]?.integer ?? 0
    unreadableLines = json["unreadable"]?.integer ?? 0
    hasFailed = json["failed"]?.bool
    problem = json["problem"]?.string
    answer = json["answer"]?.string
    limit = (json.choice("limit") as AgentLimit.Kind?).map {
      AgentLimit(
        $0, resetsAt: (json["resets_at"]?.integer).map { Instant(microseconds: Int64($0)) },
        words: json["limit_message"]?.string ?? "")
    }
  }
}

extension Budget {
  func encodeFields(into json: inout JSONWriter) {
    if let limit { json.field("usd", limit) }
    if let warning { json.field("warn", warning) }
    if let perTask { json.field("per_task", perTask) }
  }

  init(fields json: JSONNode) {
    self.init(
      limit: json["usd"]?.number, warning: json["warn"]?.number, perTask: json["per_task"]?.number)
  }
}
