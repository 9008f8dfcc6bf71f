import Core
import TUI

/// The signals of a runner: those that end the run, and those that a view reads.
struct RunnerSignals: Sendable {
  var run: SignalSource
  var view: SignalSource?
}

/// What a view of the runner's own run is joined to.
struct RunnerPart: Sendable {
  let run: RunState
  let folder: RunFolder
  let executor: Executor
  let signals: SignalSource?
  /// How many of the events to come are in `run` already.
  let opening: Int

  init(_ work: RunSession.Work, _ executor: Executor, _ signals: SignalSource?) {
    run = work.state
    folder = work.folder
    opening = work.opening.count
    self.executor = executor
    self.signals = signals
  }
}

/// How the events of a run are shown to the one who started it.
enum RunDisplay: Sendable {
  case lines(OutputWriter)
  case view(LiveView)

  /// Shows events until there are no more, or the user has seen enough; whether another runner is to
  /// take the run over.
  func show(_ events: AsyncStream<[RunEvent]>) async -> Bool {
    switch self {
    case .lines(let output):
      await output.show(events)
      return false
    case .view(let view): return await view.show(events)
    }
  }

  /// The last words.
  func finish(_ state: RunState, folder: RunFolder) async {
    switch self {
    case .lines(let output): await output.finish(state, folder: folder)
    case .view(let view): await view.output.finish(state, folder: folder)
    }
  }
}

/// The full-screen view of a run that this process runs, and the lines that follow it.
struct LiveView: Sendable {
  let loop: ViewLoop
  let output: OutputWriter
  let executor: Executor
  /// How many of the first events the view knows already.
  let opening: Int

  func show(_ events: AsyncStream<[RunEvent]>) async -> Bool {
    async let passed: Void = pass(on: events)
    let end = await loop.run()
    let isHandedOver = await act(on: end)
    await passed
    loop.stop()
    return isHandedOver
  }

  private func act(on end: ViewEnd) async -> Bool {
    switch end {
    case .left(.close), .left(.finishWithoutView), .hungUp: return false
    case .left(.stop):
      _ = await executor.submit(.stop)
      return false
    case .left(.detach): return await executor.letGo()
    }
  }

  /// Gives the events to the view, and after its end to the lines.
  private func pass(on events: AsyncStream<[RunEvent]>) async {
    var known = opening
    var isViewOver = false
    for await group in events {
      let new = Array(group.dropFirst(known))
      known -= group.count - new.count
      if new.isEmpty { continue }
      if !isViewOver, await loop.take(new) { continue }
      if !isViewOver { await output.begin(with: await loop.state) }
      isViewOver = true
      await output.show(new)
    }
    await loop.runEnded()
  }
}
