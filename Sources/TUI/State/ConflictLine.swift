package import Core

/// Two tasks that touch the same lines, for the list of conflicts.
package struct ConflictLine: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// Both have changed the file; whether it merges is not known.
    case overlap
    /// The two states do not merge.
    case conflict
  }

  package var kind: Kind
  package var first: TaskID
  package var second: TaskID
  /// The path in the repository; untrusted.
  package var file: String
  /// The lines that collide, when they are known.
  package var lines: ClosedRange<Int>?

  package init(
    _ kind: Kind, _ first: TaskID, _ second: TaskID, file: String, lines: ClosedRange<Int>? = nil
  ) {
    self.kind = kind
    self.first = first
    self.second = second
    self.file = file
    self.lines = lines
  }
}
