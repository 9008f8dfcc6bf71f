import Core

/// Finds the run to take up, and what the journal and its folder know of it.
struct Recoverer {
  let project: Project
  let console: Console

  func recover(from journal: Journal, at now: Instant) throws -> Recovery {
    let salvage = journal.setAside.map { Salvage(path: $0.path) } ?? Salvage(runs: [])
    let known = try journal.runs().map(\.id)
    guard let id = newest(known + salvage.runs.compactMap(Self.name)) else {
      throw Failure(.usage, "lanes: there is no run to resume; start one with `lanes run`")
    }
    try restore(salvage, except: id, into: journal)
    let isKnown = known.contains(id)
    let rows =
      isKnown
      ? try journal.rows(run: id, after: 0, limit: .max)
      : salvage.runs.first { Self.name($0) == id }?.rows ?? []
    let recovery = Recovery(
      rows: rows, areSalvaged: !isKnown, folder: folder(of: id), at: now)
    guard let recovery else {
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

  /// The newest of the runs that the journal knows or that left a folder with a manifest.
  ///
  /// Names tell the second in which a run was started, manifests tell the rest.
  private func newest(_ known: [String]) -> String? {
    let folders = FileBytes.names(in: project.folder.path + "/runs")
    return (known + folders).map { id in
      (id: id, second: id.prefix(15), moment: folder(of: id).createdAt)
    }
    .filter { $0.moment != nil || known.contains($0.id) }
    .max { ($0.second, $0.moment ?? 0) < ($1.second, $1.moment ?? 0) }?.id
  }

  private func folder(of id: String) -> RunFolder {
    RunFolder(path: project.folder.run(RunID(id)))
  }

  /// Puts the whole runs of a damaged journal into the new one, except the one that goes on: its
  /// events are written anew with what was lost between them.
  private func restore(
    _ salvage: Salvage, except id: String, into journal: Journal
  ) throws {
    let whole = salvage.runs.filter { run in
      run.run != nil && run.rows.first?.sequence == 1 && Self.name(run) != id
    }
    try journal.restore(Salvage(runs: whole))
  }

  /// The name of a salvaged run, also when only its first event tells.
  private static func name(_ run: Salvage.Run) -> String? {
    if let known = run.run { return known.id }
    guard let first = run.rows.first.flatMap(RunEvent.init(row:)),
      case .runStarted(let manifest) = first.kind
    else { return nil }
    return manifest.id.text
  }
}
