import Glibc

/// The pages of a database file and of its WAL, read without SQLite.
///
/// For a damaged database, in which pages may be whole that no tree leads to any more. The layout is
/// that of the SQLite file format, https://sqlite.org/fileformat2.html. No content can make this
/// trap, loop or read outside the files.
final class DatabasePages {
  private let database: Int32
  private let log: Int32
  private let databaseSize: Int
  private let logSize: Int
  let pageSize: Int
  /// Where the newest version of a page is in the WAL, by page number.
  private var frames: [Int: Int] = [:]
  private var asked = 0

  /// A file that is not there counts as empty.
  init(database path: String) {
    database = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    log = open(path + "-wal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    databaseSize = Self.size(database)
    logSize = Self.size(log)
    pageSize = Self.pageSize(
      database: Self.read(database, at: 0, count: 100), log: Self.read(log, at: 0, count: 32))
    indexFrames()
  }

  deinit {
    if database >= 0 { close(database) }
    if log >= 0 { close(log) }
  }

  /// Calls `body` with every version of every page, those of the WAL first and the newest first.
  ///
  /// Of a file that was cut, the last page is short.
  func visit(_ body: ([UInt8], _ isFirst: Bool) -> Void) {
    for start in frameStarts.reversed() {
      let number = UInt32(bigEndian: Self.read(log, at: start, count: 4))
      body(Self.read(log, at: start + 24, count: pageSize), number == 1)
    }
    for offset in stride(from: 0, to: databaseSize, by: pageSize) {
      body(Self.read(database, at: offset, count: pageSize), offset == 0)
    }
  }

  /// Where the frames of the WAL begin, the last of which may be cut.
  private var frameStarts: StrideTo<Int> { stride(from: 32, to: logSize, by: 24 + pageSize) }

  /// The newest version of a page, counted from 1; empty when there is none.
  ///
  /// Also empty once far more pages were asked for than there are, as by chains that run in circles.
  func page(_ number: Int) -> [UInt8] {
    asked += 1
    guard asked <= 64 + 8 * totalSize / pageSize else { return [] }
    if let offset = frames[number] { return Self.read(log, at: offset, count: pageSize) }
    guard number > 0, number <= databaseSize / pageSize + 1 else { return [] }
    return Self.read(database, at: (number - 1) * pageSize, count: pageSize)
  }

  /// No payload can be longer than this.
  var totalSize: Int { databaseSize + logSize }

  /// Frames of the WAL's current round win over those of earlier ones, later over earlier.
  private func indexFrames() {
    let salt = Self.read(log, at: 16, count: 8)
    var current: Set<Int> = []
    for start in frameStarts {
      let header = Self.read(log, at: start, count: 24)
      guard header.count == 24 else { return }
      let number = Int(UInt32(bigEndian: header))
      let isCurrent = Array(header[8..<16]) == salt
      if isCurrent { current.insert(number) }
      if isCurrent || !current.contains(number) { frames[number] = start + 24 }
    }
  }

  private static func size(_ file: Int32) -> Int {
    var status = stat()
    return fstat(file, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func read(_ file: Int32, at offset: Int, count: Int) -> [UInt8] {
    guard file >= 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(file, buffer.baseAddress, count, off_t(offset)))
    }
  }

  private static func pageSize(database: [UInt8], log: [UInt8]) -> Int {
    let fromDatabase = database.count > 17 ? Int(database[16]) << 8 | Int(database[17]) : 0
    let fromLog = log.count > 11 ? Int(UInt32(bigEndian: Array(log[8..<12]))) : 0
    for size in [fromDatabase == 1 ? 65_536 : fromDatabase, fromLog]
    where size >= 512 && size <= 65_536 && size & (size - 1) == 0 { return size }
    return 2048
  }
}

extension UInt32 {
  /// The first four bytes, the most significant first; 0 when there are fewer.
  init(bigEndian bytes: some Collection<UInt8>) {
    self = bytes.count < 4 ? 0 : bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }
}
