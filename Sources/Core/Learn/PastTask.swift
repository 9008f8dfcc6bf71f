/// A piece of work that is in the history: what was said of it, and the files it changed.
package struct PastTask: Equatable, Sendable {
  package var text: String
  /// Places in `CommitLog.paths`, ascending, each once.
  package var files: [Int32]
  /// The places in `CommitLog.commits` from its oldest commit to the one that brought it in.
  package var span: ClosedRange<Int>
  /// The place of the commit it began from; -1 where that was not read.
  package var base: Int

  package init(text: String, files: [Int32], span: ClosedRange<Int>, base: Int) {
    self.text = text
    self.files = files
    self.span = span
    self.base = base
  }
}

/// Two pieces of work that could have been done at the same time.
package struct PastPair: Equatable, Sendable {
  package var first: Int
  package var second: Int
}

/// The work of a history, in the order in which it began.
package struct PastTasks: Equatable, Sendable {
  package let tasks: [PastTask]
  package let source: Source

  package enum Source: String, Equatable, Sendable {
    /// Each side branch that was merged is one task.
    case branches
    /// The history has too few merges, so each commit is one task.
    case commits
  }

  /// Fewer merged branches than this say too little.
  private static let fewestBranches = 30
  /// Work on more files than this (new formats, new names) is nothing that is given to a task.
  private static let mostFiles = 100
  /// The text of a branch is cut here.
  private static let longestText = 4000

  package init(_ log: CommitLog) {
    let branches = Self.branches(log)
    source = branches.count >= Self.fewestBranches ? .branches : .commits
    let all = source == .branches ? branches : Self.commits(log)
    tasks = all.filter { (1...Self.mostFiles).contains($0.files.count) }
      .sorted {
        ($0.span.lowerBound, $0.span.upperBound) < ($1.span.lowerBound, $1.span.upperBound)
      }
  }

  private static func commits(_ log: CommitLog) -> [PastTask] {
    log.commits.enumerated().map { place, commit in
      PastTask(
        text: commit.message, files: commit.files, span: place...place,
        base: Int(commit.parents.first ?? -1))
    }
  }

  /// What each merge on the line of first parents brought in.
  private static func branches(_ log: CommitLog) -> [PastTask] {
    var isTaken = [Bool](repeating: false, count: log.commits.count)
    var line: [Int] = []
    var next = log.commits.indices.last
    while let place = next, !isTaken[place] {
      isTaken[place] = true
      line.append(place)
      next = log.commits[place].parents.first.map(Int.init)
    }
    return line.reversed().compactMap { merge in
      var open = log.commits[merge].parents.dropFirst().map(Int.init)
      var members: [Int] = []
      while let place = open.popLast() {
        guard !isTaken[place] else { continue }
        isTaken[place] = true
        members.append(place)
        open += log.commits[place].parents.map(Int.init)
      }
      return branch(members.sorted(), merge, log)
    }
  }

  private static func branch(_ members: [Int], _ merge: Int, _ log: CommitLog) -> PastTask? {
    let work = members.filter { log.commits[$0].parents.count < 2 }
    guard let oldest = work.first, oldest <= merge else { return nil }
    let text = work.map { log.commits[$0].message }.joined(separator: "\n")
    return PastTask(
      text: String(decoding: text.utf8.prefix(longestText), as: UTF8.self),
      files: work.flatMap { log.commits[$0].files }.sortedAndUnique, span: oldest...merge,
      base: Int(log.commits[oldest].parents.first ?? -1))
  }

  /// The place where the newest of the tasks that began before `end` begin, as many as are the given share.
  package func start(ofNewest share: Double, before end: Int) -> Int {
    let begun = tasks.prefix { $0.span.lowerBound < end }
    let first = Int(Double(begun.count) * (1 - share))
    return first < begun.count ? begun[first].span.lowerBound : end
  }

  /// Pairs of tasks that lie within a part of the history and could have been done at the same time: those
  /// begun one soon after the other, and those that were open together.
  ///
  /// At most `limit`, taken evenly from all. Cost: O(tasks²), at some nanoseconds each.
  package func pairs(within part: Range<Int>, limit: Int = 40_000) -> [PastPair] {
    let places = tasks.indices.filter {
      part.contains(tasks[$0].span.lowerBound) && part.contains(tasks[$0].span.upperBound)
    }
    let all = places.indices.flatMap { first in
      let later = places[(first + 1)...].lazy.map { PastPair(first: places[first], second: $0) }
      return Array(later.prefix(Self.next))
        + later.dropFirst(Self.next).filter(wereOpenTogether).prefix(Self.mostOpen)
    }
    guard all.count > limit else { return all }
    return (0..<limit).map { all[$0 * all.count / limit] }
  }

  /// How many later tasks each one is paired with: of the next ones, and at most of those open with it.
  private static let (next, mostOpen) = (20, 200)

  /// Whether the later task began from a commit that did not have the earlier one.
  package func wereOpenTogether(_ pair: PastPair) -> Bool {
    tasks[pair.second].base < tasks[pair.first].span.upperBound
  }

  /// Whether both changed a file.
  package func met(_ pair: PastPair) -> Bool {
    tasks[pair.first].files.meets(tasks[pair.second].files)
  }
}
