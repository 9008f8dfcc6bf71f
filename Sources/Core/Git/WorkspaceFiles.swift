import Glibc

/// What a new worktree gets from the checkout besides the files of its commit.
struct WorkspaceFiles {
  let git: Git
  /// The top folder of the user's checkout.
  let root: String
  let setup: WorkspaceSetup

  /// The file in the root that names untracked files to copy, with patterns as in .gitignore.
  static let includeFile = ".worktreeinclude"

  /// Copies files, makes links and fills submodules; returns what did not work, in words.
  func add(to path: String) throws(GitError) -> [String] {
    var notes: [String] = []
    try copy(to: path, &notes)
    link(in: path, &notes)
    if access(path + "/.gitmodules", F_OK) == 0 {
      try Submodules(git: git).fill(path, &notes)
    }
    return notes
  }

  private func copy(to path: String, _ notes: inout [String]) throws(GitError) {
    var patterns = setup.copied.map { "--exclude=\($0)" }
    if access(root + "/" + Self.includeFile, F_OK) == 0 {
      patterns.append("--exclude-from=\(root)/\(Self.includeFile)")
    }
    if patterns.isEmpty { return }
    let found = try git.at(root).run(
      ["ls-files", "--others", "--ignored", "--directory", "-z"] + patterns)
    let names = found.texts.filter { !$0.hasPrefix(".lanes/") && !$0.hasPrefix(".git/") }
    for start in stride(from: 0, to: names.count, by: 200) {
      let group = names[start..<min(start + 200, names.count)].map { "./" + $0 }
      let words = ["cp", "-a", "--reflink=auto", "--parents", "--"] + group + [path + "/"]
      let result = try git.at(root).program(words, from: root)
      if !result.isSuccess {
        let why = result.errorText.split(separator: "\n").first ?? "no reason given"
        notes.append("not all files could be copied into the worktree: \(why)")
      }
    }
  }

  private func link(in path: String, _ notes: inout [String]) {
    for name in setup.linked {
      guard Self.isInside(name) else {
        notes.append("\(name) is not linked: it is not inside the repository")
        continue
      }
      let (source, target) = (root + "/" + name, path + "/" + name)
      guard access(source, F_OK) == 0, access(target, F_OK) != 0 else { continue }
      if symlink(source, target) != 0 {
        notes.append("\(name) could not be linked: \(String(cString: strerror(errno)))")
      }
    }
  }

  /// Whether a path of the settings stays below the root.
  static func isInside(_ path: String) -> Bool {
    !path.isEmpty && !path.hasPrefix("/")
      && !path.split(separator: "/").contains { $0 == ".." || $0 == ".git" }
  }
}

/// The submodules of a worktree, filled from what the user's checkout has of them.
struct Submodules {
  let git: Git

  /// Fills those that the checkout has; nothing is fetched over a network.
  func fill(_ path: String, _ notes: inout [String]) throws(GitError) {
    guard
      let common = try git.text("rev-parse", "--path-format=absolute", "--git-common-dir")
    else { return }
    for (name, place) in try listed(path) {
      let store = "\(common)/modules/\(name)"
      guard !name.split(separator: "/").contains(".."), access(store + "/HEAD", F_OK) == 0 else {
        continue
      }
      let words = [
        "-c", "protocol.file.allow=always", "-c", "submodule.\(name).url=\(store)",
        "-c", "submodule.\(name).active=true",
        "submodule", "update", "--quiet", "--init", "--", place,
      ]
      let result = try git.at(path).call(words)
      if !result.isSuccess {
        notes.append("the submodule \(place) is empty: \(git.error(["submodule"], result).problem)")
      } else if let url = try git.at("\(path)/.").text(
        "config", "--file", ".gitmodules", "--get", "submodule.\(name).url"),
        url.contains(":") || url.hasPrefix("/")
      {
        try git.at("\(path)/\(place)").run("remote", "set-url", "origin", url)
      }
    }
  }

  /// Name and path of each submodule of a worktree.
  private func listed(_ path: String) throws(GitError) -> [(String, String)] {
    let words = [
      "config", "--file", ".gitmodules", "-z", "--get-regexp", #"^submodule\..*\.path$"#,
    ]
    let result = try git.at(path).call(words)
    return result.texts.compactMap { entry in
      let (key, place) = entry.splitOnce(at: "\n")
      guard WorkspaceFiles.isInside(place) else { return nil }
      return (String(key.dropFirst("submodule.".count).dropLast(".path".count)), place)
    }
  }

  /// Keeps the commits that a task made in submodules of its worktree, where the worktree's removal
  /// does not reach them.
  func keep(_ path: String, under ref: String) throws(GitError) {
    guard access(path + "/.gitmodules", F_OK) == 0,
      let common = try git.text("rev-parse", "--path-format=absolute", "--git-common-dir")
    else { return }
    for (name, place) in try listed(path) {
      let (store, here) = ("\(common)/modules/\(name)", "\(path)/\(place)")
      guard access(store + "/HEAD", F_OK) == 0, access(here + "/.git", F_OK) == 0,
        let head = try git.at(here).text("rev-parse", "--verify", "--quiet", "HEAD")
      else { continue }
      if try git.at(store).call(["cat-file", "-e", "\(head)^{commit}"]).isSuccess { continue }
      try git.at(store).run(
        "-c", "protocol.file.allow=always", "fetch", "--quiet", "--no-tags", here,
        "HEAD:\(ref)/\(head.prefix(10))")
    }
  }
}
