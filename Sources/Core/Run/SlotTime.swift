/// The time of a run's slots, each second of each slot under what it was spent on.
///
/// There are as many slots as tasks may run at once; the times add up to the number of slots times
/// the wall time, downtime excluded.
package struct SlotTime: Equatable, Sendable {
  /// What a slot's time was spent on, or what kept it from being used.
  package enum Use: String, Equatable, Sendable, CaseIterable {
    /// An attempt that succeeded, or that still runs.
    case work
    /// An attempt that failed.
    case retry
    /// An attempt that ran into a limit of time.
    case timeout
    /// A gate that judged an attempt, a level or the whole.
    case gate
    /// An attempt that was cancelled, stopped with the run, or whose end nobody saw.
    case interrupted
    /// An attempt that somebody had paused.
    case paused
    /// A task could start: the cost of starting it.
    case launching
    /// A task was ready, but the level before its own was not done.
    case barrier
    /// A task was ready, but one that works on the same files was at work.
    case conflict
    /// A task was ready, but its pool, its track or a usage limit had no room.
    case limit
    /// The work of a task was committed, or waited to be merged.
    case merge
    /// A task waited for its next attempt.
    case backoff
    /// A task waited for tasks that ran.
    case dependency
    /// Somebody had paused the starting of tasks.
    case held
    /// Nothing more was to start: the run was draining or stopping.
    case ending
    /// No runner was there to start a task.
    case unattended
    /// There were more slots than tasks left.
    case slots

    /// The place among all cases, without a search.
    fileprivate var place: Int {
      switch self {
      case .work: 0
      case .retry: 1
      case .timeout: 2
      case .gate: 3
      case .interrupted: 4
      case .paused: 5
      case .launching: 6
      case .barrier: 7
      case .conflict: 8
      case .limit: 9
      case .merge: 10
      case .backoff: 11
      case .dependency: 12
      case .held: 13
      case .ending: 14
      case .unattended: 15
      case .slots: 16
      }
    }

    /// The use in words for people.
    package var words: String {
      switch self {
      case .work: "working"
      case .retry: "attempts that failed"
      case .timeout: "attempts over their time limit"
      case .gate: "gates"
      case .interrupted: "attempts that were stopped"
      case .paused: "paused"
      case .launching: "launching"
      case .barrier: "level barrier"
      case .conflict: "kept apart from a conflict"
      case .limit: "pools, tracks and usage limits"
      case .merge: "merging"
      case .backoff: "waiting to retry"
      case .dependency: "waiting for dependencies"
      case .held: "dispatch paused"
      case .ending: "ending"
      case .unattended: "without a runner"
      case .slots: "more slots than tasks"
      }
    }
  }

  /// By the place of the use among all.
  private var times: [Duration]

  package init() { times = [Duration](repeating: .zero, count: Use.allCases.count) }

  package subscript(use: Use) -> Duration {
    get { times[use.place] }
    set { times[use.place] = newValue }
  }

  package var total: Duration { times.reduce(.zero, +) }

  static func + (left: SlotTime, right: SlotTime) -> SlotTime {
    var sum = left
    for place in sum.times.indices { sum.times[place] += right.times[place] }
    return sum
  }

  /// The share of a use in the whole, 0 to 1.
  package func share(_ use: Use) -> Double {
    let whole = total.seconds
    return whole > 0 ? self[use].seconds / whole : 0
  }

  /// The uses that took any time, in the order of their cases.
  package var uses: [Use] { Use.allCases.filter { self[$0] > .zero } }
}

extension Outcome {
  /// What the time of an attempt with this outcome was spent on.
  var use: SlotTime.Use {
    switch self {
    case .exited(code: 0): .work
    case .timedOut, .stalled: .timeout
    case .cancelled, .interrupted, .lost: .interrupted
    case .limited: .limit
    case .exited, .signaled, .notStarted, .unavailable, .agentFailed, .refused, .uncommitted,
      .unchanged, .conflicted:
      .retry
    }
  }
}
