import Glibc

/// What is in a worktree and in no commit.
struct Leavings {
  /// Git in the worktree.
  let git: Git
  /// Paths that are never committed: what lanes itself put there.
  var spared: [String] = []

  init(git: Git, spared: [String] = []) {
    self.git = git
    self.spared = spared
  }

  /// Whether there is anything: changed, staged or untracked, but not ignored.
  func isPresent() throws(GitError) -> Bool {
    let words = ["status", "--porcelain", "-z", "--untracked-files=normal", "--", "."] + exclusions
    return try !git.run(words).output.isEmpty
  }

  /// Stages everything and returns the tree it is.
  ///
  /// A lock that a killed git left on the worktree's index is removed: its task has ended.
  func stage() throws(GitError) -> String {
    let words = ["add", "--all", "--", "."] + exclusions
    var result = try git.call(words)
    if !result.isSuccess, result.errorText.contains("index.lock"),
      let lock = try git.text("rev-parse", "--path-format=absolute", "--git-path", "index.lock")
    {
      unlink(lock)
      result = try git.call(words)
    }
    guard result.isSuccess else { throw git.error(words, result) }
    return try git.run("write-tree").text
  }

  private var exclusions: [String] { spared.map { ":(exclude,top,literal)\($0)" } }

  /// Commits everything on top of the worktree's commit under a ref, when it is in no branch yet.
  ///
  /// The worktree stays as it is, but for its index. Nil when the work is safe already.
  func save(under ref: String) throws(GitError) -> SavedWork? {
    let head = try git.run("rev-parse", "HEAD").text
    var commit = head
    if try isPresent() {
      let tree = try stage()
      commit = try git.run(
        "commit-tree", tree, "-p", head, "-m", "Keep what was left in a worktree"
      ).text
    } else {
      // The lock of the worktree's own HEAD does not count: only branches and refs keep a commit.
      let words = ["for-each-ref", "--count=1", "--format=%(refname)", "--contains", head]
      if try !git.run(words).output.isEmpty { return nil }
    }
    let unique = "\(ref)/\(commit.prefix(10))"
    try git.run("update-ref", unique, commit)
    return SavedWork(ref: unique, commit: commit)
  }
}
