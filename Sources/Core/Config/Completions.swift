/// Completions of the command line for shells, made from the table of commands and flags.
package enum Completions: String, Equatable, Sendable, CaseIterable {
  case bash
  case zsh
  case fish

  /// The text that the shell reads.
  package var text: String {
    switch self {
    case .bash: Self.bashText
    case .zsh: Self.zshText
    case .fish: Self.fishText
    }
  }

  private static var names: [String] { Command.allCases.map(\.rawValue) }

  /// A text between single quotes, as all three shells read it.
  private static func quote(_ text: String) -> String {
    "'" + text.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }

  /// The words that can follow a flag; empty when any text can.
  private static func choices(_ flag: Flag) -> [String] {
    switch flag.value {
    case .choice(let words): words
    case .toggle: ["true", "false"]
    case .integerOrAuto: ["auto"]
    case .integer, .duration, .text, .list, nil: []
    }
  }

  /// The words that can be a command's first operand; empty when they cannot be listed.
  private static func operands(_ command: Command) -> [String] {
    if command == .help { return names }
    let first = command.operands.split(separator: " ").first.map(String.init) ?? ""
    guard first.contains("|") else { return [] }
    return first.split(separator: "|").map(String.init).filter { $0.lowercased() == $0 }
  }

  private static func takesFile(_ command: Command) -> Bool {
    command.operands.contains("FILE")
  }

  // MARK: bash

  private static var bashText: String {
    var values = ""
    var words = ""
    for command in Command.allCases {
      for flag in command.flags where !choices(flag).isEmpty {
        let name = command.rawValue + ":--" + flag.name
        let short = flag.short.map { "|" + command.rawValue + ":-\($0)" } ?? ""
        values += "    \(name)\(short)) words=\(quote(choices(flag).joined(separator: " "))) ;;\n"
      }
      let all = operands(command) + (command.flags + Flag.global).map { "--" + $0.name }
      words += "    \(command.rawValue)) words=\(quote(all.joined(separator: " ")))"
      words += takesFile(command) ? " files=1 ;;\n" : " ;;\n"
    }
    return """
      # Completions of lanes for bash.
      _lanes() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        local command= words= files= place
        for ((place = 1; place < COMP_CWORD; place++)); do
          case ${COMP_WORDS[place]} in
          \(names.joined(separator: "|"))) command=${COMP_WORDS[place]}; break ;;
          esac
        done
        case $command:$previous in
      \(values)  esac
        if [[ -z $words ]]; then
          case $command in
          '') words=\(quote((names + Flag.global.map { "--" + $0.name }).joined(separator: " "))) ;;
      \(words)    esac
        fi
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"
          [[ -n $files ]] && compgen -f -- "$current")
      }
      complete -o filenames -F _lanes lanes

      """
  }

  // MARK: zsh

  private static var zshText: String {
    let commands = Command.allCases.map { command in
      "    \(quote("\(command.rawValue):\(command.summary)"))\n"
    }
    let cases = Command.allCases.map { command -> String in
      let flags = (command.flags + Flag.global).map { "        \(zshFlag($0)) \\\n" }.joined()
      let words = operands(command)
      let operand =
        takesFile(command) && words.isEmpty
        ? "'*:file:_files'"
        : words.isEmpty
          ? "'*: :'" : quote("1: :(\(words.joined(separator: " ")))") + " '*:file:_files'"
      return "      \(command.rawValue)) _arguments \\\n\(flags)        \(operand) ;;\n"
    }
    return """
      #compdef lanes
      # Completions of lanes for zsh.
      _lanes() {
        local state
        local -a commands=(
      \(commands.joined())  )
        _arguments -C \\
      \(Flag.global.map { "    \(zshFlag($0)) \\\n" }.joined())    '1:command:->command' '*::operand:->operand'
        case $state in
        command) _describe command commands ;;
        operand)
          case $words[1] in
      \(cases.joined())    esac ;;
        esac
      }
      _lanes "$@"

      """
  }

  private static func zshFlag(_ flag: Flag) -> String {
    let help = flag.help.map { "[]\\:".contains($0) ? "\\\($0)" : String($0) }.joined()
    let words = choices(flag)
    let value =
      flag.value.map { kind in
        words.isEmpty ? ":\(kind.placeholder): " : ":word:(\(words.joined(separator: " ")))"
      } ?? ""
    let long = flag.value == nil ? "--\(flag.name)" : "--\(flag.name)="
    guard let short = flag.short else { return quote("\(long)[\(help)]\(value)") }
    let shortForm = flag.value == nil ? "-\(short)" : "-\(short)+"
    return quote("(-\(short) --\(flag.name))") + "{" + quote(shortForm) + "," + quote(long) + "}"
      + quote("[\(help)]\(value)")
  }

  // MARK: fish

  private static var fishText: String {
    var text = "# Completions of lanes for fish.\ncomplete -c lanes -f\n"
    for flag in Flag.global { text += fishFlag(flag, condition: nil) }
    let none = "-n \(quote("not __fish_seen_subcommand_from \(names.joined(separator: " "))"))"
    for command in Command.allCases {
      text += "complete -c lanes \(none) -a \(command.rawValue) -d \(quote(command.summary))\n"
    }
    for command in Command.allCases {
      let condition = "__fish_seen_subcommand_from \(command.rawValue)"
      for flag in command.flags { text += fishFlag(flag, condition: condition) }
      let words = operands(command).joined(separator: " ")
      if !words.isEmpty { text += "complete -c lanes -n \(quote(condition)) -a \(quote(words))\n" }
      if takesFile(command) { text += "complete -c lanes -n \(quote(condition)) -F\n" }
    }
    return text
  }

  private static func fishFlag(_ flag: Flag, condition: String?) -> String {
    var text = "complete -c lanes"
    if let condition { text += " -n \(quote(condition))" }
    text += " -l \(flag.name)"
    if let short = flag.short { text += " -s \(short)" }
    if flag.value != nil { text += " -x" }
    let words = choices(flag)
    if !words.isEmpty { text += " -a \(quote(words.joined(separator: " ")))" }
    return text + " -d \(quote(flag.help))\n"
  }
}
