/// What a run is: everything a later reader or runner needs that is not in the other events.
package struct RunManifest: Sendable {
  package var id: RunID
  /// The version of the program that started the run.
  package var version: String
  /// The folder the tasks work in, absolute.
  package var directory: String
  package var plan: Plan
  package var options: RunOptions

  package init(
    id: RunID, version: String, directory: String, plan: Plan, options: RunOptions
  ) {
    self.id = id
    self.version = version
    self.directory = directory
    self.plan = plan
    self.options = options
  }
}

extension RunManifest: Equatable {
  package static func == (left: RunManifest, right: RunManifest) -> Bool {
    left.id == right.id && left.version == right.version && left.directory == right.directory
      && left.plan.origin == right.plan.origin && left.plan.tasks == right.plan.tasks
      && left.options == right.options
  }
}

/// The name of a run: safe in a path and in a ref, and later runs sort after earlier ones.
package struct RunID: Hashable, Sendable, CustomStringConvertible {
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  package var description: String { text }
}
