/// One step of ending a task: the signal, and how long it may take until the next step.
package struct TeardownStep: Equatable, Sendable {
  package var signal: TaskSignal
  /// Nil: nothing comes after it.
  package var wait: Duration?

  package init(_ signal: TaskSignal, wait: Duration?) {
    self.signal = signal
    self.wait = wait
  }
}

/// How a task is ended: asked, told, then killed.
package enum Teardown {
  /// The steps that together give a task `grace` to end by itself.
  package static func steps(grace: Duration) -> [TeardownStep] {
    [
      TeardownStep(.interrupt, wait: grace / 2),
      TeardownStep(.terminate, wait: grace / 2),
      TeardownStep(.kill, wait: nil),
    ]
  }
}
