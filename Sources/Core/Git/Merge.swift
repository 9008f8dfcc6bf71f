/// Merges commits in memory; no checkout and no index takes part.
package struct Merge {
  let git: Git

  package init(git: Git) {
    self.git = git
  }

  package enum Result: Equatable {
    /// There is nothing to merge.
    case contained
    case clean(tree: String)
    case conflicted(Conflict)
  }

  package struct Conflict: Equatable {
    /// The merge with conflict markers in it.
    package var tree: String
    package var files: [ConflictedFile]
  }

  /// What a merge of two commits comes to, by the rules of `git merge`.
  package func attempt(ours: String, theirs: String) throws(GitError) -> Result {
    let words = [
      "-c", "merge.conflictStyle=merge", "merge-tree", "--write-tree", "-z",
      "--allow-unrelated-histories", ours, theirs,
    ]
    let result = try git.call(words)
    guard result.status <= 1, let tree = result.fields.first, !tree.isEmpty else {
      throw git.error(["merge-tree"], result)
    }
    let oid = String(decoding: tree, as: UTF8.self)
    if result.status == 0 { return .clean(tree: oid) }
    let report = ConflictReport(fields: Array(result.fields.dropFirst()))
    return .conflicted(Conflict(tree: oid, files: try files(of: report, tree: oid)))
  }

  /// The conflicted files with the lines that are in conflict.
  private func files(of report: ConflictReport, tree: String) throws(GitError) -> [ConflictedFile] {
    var files: [ConflictedFile] = []
    // Lines are for people, who do not read more than this.
    for (number, entry) in report.entries.enumerated() {
      var file = ConflictedFile(path: entry.path, reason: entry.reason)
      if number < 20, entry.hasMarkers {
        let blob = try git.call(["cat-file", "blob", "\(tree):\(entry.path)"])
        if blob.isSuccess { file.lines = ConflictMarkers.lines(in: blob.output) }
      }
      files.append(file)
    }
    return files
  }

  /// Writes a commit, with the author and committer that git is configured to use.
  func commit(_ tree: String, parents: [String], message: String) throws(GitError) -> String {
    let words = ["commit-tree", tree] + parents.flatMap { ["-p", $0] } + ["-F", "-"]
    return try git.run(words, input: Array(message.utf8)).text
  }
}

/// What `git merge-tree -z` says of a merge that conflicts, after the tree.
struct ConflictReport: Equatable {
  struct Entry: Equatable {
    var path: String
    /// The word git has for the kind of conflict, in lower case.
    var reason: String
    /// Whether the file in the tree has conflict markers.
    var hasMarkers: Bool
  }

  private(set) var entries: [Entry] = []

  /// Reads `MODE OID STAGE TAB PATH` fields up to an empty one, then messages: a count of paths, the
  /// paths, a word for the kind, and a text.
  init(fields: [ArraySlice<UInt8>]) {
    let end = fields.firstIndex { $0.isEmpty } ?? fields.count
    var reasons: [String: String] = [:]
    var place = end + 1
    while place < fields.count, let count = Int(String(decoding: fields[place], as: UTF8.self)),
      place + count + 2 < fields.count
    {
      let paths = fields[(place + 1)..<(place + 1 + count)].map {
        String(decoding: $0, as: UTF8.self)
      }
      let kind = String(decoding: fields[place + 1 + count], as: UTF8.self)
      if let reason = Self.reason(of: kind) {
        for path in paths where reasons[path] == nil { reasons[path] = reason }
      }
      place += count + 3
    }
    var stages: [String: Set<UInt8>] = [:]
    var order: [String] = []
    for field in fields[..<end] {
      guard let tab = field.firstIndex(of: UInt8(ascii: "\t")), tab > field.startIndex else {
        continue
      }
      let path = String(decoding: field[(tab + 1)...], as: UTF8.self)
      if stages[path] == nil { order.append(path) }
      stages[path, default: []].insert(field[tab - 1])
    }
    for path in reasons.keys.sorted() where stages[path] == nil { order.append(path) }
    entries = order.map { path in
      let both: Set<UInt8> = [UInt8(ascii: "2"), UInt8(ascii: "3")]
      return Entry(
        path: path, reason: reasons[path] ?? "content",
        hasMarkers: stages[path]?.isSuperset(of: both) ?? false)
    }
  }

  /// `CONFLICT (modify/delete)` is `modify/delete`; nil for what is no conflict.
  private static func reason(of kind: String) -> String? {
    guard kind.hasPrefix("CONFLICT"), let open = kind.firstIndex(of: "("), kind.hasSuffix(")")
    else {
      return nil
    }
    let word = kind[kind.index(after: open)...].dropLast()
    return word == "contents" ? "content" : String(word)
  }
}

/// The markers that git writes around lines in conflict.
enum ConflictMarkers {
  /// The lines of the first side that are in conflict, counted in the first side's own text.
  ///
  /// A place where the first side has nothing is the line before it.
  static func lines(in merged: [UInt8]) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    var (number, start) = (0, 0)
    var side = Side.both
    for line in merged.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      switch (side, marker(line)) {
      case (.both, .ours):
        (side, start) = (.ours, number + 1)
      case (.ours, .theirs):
        side = .theirs
        ranges.append(number < start ? max(1, number)...max(1, number) : start...number)
      case (.theirs, .end): side = .both
      case (.both, _), (.ours, _): number += 1
      case (.theirs, _): break
      }
    }
    return ranges
  }

  /// Whether a text has a whole conflict in it.
  static func arePresent(in text: [UInt8]) -> Bool { !lines(in: text).isEmpty }

  private enum Side { case both, ours, theirs }
  private enum Marker { case ours, theirs, end }

  private static func marker(_ line: ArraySlice<UInt8>) -> Marker? {
    guard line.count >= 7, let first = line.first, line.prefix(7).allSatisfy({ $0 == first }) else {
      return nil
    }
    let next = line.dropFirst(7).first
    switch first {
    case UInt8(ascii: "<"): return next == UInt8(ascii: " ") ? .ours : nil
    case UInt8(ascii: "="): return next == nil || next == UInt8(ascii: "\r") ? .theirs : nil
    case UInt8(ascii: ">"): return next == UInt8(ascii: " ") ? .end : nil
    default: return nil
    }
  }
}
