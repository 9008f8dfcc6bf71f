/// The tables of the journal and how an older journal becomes one of today.
package enum JournalSchema {
  /// Marks a database as ours (`PRAGMA application_id`): "lane" in ASCII.
  package static let application: Int64 = 0x6C61_6E65

  /// The number of the schema that this program writes (`PRAGMA user_version`).
  package static var version: Int64 { Int64(steps.count) }

  /// The statements that lead from schema 0 (nothing) to 1, from 1 to 2, and so on.
  ///
  /// A row of `log` is an event; its key is the number of its run times 2^32 plus its sequence
  /// number, so that appending always touches the rightmost page only and a run is a range of keys.
  static let steps = [
    """
    CREATE TABLE runs(
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started_at INTEGER NOT NULL,
      plan TEXT NOT NULL, version TEXT NOT NULL);
    CREATE TABLE log(
      key INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, task TEXT,
      body TEXT NOT NULL);
    CREATE TABLE commands(
      id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, at INTEGER NOT NULL,
      body TEXT NOT NULL, result TEXT);
    CREATE INDEX pending ON commands(run, id) WHERE result IS NULL;
    CREATE VIEW events AS
      SELECT runs.id AS run, log.key & 4294967295 AS seq, log.at, log.kind, log.task, log.body
      FROM log JOIN runs ON runs.number = log.key >> 32;
    """
  ]

  /// The key of an event.
  static func key(run: Int64, sequence: Int64) -> Int64 { run << 32 | sequence }

  static func sequence(ofKey key: Int64) -> Int64 { key & 0xFFFF_FFFF }

  static func run(ofKey key: Int64) -> Int64 { key >> 32 }

  /// What a database turns out to be.
  enum Standing: Equatable {
    case current
    case older(Int64)
    case newer(Int64)
    /// A database of some other program.
    case foreign
  }

  /// Reads the marks of a database, and with them its first page and its WAL.
  ///
  /// A table that is missing shows as an error.
  static func standing(of connection: SQLite) throws(SQLiteError) -> Standing {
    let owner = try connection.integer("PRAGMA application_id") ?? 0
    let stored = try connection.integer("PRAGMA user_version") ?? 0
    if owner == application {
      if stored == version {
        _ = try connection.integer("SELECT 0 FROM runs, log, commands LIMIT 0")
        return .current
      }
      return stored > version ? .newer(stored) : .older(stored)
    }
    let entries = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
    return owner == 0 && stored == 0 && entries == 0 ? .older(0) : .foreign
  }

  /// Takes the remaining steps, all or none.
  static func upgrade(_ connection: SQLite, from old: Int64) throws(SQLiteError) {
    try connection.transaction { () throws(SQLiteError) in
      for step in steps[Int(old)...] { try connection.execute(step) }
      try connection.execute("PRAGMA application_id = \(application)")
      try connection.execute("PRAGMA user_version = \(version)")
    }
  }

  /// Finds what is wrong with the content; nil when it is sound.
  ///
  /// Beside SQLite's own check every run's sequence must be without a gap: a WAL that lost its end
  /// can hide rows in the middle while every page looks right.
  static func flaw(in connection: SQLite) throws(SQLiteError) -> String? {
    let answer = try connection.text("PRAGMA quick_check(1)") ?? "no answer"
    if answer != "ok" { return answer }
    let rows = try connection.integer("SELECT count(*) FROM log") ?? 0
    let expected =
      try connection.integer(
        """
        SELECT coalesce(sum((
          SELECT key & 4294967295 FROM log
          WHERE key BETWEEN number << 32 AND number << 32 | 4294967295
          ORDER BY key DESC LIMIT 1)), 0) FROM runs
        """) ?? 0
    return rows == expected ? nil : "\(expected - rows) events are missing"
  }
}
