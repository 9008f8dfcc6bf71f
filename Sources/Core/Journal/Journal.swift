/// The events of all runs of a repository, and the inbox of the one that is running.
///
/// One SQLite database in WAL mode: a single runner writes, any number of others read meanwhile.
/// For one thread at a time.
package final class Journal {
  package enum Mode: Equatable, Sendable {
    /// For the runner, which holds the run lock: makes the journal, upgrades an older one, and sets
    /// a damaged one aside under a name with the moment `now`.
    case create(now: Instant)
    /// For other processes that leave a command in the inbox of an existing journal.
    case writing
    /// Makes no file and changes nothing.
    case reading
  }

  package let path: String
  let mode: Mode
  /// What became of the database that was there, when it could not be used.
  package private(set) var setAside: SetAside?
  var connection: SQLite
  private var insertOne: SQLiteStatement?
  private var files: JournalFiles
  private var sync: DurableSync?
  private var current: (id: String, number: Int64, last: Int64)?
  /// What a runner keeps before the database has it.
  private var ahead: AheadFile?

  /// Opens the journal of a folder.
  package static func open(folder: LanesFolder, mode: Mode) throws(JournalError) -> Journal {
    switch mode {
    case .create(let now):
      do { try folder.create() } catch { throw .folder(error) }
      return try Journal(creatingAt: folder.database, now: now)
    case .writing, .reading:
      return try Journal(existingAt: folder.database, mode: mode)
    }
  }

  private init(creatingAt path: String, now: Instant) throws(JournalError) {
    self.path = path
    mode = .create(now: now)
    let opening = try JournalOpening.forRunner(path: path, now: now)
    connection = opening.connection
    setAside = opening.setAside
    files = JournalFiles(of: path)
    do { sync = try DurableSync(database: path) } catch {
      throw .notAllowed(path: path + "-wal", detail: error.description)
    }
    try takeKept()
  }

  /// Takes in what an earlier runner kept and could not append any more.
  private func takeKept() throws(JournalError) {
    for (run, row) in AheadFile.rows(ofDatabase: path) {
      guard let last = try? lastSequence(run: run), row.sequence == last + 1 else { continue }
      try append([row], run: run)
    }
    do { ahead = try AheadFile(ofDatabase: path) } catch {
      throw JournalError(error, path: path)
    }
  }

  private init(existingAt path: String, mode: Mode) throws(JournalError) {
    self.path = path
    self.mode = mode
    files = JournalFiles(of: path)
    connection =
      mode == .reading
      ? try JournalOpening.forReader(path: path, files: files)
      : try JournalOpening.forSender(path: path, files: files)
  }

  deinit {
    sync?.stop()
  }

  /// Notes a run, which must be new.
  package func addRun(_ run: JournalRun) throws(JournalError) {
    try writing { () throws(SQLiteError) in
      let insert = try connection.statement(
        "INSERT INTO runs(id, started_at, plan, version) VALUES(?1, ?2, ?3, ?4)")
      insert.bind(1, run.id)
      insert.bind(2, run.startedAt)
      insert.bind(3, run.plan)
      insert.bind(4, run.version)
      try insert.run()
    }
  }

  /// Adds events to a run and results to the commands they answer: all of it, or on an error none.
  ///
  /// The sequence numbers go on from `lastSequence(run:)` without a gap, the first one is 1. Nothing
  /// waits for the disk; what is appended survives the end of the process at once, and a power cut
  /// after about 200 ms. Cost: about 10 µs and 3 µs a row.
  package func append(
    _ rows: [JournalRow], run: String, handled: [CommandResult] = []
  ) throws(JournalError) {
    var place = try place(ofRun: run)
    try writing { () throws(SQLiteError) in
      let insert = try insertion()
      for row in rows {
        precondition(row.sequence == place.last + 1, "event \(row.sequence) after \(place.last)")
        place.last = row.sequence
        insert.bind(1, JournalSchema.key(run: place.number, sequence: row.sequence))
        if let error = row.insert(with: insert) { throw error }
      }
      for command in handled {
        let update = try connection.statement("UPDATE commands SET result = ?2 WHERE id = ?1")
        update.bind(1, command.id)
        update.bind(2, command.result)
        try update.run()
      }
    }
    current = (run, place.number, place.last)
    ahead?.settle()
  }

  /// Makes sure that rows outlive the end of this process at once: all of them or, on an error, none.
  ///
  /// Readers do not see them before they are given to `append`, with all that were kept since the last
  /// time; only the next runner takes in what never was. Cost: about 3 µs.
  package func keep(_ rows: [JournalRow], run: String) throws(JournalError) {
    do throws(SystemError) { try ahead?.append(rows, run: run) } catch {
      throw JournalError(error, path: path)
    }
  }

  /// Begins to bring to the disk what was appended, without waiting for it or for more.
  package func hurry() {
    sync?.hurry()
  }

  private func insertion() throws(SQLiteError) -> SQLiteStatement {
    if let insertOne { return insertOne }
    let new = try connection.prepare("INSERT INTO log VALUES(?1, ?2, ?3, ?4, ?5)")
    insertOne = new
    return new
  }

  /// The sequence number of the run's newest event; 0 when it has none.
  package func lastSequence(run: String) throws(JournalError) -> Int64 {
    try place(ofRun: run).last
  }

  /// Leaves a command in a run's inbox and gives its number.
  package func post(run: String, at: Int64, body: [UInt8]) throws(JournalError) -> Int64 {
    let number = try place(ofRun: run).number
    return try writing { () throws(SQLiteError) in
      let insert = try connection.statement(
        "INSERT INTO commands(run, at, body) VALUES(?1, ?2, ?3) RETURNING id")
      insert.bind(1, number)
      insert.bind(2, at)
      insert.bind(3, utf8: body)
      guard try insert.step() else { return 0 }
      let id = insert.integer(0)
      try insert.run()
      return id
    }
  }

  private func place(
    ofRun id: String
  ) throws(JournalError) -> (id: String, number: Int64, last: Int64) {
    if let current, current.id == id, mode != .reading { return current }
    let found = try reading { connection throws(SQLiteError) in
      try JournalQueries(connection).place(ofRun: id)
    }
    guard let found else { throw .unknownRun(id) }
    if case .create = mode { current = (id, found.number, found.last) }
    return (id, found.number, found.last)
  }

  private func writing<Value>(
    _ body: () throws(SQLiteError) -> Value
  ) throws(JournalError) -> Value {
    do {
      let value = try connection.transaction(body)
      sync?.note()
      return value
    } catch { throw JournalError(error, path: path) }
  }

  /// Reads through a connection that suits the files as they are now.
  ///
  /// A runner that started or ended since the last call makes a reader open the database anew; one
  /// that does so in the middle shows as an error, hence the second try.
  func reading<Value>(
    _ body: (SQLite) throws(SQLiteError) -> Value
  ) throws(JournalError) -> Value {
    if mode == .reading, JournalFiles(of: path) != files { try reopen() }
    do { return try body(connection) } catch {
      guard mode == .reading else { throw JournalError(error, path: path) }
    }
    try reopen()
    do { return try body(connection) } catch { throw JournalError(error, path: path) }
  }

  private func reopen() throws(JournalError) {
    files = JournalFiles(of: path)
    connection = try JournalOpening.forReader(path: path, files: files)
  }
}

extension JournalRow {
  /// Runs a statement with all but the key as its parameters 2 to 5; nothing is copied for it.
  fileprivate func insert(with statement: SQLiteStatement) -> SQLiteError? {
    var kind = kind
    statement.bind(2, at)
    return kind.withUTF8 { kind in
      body.withUnsafeBufferPointer { body in
        statement.lend(3, kind)
        statement.lend(5, body)
        guard var task = self.task else { return statement.insert() }
        return task.withUTF8 { task in
          statement.lend(4, task)
          return statement.insert()
        }
      }
    }
  }
}

extension SQLiteStatement {
  /// Runs to the end; the closures of the standard library's that lend memory throw no errors of a
  /// type.
  fileprivate func insert() -> SQLiteError? {
    do throws(SQLiteError) { try run() } catch { return error }
    return nil
  }
}
