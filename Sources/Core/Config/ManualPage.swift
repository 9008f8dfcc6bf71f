/// The manual page lanes(1), made from the table of commands, flags and settings.
package enum ManualPage {
  /// The page in roff, with the macros of man(7).
  package static func text(version: String) -> String {
    """
    .TH LANES 1 "" "lanes \(escaped(version))" "User Commands"
    .SH NAME
    lanes \\- run a task list in parallel
    .SH SYNOPSIS
    .B lanes
    [\\fB\\-C\\fR \\fIDIR\\fR] \\fICOMMAND\\fR [\\fIFLAG\\fR...] [\\fIOPERAND\\fR...]
    .SH DESCRIPTION
    .B lanes
    reads the dependencies of a task list, runs each task as a command as soon as it may start, and
    survives any crash on the way: what has finished is never done twice, and what still runs is picked
    up again.
    .SH COMMANDS
    \(Command.allCases.map(section).joined()).SH FLAGS OF EVERY COMMAND
    \(Flag.global.map(entry).joined()).SH SETTINGS
    Each is a key of \\fIlanes.yml\\fR and a variable; a variable wins over the file, a flag over both.
    \(Setting.table.map(entry).joined()).SH EXIT STATUS
    \(statuses.map { ".TP\n.B \($0.0)\n\(escaped($0.1))\n" }.joined()).SH FILES
    .TP
    .I lanes.yml
    the settings of the project
    .TP
    .I ~/.config/lanes/lanes.yml
    the settings of the user
    .TP
    .I .lanes
    the journal of all runs and the logs of their tasks

    """
  }

  private static let statuses = [
    ("0", "everything succeeded"), ("1", "a task failed"), ("2", "the command line is wrong"),
    ("3", "the task list cannot run"), ("7", "another run is active in this folder"),
    ("130, 143", "the run was interrupted or terminated"),
  ]

  private static func section(_ command: Command) -> String {
    var title = command.rawValue
    if !command.operands.isEmpty { title += " " + command.operands }
    return ".SS \(escaped(title))\n\(escaped(sentence(command.summary)))\n"
      + command.flags.map(entry).joined()
  }

  private static func entry(_ flag: Flag) -> String {
    var names = flag.short.map { ["-\($0)"] } ?? []
    names.append("--\(flag.name)")
    let words = names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
    let value = flag.value.map { " \\fI\(escaped($0.placeholder))\\fR" } ?? ""
    return ".TP\n\(words)\(value)\n\(escaped(sentence(flag.help)))\n"
  }

  private static func entry(_ setting: Setting) -> String {
    let standard = setting.standard.map { " Default: \($0)." } ?? ""
    return ".TP\n\\fB\(escaped(setting.key))\\fR, \\fB\(escaped(setting.variable))\\fR\n"
      + "\(escaped(sentence(setting.help) + standard))\n"
  }

  private static func sentence(_ text: String) -> String {
    "\(text.prefix(1).uppercased())\(text.dropFirst())."
  }

  /// A text that roff prints as it is.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "…": result += "..."
      case "~": result += "\\(ti"
      case "'": result += "\\(aq"
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") ? "\\&" + result : result
  }
}
