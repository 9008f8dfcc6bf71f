import Glibc

/// Makes, keeps and removes the worktrees of one repository's tasks.
///
/// Everything here may be done again after it was interrupted anywhere. What is in the way is kept
/// under a ref below `refs/lanes` before it is removed, and said in `notes`.
struct Worktrees {
  let git: Git
  let repository: GitOptions.Repository
  let setup: WorkspaceSetup
  private(set) var notes: [String] = []
  /// A commit that is kept already.
  private var safe: String?

  init(git: Git, repository: GitOptions.Repository, setup: WorkspaceSetup) {
    self.git = git
    self.repository = repository
    self.setup = setup
  }

  /// The worktree that was ordered.
  mutating func prepare(_ order: WorkspaceOrder) throws(GitError) -> Workspace {
    if let saved = order.setAside { try git.run("update-ref", saved.ref, saved.commit) }
    safe = order.setAside?.commit
    switch order.start {
    case .asItIs(let base, let commits, let ref):
      if head(of: order.path) != nil {
        keepLeavings(of: order.path, under: ref)
        return Workspace(path: order.path, branch: order.branch, base: base)
      }
      return try add(order, at: try merged(commits))
    case .new(let commits): return try add(order, at: try merged(commits))
    case .conflict(let ours, let theirs):
      var workspace = try add(order, at: ours)
      try showConflict(in: workspace, theirs: theirs)
      workspace.resolves = theirs
      workspace.ancestor = try git.text("merge-base", ours, theirs)
      return workspace
    }
  }

  /// Keeps what an attempt left, for somebody who wants to know what each of them did.
  private mutating func keepLeavings(of path: String, under ref: String) {
    do throws(GitError) {
      _ = try Leavings(git: git.at(path), spared: setup.linked).save(under: ref)
    } catch {
      notes.append("what an attempt left could not be kept: \(error)")
    }
  }

  /// The commit checked out in a worktree of this repository; nil when the folder is none.
  private func head(of path: String) -> String? {
    guard access(path + "/.git", F_OK) == 0, let top = try? git.at(path).text("rev-parse", "HEAD")
    else { return nil }
    return top
  }

  /// One commit that has all of these in it; what does not merge is left out and said.
  private mutating func merged(_ commits: [String]) throws(GitError) -> String {
    guard var result = commits.first else { return repository.commit }
    for commit in commits.dropFirst() where commit != result {
      if try git.call(["merge-base", "--is-ancestor", result, commit]).isSuccess {
        result = commit
        continue
      }
      let merge = Merge(git: git)
      switch try merge.attempt(ours: result, theirs: commit) {
      case .contained: continue
      case .clean(let tree):
        result = try merge.commit(
          tree, parents: [result, commit], message: "Join what a task starts from")
      case .conflicted(let conflict):
        let files = conflict.files.prefix(3).map(\.words).joined(separator: ", ")
        notes.append("\(short(commit)) is not in what the task starts from: \(files)")
      }
    }
    return result
  }

  // MARK: Making

  private mutating func add(_ order: WorkspaceOrder, at commit: String) throws(GitError)
    -> Workspace
  {
    var branch = order.branch
    if access(order.path, F_OK) == 0 { try clear(order.path) }
    var result = try call(order.path, commit, branch: branch, isNew: true)
    // A task's own git may look through the worktrees at the wrong moment, or this one's.
    for _ in 0..<3 where result.errorText.contains(".git/worktrees/") {
      try clear(order.path)
      if !branch.isEmpty { try keep(branch, beside: commit) }
      result = try call(order.path, commit, branch: branch, isNew: false)
    }
    if !result.isSuccess, !isThere(order.path, commit) {
      try clear(order.path)
      (branch, result) = try reuse(branch, order.path, commit)
    }
    guard result.isSuccess || isThere(order.path, commit) else {
      throw git.error(["worktree add"], result)
    }
    if !result.isSuccess {
      notes.append("a hook of git ended with status \(result.status) in the new worktree")
    }
    notes += try WorkspaceFiles(git: git, root: repository.root, setup: setup).add(to: order.path)
    return Workspace(path: order.path, branch: branch, base: commit)
  }

  private func call(
    _ path: String, _ commit: String, branch: String, isNew: Bool
  ) throws(GitError) -> Program.Result {
    let target = branch.isEmpty ? ["--detach"] : ["--no-track", isNew ? "-b" : "-B", branch]
    return try git.call(["worktree", "add", "--quiet"] + target + ["--", path, commit])
  }

  /// Whether the worktree is whole: git also fails when only its hook did.
  private func isThere(_ path: String, _ commit: String) -> Bool {
    guard head(of: path) == commit,
      let status = try? git.at(path).call(["diff-index", "--quiet", "--cached", "HEAD", "--"])
    else { return false }
    return status.isSuccess
  }

  /// The branch of an earlier run is used again; its commits are kept under another ref.
  private mutating func reuse(
    _ branch: String, _ path: String, _ commit: String
  ) throws(GitError) -> (String, Program.Result) {
    guard !branch.isEmpty else { return (branch, try call(path, commit, branch: "", isNew: true)) }
    try keep(branch, beside: commit)
    var result = try call(path, commit, branch: branch, isNew: false)
    if result.isSuccess || isThere(path, commit) { return (branch, result) }
    // Somebody else has the branch checked out.
    for number in 2..<100 where result.errorText.contains("checked out at") {
      let other = "\(branch)-\(number)"
      try clear(path)
      try keep(other, beside: commit)
      result = try call(path, commit, branch: other, isNew: false)
      guard result.isSuccess || isThere(path, commit) else { continue }
      notes.append("the branch \(branch) is checked out elsewhere; \(other) is used instead")
      return (other, result)
    }
    return (branch, result)
  }

  private mutating func keep(_ branch: String, beside commit: String) throws(GitError) {
    let ref = "refs/heads/\(branch)"
    guard let old = try git.text("rev-parse", "--verify", "--quiet", ref), old != commit,
      old != safe,
      try !git.call(["merge-base", "--is-ancestor", old, commit]).isSuccess
    else { return }
    let kept = "refs/lanes/kept/\(branch)/\(short(old))"
    try git.run("update-ref", kept, old)
    notes.append("the branch \(branch) was there already; what it was is kept as \(kept)")
  }

  // MARK: Clearing

  /// Takes away what is at the path; work in it is kept under a ref.
  private mutating func clear(_ path: String) throws(GitError) {
    if head(of: path) != nil {
      let name = path.split(separator: "/").last.map(String.init) ?? "worktree"
      if let saved = try Leavings(git: git.at(path)).save(
        under: "refs/lanes/kept/worktrees/\(name)")
      {
        notes.append("a worktree was at \(path) already; what was in it is kept as \(saved.ref)")
      }
    }
    // Git does not know every folder that may be here, and may know one that is gone.
    _ = try git.call(["worktree", "remove", "--force", "--force", "--", path])
    guard access(path, F_OK) == 0 else { return }
    let aside = path + ".left-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    guard rename(path, aside) == 0 else {
      throw GitError(
        place: path, problem: "is in the way: \(String(cString: strerror(errno)))",
        remedy: "move it away")
    }
    if rmdir(aside) != 0 { notes.append("what was at \(path) is now at \(aside)") }
  }

  /// Removes a worktree; what is in it and nowhere else is kept under `ref` first.
  ///
  /// Returns a folder that is still to be deleted: that takes long, and git need not wait for it.
  mutating func remove(_ workspace: Workspace, saving ref: String?) throws(GitError) -> String? {
    let path = workspace.path
    if let ref, head(of: path) != nil, let saved = try Leavings(git: git.at(path)).save(under: ref)
    {
      notes.append("what was left in \(path) is kept as \(saved.ref)")
    }
    let rubbish = Self.rubbishPath(of: path)
    let isMoved = rename(path, rubbish) == 0
    let words = ["worktree", "remove", "--force", "--force", "--", path]
    let result = try git.call(words)
    if !result.isSuccess, access(path, F_OK) == 0 { throw git.error(words, result) }
    return isMoved ? rubbish : nil
  }

  private static let rubbishMark = ".rubbish-"

  private static func rubbishPath(of path: String) -> String {
    let (folder, name) =
      path.lastIndex(of: "/").map {
        (String(path[..<$0]), String(path[path.index(after: $0)...]))
      } ?? ("", path)
    return "\(folder)/\(rubbishMark)\(getpid())-\(name)"
  }

  /// The folders in one that were to be deleted; no task's worktree has such a name.
  static func rubbish(beside folder: String) -> [String] {
    FileBytes.names(in: folder).filter { $0.hasPrefix(rubbishMark) }.map { folder + "/" + $0 }
  }

  // MARK: Conflicts

  /// Puts the merge with its markers into the worktree, as `git merge` would have left it.
  private func showConflict(in workspace: Workspace, theirs: String) throws(GitError) {
    let merge = Merge(git: git)
    guard case .conflicted(let conflict) = try merge.attempt(ours: workspace.base, theirs: theirs)
    else { return }
    let here = git.at(workspace.path)
    try here.run("read-tree", "-u", "--reset", conflict.tree)
    // The index is that of the commit again, so that the conflict shows as changes.
    try here.run("read-tree", "HEAD")
  }

  private func short(_ commit: String) -> String { String(commit.prefix(10)) }
}
