/// What a command line asks for.
package struct Invocation: Equatable, Sendable {
  package var command: Command
  /// The folder to work in, when one is given.
  package var directory: String?
  package var operands: [String]
  /// The flags that are given, by long name without dashes; the text is empty for one that stands
  /// alone, and the last one's when a flag comes twice.
  package var flags: [String: String]
  /// The settings that flags change, in the order given.
  package var settings: [SettingsFlag]

  package init(
    _ command: Command, directory: String? = nil, operands: [String] = [],
    flags: [String: String] = [:], settings: [SettingsFlag] = []
  ) {
    self.command = command
    self.directory = directory
    self.operands = operands
    self.flags = flags
    self.settings = settings
  }

  package func has(_ flag: String) -> Bool { flags[flag] != nil }

  /// The number of a flag that takes one.
  package func integer(_ flag: String) -> Int? { flags[flag].flatMap { Int($0) } }

  /// The time of a flag that takes one; nil also for `none`.
  package func duration(_ flag: String) -> Duration? { flags[flag].flatMap { Duration(text: $0) } }
}

/// A command line that cannot be understood.
package struct ArgumentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// `lanes`, or `lanes` with the command.
  package var place: String
  package var problem: String
  package var remedy: String

  package init(place: String, problem: String, remedy: String) {
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String { "\(place): \(problem); \(remedy)" }
}

/// Reads command lines by the GNU conventions.
///
/// `--flag=value`, `--flag value`, `-jN`, `-j N`, several short flags in one word, and `--` before
/// operands that begin with a dash.
package enum Arguments {
  /// Understands the words after the program's name; none at all ask for help.
  package static func parse(_ words: [String]) throws(ArgumentError) -> Invocation {
    var reader = ArgumentReader(words)
    return try reader.invocation()
  }
}

private struct ArgumentReader {
  private var rest: ArraySlice<String>
  private var command: Command?
  private var directory: String?
  private var operands: [String] = []
  private var flags: [String: String] = [:]
  private var settings: [SettingsFlag] = []

  init(_ words: [String]) {
    rest = words[...]
  }

  mutating func invocation() throws(ArgumentError) -> Invocation {
    while let word = rest.popFirst() {
      if word == "--" {
        while let operand = rest.popFirst() { try take(operand) }
      } else if word.hasPrefix("--") {
        try takeLong(word.dropFirst(2))
      } else if word.hasPrefix("-"), word != "-" {
        try takeShort(word.dropFirst())
      } else {
        try take(word)
      }
    }
    return try finished()
  }

  /// Takes a word that is no flag: the command, or an operand of it.
  private mutating func take(_ word: String) throws(ArgumentError) {
    guard command != nil else {
      guard let named = Command(rawValue: word) else { throw unknownCommand(word) }
      command = named
      return
    }
    operands.append(word)
  }

  private mutating func takeLong(_ text: Substring) throws(ArgumentError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let flag = known.first(where: { $0.name == name }) else {
      let meant = nearest(name, among: known.map(\.name)).map { "did you mean --\($0)?" }
      throw error("unknown flag \(quoted("--" + name))", meant ?? order ?? help)
    }
    try take(flag, attached: parts.count == 2 ? String(parts[1]) : nil, spelt: "--" + name)
  }

  private mutating func takeShort(_ text: Substring) throws(ArgumentError) {
    var letters = text
    while let letter = letters.popFirst() {
      guard let flag = known.first(where: { $0.short == letter }) else {
        throw error("unknown flag \(quoted("-\(letter)"))", order ?? help)
      }
      let takesRest = flag.value != nil && !letters.isEmpty
      try take(flag, attached: takesRest ? String(letters) : nil, spelt: "-\(letter)")
      if takesRest { return }
    }
  }

  private mutating func take(
    _ flag: Flag, attached: String?, spelt name: String
  ) throws(ArgumentError) {
    guard let kind = flag.value else {
      guard attached == nil else {
        throw error("\(name) takes no value", "leave out \(quoted("=" + (attached ?? "")))")
      }
      return accept(flag, "", name)
    }
    guard let text = attached ?? rest.popFirst() else {
      throw error("\(name) needs a value", "write \(name) \(kind.placeholder)")
    }
    if let (problem, remedy) = kind.problem(with: text) {
      throw error("\(name): \(problem)", remedy.isEmpty ? help : remedy)
    }
    accept(flag, text, name)
  }

  private mutating func accept(_ flag: Flag, _ text: String, _ name: String) {
    if flag == .directory { directory = text }
    flags[flag.name] = text
    guard let (key, implied) = flag.setting else { return }
    settings.append(SettingsFlag(key: key, text: implied ?? text, name: name))
  }

  private func finished() throws(ArgumentError) -> Invocation {
    if flags["help"] != nil {
      return Invocation(.help, operands: command.map { [$0.rawValue] } ?? [])
    }
    if flags["version"] != nil { return Invocation(.version) }
    guard let command else {
      guard flags.keys.allSatisfy({ $0 == "directory" }) else {
        throw error("no command", "put one after the flags; lanes help lists them")
      }
      return Invocation(.help)
    }
    try checkOperands(of: command)
    return Invocation(
      command, directory: directory, operands: operands,
      flags: flags.filter { $0.key != "directory" }, settings: settings)
  }

  private func checkOperands(of command: Command) throws(ArgumentError) {
    let count = command.operandCount
    if operands.count > count.upperBound {
      let extra = operands[count.upperBound]
      throw error("\(quoted(extra)) is one word too many", help)
    }
    if operands.count < count.lowerBound {
      throw error("\(command.operands) is missing", "write lanes \(command) \(command.operands)")
    }
    switch command {
    case .jobs:
      if let (problem, _) = Setting.named("jobs")?.kind.problem(with: operands[0]) {
        throw error(problem, "write a number of tasks, or auto")
      }
    case .conflicts:
      let actions = ["train", "evaluate"]
      guard operands.count != 1 || actions.contains(operands[0]) else {
        let meant = nearest(operands[0], among: actions).map { "did you mean \($0)?" }
        throw error("one word names no two tasks", meant ?? "name both, or write train or evaluate")
      }
    case .cancel, .retry:
      let whole = command == .cancel ? "all" : "failed"
      guard !operands.isEmpty || flags[whole] != nil else {
        throw error("which tasks?", "name them, or write --\(whole)")
      }
    case .help:
      if let word = operands.first, Command(rawValue: word) == nil {
        throw unknownCommand(word)
      }
    case .run, .plan, .validate, .status, .logs, .attach, .replay, .explain, .pause, .resume, .skip,
      .wait, .report, .history, .simulate, .export, .integrate, .initialize, .doctor, .config,
      .themes, .completions, .man, .version, .task, .draft:
      break
    }
  }

  /// The flags that are known here; before the command only the global ones.
  private var known: [Flag] { (command?.flags ?? []) + Flag.global }

  private var help: String { "see lanes help" + (command.map { " \($0.rawValue)" } ?? "") }

  /// What to do about a flag that comes before the command.
  private var order: String? {
    command == nil ? "put the command first, as in lanes run --jobs 4" : nil
  }

  private func unknownCommand(_ word: String) -> ArgumentError {
    let meant = nearest(word, among: Command.allCases.map(\.rawValue)).map { "did you mean \($0)?" }
    let isFile = word.contains("/") || word.contains(".")
    let file = isFile ? "to run a task list, write lanes run \(printable(word))" : nil
    return error("unknown command \(quoted(word))", meant ?? file ?? help)
  }

  private func error(_ problem: String, _ remedy: String) -> ArgumentError {
    let place = command.map { "lanes \($0.rawValue)" } ?? "lanes"
    return ArgumentError(place: place, problem: problem, remedy: remedy)
  }
}
