/// What can still be read of a damaged journal.
package struct Salvage: Equatable, Sendable {
  /// In the order in which they were started.
  package var runs: [Run]

  package struct Run: Equatable, Sendable {
    /// What the journal knew of the run; nil when that is lost, and its first event may tell.
    package var run: JournalRun?
    /// In order; sequence numbers that are missing were lost.
    package var rows: [JournalRow]

    package init(run: JournalRun?, rows: [JournalRow]) {
      self.run = run
      self.rows = rows
    }

    /// How many events are missing between those that were found and before the first.
    package var missing: Int { Int(rows.last?.sequence ?? 0) - rows.count }
  }

  package init(runs: [Run]) {
    self.runs = runs
  }

  /// Reads a damaged database and the WAL beside it, whatever state they are in.
  ///
  /// First through SQLite from both ends, as far as it goes; then page by page, which also finds
  /// rows that no tree leads to. A row is taken only when it is whole. Nothing is written.
  /// Cost: reads both files once, and holds all rows.
  package init(path: String) {
    var collector = Collector()
    collector.readThroughSQLite(path)
    collector.readPages(path)
    self = collector.salvage
  }
}

extension Journal {
  /// Adds the runs of a damaged journal to this one, which must not know them.
  ///
  /// Events are numbered anew, without the gaps that the damage left. A run whose name is lost gets
  /// one that tells so.
  package func restore(_ salvage: Salvage) throws(JournalError) {
    for (index, saved) in salvage.runs.enumerated() {
      let run =
        saved.run
        ?? JournalRun(
          id: "salvaged-\(index + 1)", startedAt: saved.rows.first?.at ?? 0, plan: "", version: "")
      try addRun(run)
      for start in stride(from: 0, to: saved.rows.count, by: 1000) {
        var rows = Array(saved.rows[start..<min(start + 1000, saved.rows.count)])
        for offset in rows.indices { rows[offset].sequence = Int64(start + offset + 1) }
        try append(rows, run: run.id)
      }
    }
  }
}

/// Gathers runs and rows from several readings; the first version of each stays.
private struct Collector {
  private var runs: [Int64: JournalRun] = [:]
  private var rows: [Int64: JournalRow] = [:]

  var salvage: Salvage {
    var found: [Int64: Salvage.Run] = runs.mapValues { Salvage.Run(run: $0, rows: []) }
    for key in rows.keys.sorted() {
      let run = JournalSchema.run(ofKey: key)
      if let row = rows[key] { found[run, default: .init(run: nil, rows: [])].rows.append(row) }
    }
    return Salvage(runs: found.sorted { $0.key < $1.key }.map(\.value))
  }

  mutating func readThroughSQLite(_ path: String) {
    let files = JournalFiles(of: path)
    guard files.isRegular, files.flaw == nil,
      let connection = try? JournalOpening.reader(path: path, files: files)
    else { return }
    try? readRuns(connection)
    for order in ["ASC", "DESC"] { try? readRows(connection, order) }
  }

  private mutating func readRuns(_ connection: SQLite) throws(SQLiteError) {
    let select = try connection.statement("SELECT number, id, started_at, plan, version FROM runs")
    while try select.step() {
      runs[select.integer(0)] = JournalRun(
        id: select.text(1), startedAt: select.integer(2), plan: select.text(3),
        version: select.text(4))
    }
  }

  /// Reads until all is read, an error comes, or a row that the other direction has found.
  private mutating func readRows(
    _ connection: SQLite, _ order: String
  ) throws(SQLiteError) {
    let select = try connection.statement(
      "SELECT key, at, kind, task, body FROM log ORDER BY key \(order)")
    defer { select.reset() }
    while try select.step() {
      let key = select.integer(0)
      if rows[key] != nil { return }
      add(key, JournalQueries.row(select))
    }
  }

  mutating func readPages(_ path: String) {
    DatabaseRecords(DatabasePages(database: path)).visit { key, values in
      if rows[key] == nil, runs[key] == nil, let values = values() { add(key, values) }
    }
  }

  private mutating func add(_ key: Int64, _ values: [RecordValue]) {
    guard values.count == 5, values[0] == .null else { return }
    switch (values[1], values[2], values[3], values[4]) {
    case (.integer(let at), .text(let kind), .null, .text(let body)):
      add(key, at: at, kind: kind, task: nil, body: body)
    case (.integer(let at), .text(let kind), .text(let task), .text(let body)):
      add(key, at: at, kind: kind, task: task, body: body)
    case (.text(let id), .integer(let startedAt), .text(let plan), .text(let version)):
      guard runs[key] == nil, key > 0 else { return }
      runs[key] = JournalRun(
        id: String(decoding: id, as: UTF8.self), startedAt: startedAt,
        plan: String(decoding: plan, as: UTF8.self),
        version: String(decoding: version, as: UTF8.self))
    default: return
    }
  }

  private mutating func add(
    _ key: Int64, at: Int64, kind: [UInt8], task: [UInt8]?, body: [UInt8]
  ) {
    add(
      key,
      JournalRow(
        sequence: JournalSchema.sequence(ofKey: key), at: at,
        kind: String(decoding: kind, as: UTF8.self),
        task: task.map { String(decoding: $0, as: UTF8.self) }, body: body))
  }

  /// Keeps a row that can be one: a run, a number, and a body that begins and ends as an object.
  private mutating func add(_ key: Int64, _ row: JournalRow) {
    guard JournalSchema.run(ofKey: key) > 0, row.sequence > 0, !row.kind.isEmpty,
      row.body.first == UInt8(ascii: "{"), row.body.last == UInt8(ascii: "}"),
      !row.body.contains(0), !row.kind.utf8.contains(0), row.task?.utf8.contains(0) != true
    else { return }
    rows[key] = row
  }
}
