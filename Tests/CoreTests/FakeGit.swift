import Core

/// Git as a value: commits are named after the work that is in them, `base+1+2`.
struct FakeGit {
  /// Tasks whose work does not merge, with the tasks whose work is in the way.
  var conflicts: [String: String] = [:]
  /// How many files a task changes, where that is not one.
  var counts: [String: Int] = [:]
  /// The file a task changes, where that is not `f`.
  var paths: [String: String] = [:]
  /// Attempts for which no worktree can be made.
  var failures: Set<String> = []
  /// Heads that were built on the work of another task.
  var built: [String: String] = [:]
  /// All that was ordered, in words.
  private(set) var log: [String] = []

  mutating func answer(_ order: GitOrder) -> GitReport? {
    switch order {
    case .prepare(let key, let order):
      let base =
        switch order.start {
        case .asItIs(let base, _, _): base
        case .new(let commits): commits.joined(separator: "&")
        case .conflict(let ours, _): ours
        }
      if failures.contains("\(key.task).\(key.attempt)") {
        return .notPrepared(key, "No space left on device")
      }
      log.append("prepare \(key.task).\(key.attempt) \(Self.words(order.start))")
      if let saved = order.setAside { log.append("keep \(saved.ref) \(saved.commit)") }
      var workspace = Workspace(path: order.path, branch: order.branch, base: base)
      if case .conflict(_, let theirs) = order.start { workspace.resolves = theirs }
      return .prepared(key, workspace, notes: [])
    case .commit(let key, let order):
      let count = counts[key.task.text] ?? 1
      let commit = WorkCommit(
        head: count == 0 ? order.workspace.base : "\(key.task).\(key.attempt)",
        files: Array(repeating: paths[key.task.text] ?? "f", count: count), count: count,
        hadLeftovers: false)
      return .committed(key, commit, order, notes: [])
    case .merge(let order): return merge(order)
    case .remove(let id, _, _, let saving):
      log.append("remove \(id)" + (saving.map { " keeping \($0)" } ?? ""))
      return .removed(id, notes: [])
    case .publish(let order): return .published(order, "pushed", isDone: true)
    case .watch: return nil
    }
  }

  private mutating func merge(_ order: MergeOrder) -> GitReport {
    var (tip, outcomes) = (order.tip, [MergeOutcome]())
    let culprit = order.replacement?.without.commit
    for work in order.works {
      let task = work.key.task.text
      if let other = conflicts[task], tip.contains("+\(other)") {
        outcomes.append(.conflicted([ConflictedFile(path: "f", lines: [1...2])]))
      } else if let culprit, built[task] == culprit {
        outcomes.append(.dependent)
      } else if counts[task] == 0 {
        outcomes.append(.contained)
      } else {
        tip += "+\(work.head.split(separator: ".")[0])"
        outcomes.append(.merged(tip))
      }
    }
    let without = order.replacement.map { " without \($0.without.commit) as \($0.without.ref)" }
    log.append(
      "merge \(order.works.map(\.key.task.text).joined(separator: ",")) on \(order.tip)"
        + (without ?? ""))
    return .merged(order, tip: tip, outcomes, notes: [])
  }

  private static func words(_ start: WorkspaceOrder.Start) -> String {
    switch start {
    case .asItIs(let base, _, _): "as it is from \(base)"
    case .new(let commits): "from \(commits.joined(separator: "&"))"
    case .conflict(let ours, let theirs): "with \(theirs) against \(ours)"
    }
  }

  /// The log without what begins like this.
  func log(without prefix: String) -> [String] { log.filter { !$0.hasPrefix(prefix) } }
}

extension RunOptions {
  /// A run in worktrees.
  static func inWorktrees(
    attempts: Int = 1, schedule: Schedule = .levels, onFailure: FailurePolicy = .finish,
    _ change: (inout GitOptions) -> Void = { _ in }
  ) -> RunOptions {
    var options = RunOptions.having(attempts: attempts, schedule: schedule)
    options.onFailure = onFailure
    options.jobs = 8
    var git = GitOptions(repositories: [.init(root: "/r", base: "main", commit: "base")])
    git.live = .off
    change(&git)
    options.git = git
    return options
  }
}

extension RunScenario {
  /// Answers orders for git, and those that follow, until there is none.
  mutating func answer(_ git: inout FakeGit) {
    var orders = orders
    while !orders.isEmpty {
      guard let report = git.answer(orders.removeFirst()) else { continue }
      send(.git(report))
      orders += self.orders
    }
  }

  var orders: [GitOrder] {
    actions.compactMap { if case .git(let order) = $0 { order } else { nil } }
  }

  /// Ends these tasks' attempts, in this order, and lets git do what follows.
  mutating func finish(_ ids: String..., code: Int32 = 0, with git: inout FakeGit) {
    for id in ids {
      end(id, code)
      answer(&git)
    }
  }

  /// The gates that were just ordered.
  var gates: [GateOrder] {
    actions.compactMap { if case .gate(let order) = $0 { order } else { nil } }
  }

  /// Lets the gate that is at work end, accepting commits that `accepts`; returns what it was asked
  /// about.
  mutating func judge(_ git: inout FakeGit, _ accepts: (String) -> Bool) -> String? {
    guard let stage = state.crew?.stage?.stage, let result = state.git?.results.first else {
      return nil
    }
    let commit = stage.commit ?? result.tip
    endStage(stage, accepts(commit) ? 0 : 1)
    answer(&git)
    return commit
  }

  /// The words of what happened in worktrees, of some kinds.
  func gitEvents(_ kinds: String...) -> [GitEvent] {
    events.compactMap { if case .git(let event) = $0.kind { event } else { nil } }
      .filter { kinds.contains($0.name) }
  }
}
