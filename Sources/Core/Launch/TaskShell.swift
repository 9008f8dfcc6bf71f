import Glibc

/// How the command of a task is executed: directly where that is the same, else by `/bin/sh`.
///
/// The shell outlives a request to end: it waits for what it runs just then and leaves with 128 and
/// the signal's number. So a program that takes its time to end is waited for, and a status of 0 is
/// never that of a command which was ended halfway.
struct TaskShell {
  static let path = "/bin/sh"

  /// What is executed.
  struct Call: Equatable {
    var program: String
    var arguments: [String]
    /// What the shell gets instead when the program cannot be executed; nil where it is the shell.
    var shellArguments: [String]?
  }

  /// The folders in which programs are looked for; empty when they are not all absolute.
  private let folders: [Substring]
  /// A shell may have functions that its environment brings along, under the names of programs.
  private let hasFunctions: Bool
  /// Commands repeat: what was made of the latest one.
  private var latest: (command: String, call: Call?, name: String?)
  /// Where the program of the latest command may be.
  private var candidates: [String] = []
  private var nextLook = Instant(microseconds: 0)

  /// How long a program is taken to be where it was found: launches come in bursts, and a task that installs
  /// another one of the same name takes longer.
  private static var freshness: Duration { .milliseconds(20) }

  /// For tasks that inherit `environment`.
  init(environment: EnvironmentBlock) {
    let path = environment.entries.first { $0.starts(with: "PATH=".utf8) }
    folders = path.map { Self.folders(in: String(decoding: $0.dropFirst(5), as: UTF8.self)) } ?? []
    hasFunctions = environment.entries.contains { $0.starts(with: "BASH_FUNC_".utf8) }
    latest = ("", Self.call(""), nil)
  }

  /// How `command` is executed with these variables beside the inherited ones.
  ///
  /// The shell gets the command as it is, behind words of ours on its first line, so that a message of the shell
  /// names the command's own lines.
  /// Nil when the command holds a NUL character, where it would end for the shell.
  mutating func call(_ command: String, environment: [Variable], at now: Instant) -> Call? {
    let path = environment.first { $0.name == "PATH" }?.value
    if command != latest.command {
      let words = hasFunctions ? nil : PlainCommand(command)?.words
      latest = (command, Self.call(command, words), words?.first)
      candidates = words.map { Self.candidates($0[0], in: folders) } ?? []
    } else if path == nil, now < nextLook {
      return latest.call
    }
    guard let name = latest.name else { return latest.call }
    let places = path.map { Self.candidates(name, in: Self.folders(in: $0)) } ?? candidates
    guard let program = places.first(where: { access($0, X_OK) == 0 }) else {
      return Self.call(command)
    }
    var call = latest.call
    call?.program = program
    guard path == nil else { return call }
    latest.call = call
    nextLook = now + Self.freshness
    return call
  }

  private static func call(_ command: String, _ words: [String]? = nil) -> Call? {
    if command.utf8.contains(0) { return nil }
    let shell = ["sh", "-c", outliving + command]
    guard let words else { return Call(program: path, arguments: shell) }
    return Call(program: words[0], arguments: words, shellArguments: shell)
  }

  private static let outliving = "trap 'exit 129' HUP;trap 'exit 130' INT;trap 'exit 143' TERM;"

  private static func folders(in path: String) -> [Substring] {
    let folders = path.split(separator: ":", omittingEmptySubsequences: false)
    return folders.allSatisfy { $0.hasPrefix("/") } ? folders : []
  }

  private static func candidates(_ name: String, in folders: [Substring]) -> [String] {
    name.utf8.contains(UInt8(ascii: "/")) ? [name] : folders.map { "\($0)/\(name)" }
  }
}
