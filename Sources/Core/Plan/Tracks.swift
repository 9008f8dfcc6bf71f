/// Work divided over tracks, each of which works on one task at a time.
package struct Tracks: Equatable, Sendable {
  /// How many tracks there are.
  package let count: Int
  /// The track of each task, from 0; -1 for a task on a cycle or behind one.
  package let track: [Int]
  /// The tasks of each track in the order in which it works on them.
  package let tasks: [[Int]]
  /// The work of each track, in microseconds.
  package let loads: [Int64]
  /// When the last track is done, waits for other tracks included.
  package let makespan: Int64
  package let chains: [[Int]]

  /// What decides where tasks go that are in no chain.
  package enum Balance: String, Equatable, Sendable, CaseIterable {
    /// The track whose chain is for the same kind of worker, if that stays near an even share.
    case worker
    /// The track with the least work.
    case hours
  }

  /// Divides a plan over tracks.
  ///
  /// Chains stay whole and go, the heaviest first, to the track with the least work (Graham's longest
  /// processing time first, "Bounds on multiprocessing timing anomalies", 1969); single tasks follow
  /// by `balance`. Tasks that the plan assigns to a track from 1 to `count` stay there, unless
  /// `keepsAssigned` is false. Cost: O((tasks + dependencies) × log tasks + tasks × count).
  package init(
    _ plan: Plan, count: Int, balance: Balance = .worker, keepsAssigned: Bool = true
  ) {
    let count = max(1, count)
    let weights = Estimates(of: plan.tasks).weights
    let ranks = plan.ranks()
    chains = TrackChains(graph: plan.graph, weights: weights, ranks: ranks).chains
    var assignment = TrackAssignment(plan, weights, count: count, balance)
    if keepsAssigned { assignment.keepAssigned() }
    for chain in chains where chain.count > 1 { assignment.add(chain) }
    for chain in chains where chain.count == 1 { assignment.add(single: chain[0]) }
    let schedule = TrackSchedule(plan.graph, weights, ranks, track: assignment.track, count: count)
    self.count = count
    track = assignment.track
    loads = assignment.loads
    tasks = schedule.tasks
    makespan = schedule.makespan
  }
}

/// Tasks on their way to tracks.
private struct TrackAssignment {
  private(set) var track: [Int]
  private(set) var loads: [Int64]
  private let plan: Plan
  private let weights: [Int64]
  private let balance: Tracks.Balance
  /// The work for each kind of worker that chains brought to each track.
  private var kinds: [[String: Int64]]

  init(_ plan: Plan, _ weights: [Int64], count: Int, _ balance: Tracks.Balance) {
    self.plan = plan
    self.weights = weights
    self.balance = balance
    track = Array(repeating: -1, count: plan.tasks.count)
    loads = Array(repeating: 0, count: count)
    kinds = Array(repeating: [:], count: count)
  }

  mutating func keepAssigned() {
    for task in plan.graph.levels.joined() {
      if let number = plan.tasks[task].track, 1...loads.count ~= number { put(task, number - 1) }
    }
  }

  mutating func add(_ chain: [Int]) {
    let left = chain.filter { track[$0] < 0 }
    guard !left.isEmpty else { return }
    // What is left of a chain whose tasks have a track stays with them.
    let known = chain.first { track[$0] >= 0 }.map { track[$0] }
    let target = known ?? lightest(of: loads.indices)
    for task in left { put(task, target) }
  }

  mutating func add(single task: Int) {
    guard track[task] < 0 else { return }
    put(task, preferred(for: task) ?? lightest(of: loads.indices))
  }

  /// The lightest track that is mostly for the task's kind of worker, if it stays within a quarter
  /// more than an even share of all work.
  private func preferred(for task: Int) -> Int? {
    guard balance == .worker, let kind = plan.tasks[task].worker else { return nil }
    let same = loads.indices.filter { dominantKind(of: $0) == kind }
    guard !same.isEmpty else { return nil }
    let total = plan.graph.levels.joined().reduce(0) { $0 + weights[$1] / 1000 }
    let target = lightest(of: same)
    let limit = total / Int64(loads.count) / 4 * 5
    return (loads[target] + weights[task]) / 1000 <= limit ? target : nil
  }

  private func dominantKind(of track: Int) -> String? {
    kinds[track].max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  private func lightest(of tracks: some Sequence<Int>) -> Int {
    tracks.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
  }

  private mutating func put(_ task: Int, _ target: Int) {
    track[task] = target
    loads[target] += weights[task]
    if let kind = plan.tasks[task].worker { kinds[target][kind, default: 0] += weights[task] }
  }
}

/// When each track works on what, if nobody else decides: the ready task that heads the longest path.
private struct TrackSchedule {
  private(set) var tasks: [[Int]]
  private(set) var makespan: Int64 = 0

  init(_ graph: TaskGraph, _ weights: [Int64], _ ranks: [Int], track: [Int], count: Int) {
    let heads = CriticalPath(graph: graph, weights: weights).heads
    let precedes = { (left: Int, right: Int) in
      (heads[right], ranks[left]) < (heads[left], ranks[right])
    }
    tasks = Array(repeating: [], count: count)
    var ready = Array(repeating: Heap<Int>(precedes: precedes), count: count)
    var open = (0..<graph.count).map { graph.dependencies(of: $0).count }
    for task in graph.levels.first ?? [] { ready[track[task]].insert(task) }
    var running = Heap<(end: Int64, task: Int)> { ($0.end, $0.task) < ($1.end, $1.task) }
    var isBusy = Array(repeating: false, count: count)
    while true {
      for number in 0..<count where !isBusy[number] {
        guard let task = ready[number].popFirst() else { continue }
        isBusy[number] = true
        tasks[number].append(task)
        running.insert((Makespan.sum(makespan, weights[task]), task))
      }
      guard let (end, task) = running.popFirst() else { return }
      makespan = end
      isBusy[track[task]] = false
      for dependent in graph.dependents(of: task) {
        open[dependent] -= 1
        if open[dependent] == 0, track[dependent] >= 0 { ready[track[dependent]].insert(dependent) }
      }
    }
  }
}
