import Core

/// The tasks of every level in order and by group, kept so that any row can be found at once.
struct LaneIndex: Equatable, Sendable {
  struct Level: Equatable, Sendable {
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

  private(set) var levels: [Level]
  /// The columns of the widest id, up to 12.
  let idColumns: Int
  /// The number of tasks of the largest level.
  let largest: Int
  /// The place of each task within its level.
  private(set) var places: [Int32]
  private var groupOf: [TaskGroup]

  /// Sorts the tasks of a run into levels and groups.
  ///
  /// Cost: O(tasks × log tasks).
  init(_ run: RunState) {
    let plan = run.manifest.plan
    levels = plan.levels().map { Level(tasks: $0.map { Int32($0) }) }
    idColumns = min(12, plan.tasks.lazy.map { width(of: $0.id.text, upTo: 12) }.max() ?? 1)
    largest = levels.lazy.map { $0.tasks.count }.max() ?? 0
    places = [Int32](repeating: 0, count: plan.tasks.count)
    groupOf = run.tasks.map { TaskGroup($0) }
    for level in levels.indices {
      for (place, task) in levels[level].tasks.enumerated() {
        places[Int(task)] = Int32(place)
        levels[level].groups[groupOf[Int(task)].rawValue].append(Int32(place))
      }
    }
  }

  func group(of task: Int) -> TaskGroup { groupOf[task] }

  /// The task of a level at a place.
  func task(_ level: Int, _ place: Int32) -> Int { Int(levels[level].tasks[Int(place)]) }

  /// Moves a task to the group its state says.
  ///
  /// Cost: O(log of the level's tasks), and moving a part of a flat array.
  mutating func refresh(_ task: Int, level: Int, _ state: TaskState) {
    let (old, new) = (groupOf[task], TaskGroup(state))
    guard old != new, levels.indices.contains(level) else { return }
    groupOf[task] = new
    levels[level].groups[old.rawValue].removeSorted(places[task])
    levels[level].groups[new.rawValue].insertSorted(places[task])
  }

  /// Keeps the tasks for which `matches` is true as each level's matches.
  ///
  /// Cost: O(tasks).
  mutating func filter(_ matches: (Int) -> Bool) {
    for level in levels.indices {
      levels[level].matches = levels[level].tasks.enumerated()
        .filter { matches(Int($0.element)) }.map { Int32($0.offset) }
    }
  }

  mutating func refilter(_ task: Int, level: Int, isMatch: Bool) {
    guard levels.indices.contains(level) else { return }
    levels[level].matches.removeSorted(places[task])
    if isMatch { levels[level].matches.insertSorted(places[task]) }
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
