/// The worktree in which a task works.
package struct Workspace: Equatable, Sendable {
  /// The worktree's folder, absolute.
  package var path: String
  /// The branch checked out in it; empty when none is.
  package var branch: String
  /// The commit it started from.
  package var base: String
  /// The commit whose conflict with the base is to be resolved in it.
  package var resolves: String?
  /// What both sides of that conflict come from.
  package var ancestor: String?

  package init(
    path: String, branch: String, base: String, resolves: String? = nil, ancestor: String? = nil
  ) {
    self.ancestor = ancestor
    self.path = path
    self.branch = branch
    self.base = base
    self.resolves = resolves
  }
}

/// What a task left in its worktree, committed.
package struct WorkCommit: Equatable, Sendable {
  /// The newest commit; the base itself when nothing changed.
  package var head: String
  /// The changed files, at most `mostFiles` of them.
  package var files: [String]
  /// How many files changed.
  package var count: Int
  /// Whether the task left something that lanes committed.
  package var hadLeftovers: Bool
  /// The time from the end of the attempt to its commit.
  package var took: Duration

  package init(
    head: String, files: [String], count: Int, hadLeftovers: Bool, took: Duration = .zero
  ) {
    self.head = head
    self.files = files
    self.count = count
    self.hadLeftovers = hadLeftovers
    self.took = took
  }

  package static let mostFiles = 100
}

/// A file in which two pieces of work do not go together.
package struct ConflictedFile: Equatable, Sendable {
  package var path: String
  /// The lines in conflict as the first of the two has them; empty when lines are not what it is about.
  package var lines: [ClosedRange<Int>]
  /// What it is about: `content`, `modify/delete`, `add/add` and so on.
  package var reason: String

  package init(path: String, lines: [ClosedRange<Int>] = [], reason: String = "content") {
    self.path = path
    self.lines = lines
    self.reason = reason
  }

  /// As people read it: `src/main.rs:10–24`.
  package var words: String {
    let place = lines.prefix(3).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)"
    }.joined(separator: ",")
    let more = lines.count > 3 ? ",…" : ""
    let why = reason == "content" || reason == "contents" ? "" : " (\(cleaned(reason)))"
    return cleaned(path) + (place.isEmpty ? "" : ":\(place)\(more)") + why
  }
}

/// How a worktree comes to be.
package struct WorkspaceOrder: Equatable, Sendable {
  package var repository: Int
  package var path: String
  /// Empty for none.
  package var branch: String
  package var start: Start
  /// The ref that keeps the work of an earlier attempt, and the commit it is.
  package var setAside: SavedWork?

  package enum Start: Equatable, Sendable {
    /// As it is, when it is there, having started from `base`; otherwise as new.
    ///
    /// What the attempt before left there is kept under `saving` first.
    case asItIs(base: String, else: [String], saving: String)
    /// New, from these commits merged.
    case new([String])
    /// Both sides of a merge that conflicts, for somebody to resolve.
    case conflict(ours: String, theirs: String)
  }

  package init(
    repository: Int, path: String, branch: String, start: Start, setAside: SavedWork? = nil
  ) {
    self.repository = repository
    self.path = path
    self.branch = branch
    self.start = start
    self.setAside = setAside
  }
}

/// A commit under a ref that keeps it.
package struct SavedWork: Equatable, Sendable {
  package var ref: String
  package var commit: String

  package init(ref: String, commit: String) {
    self.ref = ref
    self.commit = commit
  }
}

/// What is committed, and how.
package struct CommitOrder: Equatable, Sendable {
  package var repository: Int
  package var workspace: Workspace
  package var message: String
  /// How the attempt's process ended, for the answer.
  package var outcome: Outcome
  package var usage: ResourceUsage
  /// When it ended, gates passed; nil when that was seen by an earlier runner.
  package var endedAt: Instant?

  package init(
    repository: Int, workspace: Workspace, message: String, outcome: Outcome, usage: ResourceUsage,
    endedAt: Instant? = nil
  ) {
    self.repository = repository
    self.workspace = workspace
    self.message = message
    self.outcome = outcome
    self.usage = usage
    self.endedAt = endedAt
  }
}

/// Pieces of work to be merged one after the other into a branch.
package struct MergeOrder: Equatable, Sendable {
  package var repository: Int
  /// The branches that are moved to the result; the first one is read.
  package var branches: [String]
  /// What the branch starts from when it is not there.
  package var tip: String
  package var works: [Work]
  /// The result that this one takes the place of, and what must not be in it.
  package var replacement: Replacement?

  /// A result that is merged anew.
  package struct Replacement: Equatable, Sendable {
    /// Where the branch was.
    package var tip: String
    /// The work that has to go; it is kept under a ref.
    package var without: SavedWork

    package init(of tip: String, without: SavedWork) {
      self.tip = tip
      self.without = without
    }
  }

  package struct Work: Equatable, Sendable {
    package var key: AttemptKey
    package var head: String
    package var message: String

    package init(key: AttemptKey, head: String, message: String) {
      self.key = key
      self.head = head
      self.message = message
    }
  }

  package init(
    repository: Int, branches: [String], tip: String, works: [Work],
    replacement: Replacement? = nil
  ) {
    self.replacement = replacement
    self.repository = repository
    self.branches = branches
    self.tip = tip
    self.works = works
  }
}

/// What became of a piece of work that was to be merged.
package enum MergeOutcome: Equatable, Sendable {
  /// The merge is this commit.
  case merged(String)
  /// It is in the result already, or there was nothing.
  case contained
  case conflicted([ConflictedFile])
  /// It was built on work that must not be in the result.
  case dependent

  package var isConflict: Bool {
    if case .conflicted = self { true } else { false }
  }
}

/// What a run asks of git; every order has one answer.
package enum GitOrder: Equatable, Sendable {
  case prepare(AttemptKey, WorkspaceOrder)
  case commit(AttemptKey, CommitOrder)
  case merge(MergeOrder)
  /// The worktree is no longer needed; what is in it is kept first, under the ref, unless it is nil.
  case remove(TaskID, repository: Int, Workspace, saving: String?)
  /// Push a branch, and open a pull request for it.
  case publish(PublishOrder)
  /// Tell when what happens in this worktree meets what happens in others; has no answer of its own.
  case watch(TaskID, repository: Int, Workspace)
}

/// What git answers, or tells of itself.
package enum GitReport: Equatable, Sendable {
  case prepared(AttemptKey, Workspace, notes: [String])
  case notPrepared(AttemptKey, String)
  case committed(AttemptKey, WorkCommit, CommitOrder, notes: [String])
  case notCommitted(AttemptKey, String, CommitOrder)
  case merged(MergeOrder, tip: String, [MergeOutcome], notes: [String])
  case notMerged(MergeOrder, String)
  case removed(TaskID, notes: [String])
  /// What became of a publication, in words.
  case published(PublishOrder, String, isDone: Bool)
  /// Two tasks have changed the same files, or no longer do where there are none.
  case met(TaskID, TaskID, Contact)
}

/// A piece of work that did not merge, and what comes of it.
package struct MergeConflict: Equatable, Sendable {
  package var files: [ConflictedFile]
  /// The tasks of the same result that changed the same files.
  package var others: [TaskID]
  package var next: Next

  package enum Next: String, Equatable, Sendable, CaseIterable {
    /// The task runs again, from the result.
    case rerun
    /// It ran beside what it conflicts with, although that was expected, and runs again from the result.
    case rollBack = "roll_back"
    /// A command resolves the conflict.
    case resolve
    /// It is left for a person.
    case stop
  }

  package init(files: [ConflictedFile], others: [TaskID], next: Next) {
    self.files = files
    self.others = others
    self.next = next
  }
}
