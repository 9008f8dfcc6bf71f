import Core

extension RunScenario {
  /// A run whose tasks are worked on by agents.
  init(
    crew tasks: [(String, [String])], workers: [String: String] = [:],
    tracks: [String: Int] = [:], options: (inout RunOptions) -> Void = { _ in },
    _ change: (inout CrewOptions) -> Void
  ) {
    var crew = CrewOptions()
    crew.agents = [
      AgentProfile(name: "fast", preset: .claude, model: "haiku"),
      AgentProfile(name: "strong", preset: .claude, model: "opus"),
    ]
    crew.ladder = ["fast"]
    if !tracks.isEmpty {
      crew.tracks = TrackOptions(
        assignment: Dictionary(
          uniqueKeysWithValues: tracks.map { (TaskID($0.key), $0.value) }))
    }
    change(&crew)
    self.init(tasks, workers: workers) { run in
      run.crew = crew
      if !tracks.isEmpty { run.schedule = .tracks }
      options(&run)
    }
  }

  /// An agent's process ends and has said this.
  mutating func work(
    _ id: String, failed: Bool? = false, cost: Double = 0, limit: AgentLimit? = nil,
    answer: String = "done", code: Int32 = 0
  ) {
    var reading = AgentReading()
    reading.hasFailed = failed
    reading.cost = cost
    reading.limit = limit
    reading.answer = answer
    let key = key(id)
    send(.report(.agent(key, reading)))
    send(.report(.ended(key, .exited(code), ResourceUsage())))
  }

  /// The process of the gate of a level, a sprint or the whole ends.
  mutating func endStage(_ stage: GateStage, _ code: Int32) {
    send(.report(.ended(stage.key, .exited(code), ResourceUsage())))
  }

  var crew: [CrewEvent] {
    events.compactMap { if case .crew(let event) = $0.kind { event } else { nil } }
  }
}
