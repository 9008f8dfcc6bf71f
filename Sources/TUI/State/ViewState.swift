package import Core

/// All that the view shows and remembers, as a value; `reduce` alone changes it.
package struct ViewState: Equatable, Sendable {
  package internal(set) var run: RunState
  package internal(set) var size: Size
  /// The moment shown; ticks move it.
  package internal(set) var now: Instant
  package let options: ViewOptions
  /// Whether the picture has changed since `drawn` was called.
  package internal(set) var needsDrawing = true
  /// Conflicts between running tasks, newest first.
  package internal(set) var conflicts: [ConflictLine] = []

  package init(run: RunState, size: Size, now: Instant, options: ViewOptions) {
    self.run = run
    self.size = size
    self.now = now
    self.options = options
  }

  /// Notes that the picture is on the screen.
  package mutating func drawn() { needsDrawing = false }
}
