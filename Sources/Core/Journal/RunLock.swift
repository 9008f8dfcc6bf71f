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
    /// The process that stands for it, which was started by a shell say; itself where there is none.
    package var front: Int32

    package init(pid: Int32, run: String?, front: Int32? = nil) {
      self.pid = pid
      self.run = run
      self.front = front ?? pid
    }
  }

  /// What stands in the file of a lock.
  private struct Note {
    var run: String?
    /// The holder, and the process that stands for it.
    var holder: Int32?
    var front: ProcessIdentity?

    init(run: String?, front: ProcessIdentity?) {
      self.run = run
      self.front = front
      holder = front == nil ? nil : getpid()
    }

    /// A line for the run, and one for the processes where there are two.
    init(text: String) {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      run = lines.first.flatMap { $0.isEmpty ? nil : String($0) }
      let numbers = lines.dropFirst().first?.split(separator: " ") ?? []
      guard numbers.count == 3, let pid = Int32(numbers[1]), let ticks = UInt64(numbers[2]) else {
        return
      }
      holder = Int32(numbers[0])
      front = ProcessIdentity(pid: pid, startTicks: ticks)
    }

    var text: String {
      guard let holder, let front else { return run ?? "" }
      return "\(run ?? "")\n\(holder) \(front.pid) \(front.startTicks)"
    }
  }

  private var isHeld = true
  private let front: ProcessIdentity?

  private init(file: Int32, isNew: Bool, folder: LanesFolder, front: ProcessIdentity?) {
    self.file = file
    self.front = front
    abandoned = Self.note(in: file).run
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
  /// Nil leaves what is noted until it is known which run it will be. `front` stands for this process, if one does:
  /// when that one is dead, this one will be in a moment, and nobody is told that it is at work.
  package static func acquire(
    in folder: LanesFolder, run: String?, front: ProcessIdentity? = nil
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
      poll(nil, 0, 1)
    }
    let lock = RunLock(file: file, isNew: isNew, folder: folder, front: front)
    if run != nil || front != nil { lock.note(run ?? lock.abandoned ?? "") }
    return lock
  }

  private static func failure(_ error: RunLockError, closing file: Int32) -> RunLockError {
    close(file)
    return error
  }

  /// Notes the run that the holder works on; what cannot be written is only missed in messages.
  package func note(_ run: String) {
    ftruncate(file, 0)
    var text = Note(run: run, front: front).text
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
    let note = note(in: file)
    guard let front = note.front, note.holder == question.l_pid else {
      return Holder(pid: question.l_pid, run: note.run)
    }
    return isAlive(front) ? Holder(pid: question.l_pid, run: note.run, front: front.pid) : nil
  }

  private static func isAlive(_ process: ProcessIdentity) -> Bool {
    guard let status = ProcessTable.status(of: process.pid) else { return false }
    return !status.isZombie && status.startTicks == process.startTicks
  }

  private static func note(in file: Int32) -> Note {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = max(0, pread(file, &bytes, bytes.count, 0))
    return Note(text: String(decoding: bytes[..<count], as: UTF8.self))
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
    return holder.pid > 0 ? "\(run) (process \(holder.front))" : run
  }
}
