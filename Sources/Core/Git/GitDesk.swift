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
    /// Orders that make and remove worktrees: git cannot do two of these at once.
    var places: [GitOrder] = []
    var others: [GitOrder] = []
    /// Folders to be deleted, with what is told afterwards.
    var rubbish: [(path: String, report: GitReport?)] = []
    var reports: [GitReport] = []
    var threads = 0
    var idle = 0
    var isPlacing = false
    var isStopped = false

    var openCount: Int { others.count + rubbish.count + (isPlacing ? 0 : min(1, places.count)) }

    mutating func takeNext() -> Job? {
      if !isPlacing, !places.isEmpty {
        isPlacing = true
        return .place(places.removeFirst())
      }
      if !others.isEmpty { return .other(others.removeFirst()) }
      if !rubbish.isEmpty { return .delete(rubbish.removeFirst()) }
      return nil
    }
  }

  private enum Job {
    case place(GitOrder)
    case other(GitOrder)
    case delete((path: String, report: GitReport?))
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
    // What an earlier process had moved away and not deleted.
    let rubbish = Worktrees.rubbish(beside: folder + "/worktrees")
    if !rubbish.isEmpty {
      change { state in state.rubbish = rubbish.map { ($0, nil) } }
    }
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
    change { state in
      switch order {
      case .prepare, .remove: state.places.append(order)
      case .commit, .merge, .publish, .watch: state.others.append(order)
      }
    }
  }

  /// Changes what is to be done, and has a thread for it.
  private func change(_ change: (inout sending State) -> Void) {
    let mustStart = state.withLock { state in
      change(&state)
      guard state.idle < state.openCount, state.threads < mostThreads else { return false }
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
    radar.withLock { $0 }?.stop()
    let threads = state.withLock { state in
      state.isStopped = true
      return state.threads
    }
    eventfd_write(bell, eventfd_t(threads + 1))
  }

  private func startThread() -> Bool {
    guard let thread = try? NativeThread.start({ self.work() }) else { return false }
    pthread_detach(thread)
    return true
  }

  private func work() {
    lanes_enter_thread("lanes-git")
    while true {
      state.withLock { $0.idle += 1 }
      var count: eventfd_t = 0
      eventfd_read(bell, &count)
      let isStopped = state.withLock { state in
        state.idle -= 1
        return state.isStopped
      }
      if isStopped { return }
      while let job = state.withLock({ $0.takeNext() }) { perform(job) }
    }
  }

  private func perform(_ job: Job) {
    switch job {
    case .place(let order):
      let (report, rubbish) = hands.place(order)
      change { state in
        state.isPlacing = false
        if let rubbish { state.rubbish.append((rubbish, report)) }
      }
      if rubbish == nil { add(report) }
    case .other(let order): if let report = hands.carryOut(order) { add(report) }
    case .delete(let (path, report)):
      hands.delete(path)
      if let report { add(report) }
    }
  }
}
