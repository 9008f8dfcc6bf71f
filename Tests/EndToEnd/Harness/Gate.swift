import Core
import Glibc
import Testing

/// A named pipe in a sandbox on which tasks wait until the test lets them pass.
final class Gate: Sendable {
  /// What a shell does to wait, with the path relative to the project.
  let command: String
  private let descriptor: Int32

  /// Both ends are held, so that neither side ever waits for the other to open the pipe.
  fileprivate init(_ path: String, named name: String) throws {
    try #require(mkfifo(path, 0o600) == 0)
    descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
    try #require(descriptor >= 0)
    command = "read pass <\(name)"
  }

  deinit { close(descriptor) }

  /// Lets all tasks pass.
  func open() {
    for _ in 0..<20 { letPass() }
  }

  /// Lets one task pass, now or when it comes; the word is nothing to the task.
  func letPass() {
    _ = write(descriptor, "\n", 1)
  }
}

extension Sandbox {
  func gate(_ name: String) throws -> Gate { try Gate("\(path)/\(name)", named: name) }
}

/// Looks at a condition every 5 ms until it holds, for at most 20 s.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  for _ in 0..<4000 {
    if try condition() { return true }
    poll(nil, 0, 5)
  }
  return try condition()
}

/// The letter of a process's state in /proc; empty when there is no process.
func processState(_ pid: Int32) -> String {
  let text =
    FileBytes.read("/proc/\(pid)/stat", from: 0, count: 4096).map {
      String(decoding: $0, as: UTF8.self)
    } ?? ""
  return text.split(separator: ")").last?.split(separator: " ").first.map(String.init) ?? ""
}

/// A run whose tasks wait at one gate, as long as no command of their own says otherwise.
struct GatedRun {
  let sandbox: Sandbox
  let gate: Gate
  let run: LanesProcess

  init(
    _ tasks: [(String, [String])], commands: [String: String] = [:], _ flags: String...
  ) async throws {
    sandbox = try Sandbox(tasks, commands: commands)
    gate = try sandbox.gate("gate")
    run = try await sandbox.start(
      ["run", "--output", "json", "--command", gate.command] + flags)
  }
}
