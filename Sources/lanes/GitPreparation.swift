import Core

/// Decides, before a run, whether tasks work in worktrees, and finds what is in the way of it.
enum GitPreparation {
  /// The options of git for a run; nil when the tasks work in the project's folder.
  static func options(_ call: Call, _ settings: Settings, _ plan: Plan) throws -> GitOptions? {
    guard settings.isolation == .worktree else { return nil }
    let folder = call.project.directory
    guard GitPreflight.isInRepository(folder) else {
      if settings.origin(of: "isolate") == .standard { return nil }
      throw Failure(
        .usage,
        "lanes: \(cleaned(folder)) is in no git repository; run git init there, or use"
          + " --isolate none")
    }
    do throws(GitError) {
      return try found(call, settings, plan)
    } catch {
      throw Failure(.usage, "lanes: \(error)")
    }
  }

  private static func found(
    _ call: Call, _ settings: Settings, _ plan: Plan
  ) throws(GitError) -> GitOptions {
    let environment = EnvironmentBlock.inherited()
    let preflight = GitPreflight(folder: call.project.directory, environment: environment)
    var repositories = [try preflight.repository(base: settings.git.base)]
    for (name, path) in settings.repositories.sorted(by: { $0.key < $1.key }) {
      let folder = path.hasPrefix("/") ? path : call.project.directory + "/" + path
      repositories.append(
        try GitPreflight(folder: folder, environment: environment)
          .repository(named: name, base: nil))
    }
    try checkNames(plan, repositories)
    var options = settings.gitOptions(repositories)
    try preflight.checkBranches(options)
    if options.atMerge == .resolve, options.resolveCommand == nil {
      throw GitError(
        place: "conflicts.at_merge", problem: "nothing says how conflicts are resolved",
        remedy: "set conflicts.resolve to a command")
    }
    noteUncommitted(preflight, call, plan)
    options.predictions = predictions(call, settings, plan, at: repositories[0].commit)
    return options
  }

  /// Tasks that will probably change the same files; none when that is not wanted.
  ///
  /// What a repository knows is taken from `commit`, which is by default what would be the base.
  static func predictions(
    _ call: Call, _ settings: Settings, _ plan: Plan, at commit: String? = nil,
    leastLearned: Double? = nil
  ) -> [PredictedConflict] {
    guard settings.conflicts.isDetected, settings.conflicts.predicted != .off else { return [] }
    let folder = call.project.directory
    var files = RepositoryFiles.unknown
    var model: ConflictModel?
    if settings.isolation == .worktree, GitPreflight.isInRepository(folder) {
      let commit = commit ?? settings.git.base ?? "HEAD"
      files = HistoryReader(folder: folder, environment: EnvironmentBlock.inherited())
        .files(at: commit)
      model = LearnedConflicts.model(call, at: commit)
    }
    var prediction = Prediction(
      threshold: Double(settings.conflicts.threshold) / 100, ignored: settings.conflicts.ignored,
      schedule: settings.schedule, model: model)
    if let leastLearned { prediction.leastLearned = leastLearned }
    return prediction.conflicts(in: plan, files)
  }

  private static func checkNames(
    _ plan: Plan, _ repositories: [GitOptions.Repository]
  ) throws(GitError) {
    let names = repositories.map(\.name)
    for task in plan.tasks {
      guard let name = task.repository, !names.contains(name) else { continue }
      throw GitError(
        place: "task \(task.id)",
        problem: "works in the repository \(quoted(name)), which is not known",
        remedy: nearest(name, among: names).map { "did you mean \($0)?" }
          ?? "name its folder under repos in lanes.yml")
    }
  }

  /// Tasks do not see what is not committed; that is worth a word.
  private static func noteUncommitted(_ preflight: GitPreflight, _ call: Call, _ plan: Plan) {
    let file = plan.origin.file.split(separator: "/").last.map(String.init) ?? ""
    let count = preflight.uncommitted { path in
      path.hasSuffix("/" + file) || path == file || path.hasPrefix(".taskmaster/")
    }
    guard count > 0 else { return }
    call.console.note(
      "lanes: \(counted(count, "changed file")) of the checkout \(count == 1 ? "is" : "are") not"
        + " committed; tasks start without \(count == 1 ? "it" : "them")")
  }
}
