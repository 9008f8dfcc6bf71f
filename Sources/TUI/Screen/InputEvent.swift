package import Core

/// A key as the keymap names it.
package enum Key: Hashable, Sendable {
  /// A printable character, with Shift in it.
  case character(Character)
  /// Ctrl and a letter, lower case.
  case control(Character)
  case enter
  case escape
  case tab
  case backTab
  case backspace
  case delete
  case up
  case down
  case left
  case right
  case pageUp
  case pageDown
  case home
  case end
  /// 1 to 12.
  case function(Int)
}

package struct MouseEvent: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    case press
    case doublePress
    case wheelUp
    case wheelDown
  }

  package var action: Action
  package var at: Point

  package init(_ action: Action, at point: Point) {
    self.action = action
    at = point
  }
}

/// Everything that happens to the view, in one stream.
package enum InputEvent: Equatable, Sendable {
  case key(Key)
  /// Text that was pasted; untrusted.
  case paste(String)
  case mouse(MouseEvent)
  case resized(Size)
  /// Time has passed; the only way the view learns of it.
  case tick(Instant)
  case run([RunEvent])
  /// The stream of run events has ended.
  case runEnded
  /// The answer to a command.
  case reply(Reply)
  /// A window of a log that `Effect.readLog` asked for.
  case log(LogWindow)
  /// A theme was read, at start, on request, or because its file changed.
  case theme(Theme)
  /// Something the user should read that is no fact of the run, such as a faulty theme file.
  case notice(String)
  /// How busy the machine is; shown with the figures, where it is known.
  case machine(MachineLoad)
  /// The program was told to end its view: SIGINT, SIGTERM or SIGHUP.
  case interrupted
  case terminated
  case hungUp
}
