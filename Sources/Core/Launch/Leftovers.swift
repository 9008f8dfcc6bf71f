import Glibc

/// Processes that outlived their attempts: told to end, and killed when they do not.
struct Leftovers {
  /// What is removed: what is left of an attempt's process group, or one process outside it.
  enum Target: Hashable {
    case group(Int32)
    case process(ProcessIdentity)
  }

  private struct Removal {
    var deadline: Instant
    var isKilled = false
  }

  private let grace: Duration
  private var removals: [Target: Removal] = [:]

  init(grace: Duration) {
    self.grace = grace
  }

  var isEmpty: Bool { removals.isEmpty }

  /// Tells a target to end, unless that was done before; does nothing when it is gone.
  mutating func remove(_ target: Target, now: Instant) {
    guard removals[target] == nil, Self.send(SIGTERM, to: target) else { return }
    // A stopped process acts on the signal only when it goes on.
    _ = Self.send(SIGCONT, to: target)
    removals[target] = Removal(deadline: now + grace)
  }

  /// Forgets what is gone and kills what had its time; whether anything was forgotten.
  ///
  /// What is gone may have left children of its own to be looked for.
  /// What a kill does not end within another grace cannot be ended by anybody and is given up.
  mutating func poll(now: Instant) -> Bool {
    if removals.isEmpty { return false }
    let before = removals.count
    let living = Self.living()
    for (target, removal) in removals {
      guard living.contains(target) else {
        removals[target] = nil
        continue
      }
      guard removal.deadline <= now else { continue }
      if removal.isKilled {
        removals[target] = nil
      } else {
        _ = Self.send(SIGKILL, to: target)
        removals[target] = Removal(deadline: now + max(grace, .seconds(1)), isKilled: true)
      }
    }
    return removals.count < before
  }

  /// Whether the signal reached anybody; signal 0 only asks.
  private static func send(_ signal: Int32, to target: Target) -> Bool {
    switch target {
    case .group(let group):
      return kill(-group, signal) == 0 || errno == EPERM
    case .process(let process):
      guard ProcessTable.status(of: process.pid)?.startTicks == process.startTicks else {
        return false
      }
      return kill(process.pid, signal) == 0
    }
  }

  /// All processes and groups of more than zombies, which stay until a parent that is not this
  /// process collects them.
  private static func living() -> Set<Target> {
    var found: Set<Target> = []
    for pid in ProcessTable.all() {
      guard let status = ProcessTable.status(of: pid), !status.isZombie else { continue }
      found.insert(.group(status.group))
      found.insert(.process(ProcessIdentity(pid: pid, startTicks: status.startTicks)))
    }
    return found
  }
}
