package import Core

/// Something the reducer wants done outside the view's state; the event loop does it.
package enum Effect: Equatable, Sendable {
  case command(ControlCommand)
  case readLog(LogRequest)
  /// To the clipboard of the user's terminal, by OSC 52.
  case copy(String)
  /// The theme of that name, from the user's folder or the ones that came with the program.
  case loadTheme(String)
  /// Stop the program as Ctrl-Z does, with the terminal put back until it goes on.
  case suspend
  /// Draw every cell again.
  case redraw
  case leave(Leave)

  /// How the view is left.
  package enum Leave: Equatable, Sendable {
    /// The run is over, or belongs to another terminal.
    case close
    /// The view ends; the run goes on in this process to its end, in plain lines.
    case finishWithoutView
    /// A background runner takes the run over.
    case detach
    /// What runs is stopped, then the program ends.
    case stop
  }
}
