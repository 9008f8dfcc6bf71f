/// The shell that runs a task's command and notes its exit status in a file.
///
/// The note lets a runner that is started later learn how a task ended while nobody watched.
///
/// The shell outlives a request to end: it waits for what it runs just then and leaves with 128 and
/// the signal's number. So a program that takes its time to end is waited for, and a status of 0 is
/// never that of a command which was ended halfway.
struct TaskShell {
  static let path = "/bin/sh"

  /// Commands repeat: what was made of the latest one.
  private var latest: (command: String, script: Script)

  init() {
    latest = ("", Self.script(""))
  }

  /// The arguments with which the shell runs `command` and notes its status for `name` in `file`.
  ///
  /// The command stands after the first line as it is, so nothing in it can reach that line. What
  /// the line needs comes as parameters and is shifted away: the command finds no parameters and no
  /// additional variable in its environment. All attempts of a run may share one file, which saves
  /// making a file for each.
  ///
  /// Nil when the command holds a NUL character, where it would end for the shell.
  mutating func arguments(command: String, name: String, file: String) -> [String]? {
    if command != latest.command { latest = (command, Self.script(command)) }
    let start = ExitRecords.start(of: name)
    return switch latest.script {
    case .with(let script): ["sh", "-c", script, "sh", file, start]
    case .alone: ["sh", "-c", Self.enclosing, "sh", file, start, command]
    case .impossible: nil
    }
  }

  /// How a command is run.
  private enum Script {
    /// In the shell that notes the status, by this text.
    case with(String)
    /// In a shell of its own.
    case alone
    case impossible
  }

  private static func script(_ command: String) -> Script {
    if command.utf8.contains(0) { return .impossible }
    return mayReplaceShell(command) ? .alone : .with(noting + command)
  }

  /// Costs no process of its own: the shell that runs the command also notes the status.
  ///
  /// `echo` costs a hundredth of a task less than `printf`; there is no backslash in what it writes.
  private static let noting =
    "lanes_exit=$1;lanes_start=$2;shift 2;"
    + "trap 'exit 129' HUP;trap 'exit 130' INT;trap 'exit 143' TERM;"
    + #"trap 'command echo "$lanes_start$?;" >>"$lanes_exit"' EXIT"# + "\n"

  /// Runs the command in a second shell, which it may replace or whose traps it may change.
  private static let enclosing =
    #"trap : HUP INT TERM;/bin/sh -c "$3" sh;lanes_status=$?;"#
    + #"printf '%s%s;\n' "$2" "$lanes_status" >>"$1";exit "$lanes_status""#

  /// Whether a command may keep the shell that runs it from noting the status.
  ///
  /// True when one of the words `exec`, `trap`, `eval`, `source` or `.` is anywhere in it. A word
  /// that means something else costs one process more and nothing else.
  static func mayReplaceShell(_ command: String) -> Bool {
    command.utf8.split(whereSeparator: { !isWordByte($0) }).contains { word in
      ["exec", "trap", "eval", "source", "."].contains { word.elementsEqual($0.utf8) }
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "/"):
      true
    default: byte >= 0x80
    }
  }
}
