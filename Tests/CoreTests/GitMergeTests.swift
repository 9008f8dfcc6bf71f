import Core
import Glibc
import Testing

/// Random work in random worktrees: what is said of two of them is what `git merge` says.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct GitMergeTests {
  private static let rounds = 24
  private static let tasks = 7

  @Test("pairs of random work merge or conflict as with git merge, and no commit is lost")
  func randomHistories() throws {
    var random = SeededGenerator(seed: 20_261_121)
    var (pairs, conflicts) = (0, 0)
    for round in 0..<Self.rounds {
      let trial = try Trial(round: round, tasks: Self.tasks, &random)
      let (more, conflicting) = try trial.comparePairs()
      (pairs, conflicts) = (pairs + more, conflicts + conflicting)
      try trial.integrate()
    }
    #expect(pairs >= 500)
    // Both kinds must be there, or the comparison says little.
    #expect(conflicts > pairs / 10)
    #expect(conflicts < pairs * 9 / 10)
  }
}

/// One repository with the work of several tasks, each in a worktree of its own.
private struct Trial {
  let repository: GitRepository
  let desk: GitDesk
  let heads: [String]
  let scratch: Git

  init(round: Int, tasks: Int, _ random: inout SeededGenerator) throws {
    var files: [String: String] = [:]
    for name in ["a", "b", "c/d", "c/e", "f/g/h"] {
      files[name] = (1...12).map { "line \($0) of \(name)\n" }.joined()
    }
    repository = try GitRepository(files)
    desk = try GitDesk(
      options: GitOptions(repositories: [try repository.options]),
      environment: EnvironmentBlock([
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": repository.folder.path,
      ]), folder: repository.folder.path)
    var heads: [String] = []
    for task in 0..<tasks {
      let key = AttemptKey(TaskID("t\(task)"), 1)
      let order = WorkspaceOrder(
        repository: 0, path: repository.folder.path + "/wt\(task)", branch: "task-\(task)",
        start: .new([try repository.commit("main")]))
      guard case .prepared(_, let workspace, _) = try desk.answer(.prepare(key, order)) else {
        throw Unexpected()
      }
      for _ in 0..<Int.random(in: 1...4, using: &random) { Self.work(in: workspace.path, &random) }
      let commit = CommitOrder(
        repository: 0, workspace: workspace, message: "t", outcome: .exited(code: 0),
        usage: ResourceUsage())
      guard case .committed(_, let done, _, _) = try desk.answer(.commit(key, commit)) else {
        throw Unexpected()
      }
      heads.append(done.head)
    }
    self.heads = heads
    scratch = repository.git.at(repository.folder.path + "/scratch")
    try repository.git.run("worktree", "add", "-q", "--detach", scratch.folder)
  }

  /// Compares each pair with a merge in a worktree; returns how many there are, and conflict.
  func comparePairs() throws -> (Int, Int) {
    var (pairs, conflicts) = (0, 0)
    for (place, ours) in heads.enumerated() {
      for theirs in heads.dropFirst(place + 1) {
        try scratch.run("checkout", "-q", "--force", "--detach", ours)
        try scratch.run("clean", "-q", "-fdx")
        let merged = try scratch.call(["merge", "-q", "--no-edit", theirs])
        let said = try Merge(git: repository.git).attempt(ours: ours, theirs: theirs)
        pairs += 1
        switch said {
        case .contained: #expect(merged.isSuccess)
        case .clean(let tree):
          #expect(merged.isSuccess, "\(merged.text)")
          #expect(try scratch.run("rev-parse", "HEAD^{tree}").text == tree)
        case .conflicted(let conflict):
          conflicts += 1
          #expect(!merged.isSuccess)
          let unmerged = try scratch.run("ls-files", "-u", "-z").texts.compactMap {
            $0.split(separator: "\t").last.map(String.init)
          }
          // A name that git makes up ends with what it calls the side.
          let names = { (paths: [String]) in Set(paths.map { $0.prefix { $0 != "~" } }) }
          #expect(names(unmerged).isSubset(of: names(conflict.files.map(\.path))))
          #expect(!conflict.files.isEmpty)
          try scratch.run("reset", "-q", "--hard")
        }
      }
    }
    return (pairs, conflicts)
  }

  /// Merges all of it: each head is in the result or was said not to be.
  func integrate() throws {
    let works = heads.enumerated().map { number, head in
      MergeOrder.Work(key: AttemptKey(TaskID("t\(number)"), 1), head: head, message: "Merge\n")
    }
    let order = MergeOrder(
      repository: 0, branches: ["integration/x"], tip: try repository.commit("main"), works: works)
    for _ in 0..<2 {
      guard case .merged(_, let tip, let outcomes, _) = try desk.answer(.merge(order)) else {
        throw Unexpected()
      }
      #expect(try repository.commit("integration/x") == tip)
      for (head, outcome) in zip(heads, outcomes) {
        let isIn = try repository.git.call(["merge-base", "--is-ancestor", head, tip]).isSuccess
        if case .conflicted = outcome { #expect(!isIn) } else { #expect(isIn) }
      }
    }
    #expect(try repository.git.call(["fsck", "--strict"]).isSuccess)
    desk.stop()
  }

  private struct Unexpected: Error {}

  private static func work(in path: String, _ random: inout SeededGenerator) {
    let names = ["a", "b", "c/d", "c/e", "f/g/h", "new", "c/new", "link"]
    let name = path + "/" + (names.randomElement(using: &random) ?? "a")
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<5: edit(name, &random)
    case 5: unlink(name)
    case 6:
      rename(name, path + "/" + (["moved", "c/moved"].randomElement(using: &random) ?? "moved"))
    case 7: chmod(name, 0o755)
    case 8:
      unlink(name)
      symlink(["a", "b"].randomElement(using: &random) ?? "a", name)
    default: overwrite(name, "all new \(Int.random(in: 0..<3, using: &random))\n")
    }
  }

  private static func edit(_ name: String, _ random: inout SeededGenerator) {
    let text = FileBytes.read(name).map { String(decoding: $0, as: UTF8.self) } ?? ""
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let place = Int.random(in: 0..<max(1, lines.count), using: &random)
    lines.insert("edit \(Int.random(in: 0..<1000, using: &random))", at: place)
    overwrite(name, lines.joined(separator: "\n"))
  }

  private static func overwrite(_ name: String, _ text: String) {
    let file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard file >= 0 else { return }
    defer { close(file) }
    _ = Glibc.write(file, text, text.utf8.count)
  }
}

extension GitDesk {
  /// Gives an order and waits for its answer.
  func answer(_ order: GitOrder) throws -> GitReport {
    take(order)
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    try #require(poll(&ready, 1, 60_000) == 1)
    return try #require(reports().first)
  }
}

/// Numbers that are the same each time: splitmix64 (Steele, Lea, Flood).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
