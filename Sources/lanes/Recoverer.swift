import Core

/// Finds the run to take up, and what the journal and its folder know of it.
struct Recoverer {
  let project: Project
  let console: Console

  func recover(from journal: Journal, at now: Instant) throws -> Recovery {
    let salvaged = try journal.setAside.map { try restore($0, into: journal) } ?? [:]
    guard let id = try newestRun(in: journal) else {
      throw Failure(.usage, "lanes: there is no run to resume; start one with `lanes run`")
    }
    let folder = RunFolder(path: project.folder.run(RunID(id)))
    let isKnown = try journal.runs().contains { $0.id == id }
    let rows = isKnown ? try journal.rows(run: id, after: 0, limit: .max) : salvaged[id] ?? []
    guard let recovery = Recovery(rows: rows, areSalvaged: !isKnown, folder: folder, at: now) else {
      throw Failure(
        .usage, "lanes: nothing is left of run \(cleaned(id)) but its name; start a new one")
    }
    if !isKnown {
      try journal.addRun(
        JournalRun(
          id: id, startedAt: recovery.state.startedAt.microseconds,
          plan: recovery.state.manifest.plan.origin.file, version: Version.text))
    }
    for note in recovery.notes { console.note("lanes: \(note); its folder was believed instead") }
    return recovery
  }

  /// Puts the whole runs of a damaged journal into the new one; the result is the rows of the others.
  private func restore(
    _ setAside: SetAside, into journal: Journal
  ) throws -> [String: [JournalRow]] {
    let salvage = Salvage(path: setAside.path)
    let isWhole = { (run: Salvage.Run) in run.run != nil && run.rows.first?.sequence == 1 }
    try journal.restore(Salvage(runs: salvage.runs.filter(isWhole)))
    var others: [String: [JournalRow]] = [:]
    for run in salvage.runs where !isWhole(run) {
      if let id = run.run?.id ?? Self.name(in: run.rows) { others[id] = run.rows }
    }
    return others
  }

  /// The name in a run's first event, when that is there.
  private static func name(in rows: [JournalRow]) -> String? {
    guard let first = rows.first.flatMap(RunEvent.init(row:)),
      case .runStarted(let manifest) = first.kind
    else { return nil }
    return manifest.id.text
  }

  /// The newest run of which there is a folder, or else an entry; names sort by time.
  private func newestRun(in journal: Journal) throws -> String? {
    let folders = FileBytes.names(in: project.folder.path + "/runs")
    return try (folders + journal.runs().map(\.id)).max()
  }
}
