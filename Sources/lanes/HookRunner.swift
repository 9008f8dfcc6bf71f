import Core
import Glibc

/// Starts the user's commands for events; it waits for none of them.
struct HookRunner: Sendable {
  let hooks: Hooks
  let run: RunID
  /// The folder the commands work in.
  let directory: String
  /// The file that has their output.
  let log: String

  /// Starts the command for an event, if there is one.
  ///
  /// Cost: that of making a process, about 1 ms; the process is collected when it has ended, or by the
  /// system when this one has.
  func note(_ event: RunEvent) {
    guard let (command, variables) = hooks.call(for: event, run: run) else { return }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(
      &actions, STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    // What was inherited from the caller is not the command's; all else closes itself.
    for descriptor in Int32(3)..<20 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var attributes = SpawnAttributes(leading: .group)
    let texts: [String] = [
      "sh", "-c", "cd -- \"$1\" && exec sh -c \"$2\"", "sh", directory, command,
    ]
    var words = texts.map { strdup($0) } + [nil]
    var environment = variables.map { strdup("\($0.name)=\($0.value)") } + Self.inherited + [nil]
    defer { for text in words + environment { free(text) } }
    var pid: pid_t = 0
    _ = posix_spawn(&pid, "/bin/sh", &actions, &attributes.value, &words, &environment)
  }

  /// The variables of this process, apart from those that would make the command look like a task.
  private static var inherited: [UnsafeMutablePointer<CChar>?] {
    var found: [UnsafeMutablePointer<CChar>?] = []
    var entry = environ
    while let text = entry.pointee {
      let isOwn = strncmp(text, "LANES_", 6) == 0
      if !isOwn { found.append(strdup(text)) }
      entry += 1
    }
    return found
  }
}
