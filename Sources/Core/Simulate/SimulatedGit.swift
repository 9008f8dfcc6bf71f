/// Pairs of tasks that may not merge in a simulated run, and what is done about them.
package struct ForecastConflicts: Equatable, Sendable {
  /// Pairs that may run at the same time where levels do not keep them apart.
  package var pairs: [PredictedConflict]
  /// What is set to happen to those that are expected to conflict.
  package var policy: GitOptions.PredictedPolicy
  /// Whether work is merged, so that it can conflict.
  package var isMerged: Bool

  /// Nil where no pair can run at the same time; `found` are predictions for a run without levels.
  package init?(
    _ found: [PredictedConflict], policy: GitOptions.PredictedPolicy, isMerged: Bool = true
  ) {
    pairs = found.filter { $0.standing != .ordered }
    if pairs.isEmpty { return nil }
    self.policy = policy
    self.isMerged = isMerged
  }

  /// The policies that make a difference, the most careful one first.
  package var policies: [GitOptions.PredictedPolicy] {
    guard pairs.contains(where: { $0.standing == .expected }) else { return [policy] }
    return isMerged ? [.serialize, .speculate, .warn] : [.serialize, .warn]
  }

  /// How a simulated run in worktrees goes about the pairs.
  ///
  /// What does not merge runs again, as often as it takes; nothing is removed, watched or named.
  func options(
    _ plan: Plan, _ schedule: RunOptions.Schedule, _ policy: GitOptions.PredictedPolicy
  ) -> GitOptions {
    let names = Set(plan.tasks.compactMap(\.repository)).subtracting([""]).sorted()
    var options = GitOptions(
      repositories: ([""] + names).map {
        GitOptions.Repository(name: $0, root: "", base: "", commit: "base")
      })
    (options.integrates, options.predicted) = (isMerged, policy)
    (options.atMerge, options.reruns) = (.rerun, .max)
    (options.keep, options.live, options.givesNames) = (.all, .off, false)
    options.predictions = schedule == .levels ? pairs.filter { isInOneLevel($0, plan) } : pairs
    return options
  }

  /// Whether no level's barrier keeps a pair apart.
  private func isInOneLevel(_ pair: PredictedConflict, _ plan: Plan) -> Bool {
    guard let one = plan.index(of: pair.first), let two = plan.index(of: pair.second) else {
      return false
    }
    return plan.graph.level[one] == plan.graph.level[two]
  }
}

/// Git of a simulated run: nothing takes time, and work conflicts where a draw says so.
///
/// The work of a task conflicts with that of a pair's other one when that was merged since its own
/// worktree was made.
struct SimulatedGit: Sendable {
  private struct Partner {
    var task: Int
    /// The place of the pair among all.
    var pair: Int
    /// A file that both change and no other pair does.
    var file: String
  }

  private let partners: [[Partner]]
  private let files: [[String]]
  /// How much was merged in what the worktree of each task started from, and when its own work was; the
  /// commits of results are named so.
  private var base: [Int]
  private var mergedAs: [Int]
  private var merges = 0

  init(_ plan: Plan, _ pairs: [PredictedConflict]) {
    var partners = [[Partner]](repeating: [], count: plan.tasks.count)
    for (place, pair) in pairs.enumerated() {
      guard let one = plan.index(of: pair.first), let two = plan.index(of: pair.second) else {
        continue
      }
      partners[one].append(Partner(task: two, pair: place, file: String(place)))
      partners[two].append(Partner(task: one, pair: place, file: String(place)))
    }
    self.partners = partners
    files = partners.map { $0.map(\.file) }
    base = [Int](repeating: 0, count: plan.tasks.count)
    mergedAs = base
  }

  /// What git says to an order; nil where it says nothing.
  ///
  /// Cost: O(pairs of the tasks it is about).
  mutating func answer(_ order: GitOrder, _ plan: Plan, _ draw: Simulation.Draw) -> GitReport? {
    switch order {
    case .prepare(let key, let order):
      let commit =
        switch order.start {
        case .asItIs(let base, _, _): base
        case .new(let commits): commits.first ?? ""
        case .conflict(let ours, _): ours
        }
      if let index = plan.index(of: key.task) { base[index] = Int(commit) ?? 0 }
      return .prepared(key, Workspace(path: "", branch: "", base: commit), notes: [])
    case .commit(let key, let order):
      let files = plan.index(of: key.task).map { self.files[$0] } ?? []
      let commit = WorkCommit(head: "work", files: files, count: 1, hadLeftovers: false)
      return .committed(key, commit, order, notes: [])
    case .merge(let order):
      let outcomes = order.works.map { merge($0.key.task, plan, draw) }
      let isMoved = outcomes.contains { !$0.isConflict }
      return .merged(order, tip: isMoved ? String(merges) : order.tip, outcomes, notes: [])
    case .remove(let id, _, _, _): return .removed(id, notes: [])
    case .publish(let order): return .published(order, "", isDone: true)
    case .watch: return nil
    }
  }

  private mutating func merge(_ id: TaskID, _ plan: Plan, _ draw: Simulation.Draw) -> MergeOutcome {
    guard let index = plan.index(of: id) else { return .contained }
    var files: [ConflictedFile] = []
    for partner in partners[index]
    where mergedAs[partner.task] > base[index] && draw.clashes(partner.pair) {
      files.append(ConflictedFile(path: partner.file))
    }
    if !files.isEmpty { return .conflicted(files) }
    merges += 1
    mergedAs[index] = merges
    return .merged(String(merges))
  }
}
