/// The search for the work that makes a level's gate refuse what is merged.
///
/// Each merge of a level has all earlier ones in it, so the first that the gate refuses is found by
/// halving, as `git bisect` does: with n merges the gate runs about log2(n) times for each task that has
/// to go, and once more on what is left. The commit before the first merge is only asked about when the
/// first merge would be to blame.
package struct GateSearch: Equatable, Sendable {
  /// A task's work as a commit of the result.
  package struct Merge: Equatable, Sendable {
    package var task: Int
    package var commit: String

    package init(task: Int, commit: String) {
      self.task = task
      self.commit = commit
    }
  }

  /// A verdict against a commit, by which the gate's log is found.
  package struct Refusal: Equatable, Sendable {
    package var stage: GateStage
    package var attempt: Int
    package var words: String

    package init(stage: GateStage, attempt: Int, words: String) {
      self.stage = stage
      self.attempt = attempt
      self.words = words
    }
  }

  /// Work that is no longer in the result.
  package struct SetAside: Equatable, Sendable {
    package var task: Int
    /// Nil when it only does not merge without work that was refused.
    package var refusal: Refusal?
    /// How many attempts at the task had failed before.
    package var failures: Int

    package init(task: Int, refusal: Refusal?, failures: Int) {
      self.task = task
      self.refusal = refusal
      self.failures = failures
    }
  }

  /// What is to be done next.
  package enum Step: Equatable, Sendable {
    /// Ask the gate about a commit.
    case probe(String)
    /// Say whose work it is.
    case found(Merge)
    /// Merge what came after the culprit without it.
    case takeOut(Int)
    /// The gate refuses what the level started from, so no task of it is to blame.
    case helpless
    /// The gate accepts the result.
    case done
  }

  package let level: Int
  package let gate: String
  /// The commit that all of it started from.
  package let base: String
  package private(set) var merges: [Merge]
  /// With so many of the merges the gate accepts the result.
  private var accepted = 0
  /// With so many it does not; nil until it was asked about all that are left.
  private var refused: Int?
  private var acceptsBase: Bool?
  /// The newest refusal.
  package private(set) var refusal: Refusal
  /// The task whose work is being taken out.
  package private(set) var culprit: Int?
  package private(set) var setAside: [SetAside] = []
  /// Somebody had one of the tasks done again, so that the search means nothing any more.
  package var isAbandoned = false

  package init(level: Int, gate: String, base: String, merges: [Merge], refusal: Refusal) {
    self.level = level
    self.gate = gate
    self.base = base
    self.merges = merges
    self.refusal = refusal
    refused = merges.count
  }

  package var step: Step {
    if isAbandoned { return .done }
    if acceptsBase == false { return .helpless }
    if let culprit { return .takeOut(culprit) }
    guard let refused else {
      return accepted == merges.count ? .done : .probe(merges[merges.count - 1].commit)
    }
    if refused - accepted > 1 { return .probe(merges[(accepted + refused) / 2 - 1].commit) }
    if refused == 1, acceptsBase == nil { return .probe(base) }
    return .found(merges[refused - 1])
  }

  /// The newest commit that the gate accepts.
  package var lastAccepted: String { accepted == 0 ? base : merges[accepted - 1].commit }

  /// What was merged after the culprit.
  package var rest: ArraySlice<Merge> { merges.dropFirst(accepted + 1) }

  package func concerns(_ task: Int) -> Bool {
    merges.contains { $0.task == task } || setAside.contains { $0.task == task }
  }

  /// Takes the gate's verdict about a commit; `refusal` is nil when it accepts it.
  package mutating func note(_ commit: String, _ refusal: Refusal?) {
    if commit == base { acceptsBase = refusal == nil }
    guard let place = merges.firstIndex(where: { $0.commit == commit }) else { return }
    if let refusal {
      refused = place + 1
      self.refusal = refusal
    } else {
      accepted = place + 1
    }
  }

  package mutating func found(_ task: Int?) { culprit = task }

  /// Goes on with a result that has the culprit's work no more, nor what needs it.
  package mutating func remade(_ rest: [Merge], without: [(task: Int, failures: Int)]) {
    merges = merges.prefix(accepted) + rest
    setAside += without.map { task, failures in
      SetAside(task: task, refusal: task == culprit ? refusal : nil, failures: failures)
    }
    culprit = nil
    refused = nil
  }
}
