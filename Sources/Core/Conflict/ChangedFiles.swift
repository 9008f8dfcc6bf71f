import CLinux
import Glibc

/// The files that a worktree has changed since the commit it started from.
struct ChangedFiles: Equatable {
  /// For each path what tells one content from another.
  private(set) var marks: [String: String] = [:]
  /// Those that are in no commit.
  private(set) var uncommitted: [String] = []
  private(set) var head = ""

  /// Reads what git says of a worktree.
  ///
  /// Cost: one git process, and another one when the task has committed.
  init(git: Git, base: String, ignored: IgnoreList) throws(GitError) {
    let words = [
      "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames",
    ]
    let status = try git.run(words)
    for entry in status.texts {
      if entry.hasPrefix("# branch.oid ") { head = String(entry.dropFirst(13)) }
      guard let path = Self.path(entry), !ignored.contains(path) else { continue }
      uncommitted.append(path)
      marks[path] = Self.mark(git.folder + "/" + path)
    }
    guard !head.isEmpty, head != base else { return }
    let committed = try git.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, head)
    for path in committed.texts where marks[path] == nil && !ignored.contains(path) {
      marks[path] = head
    }
  }

  /// The path in a line of `git status --porcelain=v2`.
  private static func path(_ entry: String) -> String? {
    let fields =
      switch entry.first {
      case "1": 8
      case "u": 10
      case "?": 1
      default: 0
      }
    guard fields > 0 else { return nil }
    return entry.split(separator: " ", maxSplits: fields, omittingEmptySubsequences: false).last
      .map(String.init)
  }

  private static func mark(_ path: String) -> String {
    var status = stat()
    guard lstat(path, &status) == 0 else { return "gone" }
    return "\(lanes_nanoseconds(status.st_mtim)) \(status.st_size) \(status.st_mode)"
  }
}

/// The work of a worktree as a commit that no repository sees.
struct Snapshot {
  /// Git in the worktree, with an object folder of its own.
  let git: Git
  /// Where the copy of the index is.
  let index: String

  /// The tree of everything in the worktree, on top of its commit.
  func commit(_ changed: ChangedFiles) throws(GitError) -> String {
    if changed.uncommitted.isEmpty { return changed.head }
    try copyIndex()
    let variables = [Variable("GIT_INDEX_FILE", index), Variable("GIT_LITERAL_PATHSPECS", "1")]
    let names = Array(changed.uncommitted.joined(separator: "\0").utf8)
    let words = ["add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"]
    if try !git.call(words, input: names, variables: variables).isSuccess {
      // A file went away between the two looks.
      try git.run(["add", "--all", "--", "."], variables: variables)
    }
    let tree = try git.run(["write-tree"], variables: variables).text
    return try git.run(["commit-tree", tree, "-p", changed.head, "-m", "Now"]).text
  }

  /// Copies the worktree's index to where this one's own is to be.
  func copyIndex() throws(GitError) {
    let path = try git.run("rev-parse", "--path-format=absolute", "--git-path", "index").text
    guard let bytes = FileBytes.read(path) else {
      unlink(index)
      return
    }
    let file = open(index, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer { if file >= 0 { close(file) } }
    var rest = bytes[...]
    while file >= 0, !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    guard rest.isEmpty else {
      throw GitError(place: index, problem: "cannot be written", remedy: "free some disk space")
    }
  }
}
