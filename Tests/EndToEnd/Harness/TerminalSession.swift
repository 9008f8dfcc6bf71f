import Core
import Glibc
import Testing

/// A terminal with a shell in the project's folder: a tmux server of its own, which is gone with the
/// sandbox.
///
/// It lives on a thread of its own, so that a test that waits keeps no other from going on.
actor TerminalSession {
  private nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
  nonisolated let sandbox: Sandbox
  private let socket: String

  fileprivate init(in sandbox: Sandbox) throws {
    self.sandbox = sandbox
    socket = sandbox.home + "/tmux"
    reactor = try Reactor(name: "lanes-tmux")
    try reactor.start { _ in }
  }

  fileprivate func begin(_ columns: Int, _ rows: Int, _ variables: [String: String]) throws {
    var all = ["LC_ALL": "C.UTF-8", "HOME": sandbox.home, "PS1": "$ ", "CI": ""]
    all.merge(variables) { _, new in new }
    let settings = all.sorted { $0.key < $1.key }.flatMap { ["-e", "\($0.key)=\($0.value)"] }
    let words = ["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-c", sandbox.path]
    let shell = ["-u", "LANES_RUN_ID", "-u", "LANES_TASK_ID", "-u", "LANES_ATTEMPT", "/bin/bash"]
    _ = try tmux(words + settings + ["env"] + shell + ["--norc", "--noprofile"])
    _ = try tmux(["set-option", "-g", "status", "off"])
    try shows("$")
  }

  deinit {
    reactor.stop()
  }

  // MARK: Acting

  /// Presses keys, by the names tmux has for them.
  func press(_ keys: String...) throws { _ = try tmux(["send-keys"] + keys) }

  func type(_ text: String) throws { _ = try tmux(["send-keys", "-l", text]) }

  /// Types a shell command and Enter.
  func enter(_ command: String) throws {
    try type(command)
    try press("Enter")
  }

  /// Starts the binary.
  func lanes(_ arguments: String) throws { try enter("\(Sandbox.binary) \(arguments)") }

  func resize(columns: Int, rows: Int) throws {
    _ = try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// Closes the terminal, as the button of a window does.
  func close() throws { _ = try tmux(["kill-session"]) }

  // MARK: Looking

  /// The lines on the screen.
  func screen() throws -> [String] {
    try tmux(["capture-pane", "-p"]).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// What is in the pane with its sequences for colours.
  func colored() throws -> String { try tmux(["capture-pane", "-p", "-e"]) }

  /// A variable of tmux about the pane.
  func variable(_ name: String) throws -> String {
    try tmux(["display-message", "-p", "#{\(name)}"]).filter { $0 != "\n" }
  }

  /// Lets programs in the pane fill the clipboard.
  func allowCopying() throws { _ = try tmux(["set-option", "-s", "set-clipboard", "on"]) }

  /// What a program has copied last.
  func copied() throws -> String { try tmux(["show-buffer"]) }

  /// Waits until the screen has a text.
  func shows(_ text: String) throws {
    var last: [String] = []
    let isThere = try soon {
      last = try screen()
      return last.contains { $0.contains(text) }
    }
    try #require(isThere, "no \"\(text)\" in\n\(last.joined(separator: "\n"))")
  }

  /// Waits until a text was printed, which may have left the screen at its top.
  func printed(_ text: String) throws {
    let isThere = try soon { try tmux(["capture-pane", "-p", "-S", "-500"]).contains(text) }
    let last = try screen().joined(separator: "\n")
    try #require(isThere, "no \"\(text)\" above\n\(last)")
  }

  func hides(_ text: String) throws {
    let isGone = try soon { try !screen().contains { $0.contains(text) } }
    let last = try screen().joined(separator: "\n")
    try #require(isGone, "\"\(text)\" stays in\n\(last)")
  }

  /// Waits until no program has the terminal in a mode of its own, in which Ctrl-Z is a key like others.
  func leavesView() throws {
    let file = open(try variable("pane_tty"), O_RDONLY | O_NOCTTY | O_CLOEXEC)
    defer { Glibc.close(file) }
    let isLeft = soon {
      var modes = termios()
      return tcgetattr(file, &modes) == 0 && modes.c_lflag & tcflag_t(ISIG) != 0
    }
    let last = try screen().joined(separator: "\n")
    try #require(isLeft, "still in\n\(last)")
  }

  /// Waits until the file holds a text.
  func writes(_ text: String, to name: String) throws {
    let isThere = eventually { sandbox.text(name).contains(text) }
    try #require(isThere, "no \"\(text)\" in \(name):\n\(sandbox.text(name))")
  }

  /// Looks at a screen every 30 ms, as that costs a process, for at most 20 s.
  private func soon(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<600 {
      if try condition() { return true }
      poll(nil, 0, 30)
    }
    return try condition()
  }

  /// The terminal's modes, by `stty -a`.
  func modes(_ name: String) throws -> String {
    try enter("stty -a > \(name).new; mv \(name).new \(name)")
    let isThere = eventually { sandbox.exists(name) }
    let last = try screen().joined(separator: "\n")
    try #require(isThere, "\(last)")
    return sandbox.text(name)
  }

  /// The process of the binary that runs in the pane.
  func process() throws -> Int32 {
    let number = try variable("pane_pid")
    let shell = try #require(Int32(number))
    var found: Int32?
    _ = eventually {
      found = ProcessTable.children(of: shell, thread: shell)?.first
      return found != nil
    }
    return try #require(found)
  }

  /// Tells launchers that are tested in this process, and are the parents of its orphans, that the
  /// server is no stray of theirs.
  private static let marks = ["LANES_RUN_ID=terminal", "LANES_TASK_ID=server", "LANES_ATTEMPT=1"]

  private func tmux(_ words: [String]) throws -> String {
    try Self.output(
      of: ["tmux", "-S", socket, "-f", "/dev/null"] + words,
      variables: ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", sandbox.mark] + Self.marks)
  }

  private static func output(of words: [String], variables: [String]) throws -> String {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { Glibc.close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for standard: Int32 in [1, 2] {
      posix_spawn_file_actions_adddup2(&actions, ends[1], standard)
    }
    var arguments = words.map { strdup($0) } + [nil]
    var environment = variables.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, words[0], &actions, nil, &arguments, &environment)
    Glibc.close(ends[1])
    guard code == 0 else { throw SystemError(code: code) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    waitpid(pid, nil, 0)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Sandbox {
  /// Opens a terminal of a size, with variables besides the usual ones.
  func terminal(
    columns: Int = 100, rows: Int = 30, variables: [String: String] = [:]
  ) async throws -> TerminalSession {
    let session = try TerminalSession(in: self)
    try await session.begin(columns, rows, variables)
    return session
  }
}
