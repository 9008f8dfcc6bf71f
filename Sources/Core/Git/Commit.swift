import Glibc

/// Turns what a task left in its worktree into one commit to be merged.
struct TaskCommit {
  let git: Git
  let order: CommitOrder
  let spared: [String]
  private(set) var notes: [String] = []

  init(git: Git, order: CommitOrder, spared: [String]) {
    self.git = git.at(order.workspace.path)
    self.order = order
    self.spared = spared
  }

  /// Commits what is left over, moves the task's branch to the newest commit, and says what changed.
  ///
  /// May be done again: what is committed already is found as it is.
  mutating func make() throws(GitError) -> WorkCommit {
    let here = try position()
    let leavings = Leavings(git: git, spared: spared)
    let isDirty = try leavings.isPresent() || order.workspace.resolves != nil
    var head = here.commit
    if isDirty, !(try isDone(head)) { head = try commit(leavings, on: head) }
    head = try joined(head, here)
    try Submodules(git: git).keep(order.workspace.path, under: "refs/lanes/submodules")
    let files = try changed(to: head)
    return WorkCommit(
      head: head, files: Array(files.prefix(WorkCommit.mostFiles)), count: files.count,
      hadLeftovers: isDirty)
  }

  /// Where the worktree stands.
  private struct Position {
    var commit: String
    /// The branch that is checked out, as a full ref; nil when none is.
    var ref: String?
  }

  private func position() throws(GitError) -> Position {
    let commit = try git.run("rev-parse", "--verify", "HEAD").text
    return Position(commit: commit, ref: try git.text("symbolic-ref", "--quiet", "HEAD"))
  }

  /// Whether a resolution was committed before the answer to that was lost.
  private func isDone(_ head: String) throws(GitError) -> Bool {
    guard let theirs = order.workspace.resolves, try !Leavings(git: git, spared: spared).isPresent()
    else {
      return false
    }
    return try git.call(["merge-base", "--is-ancestor", theirs, head]).isSuccess
  }

  private func commit(_ leavings: Leavings, on head: String) throws(GitError) -> String {
    let tree = try leavings.stage()
    var parents = [head]
    if let theirs = order.workspace.resolves {
      try refuseMarkers(in: tree, beside: head)
      parents.append(theirs)
    } else if tree == (try git.run("rev-parse", "\(head)^{tree}").text) {
      return head
    }
    let commit = try Merge(git: git).commit(tree, parents: parents, message: order.message)
    try git.run("update-ref", "-m", "lanes: what the task left", "HEAD", commit, head)
    return commit
  }

  private func refuseMarkers(in tree: String, beside head: String) throws(GitError) {
    let changed = try git.run(
      "diff-tree", "-r", "-z", "--name-only", "--diff-filter=AM", head, tree)
    for path in changed.texts {
      let blob = try git.call(["cat-file", "blob", "\(tree):\(path)"])
      guard let line = ConflictMarkers.lines(in: blob.output).first else { continue }
      throw GitError(
        place: path, problem: "still has conflict markers, at line \(line.lowerBound)",
        remedy: "the command that resolves conflicts must remove them")
    }
  }

  /// The commit that has both the task's branch and its HEAD in it, with the branch moved there.
  ///
  /// A worker may leave the worktree on another branch than its own.
  private mutating func joined(_ head: String, _ here: Position) throws(GitError) -> String {
    let branch = order.workspace.branch
    guard !branch.isEmpty else { return head }
    let ref = "refs/heads/\(branch)"
    if here.ref == ref { return head }
    guard let tip = try git.text("rev-parse", "--verify", "--quiet", ref), tip != head else {
      try git.run("update-ref", ref, head)
      return head
    }
    if try git.call(["merge-base", "--is-ancestor", head, tip]).isSuccess { return tip }
    if try !git.call(["merge-base", "--is-ancestor", tip, head]).isSuccess {
      let kept = "refs/lanes/kept/\(branch)/\(tip.prefix(10))"
      try git.run("update-ref", kept, tip)
      notes.append("the worktree was left on another branch; \(branch) is kept as \(kept)")
    }
    try git.run("update-ref", ref, head)
    return head
  }

  private func changed(to head: String) throws(GitError) -> [String] {
    if head == order.workspace.base { return [] }
    return try git.run(
      "diff-tree", "-r", "-z", "--name-only", "--no-renames", order.workspace.base, head
    ).texts
  }
}
