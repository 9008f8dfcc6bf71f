/// What is known of tasks that will probably change the same files and run at the same time nonetheless;
/// changed by `RunState.apply` alone.
package struct Speculation: Equatable, Sendable {
  /// Tasks that will probably change the same files, apart from those that were rolled back.
  var rivals = TaskPairs()
  /// Pairs that ran at the same time, while not both are merged.
  private var open: Set<IndexPair> = []
  private var all: Set<IndexPair> = []
  /// How many attempts were rolled back.
  package private(set) var rolledBack = 0
  /// The time for which tasks ran that would have waited for another one.
  package private(set) var won: Duration = .zero
  /// The time that went into attempts that were rolled back.
  package private(set) var cost: Duration = .zero
  /// What became of the newest attempt of each task.
  private var ends: [Int: SpeculationEnd] = [:]

  /// How many pairs ran at the same time.
  package var pairs: Int { all.count }

  /// The tasks beside which one ran, and with which it may turn out to conflict.
  package func open(of index: Int) -> [Int] {
    rivals.partners(of: index).filter { open.contains(IndexPair(index, $0)) }
  }

  func isOpen(_ one: Int, _ two: Int) -> Bool { open.contains(IndexPair(one, two)) }

  /// What became of running a task at the same time as others; nil while that is open.
  package func end(of index: Int) -> SpeculationEnd? { ends[index] }
}

/// What became of running a task at the same time as those with which it was expected to conflict.
package struct SpeculationEnd: Equatable, Sendable {
  package enum Verdict: String, Equatable, Sendable, CaseIterable {
    /// All of their work is merged.
    case won
    /// Its work conflicts with what was merged, and is done again.
    case rolledBack = "rolled_back"
  }

  package var verdict: Verdict
  package var others: [TaskID]
  /// For how long it ran beside them, or how much work is lost.
  package var time: Duration

  package init(_ verdict: Verdict, others: [TaskID], time: Duration) {
    self.verdict = verdict
    self.others = others
    self.time = time
  }
}

/// What events do.
extension Speculation {
  mutating func start(_ index: Int, beside others: [Int]) {
    ends[index] = nil
    for other in others {
      open.insert(IndexPair(index, other))
      all.insert(IndexPair(index, other))
    }
  }

  mutating func end(_ index: Int, _ end: SpeculationEnd, with others: [Int]) {
    ends[index] = end
    switch end.verdict {
    case .won:
      won += end.time
      forget(index, beside: others)
    case .rolledBack:
      rolledBack += 1
      cost += end.time
      forget(index)
    }
  }

  /// Nothing will be learnt of the pairs of a task: its work is not merged, or starts afresh.
  mutating func forget(_ index: Int) { forget(index, beside: rivals.partners(of: index)) }

  mutating func forget(_ index: Int, beside others: [Int]) {
    for other in others { open.remove(IndexPair(index, other)) }
  }
}

extension GitState {
  /// An attempt that starts from the work of others is not at risk with them.
  mutating func forgetMergedRivals(of index: Int) {
    guard let open = speculation?.open(of: index), !open.isEmpty else { return }
    speculation?.forget(index, beside: open.filter { works[$0].merged != nil })
  }

  /// Keeps a task that was rolled back apart from all with which it is expected to conflict.
  ///
  /// So it is rolled back once. Returns the tasks whose being held may have changed.
  mutating func keepApart(_ index: Int) -> [Int] {
    let isActive = works[index].isActive
    guard let rivals = speculation?.rivals.remove(index, isAtWork: isActive) else { return [] }
    return [index] + rivals.flatMap { addPartners(index, $0) }
  }
}
