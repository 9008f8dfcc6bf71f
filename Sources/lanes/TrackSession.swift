import Core
import Glibc

/// `lanes run --track N`: one track of a run, in a terminal of its own.
///
/// The first of them is the runner of all; another one has its track opened by that runner, shows what happens
/// on it, and takes the run over when the runner dies.
struct TrackSession: Sendable {
  let track: Int
  let preparation: RunPreparation
  let session: RunSession
  let isOurs: @Sendable (RunState) -> Bool

  init(_ track: Int, _ preparation: RunPreparation, _ session: RunSession) {
    (self.track, self.preparation, self.session) = (track, preparation, session)
    let file = preparation.plan.origin.file
    isOurs = { state in
      state.manifest.options.schedule == .tracks && state.manifest.plan.origin.file == file
    }
  }

  private var folder: LanesFolder { session.project.folder }

  func carryOut(_ signals: RunnerSignals) async throws -> ExitStatus {
    while true {
      if let holder = RunLock.holder(in: folder), let run = holder.run {
        if let status = try follow(run, signals.run) { return status }
        continue
      }
      do {
        if try isUnfinished() {
          let how = TakeUp(runner: getpid(), retriesFailed: true, tracks: [track])
          return try await session.resume(how, isTakeOver: false, signals)
        }
        return try await session.start(preparation, signals)
      } catch let failure as Failure where failure.status == .locked {
        // Another terminal was quicker.
        poll(nil, 0, 50)
      }
    }
  }

  /// Whether the newest run has this plan's tracks and tasks left.
  private func isUnfinished() throws -> Bool {
    guard Project.exists(folder.path + "/lanes.sqlite") else { return false }
    let journal = try Journal.open(folder: folder, mode: .reading)
    guard let id = try journal.latestRun()?.id else { return false }
    let rows = try journal.rows(run: id, after: 0, limit: .max)
    guard let state = RunState.fold(rows.lazy.compactMap(RunEvent.init(row:))) else { return false }
    return isOurs(state) && state.phase != .finished(.succeeded)
  }

  /// Shows the track's part of a run that another terminal carries out; nil when its runner died.
  private func follow(_ run: String, _ signals: SignalSource) throws -> ExitStatus? {
    let clock = WallClock()
    let journal = try Journal.open(folder: folder, mode: .writing)
    _ = try journal.post(
      run: run, at: clock.now().microseconds, body: ControlCommand.openTrack(track).json)
    _ = FileWatch.touch(folder.wake)
    var view = TrackView(track: track, run: run, session: session)
    while true {
      let isAlive = RunLock.holder(in: folder)?.run == run
      if let status = try view.read(journal, isOurs: isOurs) { return status }
      if !isAlive { return view.status }
      if !signals.read().isEmpty { return .interrupted }
      poll(nil, 0, 100)
    }
  }
}

/// What another terminal shows of the run: its track, and what concerns all.
private struct TrackView {
  let track: Int
  let session: RunSession
  private let run: String
  private var state: RunState?
  private var sequence: Int64 = 0
  private var printer: RunPrinter
  private var isOpen = false

  init(track: Int, run: String, session: RunSession) {
    (self.track, self.run, self.session) = (track, run, session)
    printer = RunPrinter(
      session.form, isColored: session.isColored, run: RunID(run), after: 0,
      console: session.console, folder: RunFolder(path: session.project.folder.run(RunID(run))))
  }

  /// Shows what is new; the status to end with when the track or the run is done.
  mutating func read(_ journal: Journal, isOurs: (RunState) -> Bool) throws -> ExitStatus? {
    for row in try journal.rows(run: run, after: sequence, limit: 10_000) {
      sequence = row.sequence
      guard let event = RunEvent(row: row) else { continue }
      if case .runStarted(let manifest) = event.kind {
        state = RunState(manifest: manifest, at: event.at)
      } else {
        state?.apply(event)
      }
      if case .crew(.trackOpened(track)) = event.kind { isOpen = true }
      printer.show(event, if: concerns(event))
    }
    guard let state else { return nil }
    guard isOurs(state) else {
      throw Failure(.locked, "lanes: another run is active here; wait for its end")
    }
    return status
  }

  /// How the track came out; nil while it goes on.
  var status: ExitStatus? {
    guard let state, let tracks = state.crew?.tracks else { return nil }
    if state.hasEnded {
      // It ended before the track was opened.
      if state.crew?.draining == .track, tracks.open.indices.contains(track),
        tracks.open[track] != 0
      {
        return nil
      }
      return ExitStatus(state)
    }
    guard tracks.open.indices.contains(track), tracks.open[track] == 0 else { return nil }
    return state.manifest.plan.tasks.indices.contains {
      tracks.track[$0] == track && state.tasks[$0].result?.satisfiesDependents == false
    } ? .taskFailed : .done
  }

  private func concerns(_ event: RunEvent) -> Bool {
    guard let tracks = state?.crew?.tracks else { return true }
    if let index = event.kind.task.flatMap({ state?.index(of: $0) }) {
      return tracks.track[index] == track
    }
    switch event.kind {
    case .levelStarted, .levelFinished: return false
    case .crew(.trackFinished(let other)), .crew(.trackWaiting(let other, _)),
      .crew(.trackOpened(let other)):
      return other == track
    default: return true
    }
  }
}
