import Glibc

/// The files of a database as they are at one moment: what decides how it can be opened.
struct JournalFiles: Equatable {
  /// The number of the file on its disk; nil when there is no database.
  private(set) var inode: UInt64?
  var isRegular = false
  /// The length of the database file in bytes.
  var size: Int64 = 0
  /// Whether there are changes that are not in the database file, or once were.
  var hasWAL = false
  /// Whether the memory is there through which processes share the WAL.
  var hasSharedMemory = false

  init(of path: String) {
    var status = stat()
    if lstat(path, &status) == 0 {
      inode = UInt64(status.st_ino)
      isRegular = status.st_mode & S_IFMT == S_IFREG
      size = Int64(status.st_size)
    }
    hasWAL = lstat(path + "-wal", &status) == 0 && status.st_size > 0
    hasSharedMemory = lstat(path + "-shm", &status) == 0
  }

  /// What the files alone tell to be wrong: SQLite would take a database of no bytes for a new one
  /// and throw its WAL away.
  var flaw: String? {
    hasWAL && size == 0 ? "its write-ahead log is there, but the database is empty" : nil
  }

  /// Moves a database and what belongs to it to one free name that tells the moment.
  static func setAside(_ path: String, at now: Instant) throws(SystemError) -> String {
    let base = path + ".damaged-" + stamp(now)
    var name = base
    var count = 1
    var status = stat()
    while lstat(name, &status) == 0 || lstat(name + "-wal", &status) == 0 {
      count += 1
      name = base + "-\(count)"
    }
    for suffix in ["-shm", "", "-wal", "-ahead"] where rename(path + suffix, name + suffix) != 0 {
      if errno != ENOENT { throw SystemError(code: errno) }
    }
    return name
  }

  /// The UTC moment as `20250131T235959Z`.
  private static func stamp(_ now: Instant) -> String {
    var seconds = time_t(now.microseconds / 1_000_000)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return "\(now.microseconds)" }
    let fields = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec]
    let digits = fields.map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(parts.tm_year + 1900)" + digits[0...1].joined() + "T" + digits[2...].joined() + "Z"
  }
}

/// The number of an error of the system.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  package let code: Int32

  package init(code: Int32) {
    self.code = code
  }

  package var description: String { String(cString: strerror(code)) }
}
