/// The commits of a repository, as far as their messages, parents and files go.
package struct CommitLog: Equatable, Sendable {
  /// All paths that the commits name; commits refer to them by their place.
  package private(set) var paths: [String] = []
  /// The oldest first.
  package private(set) var commits: [Commit] = []

  package struct Commit: Equatable, Sendable {
    package var message: String
    /// Places in `paths`, ascending, each once; none for a merge.
    package var files: [Int32]
    /// Places in `commits`, the first parent first; those that were not read are left out.
    package var parents: [Int32]

    package init(message: String, files: [Int32], parents: [Int32]) {
      self.message = message
      self.files = files
      self.parents = parents
    }
  }

  /// Understands what git prints for `CommitLogReader.format`, whose newest commit comes first.
  ///
  /// Files for which `isIgnored` says so are left out. Cost: O(bytes).
  package init(parsing output: [UInt8], isIgnored: @escaping (String) -> Bool = { _ in false }) {
    var reader = Reader(isIgnored: isIgnored)
    output.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        let end = bytes[start...].firstIndex(of: 0) ?? bytes.count
        reader.take(bytes[start..<end])
        start = end + 1
      }
    }
    reader.finish()
    paths = reader.paths
    commits = reader.commits.reversed()
    let newest = Int32(commits.count - 1)
    for place in commits.indices {
      commits[place].parents = reader.parents[Int(newest) - place].compactMap { hash in
        reader.places[hash].map { newest - $0 }
      }
    }
  }

  /// A log of the given commits, for what is not read from git.
  package init(paths: [String], commits: [Commit]) {
    self.paths = paths
    self.commits = commits
  }

  /// The oldest commits of this log.
  package func prefix(_ count: Int) -> CommitLog {
    CommitLog(paths: paths, commits: Array(commits.prefix(count)))
  }

  /// The paths that the oldest `count` commits name.
  func paths(ofOldest count: Int) -> [String] {
    zip(paths, isNamed(byOldest: count)).filter(\.1).map(\.0)
  }

  /// For each path whether one of the oldest `count` commits names it.
  func isNamed(byOldest count: Int) -> [Bool] {
    var isNamed = [Bool](repeating: false, count: paths.count)
    for commit in commits.prefix(count) {
      for file in commit.files { isNamed[Int(file)] = true }
    }
    return isNamed
  }

  /// Commits in the order git prints them.
  private struct Reader {
    let isIgnored: (String) -> Bool
    var paths: [String] = []
    var commits: [Commit] = []
    var parents: [[String]] = []
    var places: [String: Int32] = [:]
    private var known: [String: Int32] = [:]

    init(isIgnored: @escaping (String) -> Bool) { self.isIgnored = isIgnored }

    /// Takes a field: U+0001, hash, U+0001, parents, U+0001 and the message of a commit, or a path.
    mutating func take(_ field: Slice<UnsafeBufferPointer<UInt8>>) {
      // Git writes a line end between a message and the first path.
      let field = field.first == UInt8(ascii: "\n") ? field.dropFirst() : field
      guard let first = field.first else { return }
      guard first == 1 else { return takePath(String(decoding: field, as: UTF8.self)) }
      let parts = field.dropFirst().split(
        separator: 1, maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return }
      let texts = parts.map { String(decoding: $0, as: UTF8.self) }
      finish()
      places[texts[0]] = Int32(commits.count)
      parents.append(texts[1].split(separator: " ").map(String.init))
      commits.append(Commit(message: texts[2], files: [], parents: []))
    }

    private mutating func takePath(_ path: String) {
      guard !commits.isEmpty else { return }
      let place: Int32
      if let found = known[path] {
        place = found
      } else {
        place = isIgnored(path) ? -1 : Int32(paths.count)
        known[path] = place
        if place >= 0 { paths.append(path) }
      }
      if place >= 0 { commits[commits.count - 1].files.append(place) }
    }

    /// Puts the files of the newest commit in order.
    mutating func finish() {
      guard let last = commits.indices.last else { return }
      commits[last].files = commits[last].files.sortedAndUnique
    }
  }
}

extension [Int32] {
  /// The numbers in ascending order, each once.
  var sortedAndUnique: [Int32] {
    var unique: [Int32] = []
    for number in sorted() where number != unique.last { unique.append(number) }
    return unique
  }

  /// Whether two ascending lists have a number in common.
  func meets(_ other: [Int32]) -> Bool {
    var (left, right) = (0, 0)
    while left < count, right < other.count {
      if self[left] == other[right] { return true }
      if self[left] < other[right] { left += 1 } else { right += 1 }
    }
    return false
  }
}
