import Core
import Testing

struct PlanSubtaskTests {
  @Test("a task waits for its subtasks, and both for what the task waits for")
  func inheritance() throws {
    let plan = try plan(
      """
      [{"id": 1}, {"id": 2, "dependencies": [1], "subtasks": [
        {"id": 1}, {"id": "2.2", "dependencies": [1]}, {"id": 3, "dependencies": ["2.1", "2.2"]}]}]
      """)
    #expect(
      dependencies(plan) == [
        "1": [], "2": ["1", "2.1", "2.2", "2.3"], "2.1": ["1"], "2.2": ["1", "2.1"],
        "2.3": ["1", "2.1", "2.2"],
      ])
    #expect(plan.tasks.map(\.parent) == [nil, nil, "2", "2", "2"])
    #expect(plan.findings == [])
  }

  @Test("an undotted dependency is a sibling, else a task, else it leads nowhere")
  func undotted() throws {
    let plan = try plan(
      """
      [{"id": 1}, {"id": 2}, {"id": 3, "subtasks": [
        {"id": 1}, {"id": 4, "dependencies": [1, 2, 9, "7.7"]}]}]
      """)
    #expect(dependencies(plan)["3.4"] == ["3.1", "2"])
    #expect(
      plan.findings.map { "\($0.severity) \($0.kind) \($0.problem)" } == [
        "warning subtask subtask 3.4 depends on 2, which is no sibling of it; it waits for task 2",
        "warning dangling task 3.4 depends on 9, which is not in this list; it does not wait for it",
        "warning dangling task 3.4 depends on 7.7, which is not in this list; it does not wait for it",
      ])
  }

  @Test("a subtask cannot wait for its own task or for itself")
  func onParent() throws {
    let plan = try plan(#"[{"id": 3, "subtasks": [{"id": 1, "dependencies": [3, 1, "3.1"]}]}]"#)
    #expect(dependencies(plan) == ["3": ["3.1"], "3.1": []])
    #expect(plan.findings.map(\.kind) == [.subtask, .selfDependency, .selfDependency])
  }

  @Test("the same subtask twice is one")
  func duplicates() throws {
    let plan = try plan(
      #"[{"id": 3, "subtasks": [{"id": 1}, {"id": 2}, {"id": "3.2", "dependencies": [1]}]}]"#)
    #expect(dependencies(plan) == ["3": ["3.1", "3.2"], "3.1": [], "3.2": ["3.1"]])
    #expect(plan.findings.map(\.kind) == [.duplicateID])
  }

  @Test("the subtasks of a finished task are finished")
  func finishedParent() throws {
    let plan = try plan(
      #"[{"id": 3, "status": "done", "subtasks": [{"id": 1}, {"id": 2, "status": "pending"}]}]"#)
    #expect(plan.tasks.map(\.status) == [.done, .done, .done])
    #expect(plan.findings.map(\.severity) == [.note])
    #expect(plan.remaining().tasks == [])
  }

  @Test("of tasks with the same id the first one's status counts for all subtasks")
  func duplicateParents() throws {
    let plan = try plan(
      #"[{"id": 3, "subtasks": [{"id": 1}]}, {"id": 3, "status": "done", "subtasks": [{"id": 2}]}]"#
    )
    #expect(plan.tasks.map(\.status) == [.pending, .pending, .pending])
  }

  @Test("inherited dependencies without end are an error, not a full memory")
  func explosion() {
    let many = (1...5000).map { "{\"id\": \($0)}" }.joined(separator: ",")
    let ids = (1...5000).map(String.init).joined(separator: ",")
    #expect(throws: PlanError.self) {
      try plan("[\(many), {\"id\": \"x\", \"dependencies\": [\(ids)], \"subtasks\": [\(many)]}]")
    }
  }

  private func plan(_ text: String) throws -> Plan {
    try Fixture.plan(text, granularity: .subtask)
  }

  private func dependencies(_ plan: Plan) -> [String: [String]] {
    Dictionary(
      uniqueKeysWithValues: plan.tasks.map { ($0.id.text, $0.dependencies.map(\.text)) })
  }
}
