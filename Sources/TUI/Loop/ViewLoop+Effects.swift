import CLinux
import Core
import Glibc

/// What the loop does to the world: commands, logs, themes, and the terminal given away and taken back.
extension ViewLoop {
  func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .command(let command): requests.send(command)
      case .readLog(let request): logs.read(request, at: clock.now())
      case .copy(let text): screen?.copy(text)
      case .loadTheme(let name): load(theme: name)
      // Everybody in the job stops, as if the terminal had made the signal of the key.
      case .suspend: kill(0, SIGTSTP)
      case .redraw: resize()
      case .leave(let leave): self.leave(.left(leave))
      }
    }
  }

  func load(theme name: String) { show(themes.load(name)) }

  func show(_ change: ThemeFollower.Change) {
    switch change {
    case .theme(let theme):
      screen?.use(theme)
      queue.add(.theme(theme))
    case .problem(let words): queue.add(.notice(words))
    }
  }

  private func suspend() {
    screen?.close()
    reactor.unwatch(setup.terminal.input)
    isHidden = true
    lanes_stop_here()
    // The signal that continued this process is waiting, and has been obeyed already.
    let others = setup.signals.read().filter { $0 != SIGCONT }
    comeBack()
    take(signals: others)
  }

  /// Takes the terminal again when this process was continued, unless another job has it.
  func comeBack() {
    guard let screen, setup.terminal.isForeground else {
      isHidden = true
      return
    }
    if isHidden { try? reactor.watch(setup.terminal.input, token: Self.keyboardToken) }
    isHidden = false
    screen.close()
    try? screen.open()
    resize()
  }

  func leave(_ end: ViewEnd) {
    guard self.end == nil else { return }
    self.end = end
    reactor.unwatch(setup.terminal.input)
    reactor.unwatch(setup.signals.descriptor)
    reactor.setDeadline(nil)
    screen?.close()
    lanes_follow_job_control()
    // The lines that follow begin where the events end.
    while let events = queue.takeSlice() { _ = reduce(&view, events) }
    waiter?.resume(returning: end)
    waiter = nil
  }

  // MARK: Signals

  func readSignals() {
    take(signals: setup.signals.read())
  }

  private func take(signals: [Int32]) {
    for signal in signals {
      switch signal {
      case SIGWINCH: resize()
      case SIGCONT: comeBack()
      case SIGTSTP: suspend()
      case SIGHUP: leave(.hungUp)
      case SIGTERM: queue.add(.terminated)
      default: queue.add(.interrupted)
      }
    }
  }

  private func resize() {
    guard let screen else { return }
    screen.resize()
    queue.add(.resized(screen.size))
  }
}
