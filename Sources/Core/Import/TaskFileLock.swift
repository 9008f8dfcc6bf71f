import CLinux
import Glibc

/// The lock TaskMaster takes before it writes a task file: a file beside it that must be new.
///
/// It excludes TaskMaster's other kind of lock as well, a folder of the same name. Ours is locked
/// itself (`flock`) as long as its owner lives, so one whose owner was killed holds up nobody.
struct TaskFileLock {
  private let path: String
  private let identity: Identity
  private let descriptor: Int32

  /// How old a lock is when its owner counts as dead.
  static let staleAge: Duration = .seconds(10)

  /// What tells one file from another and from itself at another time.
  struct Identity: Equatable {
    var device: UInt
    var inode: UInt
    var size: Int
    /// When it was modified, in nanoseconds since 1970.
    var modified: Int64

    init(_ status: stat) {
      device = status.st_dev
      inode = status.st_ino
      size = Int(status.st_size)
      modified = lanes_nanoseconds(status.st_mtim)
    }
  }

  /// Takes the lock of a task file; nil when someone else has it.
  ///
  /// A stale lock is taken from its owner. Throws the error number when no lock can be made.
  static func take(for file: String, now: Instant) throws(SourceFile.Failure) -> TaskFileLock? {
    let path = file + ".lock"
    if let lock = try create(path, now: now) { return lock }
    guard removeStale(path, now: now) else { return nil }
    return try create(path, now: now)
  }

  /// Gives the lock back, unless someone took it over.
  func release() {
    if Self.identity(of: path) == identity { unlink(path) }
    close(descriptor)
  }

  /// What only locks of this program hold, in JSON as TaskMaster's do.
  private static let mark = "\"owner\":\"lanes\""

  private static func create(
    _ path: String, now: Instant
  ) throws(SourceFile.Failure) -> TaskFileLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 {
      guard errno == EEXIST else { throw .system(errno) }
      return nil
    }
    let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    let text =
      "{\"pid\":\(getpid()),\"timestamp\":\(now.microseconds / 1000)"
      + (isLocked ? ",\(mark)}" : "}")
    // An empty lock holds as well as a full one.
    _ = text.withCString { write(descriptor, $0, text.utf8.count) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(code)
    }
    return TaskFileLock(path: path, identity: Identity(status), descriptor: descriptor)
  }

  /// Whether a lock is one of this program's whose owner died.
  private static func isOrphaned(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = max(0, read(descriptor, &bytes, bytes.count))
    return String(decoding: bytes[..<count], as: UTF8.self).contains(mark)
      && flock(descriptor, LOCK_SH | LOCK_NB) == 0
  }

  /// Moves a stale lock away and removes it; returns whether the way is free.
  private static func removeStale(_ path: String, now: Instant) -> Bool {
    guard let seen = identity(of: path) else { return true }
    let age = now - Instant(microseconds: seen.modified / 1000)
    guard age > staleAge || isOrphaned(path) else { return false }
    let aside = "\(path).stale.\(getpid())"
    guard rename(path, aside) == 0 else { return errno == ENOENT }
    guard identity(of: aside) == seen else {
      // It was a new lock by then: it goes back, unless there is a newer one.
      if link(aside, path) == 0 { unlink(aside) } else { rename(aside, path) }
      return false
    }
    if unlink(aside) != 0 { rmdir(aside) }
    return true
  }

  /// What is at a path, without following a symbolic link; nil when nothing is.
  private static func identity(of path: String) -> Identity? {
    var status = stat()
    return lstat(path, &status) == 0 ? Identity(status) : nil
  }
}
