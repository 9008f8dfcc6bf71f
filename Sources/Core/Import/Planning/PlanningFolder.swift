/// Where the files of a plan in YAML are: its tasks, its sprints and the state of the work.
struct PlanningFolder {
  /// The files with tasks, as the user would type them, in the order of their names.
  let tasks: [String]
  let sprints: [String]
  /// The file that keeps the statuses, whether it is there or not.
  let state: String
  /// Where sprints are written to.
  let sprintFolder: String

  /// The most files that are read of one kind.
  private static let limit = 100_000

  /// Looks around a folder of task files, or one such file, below `directory`.
  ///
  /// For `docs/planning/tasks` the sprints are in `docs/sprints` or `docs/planning/sprints`, and the
  /// state is `docs/planning/.project-state.yaml`. A file on its own has neither folder.
  init(_ path: String, directory: String) {
    let full = { PlanSource.path($0, in: directory) }
    var path = path
    while path.hasSuffix("/"), path.utf8.count > 1 { path.removeLast() }
    let parent = Self.parent(of: path)
    if !SourceFile.isFolder(full(path)) {
      tasks = [path]
    } else if Self.files(in: path, directory).isEmpty, SourceFile.isFolder(full(path + "/tasks")) {
      self = PlanningFolder(path + "/tasks", directory: directory)
      return
    } else {
      tasks = Self.files(in: path, directory)
    }
    let places = [Self.join(Self.parent(of: parent), "sprints"), Self.join(parent, "sprints")]
    let found = places.first { SourceFile.isFolder(full($0)) }
    sprintFolder = found ?? places[0]
    sprints = found.map { Self.files(in: $0, directory) } ?? []
    state = Self.join(parent, ".project-state.yaml")
  }

  static func files(in folder: String, _ directory: String) -> [String] {
    SourceFile.names(in: PlanSource.path(folder, in: directory)).prefix(limit)
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.map { join(folder, $0) }
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path == "." ? ".." : "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder == "." ? name : folder == "/" ? "/" + name : folder + "/" + name
  }
}
