import CLinux
import Glibc

/// Runs attempts as processes of this machine.
///
/// Each attempt is a program or a shell in a session of its own, whose output goes to a file. How it ended is
/// noted in another, by this process or, once that is dead, by its keeper: so a launcher of a later process can
/// take it over. This process becomes the parent of everything attempts leave behind, which is removed when
/// they end.
package final class LocalLauncher: Launcher {
  /// An attempt whose process is watched.
  struct Running {
    var key: AttemptKey
    var process: ProcessIdentity
    var descriptor: Int32
    var files: AttemptFiles
    var startedAt: Instant
    var isAdopted: Bool
    /// It has ended, and the keeper of the runner that started it is still to note how.
    var isEnding = false
    var output: OutputTail
    /// Where the output is an agent's.
    var agent: AgentTail?
  }

  let runID: String
  let reactor: Reactor
  let clock: WallClock
  private let firstToken: UInt64
  let spawner: Spawner
  private var shell: TaskShell
  let kept: KeptAttempts?
  var slots: [Running?] = []
  private var freeSlots: [Int] = []
  private var slotOfAttempt: [AttemptKey: Int] = [:]
  var leftovers: Leftovers
  var orphans = Orphans()
  var adoptionScan: AdoptionScan?
  var unknownEnds: [UnknownEnd] = []
  var exitFile: ExitFile?
  /// An attempt ended after orphans were looked for.
  private var mustLookForOrphans = false

  /// Prepares this process for tasks, which inherit `environment`.
  ///
  /// Without `kept` the ends of tasks that outlive this process are lost.
  /// The tokens watched are `firstToken` and those that follow it. `grace` is how long processes
  /// that outlive their attempt may take to end when told to.
  package init(
    runID: String, environment: EnvironmentBlock, reactor: Reactor, clock: WallClock,
    grace: Duration, kept: KeptAttempts? = nil, firstToken: UInt64 = 1 << 32
  ) throws(PlatformError) {
    self.runID = runID
    self.reactor = reactor
    self.clock = clock
    self.firstToken = firstToken
    self.kept = kept
    shell = TaskShell(environment: environment)
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
    let call = shell.call(
      request.command, environment: request.environment, at: clock.now())
    guard let call else {
      return .failed(
        request.key, message: "the command holds a NUL character; remove it", isTransient: false)
    }
    let slot = takeSlot()
    do throws(PlatformError) {
      try prepareFiles(request)
      let announced = kept?.enter(request.files.name, at: slot)
      let spawned = try spawner.spawn(spawnRequest(request, call, announced))
      try watchOrKill(request, spawned, slot)
      return .launched(request.key, spawned.process)
    } catch {
      kept?.leave(slot)
      giveBack(slot)
      return failed(request.key, error)
    }
  }

  func failed(_ key: AttemptKey, _ error: PlatformError) -> LaunchReport {
    .failed(key, message: "cannot start: \(error)", isTransient: error.isTransient)
  }

  private func prepareFiles(_ request: LaunchRequest) throws(PlatformError) {
    if exitFile?.path != request.files.exit { try openExitFile(request.files.exit) }
    try exitFile?.reserve(for: request.files.name)
    if !request.feedback.isEmpty {
      try SmallFile.write(request.feedback, to: request.files.feedback)
    }
    guard !request.prompt.isEmpty else { return }
    try SmallFile.write(request.prompt, to: request.files.prompt)
  }

  func openExitFile(_ path: String) throws(PlatformError) {
    exitFile = try ExitFile(path: path)
    kept?.exitFile = path
  }

  private func watchOrKill(
    _ request: LaunchRequest, _ spawned: Spawner.Spawned, _ slot: Int
  ) throws(PlatformError) {
    do throws(PlatformError) {
      try watch(request, spawned, slot, isAdopted: false)
    } catch {
      kill(-spawned.process.pid, SIGKILL)
      waitpid(spawned.process.pid, nil, 0)
      close(spawned.descriptor)
      throw error
    }
  }

  private func spawnRequest(
    _ request: LaunchRequest, _ call: TaskShell.Call, _ announced: UnsafeMutablePointer<Int32>?
  ) -> Spawner.Request {
    var environment = request.environment
    AttemptMark(run: runID, key: request.key).set(in: &environment)
    // As a shell would set it.
    environment.set("PWD", request.directory)
    var spawn = Spawner.Request(
      program: call.program, arguments: call.arguments, environment: environment,
      directory: request.directory, input: request.prompt.isEmpty ? nil : request.files.prompt,
      output: request.files.log)
    spawn.shellArguments = call.shellArguments
    spawn.announced = announced
    return spawn
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
        slots.indices.contains(slot)
      else { continue }
      reports += collect(slot)
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
    let ends = slots.indices.filter { slots[$0]?.isEnding == true }.flatMap(collect(_:))
    return ends + findAgain()
      + slots.indices.compactMap { pollOutput(slot: $0, now: now) }
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
  /// A place for one more attempt that is watched.
  func takeSlot() -> Int {
    if let free = freeSlots.popLast() { return free }
    slots.append(nil)
    return slots.endIndex - 1
  }

  func giveBack(_ slot: Int) { freeSlots.append(slot) }

  func watch(
    _ request: LaunchRequest, _ spawned: Spawner.Spawned, _ slot: Int, isAdopted: Bool
  ) throws(PlatformError) {
    try reactor.watch(spawned.descriptor, token: firstToken + UInt64(slot))
    slots[slot] = Running(
      key: request.key, process: spawned.process, descriptor: spawned.descriptor,
      files: request.files, startedAt: clock.now(), isAdopted: isAdopted,
      output: OutputTail(path: request.files.log))
    slots[slot]?.agent = request.format.map {
      AgentTail(path: request.files.log, errors: request.files.errors, format: $0, clock: clock)
    }
    slotOfAttempt[request.key] = slot
  }

  func forget(_ slot: Int, _ running: Running) {
    if !running.isEnding { reactor.unwatch(running.descriptor) }
    close(running.descriptor)
    slots[slot] = nil
    freeSlots.append(slot)
    slotOfAttempt[running.key] = nil
  }

  func removeLeftovers(of running: Running) {
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
