/// Merges pieces of work into a branch, without a checkout.
struct Integration {
  let git: Git
  let order: MergeOrder
  private(set) var notes: [String] = []

  init(git: Git, order: MergeOrder) {
    self.git = git
    self.order = order
  }

  /// Merges what merges, one after the other, and moves the branches to the result at once.
  ///
  /// What a branch has in it already is not merged again, so that this may be repeated. A branch that
  /// somebody moved meanwhile is gone on from, as long as it has everything that was merged before.
  mutating func carryOut() throws(GitError) -> (tip: String, outcomes: [MergeOutcome]) {
    for attempt in 1... {
      let old = try current()
      var tip = try start(from: old)
      let contained = try contained(in: tip)
      var outcomes: [MergeOutcome] = []
      for work in order.works {
        if work.head == tip || contained.contains(work.head) {
          outcomes.append(.contained)
        } else {
          outcomes.append(try merge(work, &tip))
        }
      }
      if try move(to: tip, from: old) { return (tip, outcomes) }
      if attempt == 5 { break }
    }
    throw GitError(
      place: order.branches.first ?? "", problem: "the branch moves while it is being merged into",
      remedy: "let nothing else commit to it")
  }

  private func current() throws(GitError) -> String? {
    guard let branch = order.branches.first else { return nil }
    return try git.text("rev-parse", "--verify", "--quiet", "refs/heads/\(branch)")
  }

  private mutating func start(from old: String?) throws(GitError) -> String {
    guard let old, old != order.tip else { return order.tip }
    if try git.call(["merge-base", "--is-ancestor", order.tip, old]).isSuccess { return old }
    let kept = "refs/lanes/kept/\(order.branches[0])/\(old.prefix(10))"
    if try !git.call(["merge-base", "--is-ancestor", old, order.tip]).isSuccess {
      try git.run("update-ref", kept, old)
      notes.append("\(order.branches[0]) had been moved elsewhere; where it was is kept as \(kept)")
    }
    return order.tip
  }

  /// Which of the heads are in the tip's history.
  private func contained(in tip: String) throws(GitError) -> Set<String> {
    // Everything that is asked for and not reachable from the tip is listed.
    let heads = Set(order.works.map(\.head))
    if heads.isEmpty { return [] }
    let listed = try git.run(
      ["rev-list", "--no-walk=unsorted", "--stdin"], input: Self.lines(heads, excluding: tip))
    let open = Set(listed.text.split(separator: "\n").map(String.init))
    return heads.subtracting(open)
  }

  private static func lines(_ heads: Set<String>, excluding tip: String) -> [UInt8] {
    Array((heads.sorted() + ["^\(tip)"]).map { $0 + "\n" }.joined().utf8)
  }

  private func merge(
    _ work: MergeOrder.Work, _ tip: inout String
  ) throws(GitError) -> MergeOutcome {
    let merge = Merge(git: git)
    switch try merge.attempt(ours: tip, theirs: work.head) {
    case .contained: return .contained
    case .conflicted(let conflict): return .conflicted(conflict.files)
    case .clean(let tree):
      tip = try merge.commit(tree, parents: [tip, work.head], message: work.message)
      return .merged(tip)
    }
  }

  /// Moves all branches; false when the first was moved by somebody else meanwhile.
  private func move(to tip: String, from old: String?) throws(GitError) -> Bool {
    var lines = ""
    for (number, branch) in order.branches.enumerated() {
      let ref = "refs/heads/\(branch)"
      lines +=
        number > 0
        ? "update \(ref) \(tip)\n"
        : old.map { "update \(ref) \(tip) \($0)\n" } ?? "create \(ref) \(tip)\n"
    }
    if lines.isEmpty { return true }
    let words = ["update-ref", "--create-reflog", "-m", "lanes: merge", "--stdin"]
    let result = try git.call(words, input: Array(lines.utf8))
    if result.isSuccess { return true }
    if try current() != old { return false }
    throw git.error(words, result)
  }
}
