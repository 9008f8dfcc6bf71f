package import Core

/// Which moment the view shows.
package struct ViewClock: Sendable {
  private let clock: WallClock
  private let replay: Replay?

  private struct Replay {
    var openedAt: Instant
    var first: Instant
    var last: Instant
    var speed: Double
  }

  /// The present.
  package init(_ clock: WallClock = WallClock()) {
    self.clock = clock
    replay = nil
  }

  /// The time of a past run from `first` to `last`, which begins now and passes `speed` times as fast.
  package init(replaying first: Instant, to last: Instant, speed: Double, _ clock: WallClock) {
    self.clock = clock
    replay = Replay(openedAt: clock.now(), first: first, last: last, speed: speed)
  }

  /// The present, whatever is shown.
  package func now() -> Instant { clock.now() }

  /// What the view shows at a moment of the present.
  package func shown(at now: Instant) -> Instant {
    guard let replay else { return now }
    let passed = Double((now - replay.openedAt).microseconds) * replay.speed
    return min(replay.last, replay.first + .microseconds(Int64(min(passed, 1e17))))
  }

  /// When an event of that moment is to be shown.
  package func present(of instant: Instant) -> Instant {
    guard let replay else { return instant }
    let passed = Double((instant - replay.first).microseconds) / replay.speed
    return replay.openedAt + .microseconds(Int64(min(passed, 1e17)))
  }

  /// The next moment at which clocks on the screen change: whole seconds, or quarters when time flies.
  func nextTick(after now: Instant) -> Instant {
    let step: Int64 = replay == nil ? 1_000_000 : 250_000
    return Instant(microseconds: (now.microseconds / step + 1) * step)
  }
}
