import Glibc

/// The files that keep tracks: a file for each sprint, and the state of the project.
package enum TrackFiles {
  /// What was written, as the user would type it.
  package struct Written: Equatable, Sendable {
    package var sprints: [String]
    package var state: String
    /// Where the state that was there before went.
    package var setAside: String?
  }

  /// Writes the sprints and the state of a plan below `directory`.
  ///
  /// They go beside the tasks of a plan in YAML, for others to `docs/sprints` and
  /// `docs/planning/.project-state.yaml`. Throws when there are sprints or a state already, unless
  /// `replaces`: then sprints are replaced, and the old state is kept under another name.
  package static func write(
    _ report: TrackReport, of plan: Plan, directory: String, replaces: Bool, at now: Instant
  ) throws(PlanError) -> Written {
    let isPlanning = plan.origin.format == .planning
    let folder = PlanningFolder(
      isPlanning ? plan.origin.file : PlanSource.folders[0], directory: directory)
    let path = { (file: String) in PlanSource.path(file, in: directory) }
    let old = PlanningFolder.files(in: folder.sprintFolder, directory)
    let hasState = SourceFile.exists(path(folder.state))
    if !replaces, let known = old.first ?? (hasState ? folder.state : nil) {
      throw PlanError(
        .unwritable, file: known, problem: "it is there already",
        remedy: "--force replaces sprints and keeps the old state under another name")
    }
    try makeFolders(to: path(folder.sprintFolder), file: folder.sprintFolder)
    try makeFolders(to: path(folder.state.droppingName), file: folder.state)
    var written = Written(sprints: [], state: folder.state)
    for file in old where isSprint(file) { unlink(path(file)) }
    for sprint in report.sprints {
      let file = "\(folder.sprintFolder)/\(sprint.id).yaml"
      try create(file, text(of: sprint, in: report), path(file))
      written.sprints.append(file)
    }
    if hasState { written.setAside = try ProjectState.setAside(folder.state, directory: directory) }
    let state = ProjectStateText.text(
      for: report.assigned(plan), maxTracks: report.analysis.maxTracks, at: now)
    try create(folder.state, state, path(folder.state))
    return written
  }

  /// A sprint as YAML.
  static func text(of sprint: Sprint, in report: TrackReport) -> String {
    let hours = report.hours(of: sprint)
    var lines = [
      "id: \(YAMLText.scalar(sprint.id))", "name: \(YAMLText.quoted(sprint.name))",
    ]
    if let track = sprint.track { lines.append("track: \(track)") }
    lines += [
      "sprint_number: \(number(of: sprint))", "goal: \(YAMLText.quoted(sprint.goal))",
      "duration_hours: \(YAMLText.number(hours))",
    ]
    lines += list("tasks", sprint.tasks.map(\.text))
    lines += list("dependencies", sprint.dependencies)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The number in an id such as `SPRINT-002-01`.
  private static func number(of sprint: Sprint) -> Int {
    let parts = sprint.id.split(separator: "-").dropFirst()
    return parts.first.flatMap { Int($0) } ?? 1
  }

  private static func list(_ key: String, _ items: [String]) -> [String] {
    items.isEmpty ? ["\(key): []"] : ["\(key):"] + items.map { "  - \(YAMLText.scalar($0))" }
  }

  private static func isSprint(_ file: String) -> Bool {
    file.split(separator: "/").last?.hasPrefix("SPRINT-") == true
  }

  private static func create(_ file: String, _ text: String, _ path: String) throws(PlanError) {
    do throws(SourceFile.Failure) {
      try NewFile.write(Array(text.utf8), to: path)
    } catch {
      throw PlanError(
        .unwritable, file: file, problem: "it cannot be written: \(error)",
        remedy: "check the folder and its permissions")
    }
  }

  private static func makeFolders(to path: String, file: String) throws(PlanError) {
    var folder = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      folder += (folder.isEmpty || folder == "/" ? "" : "/") + part
      if mkdir(folder, 0o755) != 0, errno != EEXIST {
        throw PlanError(
          .unwritable, file: file, problem: SourceFile.message(errno),
          remedy: "check the folder and its permissions")
      }
    }
  }
}

extension ProjectState {
  /// Renames a state to the first free name after `.backup`, which it returns.
  static func setAside(_ state: String, directory: String) throws(PlanError) -> String {
    let path = PlanSource.path(state, in: directory)
    for number in 1..<1000 {
      let ending = ".backup" + (number == 1 ? "" : "\(number)")
      if link(path, path + ending) == 0 {
        unlink(path)
        return state + ending
      }
      guard errno == EEXIST else { break }
    }
    throw PlanError(
      .unwritable, file: state, problem: "it cannot be renamed: \(SourceFile.message(errno))",
      remedy: "check the folder and its permissions")
  }
}

extension String {
  /// The folder of a path.
  fileprivate var droppingName: String {
    lastIndex(of: "/").map { String(self[..<$0]) } ?? "."
  }
}

extension TrackReport {
  func hours(of sprint: Sprint) -> Double {
    let weights = sprint.tasks.compactMap { analysis.plan.index(of: $0) }
      .map { analysis.estimates.weights[$0] }
    return Double(weights.reduce(0, +)) / 3_600_000_000
  }

  /// The whole plan with its tasks on their tracks.
  func assigned(_ plan: Plan) -> Plan {
    var tasks = plan.tasks
    for index in tasks.indices {
      guard let own = analysis.plan.index(of: tasks[index].id) else { continue }
      tasks[index].track = analysis.tracks.track[own] + 1
      tasks[index].estimate = .microseconds(analysis.estimates.weights[own])
    }
    var assigned = Plan(origin: plan.origin, tasks: tasks)
    assigned.sprints = sprints
    for track in 0..<analysis.tracks.count {
      assigned.trackNames[track + 1] = analysis.name(of: track)
    }
    return assigned
  }
}
