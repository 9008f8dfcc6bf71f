/// How well conflicts would have been predicted in the newest part of a history, from what is older.
package struct ConflictEvaluation: Equatable, Sendable {
  package var commits: Int
  package var source: PastTasks.Source
  /// The tasks and the pairs of the newest part, and how many of the pairs met in a file.
  package var tasks: Int
  package var pairs: Int
  package var meetings: Int
  package var results: [Result]

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

  /// The part of the history that is learnt from; the rest is held back.
  package static let learntShare = 0.8

  /// Learns from the older part and predicts the pairs of the newer one.
  ///
  /// Each method's threshold for precision and recall is the best one of the last fifth of what was
  /// learnt.
  package init(_ log: CommitLog) {
    let past = PastTasks(log)
    commits = log.commits.count
    source = past.source
    let learnt = Int(Double(commits) * Self.learntShare)
    let model = ConflictModel(log, tasks: past, oldest: learnt, commit: "")
    let counted = Int(Double(learnt) * ConflictModel.countedShare)
    let earlier = Scores(
      model, KnowledgeBuilder.knowledge(of: log, oldest: counted), log, past, counted..<learnt)
    let later = Scores(model, model.knowledge, log, past, learnt..<commits)
    tasks = past.tasks.filter { $0.span.lowerBound >= learnt }.count
    pairs = later.outcomes.count
    meetings = later.outcomes.filter { $0 }.count
    results = Method.allCases.map { method in
      let threshold = RankingQuality.bestThreshold(earlier[method], earlier.outcomes)
      return Result(
        method: method,
        quality: RankingQuality(later[method], later.outcomes, threshold: threshold))
    }
  }

  package func quality(_ method: Method) -> RankingQuality? {
    results.first { $0.method == method }?.quality
  }

  /// The share of pairs that met: the average precision of guessing.
  package var share: Double { pairs > 0 ? Double(meetings) / Double(pairs) : 0 }

  /// The scores of the pairs of a part of the history by every method.
  private struct Scores {
    var outcomes: [Bool]
    private var scores: [Method: [Double]]

    init(
      _ model: ConflictModel, _ knowledge: FileKnowledge, _ log: CommitLog, _ past: PastTasks,
      _ part: Range<Int>
    ) {
      let profiles = PastProfiles(knowledge, log, past, within: part)
      let overlaps = profiles.pairs.map(profiles.overlap)
      let folders = FolderWords(log.paths)
      var named: [Int: Set<String>] = [:]
      for place in Set(profiles.pairs.flatMap { [$0.first, $0.second] }) {
        named[place] = folders.named(in: past.tasks[place].text)
      }
      outcomes = profiles.pairs.map(past.met)
      scores = [
        .learned: overlaps.map(model.probability), .text: overlaps.map(\.named),
        .words: overlaps.map(\.likeness),
        .folders: profiles.pairs.map {
          FolderWords.likeness(named[$0.first] ?? [], named[$0.second] ?? [])
        },
      ]
    }

    subscript(method: Method) -> [Double] { scores[method] ?? [] }
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
