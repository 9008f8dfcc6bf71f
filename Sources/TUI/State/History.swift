import Core

/// What the run's state forgets: earlier attempts, and the order in which tasks began.
struct History: Equatable, Sendable {
  /// An attempt that has ended.
  struct Attempt: Equatable, Sendable {
    var number: Int
    var start: Instant
    var end: Instant
    var outcome: Outcome
  }

  /// Tasks by the moment of their first start.
  private(set) var begun: [Int32]
  /// Tasks that never started, by lane and id.
  private(set) var waiting: [Int32]
  /// The place of each task in the order of lanes and ids, and the other way round.
  private let ranks: [Int32]
  private let order: [Int32]
  private var hasBegun: [Bool]
  private var attempts: [Int: [Attempt]] = [:]

  /// The history that a state tells of: the newest attempt of each task.
  ///
  /// Cost: O(tasks × log tasks).
  init(_ run: RunState, index: LaneIndex) {
    order = index.lanes.flatMap(\.tasks)
    var ranks = [Int32](repeating: -1, count: run.tasks.count)
    for (rank, task) in order.enumerated() { ranks[Int(task)] = Int32(rank) }
    self.ranks = ranks
    hasBegun = run.tasks.map { $0.startedAt != nil }
    let hasBegun = hasBegun
    waiting = order.indices.filter { [order] in !hasBegun[Int(order[$0])] }.map { Int32($0) }
    begun = run.tasks.indices.filter { hasBegun[$0] }
      .sorted { left, right in
        let (one, two) = (run.tasks[left].startedAt, run.tasks[right].startedAt)
        guard let one, let two, one != two else { return ranks[left] < ranks[right] }
        return one < two
      }
      .map { Int32($0) }
    for task in begun {
      if let newest = Self.newest(run.tasks[Int(task)]) { attempts[Int(task)] = [newest] }
    }
  }

  private static func newest(_ task: TaskState) -> Attempt? {
    guard let start = task.startedAt, let end = task.endedAt, let outcome = task.outcome else {
      return nil
    }
    return Attempt(number: task.attempt, start: start, end: end, outcome: outcome)
  }

  /// The attempts of a task that have ended, oldest first.
  func attempts(of task: Int) -> [Attempt] { attempts[task] ?? [] }

  /// How many rows a list of all tasks by their start has.
  var count: Int { begun.count + waiting.count }

  /// The task in a row of that list.
  func task(at row: Int) -> Int {
    row < begun.count ? Int(begun[row]) : Int(order[Int(waiting[row - begun.count])])
  }

  /// The row of a task in that list.
  ///
  /// Cost: O(tasks that began).
  func row(of task: Int) -> Int? {
    if hasBegun[task] { return begun.firstIndex(of: Int32(task)) }
    return ranks[task] < 0 ? nil : begun.count + waiting.sortedIndex(of: ranks[task])
  }

  mutating func begin(_ task: Int) {
    guard !hasBegun[task] else { return }
    hasBegun[task] = true
    begun.append(Int32(task))
    if ranks[task] >= 0 { waiting.removeSorted(ranks[task]) }
  }

  mutating func end(_ task: Int, _ state: TaskState) {
    guard let newest = Self.newest(state), attempts[task]?.last?.number != newest.number else {
      return
    }
    attempts[task, default: []].append(newest)
  }
}
