import Core

/// When frames are drawn: at once for a key, but at most 30 a second; ten a second where nobody but the
/// run asks for them.
struct FramePace {
  private static var shortest: Duration { .milliseconds(33) }
  /// The time between frames that only the run asks for.
  static var calm: Duration { .milliseconds(100) }
  /// Frames that were not drawn may be drawn later, so many of them close together.
  private static var burst: Duration { .milliseconds(100) }
  /// What follows from a key, such as a part of a log, comes within this time.
  private static var attention: Duration { .milliseconds(250) }

  private var last = Instant(microseconds: 0)
  /// When all frames so far are paid for, at one in `shortest`.
  private var paid = Instant(microseconds: 0)
  private var attentionEnd = Instant(microseconds: 0)
  /// Whether somebody waits for the next frame.
  private(set) var isUrgent = false

  /// Notes what came in, which may call for a frame at once.
  mutating func note(_ event: InputEvent, at now: Instant) {
    switch event {
    case .key, .paste, .mouse, .resized, .reply, .theme, .notice, .interrupted:
      isUrgent = true
      attentionEnd = now + Self.attention
    case .log: isUrgent = isUrgent || now < attentionEnd
    case .tick, .run, .runEnded, .machine, .terminated, .hungUp: break
    }
  }

  mutating func drew(at now: Instant) {
    last = now
    paid = max(paid, now + (.zero - Self.burst)) + Self.shortest
    isUrgent = false
  }

  /// The first moment at which the next frame may be drawn.
  var next: Instant { isUrgent ? paid : max(paid, last + Self.calm) }
}
