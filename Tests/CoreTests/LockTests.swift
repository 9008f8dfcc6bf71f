import Core
import Glibc
import Testing

@Suite("The lock of a repository", .timeLimit(.minutes(5))) struct LockTests {
  @Test("it is free again when its value is gone")
  func release() throws {
    let folder = try JournalFolder()
    do {
      let lock = try RunLock.acquire(in: folder.lanes, run: "r1")
      #expect(try folder.read(".lanes/lock") == Array("r1".utf8))
      withExtendedLifetime(lock) {}
    }
    #expect(RunLock.holder(in: folder.lanes) == nil)
    _ = try RunLock.acquire(in: folder.lanes, run: "r2")
  }

  @Test("it tells of a run whose runner died, and not of one that came to its end in order")
  func abandoned() throws {
    let folder = try JournalFolder()
    #expect(try RunLock.acquire(in: folder.lanes, run: "r1").abandoned == nil)
    do {
      let lock = try RunLock.acquire(in: folder.lanes, run: nil)
      #expect(lock.abandoned == "r1")
      #expect(try folder.read(".lanes/lock") == Array("r1".utf8))
      lock.noteEnd()
    }
    #expect(try RunLock.acquire(in: folder.lanes, run: "r2").abandoned == nil)
  }

  @Test("it tells whether a runner began or ended since a moment")
  func uses() throws {
    let folder = try JournalFolder()
    let start = WallClock().now()
    #expect(!(try RunLock.acquire(in: folder.lanes, run: nil).wasUsed(since: start)))
    do { try RunLock.acquire(in: folder.lanes, run: "r1").noteEnd() }
    let lock = try RunLock.acquire(in: folder.lanes, run: nil)
    #expect(lock.wasUsed(since: start))
    #expect(!lock.wasUsed(since: WallClock().now() + .seconds(1)))
  }

  @Test("nobody holds it where there is no folder")
  func absent() throws {
    #expect(RunLock.holder(in: try JournalFolder().lanes) == nil)
  }

  @Test("while another process holds it, it is refused with the holder's name")
  func held() throws {
    let folder = try JournalFolder()
    try folder.lanes.create()
    let other = try Locker(folder.lanes.lock)
    #expect(other.answer == "taken")
    let holder = RunLock.Holder(pid: other.pid, run: "theirs")
    #expect(RunLock.holder(in: folder.lanes) == holder)
    #expect(throws: RunLockError.held(path: folder.lanes.lock, holder)) {
      try RunLock.acquire(in: folder.lanes, run: "mine")
    }
    #expect(try folder.read(".lanes/lock") == Array("theirs".utf8))
    other.kill()
    _ = try RunLock.acquire(in: folder.lanes, run: "mine")
  }

  @Test("another process cannot take it while it is held")
  func holding() throws {
    let folder = try JournalFolder()
    let lock = try RunLock.acquire(in: folder.lanes, run: "mine")
    let other = try Locker(folder.lanes.lock)
    #expect(other.answer == "refused")
    other.kill()
    withExtendedLifetime(lock) {}
  }

  @Test("a process that a dead runner had begun to make is waited for")
  func unborn() throws {
    let folder = try JournalFolder()
    try folder.lanes.create()
    let copy = open(folder.lanes.path, O_RDONLY | O_DIRECTORY)
    try #require(flock(copy, LOCK_EX) == 0)
    let born = folder.path + "/born"
    // The lock is let go when the process closes its files, before it can be waited for.
    let words = ["sh", "-c", "sleep 0.2; : > \"$0\"", born]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    try #require(posix_spawn(&child, "/bin/sh", nil, nil, &arguments, nil) == 0)
    close(copy)
    _ = try RunLock.acquire(in: folder.lanes, run: "r")
    #expect(access(born, F_OK) == 0)
    #expect(waitpid(child, nil, 0) == child)
  }

  @Test("a link in its place is refused")
  func link() throws {
    let folder = try JournalFolder()
    try folder.lanes.create()
    symlink("/etc/passwd", folder.lanes.lock)
    #expect(throws: RunLockError.self) { try RunLock.acquire(in: folder.lanes, run: "r") }
  }
}

/// A process that tries to take the lock on a file and then waits to be killed.
private final class Locker {
  let pid: pid_t
  let answer: String
  private let input: Int32

  /// Perl is on every Debian; its `struct flock` is that of 64-bit Linux.
  private static let script = """
    use Fcntl; $| = 1; open(F, '+>>', $ARGV[0]) or die;
    my $lock = pack('ssx4qqlx4', F_WRLCK, 0, 0, 0, 0);
    if (fcntl(F, F_SETLK, $lock)) {
      truncate(F, 0); syswrite(F, 'theirs'); syswrite(STDOUT, 'taken');
    } else { syswrite(STDOUT, 'refused'); }
    close(STDOUT); sleep(600);
    """

  init(_ path: String) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError(code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let words = ["perl", "-e", Self.script, path]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { text in strdup(text) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    var child: pid_t = 0
    let code = posix_spawn(&child, "/usr/bin/perl", &actions, nil, &arguments, &environment)
    close(ends[1])
    guard code == 0 else { throw SystemError(code: code) }
    pid = child
    input = ends[0]
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = read(input, &bytes, bytes.count)
    answer = String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }

  deinit {
    close(input)
  }

  func kill() {
    Glibc.kill(pid, SIGKILL)
    waitpid(pid, nil, 0)
  }
}
