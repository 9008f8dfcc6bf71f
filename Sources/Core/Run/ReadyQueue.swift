/// Tasks that only a slot, the level barrier or a limit keeps from starting, best first.
///
/// Where limits are, each group of tasks that share theirs has a queue of its own, and only its best task
/// stands in the open, while the limits have room. So a start, an end and a change of a limit cost
/// O(log tasks) for each group they touch, and nothing where there are no limits.
package struct ReadyQueue: Equatable, Sendable {
  private var open: IndexedHeap
  private var groups: DispatchGroups?
  /// Tasks that start on a slot that no other task could use; nil where there are none such.
  private var yielding: IndexedHeap?

  init(keys: [IndexedHeap.Key], groups: DispatchGroups? = nil, hasYielding: Bool = false) {
    open = IndexedHeap(keys: keys)
    self.groups = groups
    if hasYielding { yielding = IndexedHeap(keys: keys) }
  }

  /// The task that should start first of those that no limit holds.
  var first: Int? { open.first }

  /// Whether no task is ready, held ones included.
  var isEmpty: Bool {
    open.isEmpty && (groups?.waiting ?? 0) == 0 && yielding?.isEmpty ?? true
  }

  /// The best of those that let all others go first, whether or not its limits have room.
  var firstYielding: Int? { yielding?.first }

  mutating func insert(_ index: Int) {
    yielding?.remove(index)
    if groups?.insert(index, &open) == true { return }
    open.insert(index)
  }

  /// Adds a task that lets all others go first.
  mutating func insertYielding(_ index: Int) {
    remove(index)
    yielding?.insert(index)
  }

  mutating func remove(_ index: Int) {
    yielding?.remove(index)
    if groups?.remove(index, &open) == true { return }
    open.remove(index)
  }

  /// Counts a task as running.
  mutating func start(_ index: Int) { groups?.count(index, 1, &open) }

  /// Counts a task as not running any more.
  mutating func end(_ index: Int) { groups?.count(index, -1, &open) }

  /// Whether the limits of a task let it start.
  func hasRoom(for index: Int) -> Bool { groups?.hasRoom(for: index) ?? true }

  /// The limits that keep a task from starting now.
  func obstacles(of index: Int) -> [DispatchLimit] { groups?.obstacles(of: index) ?? [] }

  /// Lets no task start that has the limit of this name, or lets them start again.
  mutating func hold(_ name: DispatchLimit.Name, _ isHeld: Bool) {
    groups?.hold(name, isHeld, &open)
  }
}

/// A number of tasks that may run at once.
package struct DispatchLimit: Equatable, Sendable {
  package enum Name: Hashable, Sendable {
    case pool(String)
    case track(Int)
    /// What an agent's program meets usage limits with.
    case account(String)
  }

  package var name: Name
  package var capacity: Int
  package var used = 0
  package var isHeld = false
  /// The groups that have the limit.
  fileprivate var groups: [Int] = []

  fileprivate var hasRoom: Bool { !isHeld && used < capacity }
}

/// Tasks by the limits they have.
struct DispatchGroups: Equatable, Sendable {
  private struct Group: Equatable, Sendable {
    var limits: [Int]
    var members: [Int32] = []
    var heap = IndexedHeap(keys: [])
    /// The member in the open, or -1.
    var shown: Int32 = -1
  }

  private(set) var limits: [DispatchLimit] = []
  private var groups: [Group] = []
  /// The group of each task, or -1, and its place among the members.
  private var group: [Int32]
  private var place: [Int32]
  /// How many tasks are ready and not in the open.
  private(set) var waiting = 0

  /// Groups of tasks by `limits`, the limits of each task; nil when no task has one.
  ///
  /// Cost: O(tasks).
  init?(
    keys: [IndexedHeap.Key], capacities: [DispatchLimit.Name: Int],
    limits: (Int) -> [DispatchLimit.Name]
  ) {
    group = [Int32](repeating: -1, count: keys.count)
    place = group
    var known: [[DispatchLimit.Name]: Int] = [:]
    var numbers: [DispatchLimit.Name: Int] = [:]
    for index in keys.indices {
      let names = limits(index)
      if names.isEmpty { continue }
      let number = known[names] ?? groups.count
      if number == groups.count {
        known[names] = number
        addGroup(names, number, capacities, &numbers)
      }
      group[index] = Int32(number)
      place[index] = Int32(groups[number].members.count)
      groups[number].members.append(Int32(index))
    }
    if groups.isEmpty { return nil }
    for number in groups.indices {
      groups[number].heap = IndexedHeap(keys: groups[number].members.map { keys[Int($0)] })
    }
  }

  private mutating func addGroup(
    _ names: [DispatchLimit.Name], _ number: Int, _ capacities: [DispatchLimit.Name: Int],
    _ numbers: inout [DispatchLimit.Name: Int]
  ) {
    var own: [Int] = []
    for name in names {
      let limit = numbers[name] ?? limits.count
      if limit == limits.count {
        numbers[name] = limit
        limits.append(DispatchLimit(name: name, capacity: capacities[name] ?? .max))
      }
      limits[limit].groups.append(number)
      own.append(limit)
    }
    groups.append(Group(limits: own))
  }

  /// Whether the task is one of a group; then it is in its queue now.
  mutating func insert(_ index: Int, _ open: inout IndexedHeap) -> Bool {
    guard let number = number(of: index) else { return false }
    if !groups[number].heap.contains(Int(place[index])) { waiting += 1 }
    groups[number].heap.insert(Int(place[index]))
    show(number, &open)
    return true
  }

  mutating func remove(_ index: Int, _ open: inout IndexedHeap) -> Bool {
    guard let number = number(of: index) else { return false }
    if groups[number].heap.contains(Int(place[index])) { waiting -= 1 }
    groups[number].heap.remove(Int(place[index]))
    show(number, &open)
    return true
  }

  mutating func count(_ index: Int, _ change: Int, _ open: inout IndexedHeap) {
    guard let number = number(of: index) else { return }
    for limit in groups[number].limits {
      let before = limits[limit].hasRoom
      limits[limit].used += change
      if limits[limit].hasRoom != before { showAll(limit, &open) }
    }
  }

  mutating func hold(_ name: DispatchLimit.Name, _ isHeld: Bool, _ open: inout IndexedHeap) {
    for limit in limits.indices where limits[limit].name == name {
      limits[limit].isHeld = isHeld
      showAll(limit, &open)
    }
  }

  func hasRoom(for index: Int) -> Bool { number(of: index).map { isOpen($0) } ?? true }

  func obstacles(of index: Int) -> [DispatchLimit] {
    number(of: index).map { groups[$0].limits.map { limits[$0] }.filter { !$0.hasRoom } } ?? []
  }

  private func number(of index: Int) -> Int? { group[index] < 0 ? nil : Int(group[index]) }

  private func isOpen(_ number: Int) -> Bool {
    groups[number].limits.allSatisfy { limits[$0].hasRoom }
  }

  private mutating func showAll(_ limit: Int, _ open: inout IndexedHeap) {
    for number in limits[limit].groups { show(number, &open) }
  }

  /// Puts the best member of a group into the open while there is room, and no other.
  private mutating func show(_ number: Int, _ open: inout IndexedHeap) {
    let best = isOpen(number) ? groups[number].heap.first.map { groups[number].members[$0] } : nil
    let shown = groups[number].shown
    guard best ?? -1 != shown else { return }
    if shown >= 0 { open.remove(Int(shown)) }
    if let best { open.insert(Int(best)) }
    groups[number].shown = best ?? -1
  }
}
