/// A branch to be pushed, with the pull request to be opened for it.
package struct PublishOrder: Equatable, Sendable {
  package var repository: Int
  package var branch: String
  /// The branch it is to be merged into; nil for the remote's own.
  package var base: String?
  package var title: String
  /// Markdown.
  package var body: String
  /// Whether a pull request is opened, or the branch only pushed.
  package var opensRequest: Bool

  package init(
    repository: Int, branch: String, base: String?, title: String, body: String, opensRequest: Bool
  ) {
    self.repository = repository
    self.branch = branch
    self.base = base
    self.title = title
    self.body = body
    self.opensRequest = opensRequest
  }
}

/// Pushes branches and opens pull requests, with git and a program that the user chose.
package struct Publication {
  private let git: Git
  private let remote: String
  /// The shell command that opens a request; nil for `gh`.
  private let command: String?

  package init(_ options: GitOptions, repository: Int, program: Program) {
    git = Git(folder: options.repositories[repository].root, program: program)
    remote = options.remote
    command = options.pullRequestCommand
  }

  /// What became of it, in words; the last word of a program that opens requests is mostly its address.
  package func carryOut(_ order: PublishOrder) throws(GitError) -> String {
    guard try git.call(["remote", "get-url", "--", remote]).isSuccess else {
      return
        "there is no remote \(remote), so \(order.branch) stays here: git merge \(order.branch)"
    }
    let ref = "refs/heads/\(order.branch)"
    try git.run("push", "--quiet", "--no-verify", remote, "\(ref):\(ref)")
    guard order.opensRequest else { return "\(order.branch) is pushed to \(remote)" }
    let result = try open(order)
    if result.isSuccess {
      let address = result.text.split(separator: "\n").last.map(String.init)
      return address ?? "a pull request for \(order.branch) was opened"
    }
    if let address = Self.existing(result.errorText) { return address }
    let why =
      result.status == 127 && command == nil
      ? "gh is not installed" : result.errorText.split(separator: "\n").first.map(String.init)
    throw GitError(
      place: order.branch,
      problem: "is pushed, but no pull request was opened: \(why ?? "status \(result.status)")",
      remedy: "open it by hand, or set git.pull_request_command")
  }

  /// The address of the request that is there already, as gh says it.
  ///
  /// A runner that died may have opened it.
  private static func existing(_ words: String) -> String? {
    guard words.contains("already exists") else { return nil }
    return words.split(separator: "\n").map(String.init).last { $0.hasPrefix("https://") }
  }

  private func open(_ order: PublishOrder) throws(GitError) -> Program.Result {
    let variables = [
      Variable("LANES_PR_TITLE", order.title), Variable("LANES_PR_HEAD", order.branch),
      Variable("LANES_PR_BASE", order.base ?? ""),
    ]
    let words =
      if let command {
        ["sh", "-c", command]
      } else {
        ["gh", "pr", "create", "--head", order.branch, "--title", order.title, "--body-file", "-"]
          + (order.base.map { ["--base", $0] } ?? [])
      }
    return try git.program(
      words, from: git.folder, input: Array(order.body.utf8), variables: variables)
  }
}
