/// A new `.project-state.yaml`.
package enum ProjectStateText {
  /// The state of a plan whose tasks and sprints have tracks, or none.
  ///
  /// `maxTracks` is how many tracks could be busy at once, where that is known.
  package static func text(for plan: Plan, maxTracks: Int? = nil, at now: Instant) -> String {
    let time = YAMLText.quoted(now.text.prefix(19) + "Z")
    var lines = [
      "version: \"1.0\"", "type: project", "created_at: \(time)", "updated_at: \(time)", "",
    ]
    lines += tracks(of: plan, maxTracks: maxTracks)
    lines += mapping("tasks", plan.tasks.map(task))
    let statuses = Dictionary(
      plan.tasks.map { ($0.id, $0.status) }, uniquingKeysWith: { first, _ in first })
    lines += mapping("sprints", plan.sprints.map { sprint($0, statuses) })
    lines += ["current_execution: null", ""]
    lines += statistics(of: plan, statuses)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func tracks(of plan: Plan, maxTracks: Int?) -> [String] {
    let numbers = Set(plan.tasks.compactMap(\.track)).sorted()
    guard !numbers.isEmpty else { return [] }
    let most = max(maxTracks ?? 0, numbers.count)
    let info = numbers.flatMap { number -> [String] in
      let tasks = plan.tasks.filter { $0.track == number }
      let done = tasks.filter { $0.status == .done }
      return [
        "    \(number):",
        "      name: \(YAMLText.quoted(plan.trackNames[number] ?? "Track \(number)"))",
        "      estimated_hours: \(hours(tasks))", "      completed_hours: \(hours(done))",
        "      status: \(ProjectStateEdit.word(tasks.map(\.status)))",
      ]
    }
    return [
      "parallel_tracks:", "  enabled: \(numbers.count > 1)", "  total_tracks: \(numbers.count)",
      "  max_possible_tracks: \(most)", "  track_info:",
    ] + info + [""]
  }

  private static func hours(_ tasks: [TaskSpec]) -> String {
    YAMLText.number(tasks.reduce(0) { $0 + ($1.estimate?.seconds ?? 0) / 3600 })
  }

  private static func mapping(_ key: String, _ entries: [[String]]) -> [String] {
    entries.isEmpty ? ["\(key): {}", ""] : ["\(key):"] + entries.flatMap { $0 } + [""]
  }

  private static func task(_ task: TaskSpec) -> [String] {
    let track = task.track.map { ["    track: \($0)"] } ?? []
    return [
      "  \(YAMLText.scalar(task.id.text)):", "    status: \(ProjectState.word(for: task.status))",
    ] + track
  }

  private static func sprint(_ sprint: Sprint, _ statuses: [TaskID: TaskStatus]) -> [String] {
    let states = sprint.tasks.compactMap { statuses[$0] }
    let track = sprint.track.map { ["    track: \($0)"] } ?? []
    return [
      "  \(YAMLText.scalar(sprint.id)):", "    status: \(ProjectStateEdit.word(states))",
    ] + track + [
      "    tasks_completed: \(states.count { $0 == .done })", "    tasks_total: \(states.count)",
      "    quality_gates_passed: false",
    ]
  }

  private static func statistics(
    of plan: Plan, _ statuses: [TaskID: TaskStatus]
  ) -> [String] {
    let count = { (status: TaskStatus) in plan.tasks.count { $0.status == status } }
    let done = plan.sprints.count { sprint in
      ProjectStateEdit.word(sprint.tasks.compactMap { statuses[$0] }) == "completed"
    }
    return [
      "statistics:", "  total_tasks: \(plan.tasks.count)", "  completed_tasks: \(count(.done))",
      "  in_progress_tasks: \(count(.inProgress))", "  pending_tasks: \(count(.pending))",
      "  total_sprints: \(plan.sprints.count)", "  completed_sprints: \(done)", "  t1_tasks: 0",
      "  t2_tasks: 0",
    ]
  }
}
