/// Reads which files a commit has and which ones its history changed together.
package struct HistoryReader {
  private let git: Git

  package init(folder: String, environment: EnvironmentBlock) {
    git = Git(folder: folder, program: Program(environment: Git.environment(environment)))
  }

  /// How many commits are looked at.
  private static let depth = 400

  /// What can be found; nothing when git does not tell.
  package func files(at commit: String) -> RepositoryFiles {
    let tree = try? git.call(["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit])
    let log = try? git.call([
      "log", "--no-merges", "--no-renames", "-n", "\(Self.depth)", "--name-only", "-z",
      "--format=%x01", commit,
    ])
    guard let tree, tree.isSuccess else { return .unknown }
    return RepositoryFiles(paths: tree.texts, commits: log.map { Self.commits(in: $0.texts) } ?? [])
  }

  /// The fields of a log in which a commit begins with the character U+0001.
  static func commits(in fields: [String]) -> [[String]] {
    var commits: [[String]] = []
    for field in fields {
      var name = field[...]
      if name.hasPrefix("\u{1}") {
        commits.append([])
        name = name.dropFirst()
      }
      while name.first == "\n" { name = name.dropFirst() }
      if !name.isEmpty, !commits.isEmpty { commits[commits.count - 1].append(String(name)) }
    }
    return commits.filter { $0.count > 1 }
  }
}
