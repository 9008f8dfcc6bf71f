import Core

/// The tasks of every lane in order and by group, kept so that any row can be found at once.
struct LaneIndex: Equatable, Sendable {
  struct Lane: Equatable, Sendable {
    /// Its tasks in the order of their ids.
    var tasks: [Int32] = []
    /// The places in `tasks` of those in each group, ascending.
    var groups = [[Int32]](repeating: [], count: TaskGroup.allCases.count)
    /// The places of those that the filter lets through.
    var matches: [Int32] = []

    func count(_ group: TaskGroup) -> Int { groups[group.rawValue].count }

    /// How many groups have tasks.
    var kinds: Int { groups.count { !$0.isEmpty } }
  }

  private(set) var lanes: [Lane]
  /// The columns of the widest id, up to 12.
  let idColumns: Int
  /// The number of tasks of the largest lane.
  let largest: Int
  /// The place of each task within its lane.
  private(set) var places: [Int32]
  private var laneOf: [Int32]
  /// The number of the track each lane is, 0 for tasks without one; empty where lanes are levels.
  let tracks: [Int]
  private var groupOf: [TaskGroup]

  /// Sorts the tasks of a run into lanes and groups.
  ///
  /// Cost: O(tasks × log tasks).
  init(_ run: RunState) {
    let plan = run.manifest.plan
    tracks = Self.tracks(run)
    let tasks = tracks.isEmpty ? plan.levels() : Self.divide(plan, over: tracks, run)
    lanes = tasks.map { Lane(tasks: $0.map { Int32($0) }) }
    idColumns = min(12, plan.tasks.lazy.map { width(of: $0.id.text, upTo: 12) }.max() ?? 1)
    largest = lanes.lazy.map { $0.tasks.count }.max() ?? 0
    places = [Int32](repeating: 0, count: plan.tasks.count)
    laneOf = [Int32](repeating: -1, count: plan.tasks.count)
    groupOf = run.tasks.map { TaskGroup($0) }
    for lane in lanes.indices {
      for (place, task) in lanes[lane].tasks.enumerated() {
        places[Int(task)] = Int32(place)
        laneOf[Int(task)] = Int32(lane)
        lanes[lane].groups[groupOf[Int(task)].rawValue].append(Int32(place))
      }
    }
  }

  /// The tracks that have tasks, and at last 0 for tasks without one; none unless tracks are what tells
  /// tasks apart.
  private static func tracks(_ run: RunState) -> [Int] {
    guard run.manifest.options.schedule == .tracks, let tracks = run.crew?.tracks else { return [] }
    return (Array(tracks.total.indices.dropFirst()) + [0]).filter { tracks.total[$0] > 0 }
  }

  /// The tasks of each track by level, as that is about the order in which it works on them.
  private static func divide(_ plan: Plan, over tracks: [Int], _ run: RunState) -> [[Int]] {
    var tasks = [[Int]](repeating: [], count: tracks.count)
    let track = run.crew?.tracks?.track ?? []
    for task in plan.levels().joined() {
      guard let lane = tracks.firstIndex(of: Int(track[task])) else { continue }
      tasks[lane].append(task)
    }
    return tasks
  }

  /// The lane a task is in; -1 when it is on a cycle.
  func lane(of task: Int) -> Int { Int(laneOf[task]) }

  func group(of task: Int) -> TaskGroup { groupOf[task] }

  /// The task of a lane at a place.
  func task(_ lane: Int, _ place: Int32) -> Int { Int(lanes[lane].tasks[Int(place)]) }

  /// Moves a task to the group its state says.
  ///
  /// Cost: O(log of the lane's tasks), and moving a part of a flat array.
  mutating func refresh(_ task: Int, lane: Int, _ state: TaskState) {
    let (old, new) = (groupOf[task], TaskGroup(state))
    guard old != new, lanes.indices.contains(lane) else { return }
    groupOf[task] = new
    lanes[lane].groups[old.rawValue].removeSorted(places[task])
    lanes[lane].groups[new.rawValue].insertSorted(places[task])
  }

  /// Keeps the tasks for which `matches` is true as each lane's matches.
  ///
  /// Cost: O(tasks).
  mutating func filter(_ matches: (Int) -> Bool) {
    for lane in lanes.indices {
      lanes[lane].matches = lanes[lane].tasks.enumerated()
        .filter { matches(Int($0.element)) }.map { Int32($0.offset) }
    }
  }

  mutating func refilter(_ task: Int, lane: Int, isMatch: Bool) {
    guard lanes.indices.contains(lane) else { return }
    lanes[lane].matches.removeSorted(places[task])
    if isMatch { lanes[lane].matches.insertSorted(places[task]) }
  }
}

extension TaskGroup {
  init(_ task: TaskState) {
    self =
      switch task.phase {
      case .waiting, .ready, .backingOff: .waiting
      case .running, .committed: .running
      case .finished(.succeeded): .succeeded
      case .finished(.failed), .finished(.needsPerson): .failed
      case .finished(.cancelled), .finished(.skipped), .finished(.blocked): .ended
      }
  }
}

extension [Int32] {
  /// Where a value is or would be.
  func sortedIndex(of value: Int32) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func insertSorted(_ value: Int32) {
    insert(value, at: sortedIndex(of: value))
  }

  mutating func removeSorted(_ value: Int32) {
    let index = sortedIndex(of: value)
    if index < count, self[index] == value { remove(at: index) }
  }
}
