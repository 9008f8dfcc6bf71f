import Core
import Glibc
import TUI

/// `lanes attach` and `lanes replay`: the view of a run that this process does not run.
struct WatchedRun: Sendable {
  private let call: Call
  private let plan: ViewPlan
  private let source: any RunSource
  /// What the view begins with.
  private let start: RunState
  private let mode: ViewOptions.Mode
  private let clock: ViewClock
  private let folder: RunFolder

  init(_ call: Call) throws {
    self.call = call
    plan = try ViewPlan(only: try call.settings(), for: call)
    let name = try Self.run(of: call)
    let rows = try Journal.open(folder: call.project.folder, mode: .reading)
      .rows(run: name, after: 0, limit: .max)
    let events = rows.compactMap(RunEvent.init(row:))
    guard let first = events.first, let last = events.last, let state = RunState.fold(events) else {
      throw Failure(.usage, "lanes: the journal lacks the beginning of run \(cleaned(name))")
    }
    folder = RunFolder(path: call.project.folder.run(state.manifest.id))
    if call.invocation.command == .replay {
      let speed = Double(call.invocation.integer("speed") ?? 10)
      mode = .replay(speed: speed)
      clock = ViewClock(replaying: first.at, to: last.at, speed: speed, WallClock())
      start = RunState.fold([first]) ?? state
      source = try ReplayedRun(Array(events.dropFirst()), clock: clock)
    } else {
      mode = .attached
      clock = ViewClock()
      start = state
      source = try FollowedRun(
        run: name, after: rows.last?.sequence ?? 0, in: call.project.folder)
    }
  }

  private static func run(of call: Call) throws -> String {
    if call.invocation.command == .attach {
      return try call.activeRun(
        remedy: "`lanes replay` shows the last one, `lanes resume` takes it up")
    }
    let journal = try Journal.open(folder: call.project.folder, mode: .reading)
    guard let name = try call.invocation.operands.first ?? journal.latestRun()?.id else {
      throw Failure(.usage, "lanes: there is no run yet; start one with `lanes run`")
    }
    return name
  }

  /// Shows the run until the view is left.
  func show(_ signals: SignalSource) async throws -> ExitStatus {
    let loop: ViewLoop
    do {
      loop = try await plan.open(
        start, clock, mode: mode, signals, folder: folder, ask: try asking())
    } catch let error as ScreenError {
      throw Failure(.usage, "lanes \(call.invocation.command): \(error)")
    }
    let messages = try await source.messages()
    async let passed: Void = pass(messages, to: loop)
    _ = await loop.run()
    await source.stop()
    await passed
    let state = await loop.state
    loop.stop()
    sayGoodbye(state)
    return .done
  }

  private func pass(_ messages: AsyncStream<RunMessage>, to loop: ViewLoop) async {
    for await message in messages {
      switch message {
      case .events(let events): _ = await loop.take(events)
      case .note(let words): await loop.note(words)
      case .caughtUp(let done): done.resume()
      }
    }
    await loop.runEnded()
  }

  private func asking() throws -> @Sendable (ControlCommand) async -> Reply {
    guard mode == .attached else { return { _ in .refused("this run is over; it is only shown") } }
    let inbox = try InboxThread(folder: call.project.folder, run: start.manifest.id.text)
    // The view knows what came of a command when it says that it is done.
    return { [source] command in
      let reply = await inbox.ask(command)
      await source.catchUp()
      return reply
    }
  }

  private func sayGoodbye(_ state: RunState) {
    guard mode == .attached else { return }
    if state.hasEnded {
      call.console.out(Summary.lines(state, at: state.lastEventAt))
    } else {
      call.console.out("Run \(state.manifest.id) goes on; `lanes attach` shows it again.")
    }
  }
}

/// Asks a runner elsewhere, on a thread of its own because that waits for the answer.
private actor InboxThread {
  private nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
  private let folder: LanesFolder
  private let run: String
  private var inbox: RunnerInbox?

  init(folder: LanesFolder, run: String) throws(PlatformError) {
    self.folder = folder
    self.run = run
    reactor = try Reactor(name: "lanes-inbox")
    try reactor.start { _ in }
  }

  deinit {
    reactor.stop()
  }

  func ask(_ command: ControlCommand) -> Reply {
    do {
      let inbox = try self.inbox ?? RunnerInbox(folder: folder, run: run)
      self.inbox = inbox
      return try inbox.ask(command) { Task.isCancelled }
    } catch {
      return .refused("\(error)")
    }
  }
}
