/// Why bytes are not a JSON document, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  package var file: String
  package var place: SourcePlace
  /// What is wrong, in one sentence without the place.
  package var problem: String
  /// What to do about it, in the imperative.
  package var remedy: String

  package init(file: String, place: SourcePlace, problem: String, remedy: String) {
    self.file = file
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  package var line: Int { place.line }
  package var column: Int { place.column }

  package var description: String {
    cleaned("\(file):\(place.line):\(place.column): \(problem); \(remedy)")
  }
}

/// A fault before its place is worked out.
struct JSONFault: Error, Equatable {
  /// The byte the fault is at.
  var offset: Int
  var problem: String
  var remedy: String

  init(at offset: Int, _ problem: String, _ remedy: String) {
    self.offset = offset
    self.problem = problem
    self.remedy = remedy
  }
}
