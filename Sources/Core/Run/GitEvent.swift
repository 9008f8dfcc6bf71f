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
    }
  }

  /// The task it is about, where it is about one.
  package var task: TaskID? {
    switch self {
    case .workspaceReady(let key, _), .workCommitted(let key, _), .workMerged(let key, _),
      .mergeConflicted(let key, _), .heldBack(let key, _):
      key.task
    case .workspaceRemoved(let id): id
    case .mergeStarted, .mergeFailed, .resultMoved, .contactSeen, .publishing, .published: nil
    }
  }
}
