/// What a piece of the screen means; themes give each role its colours and attributes.
///
/// Views name roles and never colours.
package enum Role: String, CaseIterable, Hashable, Sendable {
  case text
  /// What matters less than the text around it.
  case dim
  case title
  case border
  /// The border of the part that keys act on.
  case focusedBorder = "focused-border"
  /// The row that keys act on.
  case selection
  case header
  case footer
  /// The name of a key where keys are explained.
  case key
  case succeeded
  case failed
  case running
  case waiting
  case ready
  case paused
  case skipped
  case cancelled
  case blocked
  case warning
  /// Two tasks that would not merge.
  case conflict
  /// What lies on the critical path.
  case critical
  /// Progress that a task reported.
  case progress
  /// Progress that is a guess.
  case guess
  /// The part of a bar that is still to come.
  case track
  /// A match of a search.
  case match
  /// Where typed text goes.
  case input
  case error
}
