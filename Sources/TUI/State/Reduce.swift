import Core

/// Changes the state by what happened, and says what is to be done about it.
///
/// Cost: O(what the event touches and what is visible), never O(tasks) apart from a filter that is
/// typed and figures that are asked for.
package func reduce(_ state: inout ViewState, _ event: InputEvent) -> [Effect] {
  let effects = state.take(event)
  return effects + state.settle()
}

extension ViewState {
  fileprivate mutating func take(_ event: InputEvent) -> [Effect] {
    switch event {
    case .key, .paste, .mouse, .resized, .reply, .theme, .notice, .runEnded:
      needsDrawing = true
    case .tick, .run, .log, .machine, .interrupted, .terminated, .hungUp: break
    }
    switch event {
    case .key(let key): return press(key)
    case .paste(let text): return insert(text)
    case .mouse(let mouse): return take(mouse)
    case .resized(let size): resize(to: size)
    case .tick(let now): return tick(now)
    case .run(let events): return take(events)
    case .runEnded: hasStreamEnded = true
    case .reply(.done(let words)): say(words)
    case .reply(.refused(let words)): say(words, .warning)
    case .log(let window): return take(window)
    case .theme(let theme): self.theme = theme.name
    case .notice(let words): say(words, .warning)
    case .machine(let load):
      if view == .statistics, machine != load { needsDrawing = true }
      machine = load
    case .interrupted: return interrupt()
    case .terminated: return leave(.stop)
    case .hungUp: return leave(.finishWithoutView)
    }
    return []
  }

  private mutating func resize(to size: Size) {
    self.size = size
    shape = LaneShape(self)
  }

  private mutating func tick(_ moment: Instant) -> [Effect] {
    let isNewSecond = moment.microseconds / 1_000_000 != now.microseconds / 1_000_000
    now = moment
    if messages.expire(at: now) { needsDrawing = true }
    guard isNewSecond else { return [] }
    if !run.hasEnded {
      needsDrawing = true
      refreshFigures()
    }
    return followLog()
  }

  /// Works out the figures anew where they are shown.
  mutating func refreshFigures() {
    switch view {
    case .timeline, .statistics: figures = Figures(run, workload, at: now)
    case .lanes, .log, .diff, .graph, .details, .conflicts, .messages, .help: break
    }
  }

  private mutating func take(_ window: LogWindow) -> [Effect] {
    let before = (log.lines, log.problem, log.isRead, log.match)
    let (effects, problem) = log.take(window)
    if let problem { say(problem, .warning) }
    if before != (log.lines, log.problem, log.isRead, log.match) { needsDrawing = true }
    return effects
  }

  /// Ctrl-C: asks how to leave, and stops the second time.
  mutating func interrupt() -> [Effect] {
    if case .question(let question) = overlay, question == quitQuestion { return leave(.stop) }
    overlay = nil
    needsDrawing = true
    return quit()
  }

  /// Leaves at once, without a question.
  private func leave(_ how: Effect.Leave) -> [Effect] {
    [.leave(options.mode == .live && !run.hasEnded ? how : .close)]
  }
}
