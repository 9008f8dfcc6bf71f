import Core

/// What has come in and is still to be reduced.
///
/// What people do comes first. Events of the run are gathered for the next frame, where many cost little
/// more than one, and given in slices, so that no key waits for all of them.
struct ViewQueue {
  /// As many events as are reduced within a millisecond: on a machine that is overloaded a key may wait for
  /// ten times that.
  static let slice = 128

  private var inputs: [InputEvent] = []
  private var events: [RunEvent] = []
  /// How many of `events` have been given.
  private var given = 0
  private var endsRun = false

  /// Whether there are enough events of the run to be reduced before the next frame.
  var isFull: Bool { events.count - given >= Self.slice }

  var hasInputs: Bool { !inputs.isEmpty }

  /// Whether all that is known of the run has been given.
  var isRunDrained: Bool { events.isEmpty && !endsRun }

  mutating func add(_ event: InputEvent) {
    switch event {
    case .run(let more): events += more
    case .runEnded: endsRun = true
    case .key, .paste, .mouse, .resized, .tick, .reply, .log, .theme, .notice, .machine,
      .interrupted, .terminated, .hungUp:
      inputs.append(event)
    }
  }

  /// Gives what came in beside the run, in its order.
  mutating func takeInputs() -> [InputEvent] {
    defer { inputs.removeAll(keepingCapacity: true) }
    return inputs
  }

  /// Gives the next events of the run, at most `slice` of them, and at last that it has ended.
  mutating func takeSlice() -> InputEvent? {
    if given < events.count {
      let end = min(given + Self.slice, events.count)
      defer {
        given = end
        if end == events.count { (events, given) = ([], 0) }
      }
      return .run(Array(events[given..<end]))
    }
    guard endsRun else { return nil }
    endsRun = false
    return .runEnded
  }
}
