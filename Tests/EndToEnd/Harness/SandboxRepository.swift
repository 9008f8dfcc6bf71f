import Core
import Glibc
import Testing

extension Sandbox {
  /// What git prints in the project's folder, or in another one of the sandbox.
  @discardableResult
  func git(_ words: String..., in folder: String = "") throws -> String {
    try git(words, in: folder)
  }

  @discardableResult
  func git(_ words: [String], in folder: String = "", input: String = "") throws -> String {
    let variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8"]
    let program = Program(environment: EnvironmentBlock(variables))
    let place = folder.hasPrefix("/") ? folder : path + "/" + folder
    let result = try program.run(["git", "-C", place] + words, input: Array(input.utf8))
    try #require(
      result.isSuccess, "git \(words.joined(separator: " ")): \(result.errorText) \(result.text)")
    return result.text
  }

  /// Makes the project's folder a repository with everything in it committed.
  func makeRepository(_ files: [String: String] = ["README.md": "# Project\n"]) throws {
    try git("init", "-q", "-b", "main")
    try git("config", "user.name", "Test")
    try git("config", "user.email", "test@example.invalid")
    for (name, text) in files.sorted(by: { $0.key < $1.key }) {
      if let slash = name.lastIndex(of: "/") { try makeFolder(String(name[..<slash])) }
      try write(text, to: name)
    }
    try git("add", ".")
    try git("commit", "-q", "-m", "The beginning")
  }

  func makeFolder(_ name: String) throws {
    var path = ""
    for part in name.split(separator: "/") {
      path += (path.isEmpty ? "" : "/") + part
      if !exists(path) { try #require(Glibc.mkdir(self.path + "/" + path, 0o755) == 0) }
    }
  }

  /// The content of a file in a commit.
  func shown(_ commit: String, _ file: String) throws -> String {
    try git("show", "\(commit):\(file)")
  }

  /// The branches whose names begin like this, sorted.
  func branches(_ prefix: String = "") throws -> [String] {
    try git("for-each-ref", "--format=%(refname:short)", "refs/heads/\(prefix)")
      .split(separator: "\n").map(String.init).sorted()
  }

  /// The integration branch of a level of the only run.
  func result(level: Int) throws -> String {
    try #require(try branches("integration").first { $0.hasPrefix("integration/level-\(level)-") })
  }
}
