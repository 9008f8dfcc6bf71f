/// Where tasks work.
package enum Isolation: String, Equatable, Sendable, CaseIterable {
  /// Each in a worktree of its own, where there is a repository.
  case worktree
  /// All in the project's folder.
  case none
}

/// What is set under `git`.
package struct GitSettings: Equatable, Sendable {
  /// What tasks start from; nil is what is checked out.
  package var base: String?
  package var branch = "feature/task-{id}-implementation"
  package var levelBranch = "feature/level-{level}-implementation"
  package var branchPer = GitOptions.BranchPer.task
  package var requiresChanges = false
  package var integrates = true
  package var keep = GitOptions.KeepPolicy.failed
  package var setup: String?
  package var copied: [String] = []
  package var linked: [String] = []
  /// 0 for no ports.
  package var firstPort = 0
  package var portCount = 10
  package var pullRequest = GitOptions.PullRequestPolicy.none
  package var pullRequestCommand: String?
  package var remote = "origin"

  package init() {}
}

/// What is set under `conflicts`.
package struct ConflictSettings: Equatable, Sendable {
  /// Whether conflicts are looked for before the merge.
  package var isDetected = true
  package var predicted = GitOptions.PredictedPolicy.serialize
  /// From this probability on, in percent, tasks are expected to conflict.
  package var threshold = 50
  package var live = GitOptions.LivePolicy.warn
  package var atMerge = GitOptions.MergePolicy.rerun
  package var reruns = 3
  package var resolve: String?
  package var ignored = GitOptions.usuallyIgnored

  package init() {}
}

extension Settings {
  /// What happens to tasks that will probably conflict: nothing is rolled back where nothing is merged.
  package var predictedPolicy: GitOptions.PredictedPolicy {
    guard conflicts.isDetected else { return .off }
    let isMerged = git.integrates && isolation == .worktree
    return conflicts.predicted == .speculate && !isMerged ? .warn : conflicts.predicted
  }

  /// The settings as a run in worktrees of these repositories takes them.
  package func gitOptions(_ repositories: [GitOptions.Repository]) -> GitOptions {
    var options = GitOptions(repositories: repositories)
    options.branch = git.branch
    options.levelBranch = git.levelBranch
    options.branchPer = git.branchPer
    options.requiresChanges = git.requiresChanges
    options.integrates = git.integrates
    options.keep = git.keep
    options.setup.command = git.setup
    options.setup.copied = git.copied
    options.setup.linked = git.linked
    options.setup.firstPort = git.firstPort == 0 ? nil : git.firstPort
    options.setup.portCount = git.portCount
    options.pullRequest = git.pullRequest
    options.pullRequestCommand = git.pullRequestCommand
    options.remote = git.remote
    options.atMerge = conflicts.atMerge
    options.reruns = conflicts.reruns
    options.resolveCommand = conflicts.resolve
    options.ignored = conflicts.ignored
    options.predicted = predictedPolicy
    options.live = conflicts.isDetected ? conflicts.live : .off
    return options
  }
}
