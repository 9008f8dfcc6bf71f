import Core

/// `lanes plan --tracks`: the work divided over tracks.
enum TrackCommand {
  static func run(
    _ call: Call, _ plan: Plan, _ wanted: String, strict: Bool
  ) throws -> ExitStatus {
    let requested = Int(wanted)
    guard wanted == "auto" || requested.map({ 1...100_000 ~= $0 }) == true else {
      throw Failure(
        .usage, "lanes plan: --tracks: \(quoted(wanted)) is no number of tracks; write 3, or auto")
    }
    guard PlanCommands.isUsable(plan, strict: strict) else {
      call.console.write(PlanReport.findingLines(of: plan), isResult: false)
      throw Failure(.badPlan, "❌ \(cleaned(plan.origin.file)): there are no tracks; see above")
    }
    let balance = call.invocation.flags["balance"].flatMap(Tracks.Balance.init) ?? .worker
    let hours = call.invocation.integer("sprint-hours")
    let report = TrackReport(
      TrackAnalysis(plan, requested: requested, balance: balance),
      sprintLength: hours.map { .seconds($0 * 3600) } ?? TrackSprints.standardLength)
    let isJSON = call.invocation.flags["format"] == "json"
    if isJSON { call.console.out(bytes: report.json()) } else { call.console.write(report.text()) }
    if call.invocation.has("write") { try write(report, of: plan, call) }
    return .done
  }

  private static func write(_ report: TrackReport, of plan: Plan, _ call: Call) throws {
    guard !report.sprints.isEmpty else {
      throw Failure(.usage, "lanes plan: nothing is left to do, so no sprints are written")
    }
    let base = call.invocation.operands.isEmpty ? call.project.directory : call.project.current
    let written = try TrackFiles.write(
      report, of: plan, directory: base, replaces: call.invocation.has("force"),
      at: WallClock().now())
    call.console.note(
      "Wrote \(counted(written.sprints.count, "sprint")): \(written.sprints.joined(separator: ", "))"
    )
    if let old = written.setAside { call.console.note("The old state is kept as \(old)") }
    call.console.note("State tracking initialized at: \(written.state)")
  }
}
