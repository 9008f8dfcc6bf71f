extension LaunchRequest {
  /// The same in this folder, which the task is told.
  func working(in directory: String) -> LaunchRequest {
    var request = self
    request.environment.append(Variable("LANES_WORKTREE", directory))
    return request
  }

  /// The same in the task's worktree, with what it needs to know of it.
  ///
  /// The set-up command runs first, as a part of the attempt, in a new worktree.
  func inWorktree(
    of work: GitState.Work, _ options: GitOptions, _ plan: Plan
  ) -> LaunchRequest {
    guard let workspace = work.workspace else { return working(in: directory) }
    let repository = options.repositories[work.repository]
    var request = self
    request.directory = workspace.path
    if !repository.prefix.isEmpty { request.directory += "/" + repository.prefix }
    request.environment += [
      Variable("LANES_WORKTREE", workspace.path), Variable("LANES_BRANCH", workspace.branch),
      Variable("LANES_BASE", workspace.base),
    ]
    if let first = options.setup.firstPort, let slot = work.slot {
      request.environment.append(
        Variable("LANES_PORT", String(first + slot * options.setup.portCount)))
      request.environment.append(Variable("LANES_PORT_COUNT", String(options.setup.portCount)))
    }
    if let theirs = workspace.resolves, let command = options.resolveCommand {
      request.resolve(theirs, command, workspace, work, plan)
    }
    if let setup = options.setup.command { request.prepend(setup) }
    return request
  }

  /// Has a command resolve a conflict, and tells it what both sides were to do.
  private mutating func resolve(
    _ theirs: String, _ command: String, _ workspace: Workspace, _ work: GitState.Work, _ plan: Plan
  ) {
    self.command = command
    environment += [
      Variable("LANES_OURS", workspace.base), Variable("LANES_THEIRS", theirs),
      Variable("LANES_CONFLICTS", work.conflictedFiles.map(\.path).joined(separator: "\n")),
    ]
    if let ancestor = workspace.ancestor {
      environment.append(Variable("LANES_MERGE_BASE", ancestor))
    }
    if prompt.isEmpty, let task = plan.index(of: key.task) {
      prompt = Prompt.text(for: plan.tasks[task])
    }
    prompt += Prompt.conflict(
      in: work.conflictedFiles, with: work.conflictsWith.prefix(5).map { plan.tasks[$0] })
    set("LANES_PROMPT_FILE", files.prompt)
  }

  /// Runs a command before the task's own, which does not run when the first one fails.
  ///
  /// Its text is a variable's value, so that nothing in it can end the line it stands in.
  private mutating func prepend(_ setup: String) {
    environment.append(Variable("LANES_SETUP", setup))
    command = """
      sh -c "$LANES_SETUP" </dev/null || { lanes_status=$?; \
      echo "lanes: the set-up command ended with status $lanes_status" >&2; exit $lanes_status; }
      \(command)
      """
  }
}
