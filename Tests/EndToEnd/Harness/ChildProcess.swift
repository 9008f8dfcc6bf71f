import Core
import Glibc

/// A program that was started, and the ends of the pipes to it.
///
/// The pipes have names, so that the program itself can open its ends of them and no other program
/// that is started meanwhile gets a copy.
struct ChildProcess {
  var pid: pid_t
  var output: Int32
  var errors: Int32
  /// Closed when the program has ended: descriptor 3 of the program, which tasks do not inherit.
  var life: Int32

  /// Starts `words` with nothing on its standard input and all signals as usual.
  init(words: [String], variables: [String], folder: String) throws {
    var template = Array("\(folder)/pipes-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError(code: errno) }
    let place = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let pipes = (1...3).map { "\(place)/\($0)" }
    (output, errors, life) = (
      try Self.reader(of: pipes[0]), try Self.reader(of: pipes[1]), try Self.reader(of: pipes[2])
    )
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (index, pipe) in pipes.enumerated() {
      posix_spawn_file_actions_addopen(&actions, Int32(index) + 1, pipe, O_WRONLY, 0)
    }
    var attributes = SpawnAttributes(leading: .group)
    var arguments = words.map { strdup($0) } + [nil]
    var environment = variables.map { strdup($0) } + [nil]
    defer { for text in arguments + environment { free(text) } }
    pid = 0
    let code = posix_spawnp(&pid, words[0], &actions, &attributes.value, &arguments, &environment)
    guard code == 0 else { throw SystemError(code: code) }
  }

  private static func reader(of pipe: String) throws -> Int32 {
    guard mkfifo(pipe, 0o600) == 0 else { throw SystemError(code: errno) }
    let descriptor = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(code: errno) }
    return descriptor
  }
}
