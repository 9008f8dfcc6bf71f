import Core

/// `lanes integrate`: where the result of a run is, and how it gets to others.
enum IntegrateCommand {
  static func run(_ call: Call) throws -> ExitStatus {
    let view = try RunView(call, run: call.invocation.operands.first)
    guard let options = view.state.manifest.options.git, let git = view.state.git else {
      throw Failure(.usage, "lanes: run \(view.state.manifest.id) did not work in worktrees")
    }
    call.console.out(GitStatus.remedies(view.state))
    let opens = call.invocation.has("open")
    guard opens || call.invocation.has("push") else { return ExitStatus(view.state) }
    let program = Program(environment: Git.environment(EnvironmentBlock.inherited()))
    for (repository, result) in git.results.enumerated() where !result.branch.isEmpty {
      let order = view.state.publishOrder(repository, opensRequest: opens)
      do throws(GitError) {
        let words = try Publication(options, repository: repository, program: program)
          .carryOut(order)
        call.console.out(cleaned(words))
      } catch {
        throw Failure(.taskFailed, "lanes: \(error)")
      }
    }
    return .done
  }
}
