/// What a run in worktrees knows beside its tasks' states; changed by `RunState.apply` alone.
package struct GitState: Equatable, Sendable {
  /// What became of one task's work.
  package struct Work: Equatable, Sendable {
    /// The repository it is done in, as an index.
    package var repository = 0
    /// The worktree, while there is one.
    package var workspace: Workspace?
    /// The commit the newest worktree started from.
    package var base: String?
    /// The newest commit of an attempt that succeeded.
    package var head: String?
    package var files: [String] = []
    package var fileCount = 0
    /// The commit that did not merge, and what it conflicts in.
    package var conflict: String?
    package var conflictedFiles: [ConflictedFile] = []
    /// The tasks whose work it conflicts with.
    package var conflictsWith: [Int] = []
    /// The commit that has it in the result.
    package var merged: String?
    /// How often the result had been moved when the newest attempt began, and with its merge.
    var mergesBefore = 0
    var mergedWith: Int?
    package var reruns = 0
    /// The ports it has, counted in units of what each task gets.
    package var slot: Int?
    /// It starts anew from the result next time, not from what it had.
    package var startsAfresh = false
    /// The worktree is being removed.
    package var isLeaving = false
    /// It runs or its work is not merged yet.
    fileprivate(set) var isActive = false
  }

  /// The result so far in one repository.
  package struct Result: Equatable, Sendable {
    /// The commit that has all that was merged.
    package var tip: String
    /// The branch that was moved there last; empty before the first merge.
    package var branch = ""
    package var merges = 0
    /// The newest commit that the gates of levels accept; the base before there is one.
    var accepted: String
    /// What was merged since, where levels have gates.
    var unproven: [GateSearch.Merge] = []

    init(tip: String) {
      (self.tip, accepted) = (tip, tip)
    }
  }

  package internal(set) var works: [Work]
  package internal(set) var results: [Result]
  /// Tasks whose work is committed and not merged.
  package private(set) var unmerged: Set<Int> = []
  private var unmergedInLevel: [Int: Int] = [:]
  /// A merge was ordered and not answered.
  package private(set) var isMerging = false
  /// How often in a row git could not merge at all.
  package private(set) var mergeFailures = 0
  package private(set) var mergeNotBefore: Instant?
  /// How many worktrees are being removed.
  package private(set) var leaving = 0
  /// Branches that were pushed, or are being pushed.
  package private(set) var published: Set<PublishedBranch> = []
  /// Those of them that are being pushed now.
  private var pushing: Set<PublishedBranch> = []
  /// What tasks that run side by side do to the same files.
  package private(set) var contacts: [IndexPair: Contact] = [:]
  /// How often two tasks got into each other's way: while they ran, or at the merge.
  package private(set) var conflicts = 0
  private var conflictedTasks: Set<Int> = []
  /// Tasks that may not run at the same time.
  private var apart = TaskPairs()
  /// Tasks that may run at the same time although they will probably conflict; nil where none may.
  package internal(set) var speculation: Speculation?
  /// Tasks that are paused or ended until another one is done, with that one.
  package private(set) var waitsBehind: [Int: Int] = [:]
  /// The search for the work that a level's gate refuses, while it lasts.
  package internal(set) var search: GateSearch?
  private let remembersMerges: Bool
  private var freeSlots: [Int] = []
  private var slots = 0
  private let givesPorts: Bool
  private let endsLater: Bool
  private let level: [Int]

  init(options: GitOptions, plan: Plan, remembersMerges: Bool = false) {
    self.remembersMerges = remembersMerges
    works = plan.tasks.map { task in
      var work = Work()
      work.repository = options.repositories.firstIndex { $0.name == task.repository ?? "" } ?? 0
      return work
    }
    results = options.repositories.map { Result(tip: $0.commit) }
    givesPorts = options.setup.firstPort != nil
    level = plan.graph.level
    endsLater = options.live == .stopLater
    guard options.predicted == .serialize || options.speculates else { return }
    if options.speculates { speculation = Speculation() }
    for pair in options.predictions where pair.standing == .expected {
      guard let one = plan.index(of: pair.first), let two = plan.index(of: pair.second) else {
        continue
      }
      if options.speculates {
        _ = speculation?.rivals.add((one, false), (two, false))
      } else {
        _ = addPartners(one, two)
      }
    }
  }

  // MARK: Questions

  /// Whether a task has to wait for one that works on the same files.
  package func isHeld(_ index: Int) -> Bool { apart.isBesideWork(index) }

  /// The tasks at work that keep one from starting.
  package func holders(of index: Int) -> [Int] {
    apart.partners(of: index).filter { works[$0].isActive }
  }

  func partners(of index: Int) -> [Int] { apart.partners(of: index) }

  /// Whether a task would run beside one with which it will probably conflict.
  func isRisky(_ index: Int) -> Bool { speculation?.rivals.isBesideWork(index) ?? false }

  /// The tasks at work with which one will probably conflict, and beside which it may start.
  package func rivalsAtWork(of index: Int) -> [Int] {
    speculation?.rivals.partners(of: index).filter { works[$0].isActive } ?? []
  }

  /// The tasks whose work did not merge and that are to run again.
  var conflicted: [Int] { conflictedTasks.sorted() }

  var isPublishing: Bool { !pushing.isEmpty }

  func unmergedCount(inLevel level: Int) -> Int { unmergedInLevel[level] ?? 0 }
}

/// Two tasks by index, the lesser first.
package struct IndexPair: Hashable, Sendable {
  package let first: Int
  package let second: Int

  package init(_ one: Int, _ two: Int) {
    (first, second) = (min(one, two), max(one, two))
  }

  package func contains(_ index: Int) -> Bool { first == index || second == index }
}

/// How two tasks that run side by side stand to each other.
package struct Contact: Equatable, Sendable {
  /// Files that both have changed.
  package var files: [String]
  /// Where their changes would conflict; none when they merge clean.
  package var conflicts: [ConflictedFile]

  package init(files: [String], conflicts: [ConflictedFile] = []) {
    self.files = files
    self.conflicts = conflicts
  }
}

/// What events do; each returns the tasks whose being held may have changed.
extension GitState {
  mutating func started(_ index: Int) -> [Int] {
    if givesPorts, works[index].slot == nil {
      works[index].slot = freeSlots.popLast() ?? slots
      if works[index].slot == slots { slots += 1 }
    }
    return setActive(index, true)
  }

  mutating func attemptEnded(_ index: Int) -> [Int] {
    let wasHeldBack = waitsBehind.removeValue(forKey: index) != nil
    if let slot = works[index].slot {
      works[index].slot = nil
      let place = freeSlots.firstIndex { $0 < slot } ?? freeSlots.count
      freeSlots.insert(slot, at: place)
    }
    // An attempt that was ended for another one leaves it the field.
    return wasHeldBack && works[index].startsAfresh ? setActive(index, false) : []
  }

  mutating func ready(_ index: Int, _ workspace: Workspace) {
    works[index].workspace = workspace
    // A worktree that is gone on in lacks what was merged since it was made.
    if works[index].base != workspace.base {
      works[index].mergesBefore = results[works[index].repository].merges
      forgetMergedRivals(of: index)
    }
    works[index].base = workspace.base
    works[index].isLeaving = false
    works[index].startsAfresh = false
    works[index].head = nil
    if workspace.resolves == nil { works[index].conflict = nil }
  }

  mutating func removed(_ index: Int) {
    if works[index].isLeaving { leaving -= 1 }
    works[index].isLeaving = false
    works[index].workspace = nil
  }

  mutating func committed(_ index: Int, _ commit: WorkCommit) {
    works[index].head = commit.head
    works[index].files = commit.files
    works[index].fileCount = commit.count
  }

  mutating func awaitMerge(_ index: Int) {
    guard unmerged.insert(index).inserted else { return }
    unmergedInLevel[level[index], default: 0] += 1
  }

  private mutating func endAwaiting(_ index: Int) {
    guard unmerged.remove(index) != nil else { return }
    unmergedInLevel[level[index], default: 0] -= 1
  }

  mutating func mergeStarted() { isMerging = true }

  mutating func mergeFailed(at instant: Instant) {
    isMerging = false
    mergeFailures += 1
    mergeNotBefore = instant + .seconds(1 << min(mergeFailures - 1, 5))
  }

  mutating func moved(_ repository: Int, branch: String, to commit: String) {
    isMerging = false
    (mergeFailures, mergeNotBefore) = (0, nil)
    guard results.indices.contains(repository) else { return }
    if results[repository].tip != commit { results[repository].merges += 1 }
    results[repository].tip = commit
    if !branch.isEmpty { results[repository].branch = branch }
  }

  mutating func merged(_ index: Int, _ commit: String) {
    conflictedTasks.remove(index)
    works[index].merged = commit
    works[index].mergedWith = results[works[index].repository].merges
    works[index].conflict = nil
    works[index].conflictedFiles = []
    // Work that was in the result anyway has no merge of its own.
    guard remembersMerges, commit != works[index].head else { return }
    results[works[index].repository].unproven.append(
      GateSearch.Merge(task: index, commit: commit))
  }

  /// The work of a task did not merge; `others` have to run apart from it from now on.
  mutating func conflicted(
    _ index: Int, _ files: [ConflictedFile], _ next: MergeConflict.Next, others: [Int]
  ) -> [Int] {
    endAwaiting(index)
    works[index].conflict = works[index].head
    works[index].conflictedFiles = files
    let wasSeen = contacts.contains { $0.key.contains(index) && !$0.value.conflicts.isEmpty }
    if !wasSeen { conflicts += 1 }
    var touched = setActive(index, false)
    if next == .stop { return touched }
    conflictedTasks.insert(index)
    if next == .rollBack {
      works[index].startsAfresh = true
    } else {
      works[index].reruns += 1
      speculation?.forget(index)
    }
    for other in others { touched += addPartners(index, other) }
    return touched
  }

  mutating func finished(_ index: Int, removesWorkspace: Bool) -> [Int] {
    endAwaiting(index)
    conflictedTasks.remove(index)
    if works[index].merged == nil { speculation?.forget(index) }
    if removesWorkspace, works[index].workspace != nil, !works[index].isLeaving {
      works[index].isLeaving = true
      leaving += 1
    }
    return setActive(index, false)
  }

  /// A task does not go on before another one is done, and is not at work with it again.
  mutating func heldBack(_ index: Int, behind other: Int) -> [Int] {
    waitsBehind[index] = other
    guard endsLater else { return [] }
    works[index].startsAfresh = true
    speculation?.forget(index)
    return addPartners(index, other)
  }

  /// Two tasks changed the same files, or no longer do where there are none.
  mutating func met(_ one: Int, _ two: Int, _ contact: Contact) {
    let pair = IndexPair(one, two)
    let wasInConflict = contacts[pair].map { !$0.conflicts.isEmpty } ?? false
    if !wasInConflict, !contact.conflicts.isEmpty { conflicts += 1 }
    contacts[pair] = contact.files.isEmpty ? nil : contact
  }

  mutating func reset(_ index: Int) {
    works[index].merged = nil
    if search?.concerns(index) == true { search?.isAbandoned = true }
  }

  /// Forgets that the work did not merge, so that merging is tried again.
  mutating func mergeAgain(_ index: Int) {
    works[index].conflict = nil
    works[index].conflictedFiles = []
    awaitMerge(index)
  }

  mutating func publishes(_ repository: Int, _ branch: String) {
    published.insert(PublishedBranch(repository, branch))
    pushing.insert(PublishedBranch(repository, branch))
  }

  mutating func publicationEnded(_ repository: Int, _ branch: String) {
    pushing.remove(PublishedBranch(repository, branch))
  }

  /// What was under way when a runner died is done again.
  mutating func resumed() {
    published.subtract(pushing)
    pushing = []
    isMerging = false
    (mergeFailures, mergeNotBefore) = (0, nil)
  }

  private mutating func setActive(_ index: Int, _ isActive: Bool) -> [Int] {
    guard works[index].isActive != isActive else { return [] }
    works[index].isActive = isActive
    let touched = apart.note(index, isAtWork: isActive)
    return touched + (speculation?.rivals.note(index, isAtWork: isActive) ?? [])
  }

  /// Two tasks that may not run at the same time from now on.
  mutating func addPartners(_ one: Int, _ two: Int) -> [Int] {
    apart.add((one, works[one].isActive), (two, works[two].isActive))
  }
}
