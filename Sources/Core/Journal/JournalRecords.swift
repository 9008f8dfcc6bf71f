/// An event as the journal keeps it.
package struct JournalRow: Equatable, Sendable {
  /// Counts the events of a run from 1.
  package var sequence: Int64
  /// Microseconds since 1970-01-01 UTC.
  package var at: Int64
  package var kind: String
  package var task: String?
  /// JSON, as UTF-8.
  package var body: [UInt8]

  package init(sequence: Int64, at: Int64, kind: String, task: String?, body: [UInt8]) {
    self.sequence = sequence
    self.at = at
    self.kind = kind
    self.task = task
    self.body = body
  }
}

/// A run as the journal lists it.
package struct JournalRun: Equatable, Sendable {
  package var id: String
  /// Microseconds since 1970-01-01 UTC.
  package var startedAt: Int64
  /// The file the plan came from.
  package var plan: String
  /// The version of the program that started it.
  package var version: String

  package init(id: String, startedAt: Int64, plan: String, version: String) {
    self.id = id
    self.startedAt = startedAt
    self.plan = plan
    self.version = version
  }
}

/// A command that another process left in the inbox.
package struct JournalCommand: Equatable, Sendable {
  package var id: Int64
  /// Microseconds since 1970-01-01 UTC.
  package var at: Int64
  /// JSON, as UTF-8.
  package var body: [UInt8]

  package init(id: Int64, at: Int64, body: [UInt8]) {
    self.id = id
    self.at = at
    self.body = body
  }
}

/// What the runner answers to a command.
package struct CommandResult: Equatable, Sendable {
  package var id: Int64
  package var result: String

  package init(id: Int64, result: String) {
    self.id = id
    self.result = result
  }
}

/// A database that could not be used and was moved out of the way, whole.
package struct SetAside: Equatable, Sendable, CustomStringConvertible {
  /// Where it is now; its WAL is beside it, with `-wal` at the end.
  package var path: String
  /// What was wrong with it.
  package var reason: Reason

  package enum Reason: Equatable, Sendable {
    case damaged(String)
    /// A later version of lanes wrote it, with this schema number.
    case newer(Int64)
  }

  package init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  package var description: String { printable(text) }

  private var text: String {
    switch reason {
    case .damaged(let detail): "the journal was damaged (\(detail)) and is kept as \(path)"
    case .newer(let version):
      "the journal was written by a newer lanes (schema \(version)) and is kept as \(path)"
    }
  }
}
