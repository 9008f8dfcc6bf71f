import Glibc

/// What one task has changed, as git is asked for it.
package struct WorkDiff: Hashable, Sendable {
  /// The task's worktree, or the repository once that is gone.
  package var folder: String
  /// The commit the work started from.
  package var base: String
  /// The commit it is; nil for what lies in the worktree now, committed or not.
  package var head: String?
  /// Paths in the worktree that are not the task's work.
  package var spared: [String]

  package init(folder: String, base: String, head: String? = nil, spared: [String] = []) {
    self.folder = folder
    self.base = base
    self.head = head
    self.spared = spared
  }

  /// Has git write the differences, with a list of the files before them, into a new file without a name;
  /// returns its descriptor, which the caller closes.
  ///
  /// Neither the worktree nor its index is changed. Blocks the thread until git has ended; never holds the
  /// text in memory.
  package func write(scratch: String) throws(GitError) -> Int32 {
    let file = try Self.temporaryFile(in: scratch)
    unlink(file.path)
    do throws(GitError) {
      let program = Program(environment: Git.environment(EnvironmentBlock.inherited()))
      try write(to: file.descriptor, Git(folder: folder, program: program), scratch: scratch)
      return file.descriptor
    } catch {
      close(file.descriptor)
      throw error
    }
  }

  private func write(to file: Int32, _ git: Git, scratch: String) throws(GitError) {
    // No program but git decides what is shown: the files are those of a task.
    let words = [
      "diff", "--no-ext-diff", "--no-textconv", "--patch-with-stat", "--stat=100",
      "--output=/proc/\(getpid())/fd/\(file)", base,
    ]
    if let head {
      try git.run(words + [head, "--"])
      return
    }
    // New files count too; that takes an index of our own, where they are noted.
    let index = try Self.temporaryFile(in: scratch)
    close(index.descriptor)
    defer { unlink(index.path) }
    let copy = Snapshot(git: git, index: index.path)
    try copy.copyIndex()
    let variables = [Variable("GIT_INDEX_FILE", index.path)]
    let exclusions = spared.map { ":(exclude,top,literal)\($0)" }
    _ = try git.call(["add", "--intent-to-add", "--", "."] + exclusions, variables: variables)
    try git.run(words + ["--", "."] + exclusions, variables: variables)
  }

  private static func temporaryFile(
    in folder: String
  ) throws(GitError) -> (path: String, descriptor: Int32) {
    var template = Array("\(folder)/diff-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw GitError(
        place: folder, problem: "no file can be made: \(String(cString: strerror(errno)))",
        remedy: "free some disk space, or let this user write there")
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let path = template.dropLast().map { UInt8(bitPattern: $0) }
    return (String(decoding: path, as: UTF8.self), descriptor)
  }
}
