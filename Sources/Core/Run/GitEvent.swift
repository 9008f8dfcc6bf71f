/// A fact about the worktrees of a run, and about the merging of what was done in them.
package enum GitEvent: Equatable, Sendable {
  /// The worktree of an attempt is there; only now its process is launched.
  case workspaceReady(AttemptKey, Workspace)
  /// A worktree is no longer there.
  case workspaceRemoved(TaskID)
  /// What an attempt did is in a commit.
  case workCommitted(AttemptKey, WorkCommit)
  /// These tasks' work is about to be merged.
  case mergeStarted(repository: Int, tasks: [TaskID])
  /// The work of a task is in the result, with this commit.
  case workMerged(AttemptKey, commit: String)
  /// The work of a task does not go together with what `others` did.
  case mergeConflicted(AttemptKey, MergeConflict)
  /// Git could not merge at all; it will be tried again.
  case mergeFailed(String)
  /// A branch has the result so far.
  case resultMoved(repository: Int, branch: String, commit: String)
  /// Two tasks at work have changed the same files; their changes merge clean, or conflict.
  case contactSeen(TaskID, TaskID, Contact)
  /// A branch is about to be pushed, and a pull request opened.
  case publishing(repository: Int, branch: String)
  /// What became of it, in words: mostly the request's address.
  case published(repository: Int, branch: String, words: String, isDone: Bool)
  /// An attempt is kept from going on by one that began before it, with which it conflicts.
  case heldBack(AttemptKey, behind: TaskID)
  /// A gate refused the result of a level, and the task is sought whose work it is.
  case culpritSought(CulpritSearch)
  /// With the work of this task in it the result is refused, and without it it is not.
  case culpritFound(AttemptKey, gate: String, words: String)
  /// The result is merged anew without the work of some tasks.
  case resultRemade(RemadeResult)
  /// The work of a task is no longer in the result, and is kept under the ref; it was refused, or built on
  /// what was.
  case workSetAside(AttemptKey, gate: String, words: String, isRefused: Bool, ref: String)
  case searchEnded(level: Int, gate: String, SearchEnd)
  /// An attempt runs at the same time as tasks with which it will probably conflict.
  case speculationStarted(AttemptKey, beside: [TaskID])
  /// What became of that.
  case speculationEnded(AttemptKey, SpeculationEnd)
}

/// How a search for a culprit ended.
package enum SearchEnd: String, Equatable, Sendable, CaseIterable {
  /// The gate accepts what is left.
  case settled
  /// It refuses what the level started from, so that no task of the level is to blame.
  case helpless
  /// The tasks of later levels were built on the culprit's work.
  case buried
  /// Somebody had one of the tasks done again.
  case abandoned
}

/// What a search for the culprit among the tasks of a level starts from.
package struct CulpritSearch: Equatable, Sendable {
  package var level: Int
  package var gate: String
  /// The try of the gate that refused, by which its log is found.
  package var attempt: Int
  /// Why it did.
  package var words: String
  /// The tasks whose work was merged since a gate accepted the result, in that order.
  package var tasks: [TaskID]

  package init(level: Int, gate: String, attempt: Int, words: String, tasks: [TaskID]) {
    self.level = level
    self.gate = gate
    self.attempt = attempt
    self.words = words
    self.tasks = tasks
  }
}

/// A result that was merged anew from a commit before the work that had to go.
package struct RemadeResult: Equatable, Sendable {
  package var repository: Int
  package var branch: String
  package var commit: String
  package var merges: [Merge]
  /// The task whose work had to go, and those whose work does not merge without it.
  package var without: [TaskID]

  package struct Merge: Equatable, Sendable {
    package var task: TaskID
    package var commit: String

    package init(task: TaskID, commit: String) {
      self.task = task
      self.commit = commit
    }
  }

  package init(
    repository: Int, branch: String, commit: String, merges: [Merge], without: [TaskID]
  ) {
    self.repository = repository
    self.branch = branch
    self.commit = commit
    self.merges = merges
    self.without = without
  }
}

extension GitEvent {
  /// The value of the field `kind`.
  package var name: String {
    switch self {
    case .workspaceReady: "workspace_ready"
    case .workspaceRemoved: "workspace_removed"
    case .workCommitted: "work_committed"
    case .mergeStarted: "merge_started"
    case .workMerged: "work_merged"
    case .mergeConflicted: "merge_conflicted"
    case .mergeFailed: "merge_failed"
    case .resultMoved: "result_moved"
    case .contactSeen: "contact_seen"
    case .publishing: "publishing"
    case .published: "published"
    case .heldBack: "held_back"
    case .culpritSought: "culprit_sought"
    case .culpritFound: "culprit_found"
    case .resultRemade: "result_remade"
    case .workSetAside: "work_set_aside"
    case .searchEnded: "culprit_search_ended"
    case .speculationStarted: "speculation_started"
    case .speculationEnded: "speculation_ended"
    }
  }

  /// The task it is about, where it is about one.
  package var task: TaskID? {
    switch self {
    case .workspaceReady(let key, _), .workCommitted(let key, _), .workMerged(let key, _),
      .mergeConflicted(let key, _), .heldBack(let key, _), .culpritFound(let key, _, _),
      .workSetAside(let key, _, _, _, _), .speculationStarted(let key, _),
      .speculationEnded(let key, _):
      key.task
    case .workspaceRemoved(let id): id
    case .mergeStarted, .mergeFailed, .resultMoved, .contactSeen, .publishing, .published,
      .culpritSought, .resultRemade, .searchEnded:
      nil
    }
  }
}
