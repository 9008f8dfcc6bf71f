/// Makes sure that a change of a task list by a person is that change and no other.
struct TaskChangeCheck {
  /// The plan as it is.
  let plan: Plan
  /// What errors call the list.
  let file: String

  /// The index of a task; throws, with the nearest id there is, when it is not there.
  func index(of id: TaskID) throws(PlanError) -> Int {
    if let index = plan.index(of: id) { return index }
    let meant = nearest(id.text, among: plan.tasks.map(\.id.text))
    throw PlanError(
      .lostTask, file: file, problem: "there is no task \(id)",
      remedy: meant.map { "did you mean \($0)?" } ?? "lanes task list shows them")
  }

  /// Throws when one of some ids is no task.
  func expect(_ ids: [TaskID]) throws(PlanError) {
    for id in ids { _ = try index(of: id) }
  }

  /// Throws when there is a task of an id.
  func expectNone(_ id: TaskID) throws(PlanError) {
    guard let index = plan.index(of: id) else { return }
    throw PlanError(
      .unsuitable, file: file, place: plan.tasks[index].place,
      problem: "there is a task \(id) already", remedy: "choose another id, or leave it out")
  }

  /// Throws when tasks wait for one that is to be removed.
  func expectUnneeded(_ id: TaskID, by dependents: [TaskID]) throws(PlanError) {
    if dependents.isEmpty { return }
    let names = dependents.prefix(5).map(\.text).joined(separator: ", ")
    throw PlanError(
      .unsuitable, file: file, place: plan.index(of: id).flatMap { plan.tasks[$0].place },
      problem: "\(counted(dependents.count, "task")) \(dependents.count == 1 ? "waits" : "wait")"
        + " for task \(id): \(names)",
      remedy: "change their dependencies first, or --force takes it out of them")
  }

  /// Throws when a task is the only one.
  func expectOthers(than id: TaskID) throws(PlanError) {
    _ = try index(of: id)
    if plan.tasks.count > 1 { return }
    throw PlanError(
      .unsuitable, file: file, problem: "task \(id) is the only one",
      remedy: "add another first, or remove the list itself")
  }

  /// Throws when something is to be said of a task for which a kind of list has no place.
  func expectNone(of fields: [(name: String, value: String?)], in kind: String) throws(PlanError) {
    for (name, value) in fields where value != nil {
      throw PlanError(
        .unsuitable, file: file, problem: "\(kind) has no place for --\(name)",
        remedy: "say it in --description")
    }
  }

  /// Throws when a text that has to stay on its line would not.
  private func expectOneLine(_ text: String?, _ name: String) throws(PlanError) {
    guard let text else { return }
    let isLine = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    if isLine, !text[...].trimmed.isEmpty { return }
    throw PlanError(
      .unsuitable, file: file,
      problem: "\(name) \(isLine ? "is empty" : "has a line break or a control character")",
      remedy: "write it in one line")
  }

  /// Trims the title, and throws when a text is no line, a line of the description is empty, or the
  /// task is to wait for one that is not there.
  func prepare(_ draft: inout TaskDraft) throws(PlanError) {
    try expectOneLine(draft.title, "the title")
    try expectOneLine(draft.testStrategy, "the test strategy")
    draft.title = draft.title.map { String($0[...].trimmed) }
    for line in draft.descriptionLines { try expectOneLine(line, "a line of the description") }
    try expect(draft.dependencies ?? [])
  }

  /// Throws when a change made tasks wait for each other.
  func expectNoNewCycle(in after: Plan) throws(PlanError) {
    let known = Set(plan.findings.filter { $0.kind == .cycle }.map(\.problem))
    let cycle = after.findings.first { $0.kind == .cycle && !known.contains($0.problem) }
    guard let cycle else { return }
    throw PlanError(
      .unsuitable, file: file, problem: "then \(cycle.problem)",
      remedy: "choose other dependencies")
  }

  /// Throws unless a plan is this one with a change of the task `id`.
  ///
  /// Of the tasks in `followers` it does not matter what they wait for: that comes from their place
  /// in the file alone.
  func expect(
    _ change: TaskChange, of id: TaskID, in after: Plan, followers: Set<TaskID> = []
  ) throws(PlanError) {
    try expectNoNewCycle(in: after)
    var expected = plan.tasks.map { Self.comparable($0) }
    var removed: TaskID?
    switch change {
    case .add: break
    case .edit(_, let draft): if let index = plan.index(of: id) { expected[index].take(draft) }
    case .remove:
      removed = id
      expected.removeAll { $0.id == id }
    }
    for task in expected {
      guard let index = after.index(of: task.id) else {
        throw refusal("task \(task.id) would no longer be there")
      }
      var (task, found) = (task, Self.comparable(after.tasks[index]))
      if let removed {
        task.dependencies.removeAll { $0 == removed }
        task.softDependencies.removeAll { $0 == removed }
      }
      if followers.contains(task.id) { task.dependencies = found.dependencies }
      if task.isSame(as: found) { continue }
      throw refusal(
        task.id == id
          ? "task \(id) would not say what is wanted" : "task \(task.id) would change too")
    }
    let known = Set(expected.map(\.id))
    for task in after.tasks where !known.contains(task.id) {
      guard case .add(_, let draft) = change, task.id == id else {
        throw refusal("there would be a task \(task.id) too")
      }
      let found = Self.comparable(task)
      var wanted = found
      wanted.take(draft)
      wanted.status = .pending
      guard wanted.isSame(as: found) else {
        throw refusal("task \(id) would not say what is wanted")
      }
    }
    guard removed == nil ? after.index(of: id) != nil : after.index(of: id) == nil else {
      throw refusal("task \(id) would not be what is wanted")
    }
  }

  private static func comparable(_ task: TaskSpec) -> TaskSpec {
    var task = task
    task.place = nil
    return task
  }

  private func refusal(_ problem: String) -> PlanError {
    PlanError(
      .unsuitable, file: file, problem: "this cannot be changed in place: then \(problem)",
      remedy: "use other words, or change the file in an editor")
  }
}

extension TaskSpec {
  /// Says of the task what a draft says.
  fileprivate mutating func take(_ draft: TaskDraft) {
    title = draft.title ?? title
    text.description = draft.description ?? text.description
    text.details = draft.details ?? text.details
    text.testStrategy = draft.testStrategy ?? text.testStrategy
    priority = draft.priority ?? priority
    guard let ids = draft.dependencies else { return }
    dependencies = ids.filter { $0 != id }
    softDependencies.removeAll { ids.contains($0) }
  }

  /// Whether nothing is different but the order of what the task waits for.
  fileprivate func isSame(as other: TaskSpec) -> Bool {
    var (left, right) = (self, other)
    left.dependencies = Set(dependencies).sorted()
    right.dependencies = other.dependencies.sorted()
    left.softDependencies.sort()
    right.softDependencies.sort()
    return left == right
  }
}
