import CLinux
import Glibc

/// Runs attempts as processes of this machine.
///
/// Each attempt is a shell in a process group of its own, whose output goes to a file and whose exit
/// status a shell leaves in another, so that a launcher of a later process can take it over. This
/// process becomes the parent of everything attempts leave behind, which is removed when they end.
package final class LocalLauncher: Launcher {
  /// An attempt whose process is watched.
  struct Running {
    var key: AttemptKey
    var process: ProcessIdentity
    var descriptor: Int32
    var files: AttemptFiles
    var startedAt: Instant
    var isAdopted: Bool
    var output: OutputTail
    /// Where the output is an agent's.
    var agent: AgentTail?
  }

  let runID: String
  let reactor: Reactor
  let clock: WallClock
  private let firstToken: UInt64
  private let spawner: Spawner
  private var shell = TaskShell()
  private var slots: [Running?] = []
  private var freeSlots: [Int] = []
  private var slotOfAttempt: [AttemptKey: Int] = [:]
  var leftovers: Leftovers
  var orphans = Orphans()
  var adoptionScan: AdoptionScan?
  private var exitFile: ExitFile?
  /// An attempt ended after orphans were looked for.
  private var mustLookForOrphans = false

  /// Prepares this process for tasks, which inherit `environment`.
  ///
  /// The tokens watched are `firstToken` and those that follow it. `grace` is how long processes
  /// that outlive their attempt may take to end when told to.
  package init(
    runID: String, environment: EnvironmentBlock, reactor: Reactor, clock: WallClock,
    grace: Duration, firstToken: UInt64 = 1 << 32
  ) throws(PlatformError) {
    self.runID = runID
    self.reactor = reactor
    self.clock = clock
    self.firstToken = firstToken
    try StandardDescriptors.open()
    let openFiles = OpenFileLimit.raise()
    spawner = try Spawner(environment: environment, openFiles: openFiles)
    leftovers = Leftovers(grace: grace)
    guard lanes_become_subreaper() == 0 else { throw PlatformError("prctl") }
  }

  /// The processes go on; only the watching ends.
  deinit {
    for running in slots.lazy.compactMap({ $0 }) {
      reactor.unwatch(running.descriptor)
      close(running.descriptor)
    }
  }

  /// True from the end of an attempt until a `poll` found that it left nothing behind.
  ///
  /// So ask `poll` at once when the last attempt ended, rather than at the next turn.
  package var isCleaning: Bool { mustLookForOrphans || !leftovers.isEmpty }

  package func launch(_ request: LaunchRequest) -> LaunchReport {
    adoptionScan = nil
    if request.key.attempt == 0 { killStrays(of: request.key) }
    let arguments = shell.arguments(
      command: request.command, name: request.files.name, file: request.files.exit)
    guard let arguments else {
      return .failed(
        request.key, message: "the command holds a NUL character; remove it", isTransient: false)
    }
    do throws(PlatformError) {
      try prepareFiles(request)
      let spawned = try spawner.spawn(spawnRequest(request, arguments: arguments))
      try watchOrKill(request, spawned)
      return .launched(request.key, spawned.process)
    } catch {
      return failed(request.key, error)
    }
  }

  private func failed(_ key: AttemptKey, _ error: PlatformError) -> LaunchReport {
    .failed(key, message: "cannot start: \(error)", isTransient: error.isTransient)
  }

  /// How a process ends that could not run its program, and maybe one that could.
  private static let neverRan = ExitStatus.exited(127)

  /// The most bytes of a status beside the attempt's name.
  private static let longestStatus = 16

  private func prepareFiles(_ request: LaunchRequest) throws(PlatformError) {
    if exitFile?.path != request.files.exit { exitFile = try ExitFile(path: request.files.exit) }
    try exitFile?.reserve(request.files.name.utf8.count + Self.longestStatus)
    if !request.feedback.isEmpty {
      try SmallFile.write(request.feedback, to: request.files.feedback)
    }
    guard !request.prompt.isEmpty else { return }
    try SmallFile.write(request.prompt, to: request.files.prompt)
  }

  private func watchOrKill(
    _ request: LaunchRequest, _ spawned: Spawner.Spawned
  ) throws(PlatformError) {
    do throws(PlatformError) {
      try watch(request, spawned, isAdopted: false)
    } catch {
      kill(-spawned.process.pid, SIGKILL)
      waitpid(spawned.process.pid, nil, 0)
      close(spawned.descriptor)
      throw error
    }
  }

  private func spawnRequest(
    _ request: LaunchRequest, arguments: [String]
  ) -> Spawner.Request {
    var environment = request.environment
    AttemptMark(run: runID, key: request.key).set(in: &environment)
    return Spawner.Request(
      program: TaskShell.path, arguments: arguments, environment: environment,
      directory: request.directory, input: request.prompt.isEmpty ? nil : request.files.prompt,
      output: request.files.log)
  }

  package func send(_ signal: TaskSignal, to attempt: AttemptKey) {
    guard let running = slotOfAttempt[attempt].flatMap({ slots[$0] }) else { return }
    let leader = running.process.pid
    // What left the group, as `timeout` does, is found by its parents.
    let outside = ProcessTable.descendants(of: leader).filter { getpgid($0) != leader }
    for number in signal.numbers {
      // A process that is still to run its program may not lead its group yet.
      if kill(-leader, number) != 0, errno == ESRCH { kill(leader, number) }
      for pid in outside { kill(pid, number) }
    }
  }

  package func collect(_ tokens: [UInt64]) -> [LaunchReport] {
    var reports: [LaunchReport] = []
    for token in tokens {
      guard token >= firstToken, let slot = Int(exactly: token - firstToken),
        slots.indices.contains(slot), let running = slots[slot], let end = end(of: running)
      else { continue }
      forget(slot, running)
      removeLeftovers(of: running)
      if let reading = running.agent?.finish(end.status) {
        reports.append(.agent(running.key, reading))
      }
      if !running.isAdopted, end.status == Self.neverRan,
        let error = spawner.failure(of: running.process.pid)
      {
        reports.append(failed(running.key, error))
        continue
      }
      reports.append(.ended(running.key, end.status, end.usage))
    }
    return reports
  }

  package func reading(_ request: LaunchRequest) -> AgentReading? {
    guard let format = request.format else { return nil }
    return AgentTail(
      path: request.files.log, errors: request.files.errors, format: format, clock: clock
    ).finish(nil)
  }

  package func poll() -> [LaunchReport] {
    let now = clock.now()
    adoptionScan = nil
    lookForOrphans(now: now)
    if leftovers.poll(now: now) { mustLookForOrphans = true }
    return slots.indices.compactMap { pollOutput(slot: $0, now: now) }
  }

  private func pollOutput(slot: Int, now: Instant) -> LaunchReport? {
    guard let key = slots[slot]?.key, let start = slots[slot]?.startedAt,
      now - start >= .milliseconds(200)
    else { return nil }
    if let agent = slots[slot]?.agent {
      let (hasGrown, reading) = agent.poll()
      return hasGrown ? reading.map { .agent(key, $0) } ?? .output(key, progress: nil) : nil
    }
    guard let (hasGrown, progress) = slots[slot]?.output.poll(), hasGrown
    else { return nil }
    return .output(key, progress: progress)
  }
}

extension LocalLauncher {
  func watch(
    _ request: LaunchRequest, _ spawned: Spawner.Spawned, isAdopted: Bool
  ) throws(PlatformError) {
    let slot = freeSlots.popLast() ?? slots.count
    do throws(PlatformError) {
      try reactor.watch(spawned.descriptor, token: firstToken + UInt64(slot))
    } catch {
      if slot < slots.count { freeSlots.append(slot) }
      throw error
    }
    if slot == slots.count { slots.append(nil) }
    slots[slot] = Running(
      key: request.key, process: spawned.process, descriptor: spawned.descriptor,
      files: request.files, startedAt: clock.now(), isAdopted: isAdopted,
      output: OutputTail(path: request.files.log))
    slots[slot]?.agent = request.format.map {
      AgentTail(path: request.files.log, errors: request.files.errors, format: $0, clock: clock)
    }
    slotOfAttempt[request.key] = slot
  }

  private func forget(_ slot: Int, _ running: Running) {
    reactor.unwatch(running.descriptor)
    close(running.descriptor)
    slots[slot] = nil
    freeSlots.append(slot)
    slotOfAttempt[running.key] = nil
  }

  /// How a process ended; nil while it runs.
  private func end(of running: Running) -> (status: ExitStatus?, usage: ResourceUsage)? {
    var status: Int32 = 0
    var usage = rusage()
    switch wait4(running.process.pid, &status, WNOHANG, &usage) {
    case running.process.pid: return (ExitStatus(waitStatus: status), ResourceUsage(usage))
    case 0: return nil
    default:
      var poller = pollfd(fd: running.descriptor, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&poller, 1, 0) == 1 else { return nil }
      let files = running.files
      return (ExitRecords.latest(of: files.name, path: files.exit), ResourceUsage())
    }
  }

  private func removeLeftovers(of running: Running) {
    mustLookForOrphans = true
    // The leader is collected, so this finds only what it left behind.
    let now = clock.now()
    leftovers.remove(.group(running.process.pid), now: now)
    if running.isAdopted { removeStrays(of: running.key, now: now) }
  }

  private func lookForOrphans(now: Instant) {
    mustLookForOrphans = false
    let candidates = orphans.candidates()
    guard !candidates.isEmpty else { return }
    let running = slots.compactMap { $0 }
    let leaders = Set(running.map(\.process.pid))
    let marks = Set(running.map { AttemptMark(run: runID, key: $0.key) })
    for pid in candidates where !leaders.contains(pid) {
      guard let stray = orphans.examine(pid) else { continue }
      // One that does not say where it belongs comes from an attempt that ended once none runs.
      let isLeft = stray.mark.map { $0.run == runID && !marks.contains($0) } ?? running.isEmpty
      if isLeft { leftovers.remove(.process(stray.process), now: now) }
    }
  }
}
