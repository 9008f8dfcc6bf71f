/// What is to be said about a plan's tracks.
package struct TrackReport: Sendable {
  let analysis: TrackAnalysis
  /// The sprints of the plan itself when they fit the tracks, else new ones.
  package let sprints: [Sprint]

  package init(_ analysis: TrackAnalysis, sprintLength: Duration = TrackSprints.standardLength) {
    self.analysis = analysis
    let own = analysis.plan.sprints
    let tasks = Set(own.flatMap(\.tasks))
    let fits =
      own.allSatisfy { $0.track.map { 1...analysis.tracks.count ~= $0 } == true }
      && analysis.plan.tasks.allSatisfy { tasks.contains($0.id) }
    sprints =
      !own.isEmpty && fits ? own : TrackSprints.sprints(of: analysis, length: sprintLength)
  }

  /// The report as text for people.
  package func text() -> String {
    guard analysis.plan.graph.stuck.isEmpty else {
      return "❌ Tracks need a plan without cycles; see lanes validate\n"
    }
    guard !analysis.plan.tasks.isEmpty else { return "ℹ️  Nothing is left to do\n" }
    let parts = [chains, most, configuration, distribution, totals, table]
    return parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private var chains: [String] {
    let long = analysis.tracks.chains.filter { $0.count > 1 }
    let single = analysis.tracks.chains.filter { $0.count == 1 }.map { $0[0] }.sorted()
    let limit = 20
    var lines = ["Dependency Analysis:"]
    for (number, chain) in long.prefix(limit).enumerated() {
      lines.append("  Chain \(number + 1)\(kind(of: chain)): \(way(chain)) (\(hours(chain)))")
    }
    if long.count > limit { lines.append("  … and \(long.count - limit) more chains") }
    if !single.isEmpty { lines.append("  Independent: \(list(single)) (\(hours(single)))") }
    let length = hours(analysis.criticalPath.length)
    lines += ["", "Critical Path: \(way(analysis.criticalPath.path)) - \(length)"]
    if analysis.estimates.undeclared > 0 {
      let guess = hours(analysis.estimates.fallback.microseconds)
      lines.append(
        "  (\(analysis.estimates.undeclared) of \(analysis.plan.tasks.count) tasks state no hours and count as \(guess))"
      )
    }
    return lines
  }

  private var most: [String] {
    let chains = analysis.tracks.chains.count { $0.count > 1 }
    return [
      "Maximum Parallel Development Tracks: \(analysis.maxTracks)", "", "Reasoning:",
      "- \(counted(analysis.width.count, "task")) wait for none of each other, and no more do: \(list(analysis.width.tasks))",
      "- \(counted(chains, "chain")) of tasks that wait for each other",
      "- \(reasonForRecommendation)", "", "Recommendation: --tracks \(analysis.recommended)",
    ]
  }

  private var reasonForRecommendation: String {
    let number = analysis.recommended
    if analysis.plan.tasks.contains(where: { $0.track == number }) {
      return "the plan assigns its tasks to \(counted(number, "track"))"
    }
    guard number < min(analysis.maxTracks, analysis.options.count) else {
      return "each track up to \(number) makes it faster"
    }
    let (own, next) = (analysis.options[number - 1], analysis.options[number])
    return
      "with \(number), balanced by hours, it takes \(hours(own.makespan)), with \(number + 1) still \(hours(next.makespan))"
  }

  private var configuration: [String] {
    var lines = ["Parallel Development Configuration:"]
    if let requested = analysis.requested { lines.append("- Requested tracks: \(requested)") }
    lines.append("- Max possible tracks: \(analysis.maxTracks)")
    lines.append("- Using: \(counted(analysis.tracks.count, "track"))")
    if let requested = analysis.requested, requested > analysis.maxTracks {
      lines.append(
        "Requested \(requested) tracks, but max possible is \(analysis.maxTracks). Using \(counted(analysis.maxTracks, "track"))."
      )
    }
    return lines
  }

  private var distribution: [String] {
    let tasks = Dictionary(
      analysis.plan.tasks.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var lines = ["Track Distribution:"]
    for track in 0..<analysis.tracks.count {
      let own = sprints.filter { $0.track == track + 1 }
      lines += [
        "", "Track \(track + 1) (\(cleaned(analysis.name(of: track)))):",
        "  Total: \(counted(analysis.tracks.tasks[track].count, "task")), \(hours(analysis.tracks.loads[track])) across \(counted(own.count, "sprint"))",
      ]
      for sprint in own {
        let indexes = sprint.tasks.compactMap { tasks[$0] }
        lines.append(
          "  - \(cleaned("\(sprint.id): \(sprint.name)")) (\(counted(indexes.count, "task")), \(hours(indexes)))"
        )
        for task in indexes {
          let spec = analysis.plan.tasks[task]
          lines.append("    * \(cleaned("\(spec.id): \(spec.title)"))")
        }
      }
    }
    return lines
  }

  private var totals: [String] {
    var lines = [
      "Total: \(counted(analysis.plan.tasks.count, "task")), ~\(hours(analysis.work)) development",
      "Parallel execution time: ~\(hours(analysis.tracks.makespan)) (vs \(number(analysis.work)) sequential)",
      "Time savings: \(analysis.savedPercent)%",
    ]
    let heaviest = analysis.tracks.loads.max() ?? 0
    if analysis.tracks.makespan > heaviest {
      let wait = hours(analysis.tracks.makespan - heaviest)
      lines.append("  (\(wait) of it because tracks wait for each other's tasks)")
    }
    let byHours = analysis.options.first { $0.tracks == analysis.tracks.count }?.makespan
    if let byHours, byHours < analysis.tracks.makespan {
      lines.append("  (balanced by hours alone it would be ~\(hours(byHours)): --balance hours)")
    }
    return lines
  }

  private var table: [String] {
    ["What if, balanced by hours:", "  Tracks        Time  Saved   Idle"]
      + analysis.options.map { option in
        let time = hours(option.makespan)
        let idle = Self.idlePercent(option, work: analysis.work)
        let mark = option.tracks > analysis.maxTracks ? "  more than can be busy" : ""
        return
          "  \(left(option.tracks, 6))  \(left(time, 10))  \(left("\(analysis.saved(by: option.makespan))%", 5))  \(left("\(idle)%", 5))\(mark)"
      }
  }

  /// The share of the tracks' time in which they have nothing to do.
  static func idlePercent(_ option: TrackAnalysis.Option, work: Int64) -> Int {
    let whole = Double(option.makespan) * Double(option.tracks)
    return whole <= 0 ? 0 : Int(((whole - Double(work)) / whole * 100).rounded())
  }

  private func left(_ value: some CustomStringConvertible, _ width: Int) -> String {
    let text = value.description
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func kind(of chain: [Int]) -> String {
    var kinds: [String: Int] = [:]
    for task in chain {
      if let kind = analysis.plan.tasks[task].worker { kinds[kind, default: 0] += 1 }
    }
    let most = kinds.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    return most.map { " (\(cleaned($0)))" } ?? ""
  }

  private func way(_ tasks: [Int]) -> String { joined(tasks, " → ") }

  private func list(_ tasks: [Int]) -> String { joined(tasks, ", ") }

  private func joined(_ tasks: [Int], _ separator: String) -> String {
    var words = tasks.map { cleaned(analysis.plan.tasks[$0].id.text) }
    if words.count > 24 {
      words.replaceSubrange(12..<words.count - 11, with: ["… (\(words.count - 23) more)"])
    }
    return words.joined(separator: separator)
  }

  private func hours(_ tasks: [Int]) -> String {
    hours(tasks.reduce(0) { $0 + analysis.estimates.weights[$1] })
  }

  private func hours(_ microseconds: Int64) -> String {
    let text = number(microseconds)
    return text == "1" ? "1 hour" : "\(text) hours"
  }

  private func number(_ microseconds: Int64) -> String {
    YAMLText.number(Double(microseconds) / 3_600_000_000)
  }
}
