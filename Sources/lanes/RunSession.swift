import Core
import Glibc

/// One runner at work: from the lock to the summary.
struct RunSession: Sendable {
  let project: Project
  let console: Console
  let form: RunPrinter.Form
  /// Nil when the run is shown in lines.
  let view: ViewPlan?
  let isDetached: Bool
  let isColored: Bool
  let notification: Notification
  let hooks: Hooks
  /// What keeps the ends of tasks; nil where that could not be set up.
  let kept: Keeper.Kept?
  let clock = WallClock()

  /// Starts a run of what was prepared and stays with it to the end.
  func start(
    _ preparation: RunPreparation, _ signals: RunnerSignals
  ) async throws -> ExitStatus {
    let lock = try acquireLock()
    let preparation =
      try lock.wasUsed(since: preparation.readAt) ? preparation.renewed() : preparation
    let (plan, options) = (preparation.plan, preparation.options)
    let now = clock.now()
    let manifest = RunManifest(
      id: RunID(now: now, random: .random(in: 0..<17_576)), version: Version.text,
      directory: project.directory, plan: plan, options: options)
    lock.note(manifest.id.text)
    let journal = try openJournal(at: now)
    noteUnfinishedRun(in: journal)
    let folder = RunFolder(path: project.folder.run(manifest.id))
    try makeRunsFolder()
    try folder.create(manifest)
    try journal.addRun(
      JournalRun(
        id: manifest.id.text, startedAt: now.microseconds, plan: plan.origin.file,
        version: Version.text))
    return try await carryOut(
      Work(
        state: RunState(manifest: manifest, at: now), folder: folder, sequence: 0,
        opening: [RunEvent(at: now, .runStarted(manifest))], input: .begun),
      signals, journal, lock)
  }

  /// Takes up the newest run, whatever became of its runner, and gives what failed another try.
  ///
  /// A runner that takes over from a view waits for that one to let go, and retries nothing.
  func resume(
    _ how: TakeUp, isTakeOver: Bool, _ signals: RunnerSignals
  ) async throws -> ExitStatus {
    let lock = try isTakeOver ? awaitLock() : acquireLock()
    let now = clock.now()
    let journal = try openJournal(at: now)
    let recovery = try Recoverer(project: project, console: console)
      .recover(from: journal, at: now)
    let state = recovery.state
    let id = state.manifest.id
    lock.note(id.text)
    try refuseStaleCommands(of: id, in: journal)
    if state.phase == .finished(.succeeded), recovery.missing.isEmpty {
      let isWritten = lock.abandoned == id.text ? await writeStatuses(of: state) : true
      if isWritten { lock.noteEnd() }
      console.note("lanes: run \(id) has succeeded already; there is nothing to do")
      return .done
    }
    let work = Work(
      state: state, folder: RunFolder(path: project.folder.run(id)),
      sequence: recovery.sequence, opening: recovery.missing,
      input: .takenUp(how))
    return try await carryOut(work, signals, journal, lock)
  }

  /// Answers what was asked of a runner that died before it could: nobody expects it to be done now.
  private func refuseStaleCommands(of id: RunID, in journal: borrowing Journal) throws {
    let answer = Reply.refused("the runner that this was asked of is gone").line
    let stale = try journal.pendingCommands(run: id.text)
      .map { CommandResult(id: $0.id, result: answer) }
    if !stale.isEmpty { try journal.append([], run: id.text, handled: stale) }
  }

  struct Work {
    var state: RunState
    var folder: RunFolder
    var sequence: Int64
    var opening: [RunEvent]
    var input: Input

    var isResumed: Bool { input != .begun }
  }

  private func carryOut(
    _ work: Work, _ signals: RunnerSignals, _ journal: sending Journal, _ lock: RunLock
  ) async throws -> ExitStatus {
    let manifest = work.state.manifest
    let keeper = try statusKeeper(work.state, isResumed: work.isResumed)
    let executor = try makeExecutor(work, signals, journal, keeper)
    var printer = RunPrinter(
      form, isColored: isColored, run: manifest.id, after: work.sequence, console: console,
      folder: work.folder)
    if work.isResumed { printer.begin(with: work.state) }
    try executor.start()
    let display = try await display(
      OutputWriter(printer), RunnerPart(work, executor, signals.view))
    let events = await executor.events()
    async let shown = display.show(events)
    let state = await executor.run(opening: work.opening, work.input)
    let isWritten = await finish(keeper)
    if isWritten, state.hasEnded { lock.noteEnd() }
    let isHandedOver = await shown
    executor.stop()
    if isHandedOver { return try BackgroundRunner.handOver(state.manifest.id, lock, self) }
    await display.finish(state, folder: work.folder)
    if isatty(STDERR_FILENO) != 0 { console.write(notification.text(state), isResult: false) }
    return withExtendedLifetime(lock) { ExitStatus(state) }
  }

  /// The view where there is one that opens, else lines.
  private func display(_ output: OutputWriter, _ part: RunnerPart) async throws -> RunDisplay {
    guard let view, let signals = part.signals else { return .lines(output) }
    do {
      let loop = try await view.open(part, signals)
      return .view(
        LiveView(loop: loop, output: output, executor: part.executor, opening: part.opening))
    } catch {
      console.note("lanes: plain lines, as the view cannot be opened: \(error)")
      return .lines(output)
    }
  }

  /// Returns whether all statuses were written.
  private func finish(_ keeper: StatusKeeper?) async -> Bool {
    guard let problem = await keeper?.finish() else { return true }
    console.note("lanes: statuses were not all written back: \(problem)")
    return false
  }

  /// Does what a runner that died at the very end could not do any more.
  private func writeStatuses(of state: RunState) async -> Bool {
    do { return await finish(try statusKeeper(state, isResumed: true)) } catch {
      console.note("lanes: statuses were not written back: \(error)")
      return false
    }
  }

  private func makeExecutor(
    _ work: Work, _ signals: RunnerSignals, _ journal: sending Journal,
    _ keeper: StatusKeeper?
  ) throws -> Executor {
    let manifest = work.state.manifest
    let reactor = try Reactor(name: "lanes-run", clock: clock)
    let inherited = EnvironmentBlock.inherited()
    let desk = try manifest.options.git.map {
      try GitDesk(options: $0, environment: inherited, folder: project.folder.path)
    }
    let launcher = try makeLauncher(
      manifest, work.folder, reactor,
      environment: desk == nil ? inherited : inherited.removing(where: Git.isLocating))
    let inbox = try FileWatch(path: project.folder.wake)
    var outlets = Executor.Outlets(signals: signals.run, inbox: inbox, git: desk)
    let hooks = HookRunner(
      hooks: hooks, run: manifest.id, directory: manifest.directory,
      log: work.folder.path + "/hooks.log")
    if keeper != nil || hooks.hooks != Hooks() {
      outlets.observer = { event in
        keeper?.note(event)
        hooks.note(event)
      }
    }
    return Executor(
      state: work.state,
      log: EventLog(journal: journal, run: manifest.id, after: work.sequence), launcher: launcher,
      reactor: reactor, clock: clock, runFolder: work.folder.path, outlets: outlets)
  }

  private func makeLauncher(
    _ manifest: RunManifest, _ folder: RunFolder, _ reactor: Reactor,
    environment: EnvironmentBlock
  ) throws -> sending any Launcher {
    switch manifest.options.launcher {
    case .local:
      return try LocalLauncher(
        runID: manifest.id.text, environment: environment, reactor: reactor, clock: clock,
        grace: manifest.options.grace, kept: kept?.attempts,
        firstToken: Executor.firstLauncherToken)
    case .slurm:
      return try SlurmLauncher(
        manifest: manifest, runFolder: folder.path, environment: environment, reactor: reactor,
        clock: clock, token: Executor.firstLauncherToken)
    }
  }

  /// Nil when the run does not write statuses back; a resumed run brings all of them up to date.
  private func statusKeeper(_ state: RunState, isResumed: Bool) throws -> StatusKeeper? {
    let manifest = state.manifest
    guard manifest.options.writesStatus else { return nil }
    let origin = manifest.plan.origin
    let path = origin.file.hasPrefix("/") ? origin.file : manifest.directory + "/" + origin.file
    let keeper = try StatusKeeper(
      file: StatusFile(path: path, tag: origin.tag, format: origin.format), clock: clock)
    if isResumed { keeper.catchUp(with: state) }
    return keeper
  }

  private func acquireLock() throws -> RunLock {
    do throws(RunLockError) {
      return try RunLock.acquire(in: project.folder, run: nil, front: kept?.front)
    } catch {
      let status: ExitStatus = if case .held = error { .locked } else { .usage }
      throw Failure(status, "lanes: \(error)")
    }
  }

  /// Waits at most ten seconds for the runner that lets go.
  private func awaitLock() throws -> RunLock {
    for _ in 0..<1000 where RunLock.holder(in: project.folder) != nil { poll(nil, 0, 10) }
    return try acquireLock()
  }

  /// Says so when the last run was left before its end: its tasks may still be running.
  private func noteUnfinishedRun(in journal: Journal) {
    guard let id = try? journal.latestRun()?.id,
      let last = try? journal.lastSequence(run: id),
      let row = try? journal.rows(run: id, after: last - 1, limit: 1).first,
      row.kind != RunEvent.Kind.runFinished(.succeeded).name
    else { return }
    console.note("lanes: run \(id) was left before its end; `lanes resume` would go on with it")
  }

  private func openJournal(at now: Instant) throws -> Journal {
    let journal = try Journal.open(folder: project.folder, mode: .create(now: now))
    if let setAside = journal.setAside { console.note("lanes: \(setAside)") }
    return journal
  }

  private func makeRunsFolder() throws {
    let runs = project.folder.path + "/runs"
    if mkdir(runs, 0o700) != 0, errno != EEXIST {
      throw RunFolderError(path: runs, problem: "cannot be made", code: errno)
    }
  }
}

extension RunID {
  /// A name from the moment and a number below 26³: `20261121-041233-kfx`.
  init(now: Instant, random: Int) {
    let digits = now.text.prefix(19).filter(\.isNumber)
    let letters = [random / 676, random / 26 % 26, random % 26].map {
      String(UnicodeScalar(UInt8(ascii: "a") + UInt8($0)))
    }
    self.init("\(digits.prefix(8))-\(digits.suffix(6))-\(letters.joined())")
  }
}
