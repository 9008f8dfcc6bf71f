/// The part of a summary that is about agents, gates and money.
extension Summary {
  static func crew(_ state: RunState, _ metrics: Metrics) -> [String] {
    guard let crew = state.crew else { return [] }
    return money(crew) + tiers(state, crew) + gates(crew) + tracks(state, crew, metrics)
  }

  private static func money(_ crew: CrewState) -> [String] {
    CrewStatus.spending(crew).map { ["📊 Cost: \($0)"] } ?? []
  }

  private static func tiers(_ state: RunState, _ crew: CrewState) -> [String] {
    let done = crew.totals.tasksByTier.values.reduce(0, +)
    if crew.ladders.isEmpty || done == 0 { return [] }
    let parts = crew.totals.tasksByTier.sorted { $0.key < $1.key }.filter { $0.value > 0 }
      .map { "T\($0.key) tasks: \($0.value) (\((Double($0.value) / Double(done)).percentText))" }
    return ["📊 Iterations: \(crew.totals.iterations)", "📊 \(parts.joined(separator: ", "))"]
  }

  private static func gates(_ crew: CrewState) -> [String] {
    if crew.options.gates.isEmpty { return [] }
    let totals = crew.totals
    let count = totals.gatesPassed + totals.gatesFailed
    var lines = ["📊 Gates: \(totals.gatesPassed) of \(count) passed"]
    for entry in crew.stageResults where !entry.result.isRetried {
      let word = entry.result.hasPassed ? "✅" : "❌"
      let why = entry.result.hasPassed ? "PASS" : "FAIL - \(cleaned(entry.result.words))"
      lines.append("  \(word) \(cleaned(entry.stage.words)): \(cleaned(entry.gate)): \(why)")
    }
    return lines
  }

  /// The final report of a plan in tracks.
  private static func tracks(
    _ state: RunState, _ crew: CrewState, _ metrics: Metrics
  ) -> [String] {
    guard let tracks = crew.tracks, tracks.open.count > 1 else { return [] }
    var lines: [String] = []
    if state.phase == .finished(.succeeded) {
      lines += [
        "╔═══════════════════════════════════════════╗",
        "║  🎉 PROJECT COMPLETION SUCCESSFUL  🎉    ║",
        "╚═══════════════════════════════════════════╝",
      ]
    }
    let done = state.counts.succeeded + state.counts.skipped
    lines += [
      "Overall Statistics:", "  Total tasks: \(done)/\(state.tasks.count) completed",
      "  Total sprints: \(crew.options.tracks?.sprints.count ?? 0)",
      "  Total iterations: \(crew.totals.iterations)",
    ]
    for (tier, count) in crew.totals.tasksByTier.sorted(by: { $0.key < $1.key }) where count > 0 {
      lines.append(
        "  T\(tier) tasks: \(count) (\((Double(count) / Double(max(1, done))).percentText))")
    }
    return lines + time(state, metrics) + costs(crew, tracks)
  }

  private static func time(_ state: RunState, _ metrics: Metrics) -> [String] {
    let estimate = state.manifest.plan.tasks.compactMap(\.estimate).reduce(.zero, +)
    let saved =
      metrics.worked > .zero
      ? max(0, 1 - metrics.wall.seconds / metrics.worked.seconds).percentText : "0%"
    return [
      "Execution Time:",
      "  Sequential estimate: "
        + (estimate > .zero
          ? "~\(Int((estimate.seconds / 3600).rounded())) hours"
          : "\(metrics.worked.readable) (measured)"),
      "  Task time, one after the other: \(metrics.worked.readable)",
      "  Parallel execution: \(metrics.wall.readable) (wall clock)",
      "  Time saved: \(saved)",
    ]
  }

  private static func costs(_ crew: CrewState, _ tracks: CrewState.TrackState) -> [String] {
    var lines = ["Cost Breakdown:"]
    for track in tracks.open.indices where tracks.total[track] > 0 {
      let name = crew.options.tracks?.name(of: track) ?? ""
      let title = track == 0 ? "Without a track" : "Track \(track)"
      let label = name.isEmpty ? title : "\(title) (\(cleaned(name)))"
      lines.append("  \(label): \(dollars(tracks.cost[track]))")
    }
    return lines + [
      "  Final review: \(dollars(crew.totals.reviewCost))", "  Total: \(dollars(crew.totals.cost))",
    ]
  }

  static func stageFailures(_ state: RunState) -> [String] {
    (state.crew?.stageResults ?? []).filter { !$0.result.hasPassed && !$0.result.isRetried }
      .map {
        "❌ \(cleaned($0.gate)) refused \(cleaned($0.stage.words)): \(cleaned($0.result.words))"
      }
  }
}
