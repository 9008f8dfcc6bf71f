/// A flag of the command line.
package struct Flag: Equatable, Sendable {
  /// Without the dashes; also its name in an `Invocation`.
  package var name: String
  package var short: Character?
  /// What it takes; nil when it stands alone.
  package var value: ValueKind?
  /// One line for people, without a full stop.
  package var help: String
  /// Whether help leaves it out: it is for the program itself.
  package var isHidden = false
  /// The setting that it changes, and the text it stands for when it stands alone.
  package var setting: (key: String, implied: String?)? {
    key.map { ($0, implied) }
  }

  private var key: String?
  private var implied: String?

  package init(_ name: String, short: Character? = nil, value: ValueKind? = nil, help: String) {
    self.name = name
    self.short = short
    self.value = value
    self.help = help
  }

  /// The flag of a setting that has one.
  init?(_ setting: Setting) {
    guard let flag = setting.flag else { return nil }
    name = flag.name
    short = flag.short
    value = flag.implied == nil ? setting.kind : nil
    help = flag.help ?? setting.help
    key = setting.key
    implied = flag.implied
  }

  /// A flag that only stands for a value of a setting.
  init(_ name: String, sets key: String, to implied: String, help: String) {
    self.init(name, help: help)
    self.key = key
    self.implied = implied
  }
}

extension Flag {
  static let directory = Flag(
    "directory", short: "C", value: .text("DIR"), help: "work as if started in DIR")
  static let help = Flag("help", short: "h", help: "explain the command")
  static let version = Flag("version", short: "V", help: "print the version")

  /// The flags that every command takes.
  package static let global = [directory, help, version]

  static func format(_ words: String...) -> Flag {
    Flag("format", value: .choice(words), help: "how the answer is written")
  }

  /// The flags of these settings.
  static func settings(_ keys: String...) -> [Flag] {
    keys.compactMap { Setting.named($0).flatMap(Flag.init) }
  }

  /// The flags of all settings, and the other ways to say them.
  static let allSettings =
    Setting.table.compactMap(Flag.init) + [
      Flag("no-tui", sets: "output", to: "plain", help: "the same as --output plain"),
      Flag("headless", sets: "output", to: "plain", help: "the same as --output plain"),
    ]

  /// For the background runner to which a view hands its run.
  package static let takeOver: Flag = {
    var flag = Flag("take-over", help: "wait for the runner to let go, and retry nothing")
    flag.isHidden = true
    return flag
  }()

  static let task =
    [
      Flag("file", value: .text("FILE"), help: "the task list; default the project's own"),
      Flag("id", value: .text("ID"), help: "with add, the id; default the next number"),
      Flag("title", value: .text("TEXT"), help: "what the task is called"),
      Flag("description", value: .text("TEXT"), help: "what it is about"),
      Flag("details", value: .text("TEXT"), help: "how to do it"),
      Flag("test-strategy", value: .text("TEXT"), help: "how to see that it is done"),
      Flag(
        "priority", value: .choice(Priority.allCases.map(\.rawValue)), help: "how urgent it is"),
      Flag("depends-on", value: .text("IDS"), help: "what it waits for, such as 2,5, or none"),
      Flag("force", help: "with remove, also take it out of what waits for it"),
      format("text", "json"),
    ] + settings("tag", "from")

  static let run =
    allSettings + [
      Flag("only", value: .text("IDS"), help: "run only these tasks, such as 2,5"),
      Flag(
        "track", value: .integer(1...1000),
        help: "work on this track only, beside others in other terminals"),
      Flag("detach", help: "run in the background; lanes attach shows it"),
      Flag("dry-run", help: "show what would run, and run nothing"),
    ]
}
