/// How a run uses git; a run in place has none of it.
package struct GitOptions: Equatable, Sendable {
  /// The repositories tasks work in; the first is the one of the project.
  package var repositories: [Repository]
  /// The name of a task's branch, with `{id}`, `{level}` and `{run}`.
  package var branch = "feature/task-{id}-implementation"
  /// The name of a level's branch where tasks share one.
  package var levelBranch = "feature/level-{level}-implementation"
  package var branchPer = BranchPer.task
  /// Whether a task that changed no file has failed.
  package var requiresChanges = false
  /// Whether what tasks did is merged.
  package var integrates = true
  package var atMerge = MergePolicy.rerun
  /// How often a task is run again because its work did not merge.
  package var reruns = 3
  /// The shell command that resolves conflicts.
  package var resolveCommand: String?
  package var keep = KeepPolicy.failed
  package var setup = WorkspaceSetup()
  /// What happens to tasks that will probably change the same files.
  package var predicted = PredictedPolicy.serialize
  /// What happens to tasks that change the same files while they run.
  package var live = LivePolicy.warn
  /// Patterns of files in which conflicts are not looked for.
  package var ignored = Self.usuallyIgnored
  /// Tasks that will probably change the same files and are not run at the same time.
  package var predictions: [PredictedConflict] = []
  package var pullRequest = PullRequestPolicy.none
  /// The shell command that opens a pull request instead of `gh`.
  package var pullRequestCommand: String?
  package var remote = "origin"
  /// Whether orders say paths, branches, refs and messages; the git of a simulated run asks for none.
  package var givesNames = true

  package init(repositories: [Repository]) {
    self.repositories = repositories
  }

  /// Whether tasks that will probably conflict run at the same time until a merge tells; without merges
  /// there is nothing to be rolled back.
  package var speculates: Bool { predicted == .speculate && integrates }

  /// A repository as a run sees it.
  package struct Repository: Equatable, Sendable {
    /// The name tasks call it by; empty for the project's own.
    package var name: String
    /// The top folder of its checkout, absolute.
    package var root: String
    /// Where in it the tasks work: empty, or a path that ends with a slash.
    package var prefix: String
    /// What tasks start from, as the user named it.
    package var base: String
    /// The commit that was.
    package var commit: String

    package init(name: String = "", root: String, prefix: String = "", base: String, commit: String)
    {
      self.name = name
      self.root = root
      self.prefix = prefix
      self.base = base
      self.commit = commit
    }
  }

  package enum BranchPer: String, Equatable, Sendable, CaseIterable {
    case task
    case level
  }

  package enum MergePolicy: String, Equatable, Sendable, CaseIterable {
    /// The task runs again, from the result without its work.
    case rerun
    /// A command gets both sides.
    case resolve
    /// The rest is merged, and a person is asked.
    case stop
  }

  package enum KeepPolicy: String, Equatable, Sendable, CaseIterable {
    /// The worktrees of tasks whose work is not merged.
    case failed
    case all
    case none
  }

  package enum PredictedPolicy: String, Equatable, Sendable, CaseIterable {
    /// One after the other.
    case serialize
    /// At the same time where a slot would be idle; one whose work then does not merge is done again.
    case speculate
    case warn
    case off
  }

  package enum LivePolicy: String, Equatable, Sendable, CaseIterable {
    case warn
    /// The task that started later is paused until the other's work is merged.
    case pauseLater = "pause-later"
    /// The task that started later is ended, and runs again after the other.
    case stopLater = "stop-later"
    case off
  }

  package enum PullRequestPolicy: String, Equatable, Sendable, CaseIterable {
    case none
    case level
    case final
  }

  /// What nearly every worker touches, and what is made anew by tools.
  package static let usuallyIgnored = [
    "CLAUDE.md", "AGENTS.md", "GEMINI.md", ".claude/**", ".cursor/**", ".mcp.json",
    ".taskmaster/**",
    "*.lock", "package-lock.json", "pnpm-lock.yaml", "npm-shrinkwrap.json", "go.sum",
  ]
}

/// What a new worktree gets besides the files of the commit.
package struct WorkspaceSetup: Equatable, Sendable {
  /// A shell command that each attempt runs first in a new worktree.
  package var command: String?
  /// Untracked files that are copied from the checkout: patterns as in .gitignore.
  package var copied: [String] = []
  /// Untracked files and folders that become links to those of the checkout: paths.
  package var linked: [String] = []
  /// The first port given to tasks; nil for none.
  package var firstPort: Int?
  /// How many ports a task gets.
  package var portCount = 10

  package init() {}
}

/// Two tasks that will probably change the same files, with what says so.
package struct PredictedConflict: Equatable, Sendable {
  package var first: TaskID
  package var second: TaskID
  /// From 0 to 1.
  package var probability: Double
  package var evidence: [Evidence]
  package var standing: Standing

  package init(
    first: TaskID, second: TaskID, probability: Double, evidence: [Evidence],
    standing: Standing = .expected
  ) {
    self.first = first
    self.second = second
    self.probability = probability
    self.evidence = evidence
    self.standing = standing
  }

  package enum Standing: String, Equatable, Sendable, CaseIterable {
    /// They never run at the same time: one needs the other, or a barrier is between them.
    case ordered
    /// They may run at the same time, and the probability is below the threshold.
    case unlikely
    /// They may run at the same time, and the probability is high.
    case expected
  }

  /// One file both have to do with, and how each of them says so.
  package struct Evidence: Equatable, Sendable {
    /// Empty where the words tell of a meeting and not where.
    package var path: String
    package var probability: Double
    /// In words: `declared by 1, named in the text of 3`.
    package var words: String

    package init(path: String, probability: Double, words: String) {
      self.path = path
      self.probability = probability
      self.words = words
    }
  }
}
