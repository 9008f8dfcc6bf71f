import Glibc

/// Rows that lie in a file beside the database until it has them too.
///
/// A transaction costs ten times as much as a write into a file, so events that something depends on are
/// written here, where they outlive the end of the process at once, and come into the database in groups.
/// A row takes two lines: what the journal knows of the event, and its body. Nothing waits for the disk.
struct AheadFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var length: Int64 = 0
  /// Rows that the database does not have.
  private var isNeeded = false
  private var json = JSONWriter(reservingCapacity: 1024)

  /// From this length on what the database has is cut off.
  private static let longest: Int64 = 64 << 10

  private static func path(ofDatabase database: String) -> String { database + "-ahead" }

  /// Makes the file anew, for the one runner.
  init(ofDatabase database: String) throws(SystemError) {
    path = Self.path(ofDatabase: database)
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw SystemError(code: errno) }
  }

  deinit {
    close(descriptor)
    if !isNeeded { unlink(path) }
  }

  /// Adds rows of a run: all of them or, on an error, none.
  mutating func append(_ rows: [JournalRow], run: String) throws(SystemError) {
    json.removeAll()
    for row in rows {
      json.object { json in
        json.field("run", run)
        json.field("seq", row.sequence)
        json.field("at", row.at)
        json.field("kind", row.kind)
        if let task = row.task { json.field("task", task) }
      }
      json.newline()
      json.value(row.body)
      json.newline()
    }
    let count = json.bytes.count
    let written = json.bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard written == count else {
      let error = SystemError(code: written < 0 ? errno : ENOSPC)
      if written > 0 { ftruncate(descriptor, off_t(length)) }
      throw error
    }
    length += Int64(count)
    isNeeded = true
  }

  /// Notes that the database has all that was added.
  mutating func settle() {
    isNeeded = false
    guard length >= Self.longest, ftruncate(descriptor, 0) == 0 else { return }
    length = 0
  }

  /// The whole rows in the file of a database, each with its run, in the order in which they were added.
  ///
  /// What cannot be read, after a power cut for one, ends them.
  static func rows(ofDatabase database: String) -> [(run: String, row: JournalRow)] {
    let bytes = SmallFile.read(path(ofDatabase: database), limit: .max) ?? []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var rows: [(run: String, row: JournalRow)] = []
    for place in stride(from: 0, to: lines.count - 2, by: 2) {
      guard let head = try? JSONDocument(parsing: Array(lines[place]), name: "journal").root,
        let run = head["run"]?.string, let sequence = head["seq"]?.integer,
        let at = head["at"]?.integer, let kind = head["kind"]?.string,
        lines[place + 1].first == UInt8(ascii: "{")
      else { break }
      rows.append(
        (
          run,
          JournalRow(
            sequence: Int64(sequence), at: Int64(at), kind: kind, task: head["task"]?.string,
            body: Array(lines[place + 1]))
        ))
    }
    return rows
  }
}
