/// Something the preflight noticed about a plan, with its remedy.
package struct Finding: Equatable, Sendable {
  package enum Severity: String, Equatable, Sendable {
    /// The plan cannot run.
    case error
    /// The plan runs; `--strict` stops.
    case warning
    /// Worth a word only.
    case note
  }

  package enum Kind: String, Equatable, Sendable {
    case cycle
    case selfDependency = "self_dependency"
    case dangling
    case duplicateID = "duplicate_id"
    case unknownStatus = "unknown_status"
    case missingID = "missing_id"
    case malformed
    case subtask
    case duplicateKey = "duplicate_key"
  }

  package var severity: Severity
  package var kind: Kind
  /// The tasks concerned; for a cycle its path, the first task not repeated at the end.
  package var tasks: [TaskID]
  package var place: SourcePlace?
  /// What is wrong, in one sentence without the place.
  package var problem: String
  /// What to do about it, in the imperative.
  package var remedy: String

  package init(
    _ severity: Severity, _ kind: Kind, tasks: [TaskID] = [], place: SourcePlace? = nil,
    problem: String, remedy: String
  ) {
    self.severity = severity
    self.kind = kind
    self.tasks = tasks
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }
}
