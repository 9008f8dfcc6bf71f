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
      let merges = contained.isEmpty ? [:] : try merges(in: tip)
      let dependents = try dependents()
      var outcomes: [MergeOutcome] = []
      for work in order.works {
        if let commit = merges[work.head] {
          outcomes.append(.merged(commit))
        } else if work.head == tip || contained.contains(work.head) {
          outcomes.append(.contained)
        } else if dependents.contains(work.head) {
          outcomes.append(.dependent)
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
    if let saved = order.replacement?.without { try git.run("update-ref", saved.ref, saved.commit) }
    guard let old, old != order.tip else { return order.tip }
    if let replacement = order.replacement, try has(replacement.without.commit, in: old) {
      if old != replacement.tip { try keep(old) }
      return order.tip
    }
    if try has(order.tip, in: old) { return old }
    if try !has(old, in: order.tip) { try keep(old) }
    return order.tip
  }

  private func has(_ commit: String, in tip: String) throws(GitError) -> Bool {
    try git.call(["merge-base", "--is-ancestor", commit, tip]).isSuccess
  }

  private mutating func keep(_ old: String) throws(GitError) {
    let kept = "refs/lanes/kept/\(order.branches[0])/\(old.prefix(10))"
    try git.run("update-ref", kept, old)
    notes.append("\(order.branches[0]) had been moved elsewhere; where it was is kept as \(kept)")
  }

  /// The merges that an earlier, interrupted call of this made, by what they merged.
  private func merges(in tip: String) throws(GitError) -> [String: String] {
    let listed = try git.run(
      "rev-list", "--first-parent", "--parents", "--min-parents=2", "--max-parents=2", tip,
      "^\(order.tip)")
    var found: [String: String] = [:]
    for line in listed.text.split(separator: "\n") {
      let commits = line.split(separator: " ").map(String.init)
      if commits.count == 3 { found[commits[2]] = commits[0] }
    }
    return found
  }

  /// Which of the heads were built on what must not be in the result.
  private func dependents() throws(GitError) -> Set<String> {
    guard let culprit = order.replacement?.without.commit, !order.works.isEmpty else { return [] }
    let heads = Set(order.works.map(\.head))
    let listed = try git.run(
      ["rev-list", "--ancestry-path", "--stdin"], input: Self.lines(heads, excluding: culprit))
    return heads.intersection(listed.text.split(separator: "\n").map(String.init))
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
