/// What it costs to run tasks one after the other that would conflict, and what it costs not to; times in
/// microseconds.
package struct ConflictPrice: Equatable, Sendable {
  package var workers: Int
  package var without: Int64
  package var with: Int64
  /// What keeping each of the expected pairs apart costs alone.
  package var pairs: [Int64]
  /// The time when all of them run at the same time and do not merge.
  package var rolledBack: Int64
  /// How much longer that takes for each of them alone than keeping it apart.
  package var rollBacks: [Int64]

  /// Nil for plans that are too large to simulate.
  package init?(
    _ plan: Plan, _ conflicts: [PredictedConflict], schedule: RunOptions.Schedule, workers: Int
  ) {
    let expected = conflicts.filter { $0.standing == .expected }
    guard !expected.isEmpty, plan.tasks.count <= SerializedMakespan.mostTasks else { return nil }
    let makespan = SerializedMakespan(plan, schedule: schedule, workers: workers)
    let pairs = expected.compactMap { conflict -> IndexPair? in
      guard let one = plan.index(of: conflict.first), let two = plan.index(of: conflict.second)
      else { return nil }
      return IndexPair(one, two)
    }
    self.workers = workers
    without = makespan.time(with: [])
    with = makespan.time(with: pairs)
    let without = without
    let shown = pairs.prefix(PlanReport.mostConflicts)
    let apart = shown.map { makespan.time(with: [$0]) }
    self.pairs = apart.map { $0 - without }
    rolledBack = makespan.time(with: [], rollingBack: pairs)
    rollBacks = zip(shown, apart).map { max(0, makespan.time(with: [], rollingBack: [$0]) - $1) }
  }
}

extension PlanReport {
  /// Takes predictions in and works out what they cost.
  package mutating func note(
    _ found: [PredictedConflict], _ schedule: RunOptions.Schedule,
    _ policy: GitOptions.PredictedPolicy
  ) {
    conflicts = found
    conflictPolicy = policy
    if isRunnable { conflictPrice = ConflictPrice(plan, found, schedule: schedule, workers: jobs) }
  }

  static let mostConflicts = 20

  /// The pairs with their evidence, and the price of what happens to them.
  ///
  /// At most `mostEvidence` lines of evidence for each.
  package func conflictLines(mostEvidence: Int = 3) -> [String] {
    if conflicts.isEmpty { return [] }
    var lines = ["", "Predicted conflicts:"]
    var place = 0
    for conflict in conflicts.prefix(Self.mostConflicts) {
      lines.append(line(conflict, expected: place))
      if conflict.standing == .expected { place += 1 }
      lines += evidenceLines(conflict.evidence, most: mostEvidence)
    }
    if conflicts.count > Self.mostConflicts {
      lines.append("  … and \(conflicts.count - Self.mostConflicts) more; --format json has all")
    }
    return lines + (conflictPrice.map { ["  " + words($0)] } ?? [])
  }

  private func words(_ price: ConflictPrice) -> String {
    let (apart, together) = (time(price.with), time(price.without))
    switch conflictPolicy {
    case .serialize: return "Kept apart, -j \(price.workers) takes \(apart) instead of \(together)"
    case .speculate:
      return "At the same time, -j \(price.workers) takes \(together) instead of \(apart), and"
        + " \(time(price.rolledBack)) if none of them merges"
    case .warn, .off:
      return "At the same time, -j \(price.workers) takes \(together); kept apart, \(apart)"
    }
  }

  private func evidenceLines(_ all: [PredictedConflict.Evidence], most: Int) -> [String] {
    var lines = all.prefix(most).map { evidence in
      let place = evidence.path.isEmpty ? "some file" : cleaned(evidence.path)
      return "      \(place) (\(evidence.probability.percentText)): \(evidence.words)"
    }
    if all.count > most { lines.append("      and \(counted(all.count - most, "more reason"))") }
    return lines
  }

  /// A pair with what happens to it; `place` is its place among those that are expected to conflict.
  private func line(_ conflict: PredictedConflict, expected place: Int) -> String {
    let pair = "\(cleaned(conflict.first.text)) × \(cleaned(conflict.second.text))"
    let likely = conflict.probability.percentText
    return switch conflict.standing {
    case .expected:
      "  ⚠️  \(pair)  \(likely): \(fate(ofExpected: place))"
    case .unlikely: "  ℹ️  \(pair)  \(likely): may run at the same time"
    case .ordered: "  ℹ️  \(pair)  \(likely): one runs after the other anyway"
    }
  }

  private func fate(ofExpected place: Int) -> String {
    let price = conflictPrice.flatMap { $0.pairs.indices.contains(place) ? $0 : nil }
    switch conflictPolicy {
    case .serialize:
      return "one after the other" + (price.map { ", which costs \(time($0.pairs[place]))" } ?? "")
    case .speculate:
      let words = price.map {
        ", which wins \(time($0.pairs[place])), or costs \(time($0.rollBacks[place])) if one is"
          + " rolled back"
      }
      return "at the same time" + (words ?? "; one is rolled back if they do not merge")
    case .warn, .off: return "at the same time"
    }
  }

  private func time(_ microseconds: Int64) -> String {
    Duration.microseconds(microseconds).readable
  }

  /// The pairs alone, as one JSON object with a line end.
  package var conflictJSON: [UInt8] {
    var writer = JSONWriter(reservingCapacity: 1024)
    writer.object { writeConflicts(to: &$0) }
    writer.newline()
    return writer.bytes
  }

  func writeConflicts(to writer: inout JSONWriter) {
    writer.key("conflicts")
    writer.array { writer in for conflict in conflicts { conflict.encode(into: &writer) } }
    if !conflicts.isEmpty { writer.field("conflict_policy", conflictPolicy.rawValue) }
    guard let price = conflictPrice else { return }
    writer.key("conflict_price")
    writer.object { writer in
      writer.field("makespan_seconds", Double(price.without) / 1_000_000)
      writer.field("serialized_makespan_seconds", Double(price.with) / 1_000_000)
      writer.field("rolled_back_makespan_seconds", Double(price.rolledBack) / 1_000_000)
    }
  }
}
