/// Reads the history of a repository in one stream.
package struct CommitLogReader {
  private let git: Git

  package init(folder: String, environment: EnvironmentBlock) {
    git = Git(folder: folder, program: Program(environment: Git.environment(environment)))
  }

  /// How many of the newest commits are read where nobody says otherwise.
  package static let usualCount = 50_000

  /// What git is asked to print of a commit; names of files follow.
  static let format = "--format=%x01%H%x01%P%x01%B"

  /// The newest commits that lead to `commit`, and its hash.
  ///
  /// Renames are not looked for: they cost more than they tell. Cost: what git takes, some 100 µs a
  /// commit.
  package func log(
    of commit: String = "HEAD", count: Int = usualCount, isIgnored: @escaping (String) -> Bool
  ) throws(GitError) -> (log: CommitLog, commit: String) {
    let name = "\(commit)^{commit}"
    guard let hash = try git.text("rev-parse", "--verify", "--quiet", "--end-of-options", name)
    else {
      throw GitError(
        place: git.folder, problem: "there is no commit \(quoted(commit))",
        remedy: "commit something first, or name another base")
    }
    let output = try git.run(
      "log", "-n", "\(count)", "--name-only", "--no-renames", "--no-show-signature", "-z",
      Self.format, hash, "--"
    ).output
    return (CommitLog(parsing: output, isIgnored: isIgnored), hash)
  }

  /// How many commits `newer` has that `older` lacks; nil when git does not know one of them.
  package func distance(from older: String, to newer: String) -> Int? {
    let text = try? git.text("rev-list", "--count", "\(older)..\(newer)", "--")
    return text.flatMap { Int($0) }
  }
}
