import Glibc

/// The folder `.lanes` in which the runs of a repository are kept, as paths.
package struct LanesFolder: Equatable, Sendable {
  /// The path of the folder itself.
  package let path: String

  /// The folder of the repository at `directory`.
  package init(in directory: String) {
    path = directory.hasSuffix("/") ? directory + ".lanes" : directory + "/.lanes"
  }

  package var database: String { path + "/lanes.sqlite" }
  /// The file whose lock says that a runner is at work.
  package var lock: String { path + "/lock" }
  /// What is touched to make the runner look at its inbox.
  package var wake: String { path + "/wake" }

  /// The folder of a task's worktree.
  package func worktree(of task: TaskID) -> String {
    path + "/worktrees/" + CleanName.of(task)
  }

  /// The folder of one run's files.
  ///
  /// What is not a letter, digit, `.`, `-` or `_` in the run's name becomes `_`, and so does a
  /// leading dot, so that the path stays inside.
  package func run(_ id: RunID) -> String {
    var name: [UInt8] = []
    for byte in id.text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        name.append(byte)
      case UInt8(ascii: ".") where !name.isEmpty: name.append(byte)
      default: name.append(UInt8(ascii: "_"))
      }
    }
    return path + "/runs/" + String(decoding: name, as: UTF8.self)
  }

  /// Makes the folder, for its owner's eyes only and ignored by git, unless it is there.
  package func create() throws(LanesFolderError) {
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw failure("cannot be made", errno) }
    try check()
    let ignore = path + "/.gitignore"
    let file = open(ignore, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw failure("cannot be written", errno, at: ignore) }
    defer { close(file) }
    var status = stat()
    if fstat(file, &status) == 0, status.st_size > 0 { return }
    guard write(file, "*\n", 2) == 2 else { throw failure("cannot be written", errno, at: ignore) }
  }

  /// Refuses a folder that somebody else could have prepared, and closes one that is too open.
  package func check() throws(LanesFolderError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw failure("cannot be read", errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw LanesFolderError(
        path: path, problem: "is not a folder",
        remedy: "move it away; lanes keeps the journal of its runs in a folder of this name")
    }
    guard status.st_uid == geteuid() else {
      throw LanesFolderError(
        path: path, problem: "belongs to another user (uid \(status.st_uid))",
        remedy: "run lanes as that user, or move the folder away")
    }
    if status.st_mode & 0o077 != 0 { _ = chmod(path, 0o700) }
  }

  private func failure(
    _ problem: String, _ code: Int32, at path: String? = nil
  ) -> LanesFolderError {
    LanesFolderError(
      path: path ?? self.path, problem: "\(problem): \(SystemError(code: code))",
      remedy: remedy(code))
  }

  private func remedy(_ code: Int32) -> String {
    switch code {
    case ENOSPC, EDQUOT: "free some disk space"
    case ENOENT, ENOTDIR: "start lanes in a folder that exists"
    default: "make the folder writable, or start lanes in another one"
    }
  }
}

/// Why the folder `.lanes` cannot be used.
package struct LanesFolderError: Error, Equatable, Sendable, CustomStringConvertible {
  package var path: String
  package var problem: String
  package var remedy: String

  package init(path: String, problem: String, remedy: String) {
    self.path = path
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String { printable("\(path) \(problem); \(remedy)") }
}
