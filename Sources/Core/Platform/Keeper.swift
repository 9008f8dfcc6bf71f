import CLinux
import Glibc

/// Keeps the ends of tasks from being lost with the runner that started them.
///
/// The kernel tells how a process ended only to its parent, and makes a parent of the nearest ancestor that
/// wants orphans when that one dies. So a runner is made of three processes:
///
///     front ──▶ keeper ──▶ runner ──▶ tasks
///
/// The front is the process that was started, by a shell say: it passes signals on, is stopped when the runner
/// is, and ends as the runner ends. The runner does everything else. The keeper sleeps until the
/// runner is dead; then it notes how each task ended that was still running, until none is left. When the front is
/// killed, the keeper kills the runner: to the one who does it they are one program.
///
/// It costs nothing for each task, and no task needs a process that waits for it.
package enum Keeper {
  /// What the runner gets.
  package struct Kept: Sendable {
    package let attempts: KeptAttempts
    /// The process that stands for the runner.
    package let front: ProcessIdentity
  }

  /// What the front and the runner call themselves, however the program was started.
  package static let runnerName = "lanes"
  fileprivate static let keeperName = "task-keeper"
  /// What the processes of runs call themselves.
  static let names: Set = [runnerName, keeperName]

  /// Makes the three processes and returns in the runner only; nil, in this process, when they cannot be made.
  ///
  /// To be called while the process has one thread, and before it holds much memory.
  package static func begin() -> Kept? {
    guard let attempts = KeptAttempts(), let line = Line() else { return nil }
    let front = ProcessIdentity(
      pid: getpid(), startTicks: ProcessTable.status(of: getpid())?.startTicks ?? 0)
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    sigprocmask(SIG_BLOCK, &all, &before)
    // One that is ignored would have the kernel forget how children end.
    signal(SIGCHLD, SIG_DFL)
    // Should the keeper be killed, the runner is this process's child.
    lanes_become_subreaper()
    let keeper = lanes_fork()
    if keeper > 0 {
      line.closeSender()
      Front(keeper: keeper, line: line).stay()
    } else if keeper == 0 {
      let runner = lanes_fork()
      guard runner >= 0 else { _exit(0) }
      if runner > 0 { KeeperProcess(runner: runner, line: line, attempts: attempts).stay(front) }
      line.closeSender()
    }
    // The runner, or the front that could not make one.
    line.closeReceiver()
    sigprocmask(SIG_SETMASK, &before, nil)
    return keeper == 0 ? Kept(attempts: attempts, front: front) : nil
  }
}

/// The process that sleeps until the runner is dead.
private final class KeeperProcess {
  private let runner: pid_t
  private let line: Line
  private let attempts: KeptAttempts
  private var file: ExitFile?
  /// Whether the runner is, and the front with it.
  private var isStopped = false

  init(runner: pid_t, line: Line, attempts: KeptAttempts) {
    (self.runner, self.line, self.attempts) = (runner, line, attempts)
  }

  /// Never returns; all signals are blocked.
  func stay(_ front: ProcessIdentity) -> Never {
    lanes_become_subreaper()
    lanes_signal_at_parents_death(SIGUSR1)
    // Out of the reach of the terminal and of what is sent to the group.
    setsid()
    hideName()
    letGo()
    line.send(.begun(runner))
    if getppid() != front.pid { kill(runner, SIGKILL) }
    while true {
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGCHLD)
      sigaddset(&signals, SIGUSR1)
      var number: Int32 = 0
      sigwait(&signals, &number)
      if getppid() != front.pid { kill(runner, SIGKILL) }
      repeat { lookAtRunner(front) } while note(waits: false, unless: runner)
    }
  }

  private func lookAtRunner(_ front: ProcessIdentity) {
    var status: Int32 = 0
    while waitpid(runner, &status, WNOHANG | WUNTRACED | WCONTINUED) == runner {
      if status == Self.continued {
        setStopped(false, front)
      } else if status & 0xFF == Self.stopped {
        setStopped(true, front)
      } else {
        // It must hear that the runner is dead.
        if isStopped { setStopped(false, front) }
        end(status)
      }
    }
  }

  private func setStopped(_ isStopped: Bool, _ front: ProcessIdentity) {
    self.isStopped = isStopped
    if getppid() == front.pid { kill(front.pid, isStopped ? SIGSTOP : SIGCONT) }
  }

  // As `wait` tells them: of a status the lower bits, and a status.
  private static let stopped: Int32 = 0x7F
  private static let continued: Int32 = 0xFFFF

  /// A program of another name, for those who kill programs by name: what it keeps is worth more then.
  private func hideName() {
    lanes_name_process(Keeper.keeperName)
    guard let first = CommandLine.unsafeArgv[0] else { return }
    var end = first
    for index in 0..<Int(CommandLine.argc) {
      // The arguments stand one behind the other.
      guard let argument = CommandLine.unsafeArgv[index], argument == end else { break }
      end = argument + strlen(argument) + 1
    }
    memset(first, 0, end - first)
    strncpy(first, Keeper.keeperName, max(0, end - first - 1))
  }

  /// A reader of the runner's output must not wait for this process.
  private func letGo() {
    let sender = line.moveSender(to: STDERR_FILENO + 1)
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    for standard in STDIN_FILENO...STDERR_FILENO { dup2(null, standard) }
    lanes_close_from(sender + 1)
    chdir("/")
  }

  private func end(_ status: Int32) -> Never {
    while note(waits: false) {}
    line.send(.ended(status, isLast: attempts.isEmpty))
    while !attempts.isEmpty, note(waits: true) {}
    _exit(0)
  }

  /// Notes how an orphan ended, if it is a task, and collects it; false when there is none, and none is waited for.
  ///
  /// Tasks are orphans a moment before the runner that dies can be collected. Others are what it did not want.
  private func note(waits: Bool, unless runner: pid_t? = nil) -> Bool {
    var status: Int32 = 0
    var usage = rusage()
    let pid = lanes_peek_child(0, waits ? 1 : 0, &status, &usage)
    guard pid > 0 else { return false }
    if pid == runner { return true }
    if let place = attempts.place(of: pid) {
      note(ExitStatus(waitStatus: status), of: attempts.name(at: place))
      attempts.leave(place)
    }
    waitpid(pid, nil, 0)
    return true
  }

  private func note(_ status: ExitStatus, of name: String) {
    if Self.isFromOutside(status) { return }
    if file == nil { file = try? ExitFile(path: attempts.exitFile) }
    file?.note(status, of: name)
  }

  /// Whether somebody ended the task, and none of us, as they are dead: the machine shuts down, say.
  ///
  /// Then the attempt is lost rather than failed, and is started again.
  private static func isFromOutside(_ status: ExitStatus) -> Bool {
    [SIGKILL, SIGTERM, SIGINT, SIGHUP].contains { status == .signaled($0) }
  }
}

/// The process that was started, which stands for the runner.
private struct Front {
  let keeper: pid_t
  let line: Line

  /// Returns only when the keeper could not make a runner.
  func stay() {
    guard case .begun(let runner)? = line.receive() else {
      waitpid(keeper, nil, 0)
      return
    }
    var signals = sigset_t()
    sigfillset(&signals)
    sigdelset(&signals, SIGCHLD)
    let source = signalfd(-1, &signals, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    while true {
      wait(for: line.receiver, passing: source, to: runner)
      switch line.receive() {
      case .begun: break
      case .ended(let status, let isLast):
        if isLast { waitpid(keeper, nil, 0) }
        end(as: status)
      case nil:
        waitpid(keeper, nil, 0)
        let death = lanes_pidfd_open(runner)
        // There is none when the keeper had collected it just before it was killed.
        if death >= 0 { wait(for: death, passing: source, to: runner) }
        var status: Int32 = 0
        guard waitpid(runner, &status, 0) == runner else { exit(1) }
        end(as: status)
      }
    }
  }

  /// Returns when there is something to read; until then signals go to the runner.
  private func wait(for descriptor: Int32, passing source: Int32, to runner: pid_t) {
    var waited = [descriptor, source].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    repeat {
      poll(&waited, 2, -1)
      passOn(source, to: runner)
    } while waited[0].revents == 0
  }

  /// What the terminal sends, it sends to the runner, too, as the runner does when its view is to stop;
  /// all else is for this process alone.
  private func passOn(_ source: Int32, to runner: pid_t) {
    var information = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    while read(source, &information, size) == size {
      let sender = Int32(bitPattern: information.ssi_pid)
      guard information.ssi_code <= 0, sender != keeper, sender != runner else { continue }
      lanes_send_signal(runner, Int32(bitPattern: information.ssi_signo), sender)
    }
  }

  private func end(as status: Int32) -> Never {
    let signal = status & 0x7F
    if signal == 0 { exit(status >> 8 & 0xFF) }
    // The runner's memory is worth a dump, this one's is not.
    lanes_forbid_dump()
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, signal)
    Glibc.signal(signal, SIG_DFL)
    kill(getpid(), signal)
    sigprocmask(SIG_UNBLOCK, &set, nil)
    exit(128 + signal)
  }
}

/// What the keeper tells the front, through a socket.
private final class Line {
  enum Message {
    case begun(pid_t)
    /// `isLast`: the keeper has nothing more to do.
    case ended(Int32, isLast: Bool)
  }

  let receiver: Int32
  private var sender: Int32

  init?() {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
    (receiver, sender) = (ends[0], ends[1])
  }

  func closeReceiver() { close(receiver) }
  func closeSender() { close(sender) }

  func moveSender(to descriptor: Int32) -> Int32 {
    if sender != descriptor {
      dup2(sender, descriptor)
      sender = descriptor
    }
    return sender
  }

  func send(_ message: Message) {
    var words: [Int32] =
      switch message {
      case .begun(let runner): [0, runner]
      case .ended(let status, let isLast): [isLast ? 2 : 1, status]
      }
    write(sender, &words, 8)
  }

  /// Waits for a message; nil when there will be none.
  func receive() -> Message? {
    var words: [Int32] = [0, 0]
    while true {
      let count = read(receiver, &words, 8)
      if count < 0, errno == EINTR { continue }
      guard count == 8 else { return nil }
      return switch words[0] {
      case 0: .begun(words[1])
      default: .ended(words[1], isLast: words[0] == 2)
      }
    }
  }
}
