/// When branches are pushed and pull requests are opened.
extension RunState {
  /// The publication that is due; nil when there is none.
  var publicationDue: Decision? {
    guard let git, let options = manifest.options.git, options.pullRequest != .none,
      phase == .running, !git.isMerging
    else { return nil }
    for (repository, result) in git.results.enumerated() where !result.branch.isEmpty {
      guard !git.published.contains(PublishedBranch(repository, result.branch)),
        isComplete(result.branch, options)
      else { continue }
      return Decision(
        events: [.git(.publishing(repository: repository, branch: result.branch))],
        actions: [.git(.publish(publishOrder(repository, opensRequest: true)))])
    }
    return nil
  }

  /// Whether nothing more will be merged into a branch.
  private func isComplete(_ branch: String, _ options: GitOptions) -> Bool {
    if openLevel == levels.count { return true }
    return options.pullRequest == .level && manifest.options.schedule == .levels
      && branch != resultBranches(level: openLevel).first
  }

  /// The order to publish a repository's result.
  package func publishOrder(_ repository: Int, opensRequest: Bool) -> PublishOrder {
    let branch = git?.results[repository].branch ?? ""
    let options = manifest.options.git
    let level =
      options?.pullRequest == .level && manifest.options.schedule == .levels
      ? (0..<levels.count).first { resultBranches(level: $0).first == branch } : nil
    let base = options?.repositories[repository].base
    let below = level.flatMap { level in
      (0..<level).reversed().map { resultBranches(level: $0)[0] }.first {
        git?.published.contains(PublishedBranch(repository, $0)) ?? false
      }
    }
    let what = level.map { "Level \($0)" } ?? counted(counts.succeeded, "task")
    return PublishOrder(
      repository: repository, branch: branch, base: below ?? (base == "HEAD" ? nil : base),
      title: "Integration: \(what) of run \(cleaned(manifest.id.text))",
      body: PullRequestBody.text(self, repository: repository, level: level),
      opensRequest: opensRequest)
  }
}

/// A branch of a repository that was pushed or is being pushed.
package struct PublishedBranch: Hashable, Sendable {
  package var repository: Int
  package var branch: String

  init(_ repository: Int, _ branch: String) {
    self.repository = repository
    self.branch = branch
  }
}
