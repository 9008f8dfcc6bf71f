/// What is learnt from a repository's history about tasks that change the same file.
///
/// It knows nothing that is not in that repository.
package struct ConflictModel: Equatable, Sendable {
  /// The newest commit it has learnt from.
  package var commit: String
  package var knowledge: FileKnowledge
  /// Turns what two tasks have in common into a probability.
  package var regression: LogisticRegression

  /// Weights for histories that are too short to find their own, rounded from those of long ones.
  static let usualWeights = [-0.75, 0.7, 1.1, 0.3, 1.8, 0.6, 1.2]
  /// How firmly the usual weights hold: some tens of pairs that met move them.
  private static let priorPrecision = 5.0
  /// The part of a history whose words and files are counted first; from the rest, held against these
  /// counts, comes the regression.
  static let countedShare = 0.8

  /// Learns from the oldest `count` commits of a log.
  ///
  /// Cost: O(words × files of the commits), about 100 µs a commit.
  package init(_ log: CommitLog, tasks: PastTasks, oldest count: Int, commit: String) {
    let counted = Int(Double(count) * Self.countedShare)
    let earlier = PastProfiles(
      KnowledgeBuilder.knowledge(of: log, oldest: counted), log, tasks, within: counted..<count)
    regression = LogisticRegression(
      fitting: earlier.pairs.map { (earlier.overlap($0).features, tasks.met($0)) },
      usual: Self.usualWeights, precision: Self.priorPrecision)
    knowledge = KnowledgeBuilder.knowledge(of: log, oldest: count)
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
    let reader = ClaimReader(files: RepositoryFiles(paths: log.paths), ignored: IgnoreList([]))
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
