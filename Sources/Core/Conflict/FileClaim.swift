/// A file that a task will probably change, with what says so.
package struct FileClaim: Equatable, Sendable {
  /// A path, a folder that ends with a slash, or a pattern.
  package var path: String
  /// From 0 to 1.
  package var probability: Double
  package var source: Source

  package enum Source: Equatable, Sendable {
    /// The task list names it as a file of the task.
    case declared
    /// The task's text names it.
    case text
    /// It mostly changes when the named file does.
    case history(String)
  }

  package init(path: String, probability: Double, source: Source) {
    self.path = path
    self.probability = probability
    self.source = source
  }

  var isFolder: Bool { path.hasSuffix("/") }
  var isPattern: Bool { GlobPattern.isPattern(path) }

  /// How people read where it comes from: `declared by 5`.
  func words(of task: TaskID) -> String {
    let id = cleaned(task.text)
    return switch source {
    case .declared: "declared by \(id)"
    case .text: "named in the text of \(id)"
    case .history(let path): "changes together with \(cleaned(path)) of \(id)"
    }
  }
}

/// The files of a repository, and which of them history changes together.
package struct RepositoryFiles: Sendable {
  private let paths: Set<String>
  private let byName: [String: [String]]
  private let commits: [[String]]

  /// `commits` are the files of each commit, the newest first.
  package init(paths: [String], commits: [[String]] = []) {
    self.paths = Set(paths)
    byName = Dictionary(grouping: paths) { path in
      path.split(separator: "/").last.map(String.init) ?? path
    }
    self.commits = commits
  }

  package static var unknown: RepositoryFiles { RepositoryFiles(paths: []) }

  func contains(_ path: String) -> Bool { paths.contains(path) }

  /// The only file of a name, and how many there are.
  func file(named name: String) -> (path: String?, count: Int) {
    let found = byName[name] ?? []
    return (found.count == 1 ? found[0] : nil, found.count)
  }

  /// Files that changed in at least half of the commits in which one of `claimed` did.
  ///
  /// Cost: O(the files of all commits).
  func companions(of claimed: Set<String>) -> [String: [(path: String, share: Double)]] {
    var counts: [String: Int] = [:]
    var together: [String: [String: Int]] = [:]
    for files in commits where files.count <= Self.largestCommit {
      for file in files where claimed.contains(file) {
        counts[file, default: 0] += 1
        for other in files where other != file {
          together[file, default: [:]][other, default: 0] += 1
        }
      }
    }
    return together.reduce(into: [:]) { result, entry in
      let count = counts[entry.key] ?? 0
      guard count >= Self.fewestCommits else { return }
      result[entry.key] = entry.value.filter { $0.value * 2 >= count }
        .map { ($0.key, Double($0.value) / Double(count)) }.sorted { $0.path < $1.path }
    }
  }

  /// A commit with more files than this says nothing about two of them.
  private static let largestCommit = 30
  private static let fewestCommits = 3
}

/// What a task says of the files it will change.
package struct ClaimReader {
  let files: RepositoryFiles
  let ignored: IgnoreList

  package init(files: RepositoryFiles, ignored: IgnoreList) {
    self.files = files
    self.ignored = ignored
  }

  /// How sure a declared file is, one named in text that exists, one that does not, a name that several
  /// files have, and one that history adds to another.
  private enum Sureness {
    static let declared = 0.9
    static let existing = 0.65
    static let new = 0.5
    static let ambiguous = 0.2
    static let history = 0.6
  }

  /// The claims of a task, each path once with its best source; declared ones come first.
  package func claims(of task: TaskSpec) -> [FileClaim] {
    var claims: [FileClaim] = []
    var known: Set<String> = []
    func add(_ path: String, _ probability: Double, _ source: FileClaim.Source) {
      guard !path.isEmpty, !ignored.contains(path), known.insert(path).inserted else { return }
      claims.append(FileClaim(path: path, probability: probability, source: source))
    }
    for path in task.files { add(normal(path), Sureness.declared, .declared) }
    for path in PathsInText.paths(in: Self.text(of: task)) {
      let (path, probability) = resolved(path)
      add(path, probability, .text)
    }
    return claims
  }

  static func text(of task: TaskSpec) -> String {
    let text = task.text
    let parts = [task.title, text.description, text.details, text.testStrategy]
    return (parts + text.acceptanceCriteria + text.subtasks.map(\.title)).joined(separator: "\n")
  }

  private func normal(_ path: String) -> String {
    var path = path[...]
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    while path.hasPrefix("/") { path = path.dropFirst() }
    // A note in parentheses after the name is not part of it.
    if let note = path.range(of: " (") { path = path[..<note.lowerBound] }
    return String(path)
  }

  /// A path of the text as the repository has it.
  private func resolved(_ path: String) -> (String, Double) {
    if files.contains(path) { return (path, Sureness.existing) }
    guard !path.contains("/") else { return (path, Sureness.new) }
    let (only, count) = files.file(named: path)
    if let only { return (only, Sureness.existing) }
    return (path, count > 1 ? Sureness.ambiguous : Sureness.new)
  }

  /// The claims that history adds to those of a task.
  func added(
    to claims: [FileClaim], _ companions: [String: [(path: String, share: Double)]]
  ) -> [FileClaim] {
    var known = Set(claims.map(\.path))
    return claims.flatMap { claim in
      (companions[claim.path] ?? []).compactMap { path, share in
        guard !ignored.contains(path), known.insert(path).inserted else { return nil }
        return FileClaim(
          path: path, probability: claim.probability * share * Sureness.history,
          source: .history(claim.path))
      }
    }
  }
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? {
    firstRange(of: text)
  }
}
