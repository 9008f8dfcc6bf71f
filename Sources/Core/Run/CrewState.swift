/// What a run knows of its agents, gates, limits and money; changed by `RunState.apply` alone.
package struct CrewState: Equatable, Sendable {
  package let options: CrewOptions
  /// The ladders that tasks have, each once.
  package let ladders: [[String]]
  /// By task.
  package internal(set) var works: [Work]
  package internal(set) var totals = Totals()
  /// Until when nothing starts on an account, and how many limits it met in a row.
  package internal(set) var holds: [String: Hold] = [:]
  package internal(set) var stage: StageRun?
  /// Gates that are not about one task, in the order they ended.
  package internal(set) var stageResults: [StageResult] = []
  /// Of each of them, how many gates have passed.
  var stageDone: [GateStage: Int] = [:]
  /// How often the next gate has been tried.
  var stageTries = 0
  /// Why nothing more starts, when that is so.
  package internal(set) var draining: StopReason?
  package internal(set) var budget: Budget
  package internal(set) var hasWarned = false
  package internal(set) var isSpent = false
  package internal(set) var tracks: TrackState?
  /// Sprints whose tasks are all done and whose gates have not begun.
  var sprintsDue: [String] = []
  /// Tasks of each sprint that have not succeeded.
  var sprintsOpen: [String: Int] = [:]
  var sprintOfTask: [Int: [String]] = [:]
  let levels: [Int]

  /// One task, as far as agents and gates go.
  package struct Work: Equatable, Sendable {
    /// The place of its ladder in `ladders`, or -1.
    var ladder: Int32 = -1
    /// The agent of the newest attempt.
    package var agent: String?
    package var tier = 0
    package var reading: AgentReading?
    /// That of the reviewer at work, or of the last one.
    package var gateReading: AgentReading?
    /// The session of the newest attempt's agent.
    package var session: String?
    /// What its attempts and reviews cost in all.
    package var cost = 0.0
    /// What was spent since an attempt was accepted or the task was put back.
    package var unaccepted = 0.0
    package var gate: GateRun?
    /// What the agent's process used, while gates run.
    var usage = ResourceUsage()
    /// Why the newest attempt was not accepted.
    package var rejection: Rejection?
    /// The last words of the agent of the newest attempt.
    package var answer: String?
    /// Why nobody but a person can go on with it.
    package var needsPerson = false
    package var iterations = 0
  }

  /// A gate that refused an attempt.
  package struct Rejection: Equatable, Sendable {
    package var attempt: Int
    package var gate: String
    package var gateTry: Int
    package var words: String
    /// What the gate was about, when it was not the attempt alone.
    package var stage: GateStage?

    package init(
      attempt: Int, gate: String, gateTry: Int, words: String, stage: GateStage? = nil
    ) {
      self.stage = stage
      self.attempt = attempt
      self.gate = gate
      self.gateTry = gateTry
      self.words = words
    }
  }

  /// A gate at work on an attempt.
  package struct GateRun: Equatable, Sendable {
    package var gate: String
    package var attempt: Int
    package var startedAt: Instant
  }

  package struct StageRun: Equatable, Sendable {
    package var stage: GateStage
    package var gate: String
    package var attempt: Int
    package var startedAt: Instant
    package var reading: AgentReading?
  }

  package struct StageResult: Equatable, Sendable {
    package var stage: GateStage
    package var gate: String
    package var result: GateResult
  }

  package struct Hold: Equatable, Sendable {
    /// Nil when it has passed.
    package var until: Instant?
    package var words: String
    package var inRow: Int
  }

  package struct Totals: Equatable, Sendable {
    package var cost = 0.0
    /// What reviews of levels, sprints and the whole cost.
    package var reviewCost = 0.0
    package var tokensIn = 0
    package var tokensOut = 0
    package var turns = 0
    /// Tasks that succeeded, by the highest tier that worked on them.
    package var tasksByTier: [Int: Int] = [:]
    package var iterations = 0
    package var gatesPassed = 0
    package var gatesFailed = 0
  }

  package struct TrackState: Equatable, Sendable {
    /// The track of each task, or 0.
    package var track: [Int32]
    /// Unfinished tasks by track.
    package var open: [Int]
    package var total: [Int]
    package var cost: [Double]
    package var worked: [Duration]
    package var opened: Set<Int>
    package var announced: Set<Int> = []
    package var waiting: [Int: [TaskID]] = [:]
  }

  init(options: CrewOptions, plan: Plan) {
    self.options = options
    budget = options.budget
    levels = plan.graph.level.map { Int($0) }
    works = [Work](repeating: Work(), count: plan.tasks.count)
    var ladders: [[String]] = []
    var known: [[String]: Int32] = [:]
    for (index, task) in plan.tasks.enumerated() {
      let ladder = options.ladder(for: task, listTag: plan.origin.tag)
      if ladder.isEmpty { continue }
      let number = known[ladder] ?? Int32(ladders.count)
      if known.updateValue(number, forKey: ladder) == nil { ladders.append(ladder) }
      works[index].ladder = number
    }
    self.ladders = ladders
    tracks = options.tracks.map { TrackState($0, plan: plan) }
    for sprint in options.tracks?.sprints ?? [] {
      let indexes = sprint.tasks.compactMap(plan.index(of:))
      if indexes.isEmpty { continue }
      sprintsOpen[sprint.id] = indexes.count
      for index in indexes { sprintOfTask[index, default: []].append(sprint.id) }
    }
  }

  /// The agents of a task's attempts; none for a command.
  package func ladder(of index: Int) -> [String] {
    works[index].ladder < 0 ? [] : ladders[Int(works[index].ladder)]
  }

  /// The agent of the attempt after so many failed ones.
  package func agent(of index: Int, afterFailures failures: Int) -> AgentProfile? {
    let ladder = ladder(of: index)
    guard let last = ladder.last else { return nil }
    return options.agent(failures < ladder.count ? ladder[failures] : last)
  }

  /// The place of an agent among the different ones of a task's ladder, from 1.
  package func tier(of agent: String, task index: Int) -> Int {
    var seen: [String] = []
    for name in ladder(of: index) where !seen.contains(name) { seen.append(name) }
    return (seen.firstIndex(of: agent) ?? 0) + 1
  }

  package func gates(at moment: Gate.Moment) -> [Gate] { options.gates(at: moment) }

  /// Whether a gate of the whole, a level or a sprint refused.
  package var hasFailedStage: Bool {
    stageResults.contains { !$0.result.hasPassed && !$0.result.isRetried }
  }
}

extension CrewState.TrackState {
  init(_ options: TrackOptions, plan: Plan) {
    track = plan.tasks.map { Int32(options.assignment[$0.id] ?? 0) }
    let count = options.count + 1
    open = [Int](repeating: 0, count: count)
    for number in track { open[Int(number)] += 1 }
    total = open
    cost = [Double](repeating: 0, count: count)
    worked = [Duration](repeating: .zero, count: count)
    opened = Set(options.opened ?? Array(0..<count))
    // Tasks without a track belong to whoever is there.
    opened.insert(0)
  }

  /// The tracks on which nothing starts.
  var closed: [Int] { open.indices.filter { !opened.contains($0) } }
}
