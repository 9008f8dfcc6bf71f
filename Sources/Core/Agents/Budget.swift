/// How much a run may cost, in US dollars as the agents' programs count them.
package struct Budget: Equatable, Sendable {
  /// From here on nothing more starts.
  package var limit: Double?
  /// From here on there is a warning.
  package var warning: Double?
  /// A task that cost so much without an accepted attempt gets no further one.
  package var perTask: Double?

  package init(limit: Double? = nil, warning: Double? = nil, perTask: Double? = nil) {
    self.limit = limit
    self.warning = warning
    self.perTask = perTask
  }
}

/// An amount as people read it: `$1.20`.
package func dollars(_ amount: Double) -> String {
  let cents = (amount * 100).rounded()
  guard cents.magnitude < 1e15 else { return "$\(amount)" }
  let whole = Int(cents)
  let rest = whole % 100
  return "$\(whole / 100).\(rest < 10 ? "0" : "")\(rest)"
}
