import Core

/// The exit statuses of the program; scripts rely on the numbers.
enum ExitStatus: Int32, Error {
  case done = 0
  case taskFailed = 1
  case usage = 2
  case badPlan = 3
  case mergeConflict = 4
  case locked = 7
  case interrupted = 130
  case terminated = 143

  init(_ state: RunState) {
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

/// What ends a command early: words for standard error and the status to end with.
struct Failure: Error {
  var status: ExitStatus
  var words: [String]

  init(_ status: ExitStatus, _ words: String...) {
    self.status = status
    self.words = words
  }
}
