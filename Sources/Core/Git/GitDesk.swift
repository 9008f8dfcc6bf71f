import CLinux
import Glibc
import Synchronization

/// Carries out orders for git on threads of its own, and keeps the answers until they are fetched.
///
/// No order waits for another one, except for a free thread. While any program of this desk lives,
/// also after this process was killed, the file `git.lock` is locked: a later desk waits for that.
package final class GitDesk: Sendable {
  /// Readable when there are reports to take.
  package let descriptor: Int32
  private let lock: Int32
  private let hands: Hands
  private let state = Mutex(State())
  private let bell: Int32
  private let mostThreads: Int
  private let options: GitOptions
  private let radarFolder: String
  private let radar = Mutex<OverlapRadar?>(nil)

  private struct State {
    var orders: [GitOrder] = []
    var reports: [GitReport] = []
    var threads = 0
    var idle = 0
    var isStopped = false
  }

  /// Opens the desk and waits for what an earlier process's git still does.
  ///
  /// `folder` is that of the project's runs.
  package init(
    options: GitOptions, environment: EnvironmentBlock, folder: String, threads: Int = 4
  ) throws(PlatformError) {
    lock = open(folder + "/git.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard lock >= 0 else { throw PlatformError(folder + "/git.lock") }
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    bell = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_SEMAPHORE))
    guard descriptor >= 0, bell >= 0, lanes_lock_file(lock, 1) == 0 else {
      let error = PlatformError("git.lock")
      for opened in [lock, descriptor, bell] where opened >= 0 { close(opened) }
      throw error
    }
    mostThreads = threads
    self.options = options
    radarFolder = folder + "/radar"
    let program = Program(environment: Git.environment(environment), lock: lock)
    hands = Hands(options: options, program: program)
  }

  deinit {
    close(lock)
    close(descriptor)
    close(bell)
  }

  /// Takes an order; its report comes later.
  package func take(_ order: GitOrder) {
    switch order {
    case .watch(let id, let repository, let workspace):
      return watch(id, repository, workspace)
    case .remove(let id, _, _, _): forget([id])
    case .prepare(let key, _): forget([key.task])
    case .commit, .merge, .publish: break
    }
    enqueue(order)
  }

  private func watch(_ id: TaskID, _ repository: Int, _ workspace: Workspace) {
    radar.withLock { radar in
      if radar == nil {
        radar = try? OverlapRadar(
          options: options, program: hands.program, folder: radarFolder
        ) { [weak self] in self?.add($0) }
      }
      radar?.take(.watch(id, repository: repository, workspace))
    }
  }

  /// What is merged or gone meets nothing any more.
  private func forget(_ tasks: [TaskID]) {
    radar.withLock { radar in
      for id in tasks { radar?.take(.forget(id)) }
    }
  }

  private func enqueue(_ order: GitOrder) {
    let mustStart = state.withLock { state in
      state.orders.append(order)
      guard state.idle < state.orders.count, state.threads < mostThreads else { return false }
      state.threads += 1
      return true
    }
    if mustStart, !startThread() { state.withLock { $0.threads -= 1 } }
    eventfd_write(bell, 1)
  }

  /// The reports since the last call.
  package func reports() -> [GitReport] {
    var count: eventfd_t = 0
    eventfd_read(descriptor, &count)
    return state.withLock { state in
      defer { state.reports = [] }
      return state.reports
    }
  }

  /// Adds a report that no order asked for.
  func add(_ report: GitReport) {
    if case .merged(let order, _, let outcomes, _) = report {
      forget(zip(order.works, outcomes).filter { !$0.1.isConflict }.map(\.0.key.task))
    }
    state.withLock { $0.reports.append(report) }
    eventfd_write(descriptor, 1)
  }

  /// Ends the threads after the orders they have begun.
  package func stop() {
    radar.withLock { $0?.take(.stop) }
    let threads = state.withLock { state in
      state.isStopped = true
      return state.threads
    }
    eventfd_write(bell, eventfd_t(threads + 1))
  }

  private func startThread() -> Bool {
    var handle = pthread_t()
    let owner = Unmanaged.passRetained(self)
    let code = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<GitDesk>.fromOpaque(argument).takeRetainedValue().work()
        return nil
      }, owner.toOpaque())
    guard code == 0 else {
      owner.release()
      return false
    }
    pthread_detach(handle)
    return true
  }

  private func work() {
    lanes_enter_thread("lanes-git")
    while true {
      state.withLock { $0.idle += 1 }
      var count: eventfd_t = 0
      eventfd_read(bell, &count)
      let (order, isStopped) = state.withLock { state in
        state.idle -= 1
        return (state.orders.isEmpty ? nil : state.orders.removeFirst(), state.isStopped)
      }
      if isStopped { return }
      if let report = order.flatMap(hands.carryOut) { add(report) }
    }
  }
}

/// Does the work of an order, on whatever thread.
struct Hands: Sendable {
  let options: GitOptions
  let program: Program

  func git(_ repository: Int) -> Git {
    Git(folder: options.repositories[repository].root, program: program)
  }

  /// The answer to an order; nil when it has none.
  func carryOut(_ order: GitOrder) -> GitReport? {
    switch order {
    case .watch: nil
    case .publish(let order): publish(order)
    case .prepare(let key, let order): prepare(key, order)
    case .commit(let key, let order): commit(key, order)
    case .merge(let order): merge(order)
    case .remove(let id, let repository, let workspace, let saving):
      remove(id, repository, workspace, saving)
    }
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
  ) -> GitReport {
    var worktrees = worktrees(repository)
    do throws(GitError) {
      try worktrees.remove(workspace, saving: saving)
      return .removed(id, notes: worktrees.notes)
    } catch {
      return .removed(id, notes: worktrees.notes + ["a worktree stays: \(error)"])
    }
  }
}
