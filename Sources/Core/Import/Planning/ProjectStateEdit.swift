/// Keeps `.project-state.yaml` in step with the statuses of a plan's tasks.
struct ProjectStateEdit {
  private let plan: Plan
  private let now: String
  private let moment: Instant
  private var statuses: [TaskID: TaskStatus]

  init(plan: Plan, at now: Instant) {
    self.plan = plan
    moment = now
    self.now = now.text.prefix(19) + "Z"
    statuses = Dictionary(
      plan.tasks.map { ($0.id, $0.status) }, uniquingKeysWith: { first, _ in first })
  }

  /// Returns the state with some statuses changed, and what depends on them: times, sprints, tracks
  /// and statistics, as far as the state has them.
  mutating func apply(
    _ changes: [TaskID: TaskStatus], to bytes: [UInt8], file: String
  ) throws(PlanError) -> [UInt8] {
    var edit = try YAMLEdit(bytes, file: file)
    for id in changes.keys.sorted() {
      guard statuses[id] != nil else { throw StatusEdit.lostTask(id, file: file) }
      guard let status = changes[id] else { continue }
      statuses[id] = status
      try setTask(id, to: status, in: &edit)
    }
    for sprint in plan.sprints where edit["sprints", sprint.id] != nil {
      try setSprint(sprint, in: &edit)
    }
    try setTracks(in: &edit)
    try setStatistics(in: &edit)
    let changed = try edit.result()
    if changed == bytes { return bytes }
    try edit.set(["updated_at"], to: YAMLText.quoted(now))
    return try edit.result()
  }

  private func setTask(
    _ id: TaskID, to status: TaskStatus, in edit: inout YAMLEdit
  ) throws(PlanError) {
    let path = ["tasks", id.text]
    let known = edit["tasks", id.text]
    let word = ProjectState.word(for: status)
    let stated = known?["status"]?.text
    if let stated, stated.folded != "failed", ProjectState.status(stated) == status { return }
    try edit.set(path + ["status"], to: word)
    if known == nil, let track = plan.index(of: id).flatMap({ plan.tasks[$0].track }) {
      try edit.set(path + ["track"], to: "\(track)")
    }
    switch status {
    case .inProgress: try edit.set(path + ["started_at"], to: YAMLText.quoted(now))
    case .done:
      try edit.set(path + ["completed_at"], to: YAMLText.quoted(now))
      if let started = known?["started_at"]?.text.flatMap(Instant.init(iso:)) {
        let minutes = (moment - started).seconds / 60
        try edit.set(path + ["duration_minutes"], to: "\(max(0, Int(minutes.rounded())))")
      }
    case .pending, .review, .deferred, .cancelled, .blocked: break
    }
  }

  private func setSprint(_ sprint: Sprint, in edit: inout YAMLEdit) throws(PlanError) {
    let path = ["sprints", sprint.id]
    let done = sprint.tasks.count { statuses[$0] == .done }
    let word = Self.word(sprint.tasks.compactMap { statuses[$0] })
    let stated = edit["sprints", sprint.id, "status"]?.text
    try edit.set(path + ["tasks_completed"], to: "\(done)")
    guard stated != word else { return }
    try edit.set(path + ["status"], to: word)
    if word == "completed" { try edit.set(path + ["completed_at"], to: YAMLText.quoted(now)) }
  }

  private func setTracks(in edit: inout YAMLEdit) throws(PlanError) {
    guard let tracks = edit["parallel_tracks", "track_info"]?.mapping else { return }
    for entry in tracks {
      guard let number = Int(entry.key), entry.value.mapping != nil else { continue }
      let tasks = plan.tasks.filter { $0.track == number }
      let path = ["parallel_tracks", "track_info", entry.key]
      let done = tasks.filter { statuses[$0.id] == .done }
        .reduce(0.0) { $0 + ($1.estimate?.seconds ?? 0) / 3600 }
      try edit.set(path + ["completed_hours"], to: YAMLText.number(done))
      try edit.set(path + ["status"], to: Self.word(tasks.compactMap { statuses[$0.id] }))
    }
  }

  private func setStatistics(in edit: inout YAMLEdit) throws(PlanError) {
    guard edit["statistics"]?.mapping != nil else { return }
    let count = { (status: TaskStatus) in
      plan.tasks.count { statuses[$0.id] == status }
    }
    let figures = [
      ("completed_tasks", count(.done)), ("in_progress_tasks", count(.inProgress)),
      ("pending_tasks", count(.pending)),
      (
        "completed_sprints",
        plan.sprints.count { Self.word($0.tasks.compactMap { statuses[$0] }) == "completed" }
      ),
    ]
    for (key, value) in figures where edit["statistics", key] != nil {
      try edit.set(["statistics", key], to: "\(value)")
    }
  }

  /// How a group of tasks stands.
  static func word(_ statuses: [TaskStatus]) -> String {
    if !statuses.isEmpty, statuses.allSatisfy(\.satisfiesDependents) { return "completed" }
    return statuses.allSatisfy { $0 == .pending } ? "pending" : "in_progress"
  }
}

extension Instant {
  /// Reads a time such as `2026-11-21T04:12:33Z`, in UTC; nil for every other text.
  init?(iso text: String) {
    let parts = text.prefix(19).split { "-T: ".contains($0) }.compactMap { Int64($0) }
    guard parts.count == 6, text.utf8.count >= 19, 1...12 ~= parts[1], 1...31 ~= parts[2],
      0..<24 ~= parts[3], 0..<60 ~= parts[4], 0...60 ~= parts[5], 1...9999 ~= parts[0]
    else { return nil }
    let days = CivilDate.days(year: Int(parts[0]), month: Int(parts[1]), day: Int(parts[2]))
    let seconds = Int64(days) * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]
    self.init(microseconds: seconds * 1_000_000)
  }
}

/// Dates of the Gregorian calendar as numbers of days.
enum CivilDate {
  /// The days since 1970-01-01, by Howard Hinnant's `days_from_civil`.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The date of a number of days, by Howard Hinnant's `civil_from_days`.
  static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let number = month < 10 ? month + 3 : month - 9
    return (
      yearOfEra + era * 400 + (number <= 2 ? 1 : 0), number, dayOfYear - (153 * month + 2) / 5 + 1
    )
  }
}
