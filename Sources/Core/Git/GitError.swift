/// Why git did not do what it was asked; the description is what the user reads.
package struct GitError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder or ref it is about.
  package var place: String
  package var problem: String
  /// What to do; empty when only time may help.
  package var remedy: String

  package init(place: String, problem: String, remedy: String = "") {
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String {
    printable("\(place): \(problem)" + (remedy.isEmpty ? "" : "; \(remedy)"))
  }
}
