/// Does the work of an order, on whatever thread.
struct Hands: Sendable {
  let options: GitOptions
  let program: Program

  func git(_ repository: Int) -> Git {
    Git(folder: options.repositories[repository].root, program: program)
  }

  /// The answer to an order that changes no worktrees; nil when it has none.
  func carryOut(_ order: GitOrder) -> GitReport? {
    switch order {
    case .publish(let order): publish(order)
    case .commit(let key, let order): commit(key, order)
    case .merge(let order): merge(order)
    case .watch, .prepare, .remove: nil
    }
  }

  /// The answer to an order that makes or removes a worktree, and a folder to be deleted before it is
  /// given.
  func place(_ order: GitOrder) -> (GitReport, rubbish: String?) {
    switch order {
    case .prepare(let key, let order): (prepare(key, order), nil)
    case .remove(let id, let repository, let workspace, let saving):
      remove(id, repository, workspace, saving)
    case .publish, .commit, .merge, .watch:
      preconditionFailure("\(order) changes no worktrees")
    }
  }

  func delete(_ path: String) {
    _ = try? program.run(["rm", "-rf", "--", path])
  }

  private func worktrees(_ repository: Int) -> Worktrees {
    Worktrees(
      git: git(repository), repository: options.repositories[repository], setup: options.setup)
  }

  private func prepare(_ key: AttemptKey, _ order: WorkspaceOrder) -> GitReport {
    var worktrees = worktrees(order.repository)
    do throws(GitError) {
      let workspace = try worktrees.prepare(order)
      return .prepared(key, workspace, notes: worktrees.notes)
    } catch {
      return .notPrepared(key, "\(error)")
    }
  }

  private func commit(_ key: AttemptKey, _ order: CommitOrder) -> GitReport {
    var commit = TaskCommit(
      git: git(order.repository), order: order, spared: options.setup.linked)
    do throws(GitError) {
      return .committed(key, try commit.make(), order, notes: commit.notes)
    } catch {
      return .notCommitted(key, "\(error)", order)
    }
  }

  private func merge(_ order: MergeOrder) -> GitReport {
    var integration = Integration(git: git(order.repository), order: order)
    do throws(GitError) {
      let (tip, outcomes) = try integration.carryOut()
      return .merged(order, tip: tip, outcomes, notes: integration.notes)
    } catch {
      return .notMerged(order, "\(error)")
    }
  }

  private func publish(_ order: PublishOrder) -> GitReport {
    let publication = Publication(options, repository: order.repository, program: program)
    do throws(GitError) {
      return .published(order, try publication.carryOut(order), isDone: true)
    } catch {
      return .published(order, "\(error)", isDone: false)
    }
  }

  private func remove(
    _ id: TaskID, _ repository: Int, _ workspace: Workspace, _ saving: String?
  ) -> (GitReport, rubbish: String?) {
    var worktrees = worktrees(repository)
    do throws(GitError) {
      let rubbish = try worktrees.remove(workspace, saving: saving)
      return (.removed(id, notes: worktrees.notes), rubbish)
    } catch {
      return (.removed(id, notes: worktrees.notes + ["a worktree stays: \(error)"]), nil)
    }
  }
}
