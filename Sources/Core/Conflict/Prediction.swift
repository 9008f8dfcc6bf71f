/// Finds the tasks of a plan that will probably change the same files.
package struct Prediction {
  /// The probability from which on two tasks are expected to conflict.
  package var threshold: Double
  package var ignored: IgnoreList
  package var schedule: RunOptions.Schedule
  /// What was learnt from the repository's history, when there is something.
  package var model: ConflictModel?
  /// A learned probability below this is only told of pairs that something else speaks for; 0 tells of all
  /// pairs, also of those that a barrier keeps apart.
  package var leastLearned = 0.1

  package init(
    threshold: Double, ignored: [String], schedule: RunOptions.Schedule, model: ConflictModel? = nil
  ) {
    self.model = model
    self.threshold = threshold
    self.ignored = IgnoreList(ignored)
    self.schedule = schedule
  }

  /// A file named by more tasks than this is taken for one that they only mention.
  private static let mostClaimants = 200
  /// The most pairs of each standing.
  private static let mostPairs = 1000
  /// How likely a folder or a pattern means the very file that somebody else names.
  private static let vagueness = 0.5

  /// The pairs, the likeliest first; tasks that are done or not to be worked on are left out.
  ///
  /// Cost: O(text), and O(pairs with a file in common).
  package func conflicts(in plan: Plan, _ files: RepositoryFiles) -> [PredictedConflict] {
    let claims = claims(in: plan, files)
    var meetings: [IndexPair: Meeting] = [:]
    for (path, claimants) in grouped(claims) where claimants.count > 1 {
      for (place, one) in claimants.prefix(Self.mostClaimants).enumerated() {
        for two in claimants.prefix(Self.mostClaimants).dropFirst(place + 1)
        where one.task != two.task
          && plan.tasks[one.task].repository == plan.tasks[two.task].repository
        {
          meetings[IndexPair(one.task, two.task), default: Meeting()].evidence.append(
            evidence(path, one, two, plan))
        }
      }
    }
    if let model { addLearned(model, plan, files, to: &meetings) }
    return sorted(meetings.map { conflict($0.key, $0.value, plan) })
  }

  /// What speaks for two tasks meeting in a file.
  struct Meeting {
    /// Files that both claim.
    var evidence: [PredictedConflict.Evidence] = []
    /// What the history makes of their texts.
    var learned: (probability: Double, evidence: [PredictedConflict.Evidence])?
  }

  private func claims(in plan: Plan, _ files: RepositoryFiles) -> [[FileClaim]] {
    let reader = ClaimReader(files: files, ignored: ignored)
    let stated = plan.tasks.map { $0.status.isRunnable ? reader.claims(of: $0) : [] }
    let companions = files.companions(of: Set(stated.joined().map(\.path)))
    if companions.isEmpty { return stated }
    return stated.map { $0 + reader.added(to: $0, companions) }
  }

  private struct Claimant {
    var task: Int
    var claim: FileClaim
    var probability: Double
  }

  /// Who claims each path; folders and patterns claim every path in them that somebody names.
  private func grouped(_ claims: [[FileClaim]]) -> [String: [Claimant]] {
    var groups: [String: [Claimant]] = [:]
    var vague: [(task: Int, claim: FileClaim, pattern: GlobPattern)] = []
    for (task, list) in claims.enumerated() {
      for claim in list {
        groups[claim.path, default: []].append(
          Claimant(task: task, claim: claim, probability: claim.probability))
        guard claim.isFolder || claim.isPattern else { continue }
        let pattern = claim.isFolder ? "/" + claim.path : claim.path
        vague.append((task, claim, GlobPattern(pattern)))
      }
    }
    guard vague.count * groups.count <= 5_000_000 else { return groups }
    let exact = groups.keys.filter { !$0.hasSuffix("/") && !GlobPattern.isPattern($0) }
    for (task, claim, pattern) in vague {
      for path in exact where pattern.matches(path) {
        groups[path, default: []].append(
          Claimant(task: task, claim: claim, probability: claim.probability * Self.vagueness))
      }
    }
    return groups
  }

  private func evidence(
    _ path: String, _ one: Claimant, _ two: Claimant, _ plan: Plan
  ) -> PredictedConflict.Evidence {
    let (one, two) = plan.tasks[one.task].id < plan.tasks[two.task].id ? (one, two) : (two, one)
    let words = [one, two].map { $0.claim.words(of: plan.tasks[$0.task].id) }
    return PredictedConflict.Evidence(
      path: path, probability: one.probability * two.probability,
      words: words.joined(separator: ", "))
  }

  private func conflict(
    _ pair: IndexPair, _ meeting: Meeting, _ plan: Plan
  ) -> PredictedConflict {
    // A path that a task names both itself and by its folder counts once.
    var best: [String: PredictedConflict.Evidence] = [:]
    for each in meeting.evidence where each.probability > best[each.path]?.probability ?? 0 {
      best[each.path] = each
    }
    let evidence = best.values.sorted { ($1.probability, $0.path) < ($0.probability, $1.path) }
    let claimed = 1 - evidence.reduce(1) { $0 * (1 - $1.probability) }
    // Not both together: what the texts name is among what the learned probability rests on.
    let probability = max(claimed, meeting.learned?.probability ?? 0)
    let learned = (meeting.learned?.evidence ?? []).filter { best[$0.path] == nil }
    let ids = [plan.tasks[pair.first].id, plan.tasks[pair.second].id].sorted()
    let standing: PredictedConflict.Standing =
      isOrdered(pair, plan.graph) ? .ordered : probability < threshold ? .unlikely : .expected
    return PredictedConflict(
      first: ids[0], second: ids[1], probability: probability,
      evidence: Array((evidence + learned).prefix(20)), standing: standing)
  }

  private func isOrdered(_ pair: IndexPair, _ graph: TaskGraph) -> Bool {
    if graph.level[pair.first] == graph.level[pair.second] { return false }
    if schedule == .levels { return true }
    let (low, high) =
      graph.level[pair.first] < graph.level[pair.second]
      ? (pair.first, pair.second) : (pair.second, pair.first)
    return reaches(from: high, to: low, graph)
  }

  /// Whether a task needs another one, over however many between them.
  private func reaches(from start: Int, to target: Int, _ graph: TaskGraph) -> Bool {
    var (open, seen) = ([start], Set([start]))
    while let task = open.popLast() {
      for dependency in graph.dependencies(of: task)
      where graph.level[dependency] >= graph.level[target] {
        if dependency == target { return true }
        if seen.insert(dependency).inserted { open.append(dependency) }
      }
    }
    return false
  }

  private func sorted(_ conflicts: [PredictedConflict]) -> [PredictedConflict] {
    let all = conflicts.sorted {
      ($1.probability, $0.first, $0.second) < ($0.probability, $1.first, $1.second)
    }
    return PredictedConflict.Standing.allCases.reversed().flatMap { standing in
      all.filter { $0.standing == standing }.prefix(Self.mostPairs)
    }
  }
}
