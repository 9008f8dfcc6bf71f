/// How a journal's database is opened, by purpose.
enum JournalOpening {
  /// A database up to this size is checked whole each time a runner opens it, which takes about
  /// 2 ms; a larger one only after a runner that did not end in order.
  private static let alwaysChecked: Int64 = 1 << 20

  private enum Attempt {
    case usable(SQLite)
    case useless(SetAside.Reason)
  }

  /// Opens the database for the one runner: makes it, upgrades it, or sets a useless one aside.
  static func forRunner(
    path: String, now: Instant
  ) throws(JournalError) -> (connection: SQLite, setAside: SetAside?) {
    switch try attempt(path: path) {
    case .usable(let connection): return (connection, nil)
    case .useless(let reason):
      let name: String
      do { name = try JournalFiles.setAside(path, at: now) } catch {
        throw .notAllowed(path: path, detail: "it cannot be set aside: \(error)")
      }
      guard case .usable(let connection) = try attempt(path: path) else {
        throw .damaged(path: path, detail: "a new one cannot be read back")
      }
      return (connection, SetAside(path: name, reason: reason))
    }
  }

  private static func attempt(path: String) throws(JournalError) -> Attempt {
    let files = JournalFiles(of: path)
    if let flaw = files.flaw { return .useless(.damaged(flaw)) }
    guard files.inode == nil || files.isRegular else {
      throw .notAllowed(path: path, detail: "it is not a regular file")
    }
    do throws(SQLiteError) {
      return try attempt(path: path, files: files)
    } catch {
      if error.kind == .corrupt { return .useless(.damaged(error.description)) }
      throw JournalError(error, path: path)
    }
  }

  private static func attempt(path: String, files: JournalFiles) throws(SQLiteError) -> Attempt {
    let connection = try SQLite(path: path, access: .creating)
    connection.keepWALOnClose(true)
    switch try JournalSchema.standing(of: connection) {
    case .foreign: return .useless(.damaged(foreign))
    case .newer(let version): return .useless(.newer(version))
    case .current:
      if let flaw = try flaw(in: connection, files: files) { return .useless(.damaged(flaw)) }
      try prepare(connection, schema: JournalSchema.version, files: files)
    case .older(let schema): try prepare(connection, schema: schema, files: files)
    }
    connection.keepWALOnClose(false)
    return .usable(connection)
  }

  private static func flaw(
    in connection: SQLite, files: JournalFiles
  ) throws(SQLiteError) -> String? {
    let pageSize = try connection.integer("PRAGMA page_size") ?? 4096
    if files.size % pageSize != 0 { return "it ends in the middle of a page" }
    guard files.hasWAL || files.size <= alwaysChecked else { return nil }
    return try JournalSchema.flaw(in: connection)
  }

  /// Makes a sound database ready to be appended to.
  ///
  /// The first write into an empty WAL is its header. It needs no fsync, which SQLite would do:
  /// there is no older content that it could be mixed up with.
  private static func prepare(
    _ connection: SQLite, schema: Int64, files: JournalFiles
  ) throws(SQLiteError) {
    try connection.execute(
      """
      PRAGMA page_size = 2048; PRAGMA cache_size = -1000; PRAGMA secure_delete = OFF;
      PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = OFF
      """)
    guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
      throw SQLiteError(
        kind: .readOnly, code: 0, message: "the file system cannot share a write-ahead log")
    }
    if schema < JournalSchema.version {
      try JournalSchema.upgrade(connection, from: schema)
    } else if !files.hasWAL {
      try connection.execute("PRAGMA user_version = \(schema)")
    }
    try connection.execute("PRAGMA synchronous = NORMAL")
  }

  /// Opens an existing database to leave something in its inbox.
  static func forSender(path: String, files: JournalFiles) throws(JournalError) -> SQLite {
    try checked(path: path, files: files) { () throws(SQLiteError) in
      let connection = try SQLite(path: path, access: .writing)
      connection.keepWALOnClose(true)
      try connection.execute("PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = NORMAL")
      return connection
    }
  }

  /// Opens an existing database to read.
  static func forReader(path: String, files: JournalFiles) throws(JournalError) -> SQLite {
    try checked(path: path, files: files) { () throws(SQLiteError) in
      try reader(path: path, files: files)
    }
  }

  /// Opens a database to read, whatever is in it, without making a file beside it.
  ///
  /// SQLite itself would make a WAL and its shared memory. Without a WAL the database file alone is
  /// the whole content (`immutable`); with a WAL that nobody shares, its index is kept in this
  /// process (exclusive locking, which a file system layer without locks makes harmless).
  static func reader(path: String, files: JournalFiles) throws(SQLiteError) -> SQLite {
    let isShared = files.hasWAL && files.hasSharedMemory
    let query = isShared ? "" : files.hasWAL ? "vfs=unix-none" : "immutable=1"
    let connection = try SQLite(path: path, access: .reading, query: query)
    connection.keepWALOnClose(true)
    if !isShared { try connection.execute("PRAGMA locking_mode = EXCLUSIVE") }
    return connection
  }

  private static func checked(
    path: String, files: JournalFiles, _ open: () throws(SQLiteError) -> SQLite
  ) throws(JournalError) -> SQLite {
    if let flaw = files.flaw { throw .damaged(path: path, detail: flaw) }
    guard files.isRegular, files.size > 0 else { throw .missing(path: path) }
    let connection: SQLite
    let standing: JournalSchema.Standing
    do throws(SQLiteError) {
      connection = try open()
      standing = try JournalSchema.standing(of: connection)
    } catch { throw JournalError(error, path: path) }
    switch standing {
    case .current: return connection
    case .older: throw .missing(path: path)
    case .newer(let version): throw .newer(path: path, version: version)
    case .foreign: throw .damaged(path: path, detail: foreign)
    }
  }

  private static var foreign: String { "it belongs to another program" }
}
