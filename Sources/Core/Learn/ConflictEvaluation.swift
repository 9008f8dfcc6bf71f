/// How well conflicts would have been predicted in the newer part of a history, from what is older.
package struct ConflictEvaluation: Equatable, Sendable {
  package var commits: Int
  package var source: PastTasks.Source
  /// The tasks of the newer part.
  package var tasks: Int
  /// All its pairs.
  package var all: Outcome
  /// The pairs of branches that were open at the same time.
  package var together: Outcome

  /// What came of some pairs, and what was said of them.
  package struct Outcome: Equatable, Sendable {
    package var pairs: Int
    /// How many of the pairs met in a file.
    package var meetings: Int
    package var results: [Result]

    package func quality(_ method: Method) -> RankingQuality? {
      results.first { $0.method == method }?.quality
    }

    /// The share of pairs that met: the average precision of guessing.
    package var share: Double { pairs > 0 ? Double(meetings) / Double(pairs) : 0 }
  }

  /// What one way to predict came to.
  package struct Result: Equatable, Sendable {
    package var method: Method
    package var quality: RankingQuality
  }

  package enum Method: String, Equatable, Sendable, CaseIterable {
    /// What `ConflictModel` says.
    case learned
    /// Files that both texts name.
    case text
    /// Words that both texts have, weighted by rarity.
    case words
    /// Folders that both texts name.
    case folders

    /// Whether its scores are meant as probabilities.
    package var isProbability: Bool { self == .learned || self == .text }
  }

  /// The newest parts of the tasks that are predicted, each from all that came before it.
  private static let newestShares = [0.4, 0.2]

  /// Predicts the pairs of each of the newer parts from what is older than that part.
  ///
  /// Each method's threshold for precision and recall is the best one of the newest fifth of what is older
  /// than all of them.
  package init(_ log: CommitLog) {
    let past = PastTasks(log)
    (commits, source) = (log.commits.count, past.source)
    let starts = Self.newestShares.map { past.start(ofNewest: $0, before: log.commits.count) }
    tasks = past.tasks.count { $0.span.lowerBound >= starts[0] }
    let known = past.start(ofNewest: Self.newestShares[1], before: starts[0])
    let earlier = Scores(log, past, known..<starts[0])
    var later = Scores()
    for (start, end) in zip(starts, starts.dropFirst() + [commits]) {
      later.append(Scores(log, past, start..<end))
    }
    all = later.outcome(earlier) { _ in true }
    together = later.outcome(earlier, where: past.wereOpenTogether)
  }

  /// The scores of pairs by every method.
  private struct Scores {
    private var pairs: [PastPair] = []
    private var met: [Bool] = []
    private var scores: [Method: [Double]] = [:]

    init() {}

    /// Learns what is older than a part of the history and predicts that part.
    init(_ log: CommitLog, _ past: PastTasks, _ part: Range<Int>) {
      let model = ConflictModel(log, tasks: past, oldest: part.lowerBound, commit: "")
      let profiles = PastProfiles(model.knowledge, log, past, within: part)
      pairs = profiles.pairs
      met = pairs.map(past.met)
      let overlaps = pairs.map(profiles.overlap)
      let folders = FolderWords(log.paths(ofOldest: part.lowerBound))
      var named: [Int: Set<String>] = [:]
      for place in Set(pairs.flatMap { [$0.first, $0.second] }) {
        named[place] = folders.named(in: past.tasks[place].text)
      }
      scores = [
        .learned: overlaps.map(model.probability), .text: overlaps.map(\.named),
        .words: overlaps.map(\.likeness),
        .folders: pairs.map {
          FolderWords.likeness(named[$0.first] ?? [], named[$0.second] ?? [])
        },
      ]
    }

    mutating func append(_ other: Scores) {
      pairs += other.pairs
      met += other.met
      scores.merge(other.scores) { $0 + $1 }
    }

    /// What came of the pairs that are `included`, with thresholds that were best for `earlier` ones.
    func outcome(_ earlier: Scores, where included: (PastPair) -> Bool) -> Outcome {
      let places = pairs.indices.filter { included(pairs[$0]) }
      let met = places.map { self.met[$0] }
      return Outcome(
        pairs: places.count, meetings: met.count { $0 },
        results: Method.allCases.map { method in
          let all = scores[method] ?? []
          let threshold = RankingQuality.bestThreshold(earlier.scores[method] ?? [], earlier.met)
          return Result(
            method: method,
            quality: RankingQuality(places.map { all[$0] }, met, threshold: threshold))
        })
    }
  }
}

/// The words of which the names of a repository's folders are made.
private struct FolderWords {
  private let words: Set<String>

  init(_ paths: [String]) {
    let folders = Set(paths.compactMap { path in path.lastIndex(of: "/").map { path[..<$0] } })
    words = Set(folders.flatMap { MessageWords.words(in: String($0)) })
  }

  func named(in text: String) -> Set<String> {
    words.intersection(MessageWords.words(in: text))
  }

  /// The share of the words of either that both have.
  static func likeness(_ first: Set<String>, _ second: Set<String>) -> Double {
    let all = first.union(second).count
    return all == 0 ? 0 : Double(first.intersection(second).count) / Double(all)
  }
}
