/// Why no plan could be read.
package struct PlanError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: Equatable, Sendable {
    /// There is no task list where one was looked for.
    case notFound
    /// The file exists and cannot be read.
    case unreadable
    /// The file is not well-formed.
    case syntax
    /// The file is well-formed and holds no task list, or more tasks than can be worked with.
    case unsuitable
    /// No tag was chosen, or one that the file does not have.
    case tag
    /// A task whose status was to be written is no longer there.
    case lostTask
    /// The file cannot be written.
    case unwritable
  }

  package var kind: Kind
  package var file: String
  package var place: SourcePlace?
  /// What is wrong, in one sentence without the place.
  package var problem: String
  /// What to do about it, in the imperative.
  package var remedy: String

  package init(
    _ kind: Kind, file: String, place: SourcePlace? = nil, problem: String, remedy: String
  ) {
    self.kind = kind
    self.file = file
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  init(_ error: JSONError) {
    self.init(
      .syntax, file: error.file, place: error.place, problem: error.problem, remedy: error.remedy)
  }

  package var description: String {
    let position = place.map { ":\($0.line):\($0.column)" } ?? ""
    return cleaned("\(file)\(position): \(problem); \(remedy)")
  }
}
