/// All that follows from one input: events that have been applied, and actions still to do.
package struct Settlement: Equatable, Sendable {
  package var events: [RunEvent] = []
  package var actions: [Action] = []
  package var reply: Reply?
}

extension RunState {
  /// Decides about an input, applies what follows, and goes on until nothing more does.
  ///
  /// The events must be in the journal before the actions are performed. Time does not pass in it:
  /// all events are of the moment `now`, or of the last event when that is later.
  package mutating func settle(_ input: Input, at now: Instant) -> Settlement {
    let now = max(now, lastEventAt)
    var whole = Settlement()
    whole.events.reserveCapacity(4)
    var decision: Decision? = decide(input, at: now)
    while let step = decision {
      for kind in step.events {
        let event = RunEvent(at: now, kind)
        apply(event)
        whole.events.append(event)
      }
      whole.actions += step.actions
      if let reply = step.reply { whole.reply = reply }
      decision = next(at: now)
    }
    return whole
  }
}
