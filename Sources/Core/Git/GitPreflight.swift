import Glibc

/// Finds out, before a run, whether tasks can work in worktrees of a repository.
package struct GitPreflight: Sendable {
  /// Git in the folder the tasks would work in.
  private let git: Git
  private let folder: String

  package init(folder: String, environment: EnvironmentBlock) {
    self.folder = folder
    git = Git(
      folder: folder, program: Program(environment: Git.environment(environment)))
  }

  /// Whether a folder seems to be in a repository, found without starting git.
  package static func isInRepository(_ folder: String) -> Bool {
    var folder = folder
    while true {
      let base = folder == "/" ? "" : folder
      if access(base + "/.git", F_OK) == 0 || isBare(base) { return true }
      guard folder != "/", let slash = folder.lastIndex(of: "/") else { return false }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
  }

  private static func isBare(_ folder: String) -> Bool {
    ["HEAD", "objects", "refs"].allSatisfy { access("\(folder)/\($0)", F_OK) == 0 }
  }

  /// The repository as a run needs it, or what stands in the way with its remedy.
  ///
  /// `base` names what tasks start from; nil is what is checked out.
  package func repository(
    named name: String = "", base: String?
  ) throws(GitError) -> GitOptions.Repository {
    try checkVersion()
    let (root, prefix) = try place()
    let commit = try commit(of: base ?? "HEAD")
    try checkIdentity()
    try checkRefs(commit)
    try checkFolder(prefix, in: commit)
    return GitOptions.Repository(
      name: name, root: root, prefix: prefix, base: try readableBase(base), commit: commit)
  }

  /// The oldest git that merges without a checkout.
  package static let oldestVersion = (2, 38)

  /// The version in what `git --version` prints.
  package static func version(in text: String) -> (Int, Int)? {
    let word = text.split(separator: " ").first { $0.first?.isNumber ?? false } ?? ""
    let numbers = word.split(separator: ".").prefix(2).map { Int($0.prefix(while: \.isNumber)) }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    return (major, minor)
  }

  private func checkVersion() throws(GitError) {
    let text = try git.run("--version").text
    guard let version = Self.version(in: text), version < Self.oldestVersion else { return }
    throw GitError(
      place: text, problem: "worktrees and merges without a checkout need git 2.38",
      remedy: "install a newer git, or run with --isolate none")
  }

  private func place() throws(GitError) -> (root: String, prefix: String) {
    let result = try git.call([
      "rev-parse", "--is-bare-repository", "--show-toplevel", "--show-prefix",
    ])
    let lines = result.text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.first == "true" {
      throw GitError(
        place: folder, problem: "is a bare repository",
        remedy: "add a worktree (git worktree add ../work) and run lanes there")
    }
    guard result.isSuccess, lines.count >= 2 else {
      if result.errorText.contains("must be run in a work tree") {
        throw GitError(
          place: folder, problem: "is inside the folder .git", remedy: "run lanes in the checkout")
      }
      throw git.error(["rev-parse"], result)
    }
    return (String(lines[1]), lines.count > 2 ? String(lines[2]) : "")
  }

  private func commit(of base: String) throws(GitError) -> String {
    let name = base + "^{commit}"
    let result = try git.call(["rev-parse", "--verify", "--quiet", "--end-of-options", name])
    if result.isSuccess { return result.text }
    let hasCommits = try git.call(["rev-parse", "--verify", "--quiet", "HEAD"]).isSuccess
    if !hasCommits, base == "HEAD" {
      throw GitError(
        place: folder,
        problem: "the repository has no commit yet, so tasks have nothing to start from",
        remedy: "commit something, or run with --isolate none")
    }
    let names = try git.run(
      "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes")
    let known = names.text.split(separator: "\n").map(String.init)
    let meant = nearest(base, among: known).map { "did you mean \($0)?" }
    throw GitError(
      place: quoted(base), problem: "is no commit of the repository \(folder)",
      remedy: meant ?? "name a branch, a tag or a commit with --base")
  }

  /// What the base is called: the branch that is checked out, or the name that was given.
  private func readableBase(_ base: String?) throws(GitError) -> String {
    if let base { return base }
    return try git.text("symbolic-ref", "--quiet", "--short", "HEAD") ?? "HEAD"
  }

  private func checkIdentity() throws(GitError) {
    let words = ["-c", "user.useConfigOnly=true", "var"]
    for ident in ["GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"]
    where try !git.call(words + [ident]).isSuccess {
      throw GitError(
        place: folder, problem: "git does not know who commits what tasks leave",
        remedy: "run git config --global user.name NAME and git config --global user.email ADDRESS")
    }
  }

  /// Whether branches can be made: a hook or the file system may forbid it.
  ///
  /// The transaction is prepared and then given up, so that nothing is left.
  private func checkRefs(_ commit: String) throws(GitError) {
    let words = ["update-ref", "--stdin"]
    let lines = "start\ncreate refs/heads/lanes-check-\(getpid()) \(commit)\nprepare\nabort\n"
    let result = try git.call(words, input: Array(lines.utf8))
    guard result.isSuccess else { throw git.error(words, result) }
  }

  private func checkFolder(_ prefix: String, in commit: String) throws(GitError) {
    if prefix.isEmpty { return }
    let path = String(prefix.dropLast())
    if try git.call(["cat-file", "-e", "\(commit):\(path)"]).isSuccess { return }
    throw GitError(
      place: path, problem: "is not in the commit \(commit.prefix(10)) that tasks start from",
      remedy: "commit the folder, or run with --isolate none")
  }

  /// Branches that stand where the run's own branches would go.
  package func checkBranches(_ options: GitOptions) throws(GitError) {
    for pattern in [options.branch, options.levelBranch]
    where !RefName.isUsable(pattern: pattern) {
      throw GitError(
        place: quoted(pattern), problem: "gives names that git does not take for a branch",
        remedy: "leave out spaces and the characters ~ ^ : ? * [ \\, and dots at an end")
    }
    let parts = [options.branch, options.levelBranch, "integration/x"].compactMap {
      $0.split(separator: "/").dropLast().first.map(String.init)
    }
    for part in Set(parts).sorted() where !part.contains("{") {
      let ref = "refs/heads/\(part)"
      guard try git.call(["show-ref", "--verify", "--quiet", ref]).isSuccess else { continue }
      throw GitError(
        place: part, problem: "a branch of this name leaves no room for branches like \(part)/…",
        remedy: "rename it (git branch -m \(part) OTHER), or choose other names with git.branch")
    }
  }

  /// How many files of the checkout differ from its commit, without those that `isOwn` knows.
  package func uncommitted(except isOwn: (String) -> Bool) -> Int {
    let words = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=no"]
    guard let result = try? git.call(words), result.isSuccess else { return 0 }
    return result.texts.count { !isOwn(String($0.dropFirst(3))) }
  }

  /// Whether the history is cut off somewhere.
  package var isShallow: Bool {
    (try? git.text("rev-parse", "--is-shallow-repository")) == "true"
  }
}
