import Glibc

/// Writes the statuses of tasks back into the file they came from.
///
/// Nothing here waits: when the file is locked, the caller tries again later.
package struct StatusFile: Sendable {
  /// The path of the task file, as it was given.
  package let path: String
  package let tag: String?
  package let format: Plan.Format
  /// How many tries in a row found the file locked.
  package private(set) var lockedTries = 0

  package enum Result: Equatable, Sendable {
    case written
    /// Someone else is writing; nothing has changed.
    case locked(retryAfter: Duration)
  }

  /// A task file and the tag of its list, nil for the list without a tag.
  package init(path: String, tag: String?, format: Plan.Format = .taskMaster) {
    self.path = path
    self.tag = tag
    self.format = format
  }

  /// Writes some statuses, all or none, under TaskMaster's lock.
  ///
  /// The file is read again inside the lock and replaced by a rename, with its permissions; a symbolic
  /// link stays and its target is replaced. When the file is locked, the wait doubles from 100 ms to
  /// 1.6 s. Throws when the file no longer parses, a task is gone, or it cannot be written; then
  /// nothing has changed. `now` is what the age of a lock is measured by.
  package mutating func tryWrite(
    _ changes: [TaskID: TaskStatus], now: Instant
  ) throws(PlanError) -> Result {
    if changes.isEmpty { return .written }
    let isWritten =
      switch format {
      case .taskMaster:
        try writeFile(now) { bytes throws(PlanError) in
          try StatusEdit.apply(changes, to: bytes, name: path, tag: tag)
        }
      case .markdown:
        try writeFile(now) { bytes throws(PlanError) in
          try MarkdownStatusEdit.apply(changes, to: bytes, name: path)
        }
      case .planning: try writeState(changes, now: now)
      case .specs: try writeSpecs(changes, now: now)
      }
    guard isWritten == true else { return locked() }
    lockedTries = 0
    return .written
  }

  /// Makes a change of the tasks themselves, under the same locks.
  ///
  /// Returns the id of the task, or nil when a file is locked or has just changed. Throws when the
  /// list cannot hold the change, or would not read again as the plan with this change alone; then
  /// nothing has changed.
  package func tryChange(
    _ change: TaskChange, now: Instant
  ) throws(PlanError) -> TaskID? {
    switch format {
    case .taskMaster:
      return try changeFile(now) { bytes throws(PlanError) in
        try TaskMasterEdit(bytes, name: path, tag: tag).apply(change)
      }
    case .markdown:
      return try changeFile(now) { bytes throws(PlanError) in
        var edit = try MarkdownEdit(bytes, name: path)
        return try edit.apply(change)
      }
    case .planning: return try changePlanning(change, now: now)
    case .specs: return try changeSpecs(change, now: now)
    }
  }

  private func changeFile(
    _ now: Instant, _ edit: ([UInt8]) throws(PlanError) -> (bytes: [UInt8], id: TaskID)
  ) throws(PlanError) -> TaskID? {
    var changed: TaskID?
    let isWritten = try writeFile(now) { bytes throws(PlanError) in
      let result = try edit(bytes)
      changed = result.id
      return result.bytes
    }
    return isWritten == true ? changed : nil
  }

  private func writeFile(
    _ now: Instant, _ edit: ([UInt8]) throws(PlanError) -> [UInt8]
  ) throws(PlanError) -> Bool? {
    try underLock(path, now: now) { () throws(PlanError) in try replace(path, edit) }
  }

  /// Does something while a file is locked; nil when someone else has the lock.
  func underLock(
    _ file: String, now: Instant, _ body: () throws(PlanError) -> Bool
  ) throws(PlanError) -> Bool? {
    guard
      let lock = try describing({ () throws(SourceFile.Failure) in
        try TaskFileLock.take(for: file, now: now)
      })
    else { return nil }
    defer { lock.release() }
    return try body()
  }

  /// Returns false when the file changed while it was being worked on.
  func replace(
    _ file: String, _ edit: ([UInt8]) throws(PlanError) -> [UInt8]
  ) throws(PlanError) -> Bool {
    let (replacement, bytes) = try replacement(of: file)
    let edited = try edit(bytes)
    if edited == bytes { return true }
    return try describing { () throws(SourceFile.Failure) in try replacement.write(edited) }
  }

  /// A file as it is, to be replaced.
  func replacement(of file: String) throws(PlanError) -> (FileReplacement, bytes: [UInt8]) {
    try describing { () throws(SourceFile.Failure) in
      let target = try Self.target(of: file)
      return (try FileReplacement(of: target), try SourceFile.read(target))
    }
  }

  private mutating func locked() -> Result {
    let wait = Duration.milliseconds(100) * (1 << min(lockedTries, 4))
    lockedTries += 1
    return .locked(retryAfter: wait)
  }

  /// The file behind symbolic links.
  private static func target(of path: String) throws(SourceFile.Failure) -> String {
    guard let resolved = realpath(path, nil) else {
      throw errno == ENOENT ? .missing : .system(errno)
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  func describing<Value>(
    _ body: () throws(SourceFile.Failure) -> Value
  ) throws(PlanError) -> Value {
    do throws(SourceFile.Failure) {
      return try body()
    } catch {
      throw PlanError(
        .unwritable, file: path, problem: "the list cannot be written: \(error)",
        remedy: "check the file and the permissions of its folder")
    }
  }
}
