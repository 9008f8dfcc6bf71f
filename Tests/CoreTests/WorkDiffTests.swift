import Core
import Glibc
import Testing

/// What a task has changed, asked of real repositories.
struct WorkDiffTests {
  private func text(_ diff: WorkDiff, in repository: GitRepository) throws -> String {
    let descriptor = try diff.write(scratch: repository.folder.path)
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count)), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("a worktree's changes are told, new files included, and its index stays as it is")
  func worktree() throws {
    let repository = try GitRepository(["README.md": "# Project\n", ".gitignore": "*.log\n"])
    let base = try repository.commit()
    try repository.write("# Project\nmore\n", to: "README.md")
    try repository.git.run("commit", "-qam", "More")
    try repository.write("hello\n", to: "src/new.txt")
    try repository.write("noise\n", to: "build.log")
    try repository.write("shared\n", to: "cache")
    let before = try repository.git.run("status", "--porcelain=v2", "-z").output
    let diff = WorkDiff(folder: repository.path, base: base, spared: ["cache"])
    let text = try text(diff, in: repository)
    #expect(text.contains("2 files changed, 2 insertions(+)"))
    #expect(text.contains("diff --git a/README.md b/README.md"))
    #expect(text.contains("+++ b/src/new.txt\n@@ -0,0 +1 @@\n+hello\n"))
    #expect(try repository.git.run("status", "--porcelain=v2", "-z").output == before)
    #expect(try repository.git.run("ls-files", "src").output.isEmpty)
    #expect(FileBytes.names(in: repository.folder.path).filter { $0.hasPrefix("diff") }.isEmpty)
  }

  @Test("of work whose worktree is gone the commits are compared")
  func commits() throws {
    let repository = try GitRepository()
    let base = try repository.commit()
    try repository.write("hello\n", to: "new.txt")
    try repository.git.run("add", ".")
    try repository.git.run("commit", "-qm", "New")
    let head = try repository.commit()
    try repository.write("later\n", to: "later.txt")
    let text = try text(WorkDiff(folder: repository.path, base: base, head: head), in: repository)
    #expect(text.contains("+hello"))
    #expect(!text.contains("later"))
  }

  @Test("no program of the user's is run to show a difference")
  func programs() throws {
    let repository = try GitRepository(["a.txt": "one\n", ".gitattributes": "*.txt diff=own\n"])
    let base = try repository.commit()
    for key in ["diff.external", "diff.own.command", "diff.own.textconv"] {
      try repository.git.run("config", key, "touch \(repository.folder.path)/was-run; echo")
    }
    try repository.write("two\n", to: "a.txt")
    #expect(
      try text(WorkDiff(folder: repository.path, base: base), in: repository).contains("+two"))
    #expect(!FileBytes.names(in: repository.folder.path).contains("was-run"))
  }

  @Test("a commit that is not there is told in git's words")
  func unknown() throws {
    let repository = try GitRepository()
    #expect(throws: GitError.self) {
      try text(WorkDiff(folder: repository.path, base: "0123456789", head: "HEAD"), in: repository)
    }
  }
}
