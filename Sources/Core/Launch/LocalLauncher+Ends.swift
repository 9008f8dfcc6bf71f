import CLinux
import Glibc

/// How attempts come to their ends.
extension LocalLauncher {
  /// What there is to tell when an attempt ended; nothing while it runs.
  func collect(_ slot: Int) -> [LaunchReport] {
    guard let running = slots[slot], let end = end(of: running, slot) else { return [] }
    forget(slot, running)
    removeLeftovers(of: running)
    var reports: [LaunchReport] = []
    if let reading = running.agent?.finish(end.status) {
      reports.append(.agent(running.key, reading))
    }
    return reports
      + [end.error.map { failed(running.key, $0) } ?? .ended(running.key, end.status, end.usage)]
  }

  /// How a process ends that could not run its program, and maybe one that could.
  private static let neverRan = ExitStatus.exited(127)

  /// How an attempt came to its end.
  private struct End {
    var status: ExitStatus?
    var usage = ResourceUsage()
    /// Its process never ran a program.
    var error: PlatformError?
  }

  /// How a process ended; nil while it runs.
  ///
  /// Its end is in the file of exit statuses before it is collected: if this process dies in between, the
  /// journal learns of it from there.
  private func end(of running: Running, _ slot: Int) -> End? {
    let pid = running.process.pid
    var status: Int32 = 0
    var usage = rusage()
    switch lanes_peek_child(pid, 0, &status, &usage) {
    case pid:
      let how = ExitStatus(waitStatus: status)
      let error = how == Self.neverRan ? spawner.failure(of: pid) : nil
      if error == nil { note(how, of: running.files) }
      kept?.leave(slot)
      waitpid(pid, nil, 0)
      return End(status: how, usage: ResourceUsage(usage), error: error)
    case 0: return nil
    default: return endOfStranger(running, slot)
    }
  }

  private func note(_ status: ExitStatus, of files: AttemptFiles) {
    if exitFile?.path != files.exit { try? openExitFile(files.exit) }
    exitFile?.note(status, of: files.name)
  }

  /// How a process ended that another runner started.
  ///
  /// That one's keeper collects it when it has noted its end, which takes it a moment.
  private func endOfStranger(_ running: Running, _ slot: Int) -> End? {
    var poller = pollfd(fd: running.descriptor, events: Int16(POLLIN), revents: 0)
    guard Glibc.poll(&poller, 1, 0) == 1 else { return nil }
    let process = running.process
    let isCollected = ProcessTable.status(of: process.pid)?.startTicks != process.startTicks
    let files = running.files
    if let status = ExitRecords.latest(of: files.name, path: files.exit) {
      return End(status: status)
    }
    if isCollected { return End() }
    if !running.isEnding {
      reactor.unwatch(running.descriptor)
      slots[slot]?.isEnding = true
    }
    return nil
  }
}
