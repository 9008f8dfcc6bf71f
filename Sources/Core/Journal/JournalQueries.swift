/// The questions one can ask a journal's database.
struct JournalQueries {
  private let connection: SQLite

  init(_ connection: SQLite) {
    self.connection = connection
  }

  /// The number of a run and of its newest event; nil for an unknown run.
  func place(ofRun id: String) throws(SQLiteError) -> (number: Int64, last: Int64)? {
    let select = try connection.statement(
      """
      SELECT number, coalesce((
        SELECT key & 4294967295 FROM log
        WHERE key BETWEEN number << 32 AND number << 32 | 4294967295 ORDER BY key DESC LIMIT 1), 0)
      FROM runs WHERE id = ?1
      """)
    select.bind(1, id)
    guard try select.step() else { return nil }
    defer { select.reset() }
    return (select.integer(0), select.integer(1))
  }

  func rows(
    run: Int64, after sequence: Int64, limit: Int
  ) throws(SQLiteError) -> [JournalRow] {
    let select = try connection.statement(
      "SELECT key, at, kind, task, body FROM log WHERE key > ?1 AND key <= ?2 ORDER BY key LIMIT ?3"
    )
    select.bind(1, JournalSchema.key(run: run, sequence: sequence))
    select.bind(2, JournalSchema.key(run: run, sequence: 0xFFFF_FFFF))
    select.bind(3, Int64(limit))
    return try all(select, Self.row)
  }

  func runs(limit: Int) throws(SQLiteError) -> [JournalRun] {
    let select = try connection.statement(
      "SELECT id, started_at, plan, version FROM runs ORDER BY number DESC LIMIT ?1")
    select.bind(1, Int64(limit))
    return try all(select) {
      JournalRun(id: $0.text(0), startedAt: $0.integer(1), plan: $0.text(2), version: $0.text(3))
    }
  }

  func pendingCommands(run: Int64) throws(SQLiteError) -> [JournalCommand] {
    let select = try connection.statement(
      "SELECT id, at, body FROM commands WHERE run = ?1 AND result IS NULL ORDER BY id")
    select.bind(1, run)
    return try all(select) {
      JournalCommand(id: $0.integer(0), at: $0.integer(1), body: $0.bytes(2))
    }
  }

  func result(ofCommand id: Int64) throws(SQLiteError) -> String? {
    let select = try connection.statement("SELECT result FROM commands WHERE id = ?1")
    select.bind(1, id)
    return try all(select) { $0.optionalText(0) }.first ?? nil
  }

  static func row(_ statement: SQLiteStatement) -> JournalRow {
    JournalRow(
      sequence: JournalSchema.sequence(ofKey: statement.integer(0)), at: statement.integer(1),
      kind: statement.text(2), task: statement.optionalText(3), body: statement.bytes(4))
  }

  private func all<Value>(
    _ select: SQLiteStatement, _ value: (SQLiteStatement) -> Value
  ) throws(SQLiteError) -> [Value] {
    var values: [Value] = []
    while try select.step() { values.append(value(select)) }
    return values
  }
}

extension Journal {
  /// The next events of a run after a sequence number (0 for all), in order, at most `limit`.
  package func rows(
    run: String, after sequence: Int64, limit: Int
  ) throws(JournalError) -> [JournalRow] {
    try ofRun(run) { queries, number throws(SQLiteError) in
      try queries.rows(run: number, after: sequence, limit: limit)
    }
  }

  /// The run that was added last, or nil when there is none.
  package func latestRun() throws(JournalError) -> JournalRun? {
    try runs(limit: 1).first
  }

  /// The runs, the newest first.
  package func runs(limit: Int = .max) throws(JournalError) -> [JournalRun] {
    try reading { connection throws(SQLiteError) in
      try JournalQueries(connection).runs(limit: limit)
    }
  }

  /// How many runs there are.
  package func runCount() throws(JournalError) -> Int {
    try reading { connection throws(SQLiteError) in
      Int(try connection.integer("SELECT count(*) FROM runs") ?? 0)
    }
  }

  /// The commands in the inbox of a run that have no result yet, the oldest first.
  package func pendingCommands(run: String) throws(JournalError) -> [JournalCommand] {
    try ofRun(run) { queries, number throws(SQLiteError) in
      try queries.pendingCommands(run: number)
    }
  }

  /// What the runner answered to a command; nil as long as it has not.
  package func result(ofCommand id: Int64) throws(JournalError) -> String? {
    try reading { connection throws(SQLiteError) in
      try JournalQueries(connection).result(ofCommand: id)
    }
  }

  /// What is wrong with the content; nil when it is sound.
  ///
  /// Cost: reads the whole database, about 200 MB a second.
  package func checkIntegrity() throws(JournalError) -> String? {
    try reading { connection throws(SQLiteError) in try JournalSchema.flaw(in: connection) }
  }

  private func ofRun<Value>(
    _ id: String, _ body: (JournalQueries, Int64) throws(SQLiteError) -> Value
  ) throws(JournalError) -> Value {
    let value = try reading { connection throws(SQLiteError) -> Value? in
      let queries = JournalQueries(connection)
      guard let place = try queries.place(ofRun: id) else { return nil }
      return try body(queries, place.number)
    }
    guard let value else { throw .unknownRun(id) }
    return value
  }
}
