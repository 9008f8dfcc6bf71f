/// What it costs to run tasks one after the other that would conflict; times in microseconds.
package struct ConflictPrice: Equatable, Sendable {
  package var workers: Int
  package var without: Int64
  package var with: Int64
  /// What each of the expected pairs costs alone.
  package var pairs: [Int64]

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
    self.pairs = pairs.prefix(PlanReport.mostConflicts).map { makespan.time(with: [$0]) - without }
  }
}

extension PlanReport {
  /// Takes predictions in and works out what they cost.
  package mutating func note(_ found: [PredictedConflict], _ schedule: RunOptions.Schedule) {
    conflicts = found
    if isRunnable { conflictPrice = ConflictPrice(plan, found, schedule: schedule, workers: jobs) }
  }

  static let mostConflicts = 20

  /// The pairs with their evidence, and the price of keeping them apart.
  ///
  /// At most `mostEvidence` lines of evidence for each.
  package func conflictLines(mostEvidence: Int = 3) -> [String] {
    if conflicts.isEmpty { return [] }
    var lines = ["", "Predicted conflicts:"]
    var place = 0
    for conflict in conflicts.prefix(Self.mostConflicts) {
      var price: String?
      if conflict.standing == .expected {
        if let prices = conflictPrice?.pairs, place < prices.count { price = time(prices[place]) }
        place += 1
      }
      lines.append(line(conflict, price))
      lines += evidenceLines(conflict.evidence, most: mostEvidence)
    }
    if conflicts.count > Self.mostConflicts {
      lines.append("  … and \(conflicts.count - Self.mostConflicts) more; --format json has all")
    }
    if let price = conflictPrice {
      lines.append(
        "  Kept apart, -j \(price.workers) takes \(time(price.with)) instead of \(time(price.without))"
      )
    }
    return lines
  }

  private func evidenceLines(_ all: [PredictedConflict.Evidence], most: Int) -> [String] {
    var lines = all.prefix(most).map { evidence in
      let place = evidence.path.isEmpty ? "some file" : cleaned(evidence.path)
      return "      \(place) (\(evidence.probability.percentText)): \(evidence.words)"
    }
    if all.count > most { lines.append("      and \(counted(all.count - most, "more reason"))") }
    return lines
  }

  private func line(_ conflict: PredictedConflict, _ price: String?) -> String {
    let pair = "\(cleaned(conflict.first.text)) × \(cleaned(conflict.second.text))"
    let likely = conflict.probability.percentText
    return switch conflict.standing {
    case .expected:
      "  ⚠️  \(pair)  \(likely): one after the other" + (price.map { ", which costs \($0)" } ?? "")
    case .unlikely: "  ℹ️  \(pair)  \(likely): may run at the same time"
    case .ordered: "  ℹ️  \(pair)  \(likely): one runs after the other anyway"
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
    guard let price = conflictPrice else { return }
    writer.key("conflict_price")
    writer.object { writer in
      writer.field("makespan_seconds", Double(price.without) / 1_000_000)
      writer.field("serialized_makespan_seconds", Double(price.with) / 1_000_000)
    }
  }
}
