/// What is learnt from a repository's history about tasks that change the same file.
///
/// It knows nothing that is not in that repository.
package struct ConflictModel: Equatable, Sendable {
  /// The newest commit it has learnt from.
  package var commit: String
  package var knowledge: FileKnowledge
  /// Turns what two tasks have in common into a probability.
  package var regression: LogisticRegression

  /// What the weights are without any samples: rounded from those that fit short parts of several histories,
  /// each with a constant of its own.
  static let usualWeights = [-1.1, 0.25, 0.8, 0.2, 1.9, 2.8]
  /// How firmly the usual weights hold: some hundreds of pairs that met move them.
  private static let priorPrecision = 50.0
  /// The newest parts of the tasks, each held against counts of the words and files before it; from all of
  /// these comes the regression.
  ///
  /// In a short history the newest parts alone have too few pairs that met.
  private static let newestShares = [0.8, 0.6, 0.4, 0.2]

  /// Learns from the oldest `count` commits of a log.
  ///
  /// Cost: O(words × files of the commits), about 100 µs a commit.
  package init(_ log: CommitLog, tasks: PastTasks, oldest count: Int, commit: String) {
    let messages = KnowledgeBuilder.messages(of: log, oldest: count)
    let starts = Self.newestShares.map { tasks.start(ofNewest: $0, before: count) }
    let samples = zip(starts, starts.dropFirst() + [count]).flatMap { start, end in
      let part = PastProfiles(
        KnowledgeBuilder.knowledge(of: log, oldest: start, messages: messages), log, tasks,
        within: start..<end)
      return part.pairs.map { (part.overlap($0).features, tasks.met($0)) }
    }
    regression = LogisticRegression(
      fitting: samples, usual: Self.usualWeights, precision: Self.priorPrecision)
    knowledge = KnowledgeBuilder.knowledge(of: log, oldest: count, messages: messages)
    self.commit = commit
  }

  /// A model of known parts.
  init(commit: String, knowledge: FileKnowledge, regression: LogisticRegression) {
    (self.commit, self.knowledge, self.regression) = (commit, knowledge, regression)
  }

  /// How probable it is that two tasks change the same file; not less than by what their texts name.
  package func probability(_ overlap: TaskOverlap) -> Double {
    max(overlap.named, regression.probability(overlap.features))
  }
}

/// Tasks of a part of a history as `FileKnowledge` of what came before sees them.
struct PastProfiles {
  let pairs: [PastPair]
  private let knowledge: FileKnowledge
  private var profiles: [Int: TaskProfile] = [:]

  init(_ knowledge: FileKnowledge, _ log: CommitLog, _ tasks: PastTasks, within part: Range<Int>) {
    self.knowledge = knowledge
    pairs = tasks.pairs(within: part)
    let files = RepositoryFiles(paths: log.paths(ofOldest: part.lowerBound))
    let reader = ClaimReader(files: files, ignored: IgnoreList([]))
    for place in Set(pairs.flatMap { [$0.first, $0.second] }) {
      let text = tasks.tasks[place].text
      profiles[place] = knowledge.profile(text, named: reader.named(in: text))
    }
  }

  func overlap(_ pair: PastPair) -> TaskOverlap {
    guard let first = profiles[pair.first], let second = profiles[pair.second] else {
      preconditionFailure("the pair is not one of these")
    }
    return knowledge.overlap(first, second)
  }
}

extension ClaimReader {
  /// How sure a text is of each file that it names.
  func named(in text: String) -> [String: Double] {
    let claims = claims(of: TaskSpec(id: "", title: text))
    return Dictionary(claims.map { ($0.path, $0.probability) }, uniquingKeysWith: max)
  }
}
