import CSQLite
import Glibc

/// A connection to one SQLite database; closed when it and its statements are gone.
///
/// For one thread at a time.
package final class SQLite {
  private let handle: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]
  private var bounds: (begin: SQLiteStatement, commit: SQLiteStatement)?

  /// The version of the library, such as `3.40.1`.
  package static var libraryVersion: String { String(cString: sqlite3_libversion()) }

  package enum Access: Equatable, Sendable {
    case reading
    case writing
    case creating
  }

  /// Opens a database.
  ///
  /// `query` is the part after `?` of SQLite's URI file names. A lock that another connection holds
  /// is waited for at most `patience`.
  package init(
    path: String, access: Access, query: String = "", patience: Duration = .seconds(5)
  ) throws(SQLiteError) {
    let mode =
      switch access {
      case .reading: SQLITE_OPEN_READONLY
      case .writing: SQLITE_OPEN_READWRITE
      case .creating: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    var opened: OpaquePointer?
    let flags = mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
    let code = sqlite3_open_v2(Self.uri(path, query), &opened, flags, nil)
    guard let opened else {
      throw SQLiteError(kind: .other, code: code, message: "out of memory")
    }
    guard code == SQLITE_OK else {
      let error = SQLiteError(of: opened)
      sqlite3_close_v2(opened)
      throw error
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, Int32(clamping: patience.microseconds / 1000))
  }

  deinit {
    sqlite3_close_v2(handle)
  }

  /// Whether the WAL file is left as it is when this turns out to be the last connection.
  package func keepWALOnClose(_ keeps: Bool) {
    _ = lanes_sqlite_keep_wal_on_close(handle, keeps ? 1 : 0)
  }

  /// Runs statements that give no rows or whose rows do not matter.
  package func execute(_ text: String) throws(SQLiteError) {
    guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else {
      throw SQLiteError(of: handle)
    }
  }

  /// The statement of a text, prepared on first use and kept.
  package func statement(_ text: String) throws(SQLiteError) -> SQLiteStatement {
    if let known = statements[text] { return known }
    let statement = try prepare(text)
    statements[text] = statement
    return statement
  }

  /// A statement of the caller's own, which saves looking it up each time.
  package func prepare(_ text: String) throws(SQLiteError) -> SQLiteStatement {
    var prepared: OpaquePointer?
    let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
    let code = sqlite3_prepare_v3(handle, text, -1, flags, &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw SQLiteError(of: handle) }
    return SQLiteStatement(handle: prepared)
  }

  /// The integer in the first column of the first row; nil when there is no row.
  package func integer(_ text: String) throws(SQLiteError) -> Int64? {
    try first(text) { $0.integer(0) }
  }

  /// The text in the first column of the first row; nil when there is no row.
  package func text(_ text: String) throws(SQLiteError) -> String? {
    try first(text) { $0.text(0) }
  }

  private func first<Value>(
    _ text: String, _ value: (SQLiteStatement) -> Value
  ) throws(SQLiteError) -> Value? {
    let statement = try statement(text)
    guard try statement.step() else { return nil }
    defer { statement.reset() }
    return value(statement)
  }

  /// Does all of `body` or none of it.
  package func transaction<Value>(
    _ body: () throws(SQLiteError) -> Value
  ) throws(SQLiteError) -> Value {
    let bounds = try transactionBounds()
    try bounds.begin.run()
    do {
      let value = try body()
      try bounds.commit.run()
      return value
    } catch {
      let isOpen = sqlite3_get_autocommit(handle) == 0
      if isOpen { try? execute("ROLLBACK") }
      throw error
    }
  }

  private func transactionBounds() throws(SQLiteError) -> (
    begin: SQLiteStatement, commit: SQLiteStatement
  ) {
    if let bounds { return bounds }
    let new = (begin: try prepare("BEGIN IMMEDIATE"), commit: try prepare("COMMIT"))
    bounds = new
    return new
  }

  /// Copies what is in the WAL into the database, as far as no reader is in the way.
  ///
  /// With `restarting` writers are kept out meanwhile, and the next one begins the WAL anew.
  package func checkpoint(restarting: Bool) throws(SQLiteError) {
    // A connection that has not read yet does not know that there is a WAL, and would do nothing.
    try execute("PRAGMA schema_version")
    let mode = restarting ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE
    let code = sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteError(of: handle) }
  }

  /// A path as a URI file name: all but letters, digits, `/`, `.`, `-` and `_` is escaped.
  private static func uri(_ path: String, _ query: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes = Array((path.hasPrefix("/") ? "file://" : "file:").utf8)
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        bytes.append(byte)
      default:
        let high = digits[Int(byte >> 4)]
        bytes.append(contentsOf: [UInt8(ascii: "%"), high, digits[Int(byte & 15)]])
      }
    }
    let name = String(decoding: bytes, as: UTF8.self)
    return query.isEmpty ? name : name + "?" + query
  }
}

/// A prepared statement of a connection, to be bound and stepped many times.
package final class SQLiteStatement {
  private let handle: OpaquePointer

  fileprivate init(handle: OpaquePointer) {
    self.handle = handle
  }

  deinit {
    sqlite3_finalize(handle)
  }

  /// Gives a parameter, counted from 1, a value; it stays until the next one.
  package func bind(_ index: Int32, _ value: Int64) {
    sqlite3_bind_int64(handle, index, value)
  }

  package func bind(_ index: Int32, _ text: String?) {
    guard var text else {
      sqlite3_bind_null(handle, index)
      return
    }
    text.withUTF8 { bind(index, utf8: $0) }
  }

  /// Binds bytes of UTF-8 as text.
  package func bind(_ index: Int32, utf8 bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { bind(index, utf8: $0) }
  }

  private func bind(_ index: Int32, utf8 bytes: UnsafeBufferPointer<UInt8>) {
    let characters = UnsafeRawBufferPointer(bytes).bindMemory(to: CChar.self)
    guard let start = characters.baseAddress else {
      _ = lanes_sqlite_bind_text(handle, index, "", 0)
      return
    }
    _ = lanes_sqlite_bind_text(handle, index, start, Int32(clamping: characters.count))
  }

  /// Gives a parameter bytes of UTF-8 that are not copied: they must stay until the statement was run.
  package func lend(_ index: Int32, _ bytes: UnsafeBufferPointer<UInt8>) {
    let characters = UnsafeRawBufferPointer(bytes).bindMemory(to: CChar.self)
    guard let start = characters.baseAddress else { return bind(index, utf8: bytes) }
    _ = lanes_sqlite_lend_text(handle, index, start, Int32(clamping: characters.count))
  }

  /// Runs to the next row; false when there is none, and then the statement is reset.
  package func step() throws(SQLiteError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    default:
      let error = SQLiteError(of: sqlite3_db_handle(handle))
      sqlite3_reset(handle)
      throw error
    }
  }

  /// Runs to the end, past all rows, and lets go of what was bound.
  package func run() throws(SQLiteError) {
    while try step() {}
    sqlite3_clear_bindings(handle)
  }

  /// Ends a statement whose rows were not all read.
  package func reset() {
    sqlite3_reset(handle)
  }

  /// A column of the current row, counted from 0.
  package func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  package func text(_ column: Int32) -> String {
    withColumn(column) { String(decoding: $0, as: UTF8.self) }
  }

  package func optionalText(_ column: Int32) -> String? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : text(column)
  }

  package func bytes(_ column: Int32) -> [UInt8] { withColumn(column) { Array($0) } }

  private func withColumn<Result>(
    _ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    let start = sqlite3_column_blob(handle, column)
    let count = Int(sqlite3_column_bytes(handle, column))
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}

/// What SQLite answered when something could not be done.
package struct SQLiteError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The answers that ask for different remedies.
  package enum Kind: Equatable, Sendable {
    /// No space is left on the disk, or a quota is used up.
    case full
    /// Another connection held a lock for longer than the wait.
    case busy
    /// The content contradicts itself, or is not a database at all.
    case corrupt
    /// The file or its folder may not be written.
    case readOnly
    /// The file is not there or may not be opened.
    case cannotOpen
    case other
  }

  package var kind: Kind
  /// SQLite's extended result code.
  package var code: Int32
  package var message: String

  package var description: String { "\(message) (SQLite code \(code))" }
}

extension SQLiteError {
  fileprivate init(of handle: OpaquePointer?) {
    code = sqlite3_extended_errcode(handle)
    message = String(cString: sqlite3_errmsg(handle))
    kind = Self.kind(code: code, system: sqlite3_system_errno(handle))
  }

  /// A result code as the remedy it asks for.
  ///
  /// As all statements are fixed, one that does not fit the tables tells of a damaged schema. An
  /// input or output error counts as a full disk when the system call behind it said so, and as
  /// corruption when the file ended too early.
  private static func kind(code: Int32, system: Int32) -> Kind {
    let shortRead = SQLITE_IOERR | (2 << 8)
    return switch code & 0xFF {
    case SQLITE_FULL: .full
    case SQLITE_IOERR where code == shortRead: .corrupt
    case SQLITE_IOERR where system == ENOSPC || system == EDQUOT: .full
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .busy
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_FORMAT: .corrupt
    case SQLITE_READONLY, SQLITE_PERM: .readOnly
    case SQLITE_CANTOPEN: .cannotOpen
    default: .other
    }
  }
}
