extension Setting {
  /// The settings of worktrees, merges and conflicts.
  static let gitTable: [Setting] = [
    choice(
      "isolate", \.isolation,
      "where tasks work: in a git repository each in a worktree, or all in the folder",
      Flag("isolate")),
    text(
      "git.base", \.git.base, "REF", "what tasks start from; default is what is checked out",
      Flag("base"), example: "main"),
    string(
      "git.branch", \.git.branch, "NAME", "a task's branch; {id}, {level} and {run} are filled in",
      nil),
    string(
      "git.level_branch", \.git.levelBranch, "NAME", "a level's branch, where tasks share one", nil),
    choice(
      "git.branch_per", \.git.branchPer, "whether each task has a branch or each level",
      Flag("branch-per")),
    toggle(
      "git.integrate", \.git.integrates, "merge what tasks did into integration branches",
      Flag("no-integration", implied: "false", help: "leave each task's branch unmerged")),
    toggle(
      "git.require_changes", \.git.requiresChanges,
      "count an attempt that changed no file as failed",
      Flag("require-changes", implied: "true", help: "a task that changed no file has failed")),
    choice(
      "git.keep", \.git.keep, "which worktrees stay: of failed tasks, all, or none",
      Flag("keep-worktrees")),
    text(
      "git.setup", \.git.setup, "TEXT", "a shell command that runs first in each worktree",
      nil, example: "npm ci --prefer-offline"),
    list(
      "git.copy", \.git.copied, "untracked files to copy into each worktree, as in .gitignore", nil),
    list("git.link", \.git.linked, "untracked paths to link into each worktree", nil),
    integer(
      "git.first_port", \.git.firstPort, 0...65_535,
      "the first of the ports that tasks get as LANES_PORT; 0 for none", nil),
    integer("git.port_count", \.git.portCount, 1...1000, "how many ports a task gets", nil),
    choice(
      "git.pull_request", \.git.pullRequest, "when pull requests are opened",
      Flag("pull-request")),
    text(
      "git.pull_request_command", \.git.pullRequestCommand, "TEXT",
      "the shell command that opens one, instead of gh", nil,
      example: "'glab mr create --fill'"),
    string("git.remote", \.git.remote, "NAME", "the remote that branches are pushed to", nil),
    toggle(
      "conflicts.detect", \.conflicts.isDetected, "look for conflicts before work is merged",
      Flag(
        "no-conflict-detection", implied: "false",
        help: "neither predict conflicts nor look for them while tasks run")),
    choice(
      "conflicts.predicted", \.conflicts.predicted,
      "tasks that will probably conflict: apart, at the same time and rolled back if so, or said",
      Flag("predicted")),
    integer(
      "conflicts.threshold", \.conflicts.threshold, 1...100,
      "from which probability on, in percent, tasks are expected to conflict", nil),
    choice(
      "conflicts.live", \.conflicts.live, "what happens when running tasks change the same lines",
      Flag("live")),
    choice(
      "conflicts.at_merge", \.conflicts.atMerge,
      "when work does not merge: run the task again, let a command resolve it, or stop",
      Flag("at-merge")),
    integer(
      "conflicts.reruns", \.conflicts.reruns, 0...100,
      "how often a task is run again or resolved before it is left", nil),
    text(
      "conflicts.resolve", \.conflicts.resolve, "TEXT", "the shell command that resolves conflicts",
      nil, example: "'my-agent --resolve'"),
    list(
      "conflicts.ignore", \.conflicts.ignored,
      "files in which conflicts are neither predicted nor looked for", nil),
  ]
}
