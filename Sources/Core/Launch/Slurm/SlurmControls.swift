/// Orders about jobs that are there, given in groups that one call carries out.
///
/// What is ordered about one job keeps its order: one that is resumed and then ended needs that.
package struct SlurmControls {
  private var orders: [SlurmQueue.Order] = []
  /// Those that failed in a group, to be carried out one by one.
  private var alone: ArraySlice<SlurmQueue.Order> = []

  /// So many that the words fit into a call.
  private static let most = 500

  package init() {}

  package var isEmpty: Bool { orders.isEmpty && alone.isEmpty }

  package mutating func add(_ order: SlurmQueue.Order) { orders.append(order) }

  /// Takes back orders that could not be carried out yet.
  package mutating func putBack(_ group: [SlurmQueue.Order]) { orders = group + orders }

  /// Takes back orders of which at least one was refused.
  package mutating func separate(_ group: [SlurmQueue.Order]) { alone += group }

  /// The orders of the next call; none when there are none.
  package mutating func next() -> [SlurmQueue.Order] {
    if let order = alone.popFirst() { return [order] }
    guard let verb = orders.first?.verb else { return [] }
    var group: [SlurmQueue.Order] = []
    var rest: [SlurmQueue.Order] = []
    var passed: Set<SlurmJobID> = []
    for order in orders {
      if let job = order.job, order.verb == verb, group.count < Self.most, !passed.contains(job) {
        group.append(order)
      } else {
        if let job = order.job { passed.insert(job) }
        rest.append(order)
      }
    }
    orders = rest
    return group
  }
}

extension SlurmQueue.Order {
  /// The job that is told something; nil for a submission.
  package var job: SlurmJobID? {
    switch self {
    case .submit: nil
    case .signal(let job, _), .cancel(let job), .suspend(let job), .resume(let job),
      .hold(let job), .release(let job):
      job
    }
  }

  /// The words of the call without the job's; none for a submission.
  var verb: [String] {
    switch self {
    case .submit: []
    case .signal(_, let signal): ["scancel", "--full", "--signal=\(signal.slurmName)"]
    case .cancel: ["scancel"]
    case .suspend: ["scontrol", "suspend"]
    case .resume: ["scontrol", "resume"]
    case .hold: ["scontrol", "hold"]
    case .release: ["scontrol", "release"]
    }
  }
}

extension SlurmCommands {
  /// What carries out orders of one kind.
  package static func words(for orders: [SlurmQueue.Order]) -> [String] {
    let verb = orders.first?.verb ?? []
    let jobs = orders.compactMap { $0.job?.description }
    return verb + (verb.first == "scancel" ? jobs : [jobs.joined(separator: ",")])
  }
}

extension TaskSignal {
  fileprivate var slurmName: String {
    switch self {
    case .interrupt: "INT"
    case .terminate: "TERM"
    case .kill: "KILL"
    case .pause: "STOP"
    case .proceed: "CONT"
    }
  }
}
