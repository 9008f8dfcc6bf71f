import CLinux
import Core
import Glibc

/// Runners without a terminal: this program again, in a session of its own.
enum BackgroundRunner {
  /// `lanes run --detach` and `lanes resume --detach`: starts the same without the flag and stays until
  /// it is at work.
  static func start(_ call: Call) throws -> ExitStatus {
    let folder = call.project.folder
    if let holder = RunLock.holder(in: folder) {
      throw Failure(
        .locked, "lanes: \(RunLockError.held(path: folder.lock, holder))")
    }
    try folder.create()
    let words = CommandLine.arguments.dropFirst().filter { $0 != "--detach" }
    let child = try spawn(Array(words) + ["--output", "quiet"], in: call.project)
    guard let run = awaitRun(of: child, folder) else {
      let status = exitStatus(of: child)
      call.console.write(log(folder), isResult: false)
      return ExitStatus(rawValue: status) ?? .taskFailed
    }
    tell(run, child, call.console)
    return .done
  }

  /// Lets another process take up the run of this one, which has let go of it.
  static func handOver(
    _ run: RunID, _ lock: RunLock, _ session: RunSession
  ) throws -> ExitStatus {
    let folder = session.project.folder
    let child = try spawn(
      ["resume", "-C", session.project.directory, "--take-over", "--output", "quiet"],
      in: session.project)
    lock.release()
    guard awaitRun(of: child, folder) != nil else {
      session.console.write(log(folder), isResult: false)
      throw Failure(
        .taskFailed,
        "lanes: no runner took run \(run) over; its tasks go on, and `lanes resume` takes it up")
    }
    tell(run.text, child, session.console)
    return .done
  }

  private static func tell(_ run: String, _ child: pid_t, _ console: Console) {
    console.out(
      "Run \(cleaned(run)) goes on in the background (process \(child)): `lanes attach` shows it,"
        + " `lanes cancel --all` ends it.")
  }

  private static func log(_ folder: LanesFolder) -> String {
    String(decoding: FileBytes.tail(logPath(folder), count: 8192) ?? [], as: UTF8.self)
  }

  private static func logPath(_ folder: LanesFolder) -> String { folder.path + "/background.log" }

  /// The run that the child works on, as soon as it has the lock; nil when it ends first.
  private static func awaitRun(of child: pid_t, _ folder: LanesFolder) -> String? {
    for _ in 0..<4000 {
      if let holder = RunLock.holder(in: folder), holder.front == child, let run = holder.run {
        return run
      }
      var information = siginfo_t()
      let options = WEXITED | WNOHANG | WNOWAIT
      if waitid(P_PID, id_t(child), &information, options) == 0, information.si_signo == SIGCHLD {
        return nil
      }
      poll(nil, 0, 5)
    }
    return nil
  }

  private static func exitStatus(of child: pid_t) -> Int32 {
    var status: Int32 = 0
    guard waitpid(child, &status, WNOHANG) == child else { return ExitStatus.taskFailed.rawValue }
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
  }

  private static func spawn(_ words: [String], in project: Project) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, logPath(project.folder),
      O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
    var attributes = SpawnAttributes(leading: .session)
    // Descriptors of this process are no concern of that one's.
    lanes_close_on_exec(3)
    var arguments = (["lanes"] + words).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, "/proc/self/exe", &actions, &attributes.value, &arguments, environ)
    guard code == 0 else { throw PlatformError("the background runner", code: code) }
    return pid
  }
}
