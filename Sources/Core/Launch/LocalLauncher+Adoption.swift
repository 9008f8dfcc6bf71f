import CLinux
import Glibc

/// The processes of a run that were there at one moment, by the attempt they belong to.
///
/// Reading it costs some 20 microseconds for each process of the machine, so one serves for a row
/// of adoptions.
struct AdoptionScan {
  private var processes: [AttemptKey: [Int32]] = [:]
  /// Those of which it is not to be seen whose they are.
  private(set) var unclear: [UnclearProcess] = []
  /// Files that were read for these adoptions.
  var exitRecords: [String: ExitRecords] = [:]

  init(runID: String) {
    for pid in ProcessTable.all() {
      let environment = ProcessTable.environment(of: pid) ?? []
      if environment.isEmpty {
        if let process = UnclearProcess(pid) { unclear.append(process) }
      } else if let mark = AttemptMark(environment: environment), mark.run == runID {
        processes[mark.key, default: []].append(pid)
      }
    }
  }

  /// The processes of an attempt, the oldest first.
  func processes(of mark: AttemptMark) -> [ProcessIdentity] {
    (processes[mark.key] ?? []).compactMap { pid in
      guard let status = ProcessTable.status(of: pid), !status.isZombie else { return nil }
      return ProcessIdentity(pid: pid, startTicks: status.startTicks)
    }.sorted { ($0.startTicks, $0.pid) < ($1.startTicks, $1.pid) }
  }
}

/// A process that leads a session, as those of attempts do, and has no variables: it has ended and is not collected, or
/// is just about to execute its program.
struct UnclearProcess {
  private var process: ProcessIdentity

  fileprivate init?(_ pid: Int32) {
    guard let status = ProcessTable.status(of: pid), status.session == pid else { return nil }
    process = ProcessIdentity(pid: pid, startTicks: status.startTicks)
  }

  /// Whether an earlier runner started it, so that a keeper is about to note how it ended, or will be.
  var isOfEarlierRunner: Bool {
    guard let status = ProcessTable.status(of: process.pid),
      status.startTicks == process.startTicks, status.parent != getpid()
    else { return false }
    return ProcessTable.name(of: status.parent).map(Keeper.names.contains) ?? false
  }
}

/// An attempt of which neither a process nor an end is found yet.
struct UnknownEnd {
  var request: LaunchRequest
  /// What the journal knows.
  var process: ProcessIdentity?
  /// When it is taken for lost, should what is unclear belong to a run that is stopped, say.
  var patience: Instant
}

extension LocalLauncher {
  package func adopt(_ request: LaunchRequest, process: ProcessIdentity?) -> LaunchReport {
    find(UnknownEnd(request: request, process: process, patience: clock.now() + .seconds(10)))
  }

  /// What is known by now of attempts that were not found before.
  func findAgain() -> [LaunchReport] {
    let ends = unknownEnds
    unknownEnds = []
    return ends.map(find(_:)).filter { report in
      if case .underway = report { false } else { true }
    }
  }

  /// Looks for an attempt's process, and for its end.
  private func find(_ end: UnknownEnd) -> LaunchReport {
    let request = end.request
    let mark = AttemptMark(run: runID, key: request.key)
    if let process = end.process, isLeader(process, of: mark, request),
      let report = adopt(process, request)
    {
      return report
    }
    let scan = adoptionScan ?? AdoptionScan(runID: mark.run)
    adoptionScan = scan
    let processes = scan.processes(of: mark)
    // Where it is known, the others are what it left behind.
    if end.process == nil, exitStatus(request.files) == nil,
      let leader = processes.first(where: { isLeader($0, of: mark, request) }),
      let report = adopt(leader, request)
    {
      return report
    }
    let now = clock.now()
    // Before the end is looked for: what is collected has been noted.
    let isUnclear = scan.unclear.contains(where: \.isOfEarlierRunner) && now < end.patience
    if let report = pastEnd(request, isUnclear: isUnclear) {
      for process in processes { leftovers.remove(.process(process), now: now) }
      return report
    }
    unknownEnds.append(end)
    return .underway(request.key)
  }

  /// Whether a process is that of an attempt: the right one of its number, which leads a group and was started
  /// with the attempt's variables.
  ///
  /// A gate has those as well, and one more. What a task puts into a group of its own has them, too, but began later.
  private func isLeader(
    _ process: ProcessIdentity, of mark: AttemptMark, _ request: LaunchRequest
  ) -> Bool {
    guard let status = ProcessTable.status(of: process.pid), status.group == process.pid,
      process.startTicks == 0 || status.startTicks == process.startTicks
    else { return false }
    // One that has ended and is still to be collected tells nothing more.
    if status.hasEnded { return process.startTicks != 0 }
    // Nor does one that is just about to execute another program: then it is the one that was seen before.
    let environment = ProcessTable.environment(of: process.pid) ?? []
    if environment.isEmpty { return process.startTicks != 0 }
    let isGate = environment.split(separator: 0).contains { $0.starts(with: "LANES_GATE=".utf8) }
    return AttemptMark(environment: environment) == mark
      && isGate == request.environment.contains { $0.name == "LANES_GATE" }
  }

  /// Nil when the process ended meanwhile.
  private func adopt(_ process: ProcessIdentity, _ request: LaunchRequest) -> LaunchReport? {
    let descriptor = lanes_pidfd_open(process.pid)
    guard descriptor >= 0 else {
      if errno == ESRCH { return nil }
      return .failed(
        request.key, message: "\(PlatformError("process \(process.pid)"))", isTransient: true)
    }
    guard let status = ProcessTable.status(of: process.pid),
      process.startTicks == 0 || status.startTicks == process.startTicks
    else {
      close(descriptor)
      return nil
    }
    let process = ProcessIdentity(pid: process.pid, startTicks: status.startTicks)
    let slot = takeSlot()
    do throws(PlatformError) {
      try watch(request, .init(process: process, descriptor: descriptor), slot, isAdopted: true)
    } catch {
      giveBack(slot)
      close(descriptor)
      return .failed(request.key, message: "\(error)", isTransient: true)
    }
    return .adopted(request.key, process)
  }

  /// What the files say of an attempt that has no process any more; nil when they may soon say more.
  private func pastEnd(_ request: LaunchRequest, isUnclear: Bool) -> LaunchReport? {
    if let status = exitStatus(request.files) {
      return .ended(request.key, status, ResourceUsage())
    }
    guard access(request.files.log, F_OK) == 0 else {
      return .failed(request.key, message: "never started", isTransient: true)
    }
    return isUnclear ? nil : .ended(request.key, nil, ResourceUsage())
  }

  private func exitStatus(_ files: AttemptFiles) -> ExitStatus? {
    let records = adoptionScan?.exitRecords[files.exit] ?? ExitRecords(path: files.exit)
    adoptionScan?.exitRecords[files.exit] = records
    // It may have ended after the file was read for an earlier adoption.
    return records[files.name] ?? ExitRecords.latest(of: files.name, path: files.exit)
  }

  /// Kills a gate that an earlier runner left and that is now begun anew: it has nothing to save.
  func killStrays(of key: AttemptKey) {
    for process in AdoptionScan(runID: runID).processes(of: AttemptMark(run: runID, key: key)) {
      kill(process.pid, SIGKILL)
    }
  }

  /// Removes what an adopted attempt left outside its group: its orphans are not this process's.
  func removeStrays(of key: AttemptKey, now: Instant) {
    let mark = AttemptMark(run: runID, key: key)
    for process in AdoptionScan(runID: mark.run).processes(of: mark) {
      leftovers.remove(.process(process), now: now)
    }
  }
}
