/// What the view knows from the start and never changes.
package struct ViewOptions: Equatable, Sendable {
  /// Whose run it is, and so what may be done to it.
  package enum Mode: Equatable, Sendable {
    /// This process runs the run.
    case live
    /// A runner elsewhere does; commands reach it.
    case attached
    /// The run is a past one, shown so many times as fast as it was.
    case replay(speed: Double)
  }

  package var mode: Mode
  /// Whether the terminal shows more than ASCII.
  package var isUnicode: Bool
  /// The themes that can be chosen, in the order they are offered.
  package var themes: [String]
  package var keys: Keymap
  /// What is added to UTC for times of day.
  package var secondsFromUTC = 0

  package init(
    mode: Mode = .live, isUnicode: Bool = true, themes: [String] = ["default"],
    keys: Keymap = .standard, secondsFromUTC: Int = 0
  ) {
    self.mode = mode
    self.isUnicode = isUnicode
    self.themes = themes
    self.keys = keys
    self.secondsFromUTC = secondsFromUTC
  }
}
