import Core
import Glibc
import Testing

/// A repository for one test, with a commit, removed with what is in it.
final class GitRepository: Sendable {
  let folder: TemporaryFolder
  let git: Git

  var path: String { folder.path + "/project" }

  init(_ files: [String: String] = ["README.md": "# Project\n"]) throws {
    folder = try TemporaryFolder()
    let path = try folder.folder("project")
    let variables = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "GIT_CONFIG_NOSYSTEM": "1",
    ]
    git = Git(
      folder: path,
      program: Program(environment: Git.environment(EnvironmentBlock(variables))))
    try git.run("init", "-q", "-b", "main")
    try git.run("config", "user.name", "Test")
    try git.run("config", "user.email", "test@example.invalid")
    for (name, text) in files { try write(text, to: name) }
    try git.run("add", ".")
    try git.run("commit", "-q", "-m", "The beginning")
  }

  func write(_ text: String, to name: String) throws {
    var place = ""
    for part in name.split(separator: "/").dropLast() {
      place += "/" + part
      mkdir(path + place, 0o755)
    }
    _ = try folder.write(text, to: "project/" + name)
  }

  func commit(_ name: String = "HEAD") throws -> String {
    try git.run("rev-parse", "--verify", name + "^{commit}").text
  }

  var options: GitOptions.Repository {
    get throws { GitOptions.Repository(root: path, base: "main", commit: try commit("main")) }
  }
}
