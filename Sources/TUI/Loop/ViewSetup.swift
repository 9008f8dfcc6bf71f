package import Core

/// What a view is joined to.
package struct ViewSetup: Sendable {
  package var options: ViewOptions
  package var terminal: Terminal
  /// SIGWINCH, SIGTSTP, SIGCONT and SIGHUP, and those others that are to reach the view.
  package var signals: SignalSource
  package var themes: ThemeStore
  /// The theme to begin with.
  package var theme: String
  /// Asks something of the runner, wherever it is.
  package var ask: @Sendable (ControlCommand) async -> Reply
  package var logs: LogFiles
  package var makeScreen: @Sendable () -> sending any Screen

  package init(
    options: ViewOptions, terminal: Terminal, signals: SignalSource, themes: ThemeStore,
    theme: String, ask: @escaping @Sendable (ControlCommand) async -> Reply,
    logs: LogFiles
  ) {
    self.options = options
    self.terminal = terminal
    self.signals = signals
    self.themes = themes
    self.theme = theme
    self.ask = ask
    self.logs = logs
    makeScreen = { CursesScreen(terminal) }
  }
}

/// How a view came to its end.
package enum ViewEnd: Equatable, Sendable {
  case left(Effect.Leave)
  /// The terminal is gone, or about to go.
  case hungUp
}

/// Commands on their way to the runner, in the order they were given.
struct ViewRequests: Sendable {
  let commands: AsyncStream<ControlCommand>
  private let continuation: AsyncStream<ControlCommand>.Continuation

  init() {
    (commands, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1000))
  }

  func send(_ command: ControlCommand) { continuation.yield(command) }

  func finish() { continuation.finish() }
}
