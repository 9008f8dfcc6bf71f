import Core

/// The exit statuses of the program; scripts rely on the numbers.
enum ExitStatus: Int32, Error {
  case done = 0
  case taskFailed = 1
  case usage = 2
  case badPlan = 3
  case mergeConflict = 4
  case gateFailed = 5
  case overBudget = 6
  case locked = 7
  case interrupted = 130
  case terminated = 143

  init(_ state: RunState) {
    if let status = Self(ofCrew: state) {
      self = status
      return
    }
    switch state.phase {
    case .finished(.succeeded): self = .done
    case .finished(.interrupted): self = state.stopReason == .terminate ? .terminated : .interrupted
    case .finished(.failed):
      let results = state.tasks.compactMap(\.result)
      let isOnlyConflict =
        results.contains(.failed(.conflicted))
        && results.allSatisfy { !$0.isFailure || $0 == .failed(.conflicted) }
      self = isOnlyConflict ? .mergeConflict : .taskFailed
    case .running, .draining, .stopping: self = .taskFailed
    }
  }
}

extension ExitStatus {
  /// What gates, money and tracks say of a run that has ended; nil when they say nothing.
  private init?(ofCrew state: RunState) {
    guard let crew = state.crew, case .finished(let result) = state.phase else { return nil }
    switch (result, crew.draining) {
    case (.interrupted, .budget), (.interrupted, .limit): self = .overBudget
    case (.interrupted, .track) where state.counts.failed == 0: self = .done
    case (.failed, _):
      let results = state.tasks.compactMap(\.result).filter(\.isFailure)
      let isGate = results.isEmpty ? crew.hasFailedStage : results.allSatisfy(\.isRefusal)
      guard isGate else { return nil }
      self = .gateFailed
    case (.interrupted, _), (.succeeded, _): return nil
    }
  }
}

/// What ends a command early: words for standard error and the status to end with.
struct Failure: Error {
  var status: ExitStatus
  var words: [String]

  init(_ status: ExitStatus, _ words: String...) {
    self.status = status
    self.words = words
  }
}
