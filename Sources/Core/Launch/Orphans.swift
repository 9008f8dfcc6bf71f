import Glibc

/// The processes this one became the parent of because their own parents ended.
struct Orphans {
  /// A living orphan that comes from some attempt.
  struct Stray {
    var process: ProcessIdentity
    /// The attempt, as far as the process says it; one that cleared its variables does not.
    var mark: AttemptMark?
  }

  /// Children that were zombies when last looked at.
  private var zombies: Set<Int32> = []
  private let ownPID = getpid()

  /// All processes that may be orphans; the kernel gives them to the first thread.
  func candidates() -> [Int32] {
    if let children = ProcessTable.children(of: ownPID, thread: ownPID) { return children }
    return ProcessTable.all().filter { ProcessTable.status(of: $0)?.parent == ownPID }
  }

  /// Collects `pid` if it is a zombie that nobody waits for; otherwise tells to whom it belongs.
  ///
  /// A child that another part of the program started is waited for there, at once: it is no zombie
  /// at two looks in a row.
  mutating func examine(_ pid: Int32) -> Stray? {
    guard let status = ProcessTable.status(of: pid), status.parent == ownPID else {
      zombies.remove(pid)
      return nil
    }
    if status.isZombie {
      if status.session != getsid(0) || !zombies.insert(pid).inserted {
        zombies.remove(pid)
        waitpid(pid, nil, WNOHANG)
      }
      return nil
    }
    let mark = ProcessTable.environment(of: pid).flatMap(AttemptMark.init(environment:))
    // Attempts have sessions of their own, other children of this process do not.
    if mark == nil, status.session == getsid(0) { return nil }
    return Stray(process: ProcessIdentity(pid: pid, startTicks: status.startTicks), mark: mark)
  }
}
