import CLinux
import Glibc

/// The right to run the tasks of a repository; it ends with the value, or with the process.
///
/// A POSIX record lock on a file: the kernel drops it when its owner dies, children do not inherit
/// it, and others can ask who holds it. The kernel also drops it when the process closes any
/// descriptor of that file, so a process that holds the lock must not call `holder(in:)`.
package final class RunLock {
  private let file: Int32
  /// The folder, locked as well (`flock`): this lock is inherited until a child executes its program.
  private let guardian: Int32
  /// The run whose runner died before it was done, if that is what became of the last one.
  package let abandoned: String?
  /// When the last runner began or ended in order; nil when there was none.
  private let lastUse: Instant?

  /// Who holds the lock.
  package struct Holder: Equatable, Sendable {
    /// 0 when the process is outside this one's process namespace.
    package var pid: Int32
    /// The run it works on, as far as it has said so.
    package var run: String?

    package init(pid: Int32, run: String?) {
      self.pid = pid
      self.run = run
    }
  }

  private var isHeld = true

  private init(file: Int32, isNew: Bool, folder: LanesFolder) {
    self.file = file
    abandoned = Self.note(in: file)
    var status = stat()
    lastUse =
      !isNew && fstat(file, &status) == 0
      ? Instant(microseconds: lanes_nanoseconds(status.st_mtim) / 1000) : nil
    guardian = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    awaitUnbornChildren()
  }

  deinit {
    release()
  }

  /// Gives the right up before the end of the value.
  package func release() {
    guard isHeld else { return }
    isHeld = false
    close(file)
    if guardian >= 0 { close(guardian) }
  }

  /// Whether a runner may have begun or ended since a moment, so that a task list read then is stale.
  package func wasUsed(since moment: Instant) -> Bool {
    // The kernel's time of a file is up to one of its ticks old, which is 10 ms at most.
    lastUse.map { $0 + .milliseconds(20) >= moment } ?? false
  }

  /// Waits until every child that a dead runner was making has become what it should be.
  ///
  /// A process that was made and has not yet executed its program cannot be told by its variables
  /// from any other; it needs less than a millisecond for that, unless the machine is very busy.
  private func awaitUnbornChildren() {
    var tries = 0
    while flock(guardian, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK, tries < 2500 {
      poll(nil, 0, 2)
      tries += 1
    }
  }

  /// Takes the lock of a folder, which is made if need be, and notes the run in it.
  ///
  /// Nil leaves what is noted until it is known which run it will be.
  package static func acquire(
    in folder: LanesFolder, run: String?
  ) throws(RunLockError) -> RunLock {
    do { try folder.create() } catch { throw .folder(error) }
    var file = open(folder.lock, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    let isNew = file < 0 && errno == ENOENT
    if isNew { file = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
    guard file >= 0 else { throw .system(path: folder.lock, SystemError(code: errno)) }
    var request = wholeFile
    while fcntl(file, F_SETLK, &request) != 0 {
      guard errno == EACCES || errno == EAGAIN else {
        throw failure(.system(path: folder.lock, SystemError(code: errno)), closing: file)
      }
      if let holder = holder(of: file) {
        throw failure(.held(path: folder.lock, holder), closing: file)
      }
      request = wholeFile
    }
    let lock = RunLock(file: file, isNew: isNew, folder: folder)
    if let run { lock.note(run) }
    return lock
  }

  private static func failure(_ error: RunLockError, closing file: Int32) -> RunLockError {
    close(file)
    return error
  }

  /// Notes the run that the holder works on; what cannot be written is only missed in messages.
  package func note(_ run: String) {
    ftruncate(file, 0)
    var text = run
    text.withUTF8 { _ = pwrite(file, $0.baseAddress, $0.count, 0) }
  }

  /// Says that the run came to its end in order: nothing is left for another runner to put right.
  package func noteEnd() { note("") }

  /// Who holds the lock of a folder, or nil when nobody does.
  package static func holder(in folder: LanesFolder) -> Holder? {
    let file = open(folder.lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return holder(of: file)
  }

  private static var wholeFile: flock {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    return lock
  }

  private static func holder(of file: Int32) -> Holder? {
    var question = wholeFile
    guard fcntl(file, F_GETLK, &question) == 0, question.l_type != Int16(F_UNLCK) else {
      return nil
    }
    return Holder(pid: question.l_pid, run: note(in: file))
  }

  /// The run that is noted in the file of a lock.
  private static func note(in file: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = max(0, pread(file, &bytes, bytes.count, 0))
    let run = String(decoding: bytes[..<count], as: UTF8.self)
    return run.isEmpty ? nil : run
  }
}

/// Why the lock of a repository was not taken.
package enum RunLockError: Error, Equatable, Sendable, CustomStringConvertible {
  case held(path: String, RunLock.Holder)
  case folder(LanesFolderError)
  case system(path: String, SystemError)

  package var description: String { printable(text) }

  private var text: String {
    switch self {
    case .held(let path, let holder):
      "\(path): \(name(of: holder)) is at work here; follow it with lanes status, or end it with "
        + "lanes cancel --all"
    case .folder(let error): error.description
    case .system(let path, let error):
      "\(path): the lock cannot be taken: \(error); check the file's owner and permissions"
    }
  }

  private func name(of holder: RunLock.Holder) -> String {
    let run = holder.run.map { "run \($0)" } ?? "another run"
    return holder.pid > 0 ? "\(run) (process \(holder.pid))" : run
  }
}
