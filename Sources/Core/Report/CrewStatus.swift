/// What `lanes status`, reports and the view say of agents, money and limits.
package enum CrewStatus {
  /// Spending, gates at work on more than one task, and limits that keep tasks from starting.
  static func lines(_ state: RunState, at now: Instant) -> [String] {
    guard let crew = state.crew else { return [] }
    var lines = spending(crew).map { ["Cost: \($0)"] } ?? []
    if let run = crew.stage {
      lines.append("  🔍 \(cleaned(run.gate)) checks \(cleaned(run.stage.words))")
    }
    for (account, hold) in crew.holds.sorted(by: { $0.key < $1.key }) {
      guard let until = hold.until else { continue }
      let left = max(.zero, until - now).readable
      lines.append("  ⏳ \(account): \(cleaned(hold.words)); nothing of it starts for \(left)")
    }
    return lines
  }

  /// What was spent, of how much; nil when nothing was.
  static func spending(_ crew: CrewState) -> String? {
    let totals = crew.totals
    if totals.tokensIn + totals.tokensOut == 0, totals.cost == 0 { return nil }
    let limit = crew.budget.limit.map { " of \(dollars($0))" } ?? ""
    return
      "\(dollars(totals.cost))\(limit), \(totals.tokensIn) tokens in, \(totals.tokensOut) out, "
      + counted(totals.turns, "turn")
  }

  static func encode(_ state: RunState, into json: inout JSONWriter) {
    guard let crew = state.crew else { return }
    let totals = crew.totals
    json.field("cost", totals.cost)
    json.field("review_cost", totals.reviewCost)
    json.field("tokens_in", totals.tokensIn)
    json.field("tokens_out", totals.tokensOut)
    json.field("turns", totals.turns)
    json.key("budget")
    json.object { crew.budget.encodeFields(into: &$0) }
    json.key("holds")
    json.array { json in
      for (account, hold) in crew.holds.sorted(by: { $0.key < $1.key }) {
        guard let until = hold.until else { continue }
        json.object { json in
          json.field("account", account)
          json.field("until", until.text)
          json.field("message", hold.words)
        }
      }
    }
    encodeTracks(crew, into: &json)
  }

  private static func encodeTracks(_ crew: CrewState, into json: inout JSONWriter) {
    guard let tracks = crew.tracks else { return }
    json.key("tracks")
    json.array { json in
      for track in tracks.open.indices where tracks.total[track] > 0 {
        json.object { json in
          json.field("track", track)
          json.field("name", crew.options.tracks?.name(of: track) ?? "")
          json.field("tasks", tracks.total[track])
          json.field("open", tracks.open[track])
          json.field("work", tracks.worked[track].seconds)
          json.field("cost", tracks.cost[track])
        }
      }
    }
  }

  static func encode(_ state: RunState, task index: Int, into json: inout JSONWriter) {
    guard let work = state.crew?.works[index], let agent = work.agent else { return }
    json.field("agent", agent)
    json.field("tier", work.tier)
    json.field("cost", work.cost)
    if let session = work.session { json.field("session", session) }
    if let activity = state.activity(of: index) { json.field("activity", activity) }
  }
}

extension RunState {
  /// What the run has cost in US dollars; nil when nothing tells.
  package var cost: Double? {
    crew.flatMap { $0.totals.cost > 0 ? $0.totals.cost : nil }
  }

  /// Who works on a task or did last, as in `strong (opus), tier 2`; nil for a command.
  package func agentWords(of index: Int) -> String? {
    guard let crew, let name = crew.works[index].agent else { return nil }
    let model = crew.options.agent(name)?.model.map { " (\(cleaned($0)))" } ?? ""
    return "\(cleaned(name))\(model), tier \(crew.works[index].tier)"
  }

  /// What a task has cost; nil when nothing tells.
  package func costWords(of index: Int) -> String? {
    guard let work = crew?.works[index], work.cost > 0 else { return nil }
    return dollars(work.cost)
  }
}
