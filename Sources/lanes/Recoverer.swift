import Core

/// Finds the run to take up, and what the journal and its folder know of it.
struct Recoverer {
  let project: Project
  let console: Console

  func recover(
    _ name: String?, from journal: Journal, at now: Instant
  ) throws -> Recovery {
    let known = try journal.latestRun()?.id
    guard let id = name ?? known ?? newestFolder() else {
      throw Failure(.usage, "lanes: there is no run to resume; start one with `lanes run`")
    }
    let folder = RunFolder(path: project.folder.run(RunID(id)))
    let rows = try rows(of: id, in: journal)
    let recovery = Recovery(
      rows: rows.rows, areSalvaged: rows.areSalvaged, folder: folder, at: now)
    guard let recovery else {
      throw Failure(
        .usage, "lanes: nothing is known of run \(cleaned(id)); `lanes status` names the latest")
    }
    if try !journal.runs().contains(where: { $0.id == id }) {
      try journal.addRun(
        JournalRun(
          id: id, startedAt: recovery.state.startedAt.microseconds,
          plan: recovery.state.manifest.plan.origin.file, version: Version.text))
    }
    for note in recovery.notes { console.note("lanes: \(note); its folder was believed instead") }
    return recovery
  }

  /// A run's rows, from the journal or from one that was set aside as damaged.
  private func rows(
    of id: String, in journal: Journal
  ) throws -> (rows: [JournalRow], areSalvaged: Bool) {
    if try !journal.runs().contains(where: { $0.id == id }) { return ([], false) }
    return (try journal.rows(run: id, after: 0, limit: .max), false)
  }

  /// The newest run that has a folder, for when there is no journal.
  private func newestFolder() -> String? {
    FileBytes.names(in: project.folder.path + "/runs").max()
  }
}
