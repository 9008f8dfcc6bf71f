import Core
import Testing

@Suite("The command line") struct ArgumentsTests {
  private func parse(_ line: String) throws(ArgumentError) -> Invocation {
    try Arguments.parse(line.split(separator: " ").map(String.init))
  }

  @Test(
    "flags take values in every GNU form",
    arguments: [
      "run -j4 tasks.json", "run -j 4 tasks.json", "run --jobs=4 tasks.json",
      "run tasks.json --jobs 4", "run -j 9 --jobs 4 -- tasks.json",
    ])
  func spellings(line: String) throws {
    let invocation = try parse(line)
    #expect(invocation.command == .run)
    #expect(invocation.operands == ["tasks.json"])
    #expect(invocation.integer("jobs") == 4)
    let settings = try Settings.resolve(flags: invocation.settings)
    #expect(settings.jobs == 4)
  }

  @Test("a whole invocation is one value")
  func invocation() throws {
    #expect(
      try parse("-C /work run --serial --on-failure keep-going --only 2,5 --no-tui")
        == Invocation(
          .run, directory: "/work",
          flags: [
            "serial": "", "on-failure": "keep-going", "only": "2,5", "no-tui": "",
          ],
          settings: [
            SettingsFlag(key: "parallel", text: "false", name: "--serial"),
            SettingsFlag(key: "on_failure", text: "keep-going", name: "--on-failure"),
            SettingsFlag(key: "output", text: "plain", name: "--no-tui"),
          ]))
  }

  @Test("short flags can share a word, and the last may take the rest")
  func bundles() throws {
    let invocation = try parse("logs -fn20 3 4")
    #expect(invocation.flags == ["follow": "", "lines": "20"])
    #expect(invocation.operands == ["3", "4"])
  }

  @Test("operands after -- may begin with a dash, and a dash alone is one")
  func dashes() throws {
    #expect(try parse("skip -- -1 --x --").operands == ["-1", "--x", "--"])
    #expect(try parse("run -").operands == ["-"])
  }

  @Test(
    "help and version are answered from anywhere",
    arguments: [
      ("", Invocation(.help)), ("--help", Invocation(.help)), ("help", Invocation(.help)),
      ("run -h", Invocation(.help, operands: ["run"])),
      ("explain --help", Invocation(.help, operands: ["explain"])),
      ("help init", Invocation(.help, operands: ["init"])), ("-V", Invocation(.version)),
      ("--version", Invocation(.version)), ("run --version", Invocation(.version)),
      ("version", Invocation(.version)),
    ])
  func helpAndVersion(line: String, expected: Invocation) throws {
    #expect(try parse(line) == expected)
  }

  @Test(
    "every mistake is named with its remedy",
    arguments: [
      ("rum", #"lanes: unknown command "rum"; did you mean run?"#),
      ("stat", #"lanes: unknown command "stat"; did you mean status?"#),
      (
        "a/tasks.json",
        #"lanes: unknown command "a/tasks.json"; to run a task list, write lanes run a/tasks.json"#
      ),
      ("xyzzy", #"lanes: unknown command "xyzzy"; see lanes help"#),
      ("run --job 4", #"lanes run: unknown flag "--job"; did you mean --jobs?"#),
      ("run -x", #"lanes run: unknown flag "-x"; see lanes help run"#),
      ("-j 4 run", #"lanes: unknown flag "-j"; put the command first, as in lanes run --jobs 4"#),
      ("run --jobs", "lanes run: --jobs needs a value; write --jobs N|auto"),
      (
        "run -j 0",
        #"lanes run: -j: "0" is not a number from 1 to 100000 nor auto; see lanes help run"#
      ),
      (
        "run --schedule level",
        #"lanes run: --schedule: "level" is not one of levels, dataflow, tracks; did you mean levels?"#
      ),
      (
        "run --timeout soon",
        #"lanes run: --timeout: "soon" is not a time; write a time such as 90s, 15m or 1h30m, or none"#
      ),
      ("run --dry-run=yes", #"lanes run: --dry-run takes no value; leave out "=yes""#),
      ("run a b", #"lanes run: "b" is one word too many; see lanes help run"#),
      ("explain", "lanes explain: TASK is missing; write lanes explain TASK"),
      (
        "jobs many",
        #"lanes jobs: "many" is not a number from 1 to 100000 nor auto; write a number of tasks, or auto"#
      ),
      ("cancel", "lanes cancel: which tasks?; name them, or write --all"),
      ("retry", "lanes retry: which tasks?; name them, or write --failed"),
      ("help rnu", #"lanes help: unknown command "rnu"; did you mean run?"#),
      ("-C /x", nil),
    ])
  func mistakes(line: String, expected: String?) throws {
    if let expected {
      let error = #expect(throws: ArgumentError.self) { try parse(line) }
      #expect(error?.description == expected)
    } else {
      #expect(try parse(line) == Invocation(.help))
    }
  }

  @Test("control characters of a word do not reach the terminal")
  func controlCharacters() {
    let error = #expect(throws: ArgumentError.self) { try Arguments.parse(["a\u{1B}[2Jb"]) }
    #expect(error?.description.contains("\u{1B}") == false)
  }

  @Test("the commands that take numbers and times give them")
  func values() throws {
    #expect(try parse("wait --timeout 1h30m").duration("timeout") == .seconds(5400))
    #expect(try parse("logs --attempt 2 7").integer("attempt") == 2)
    #expect(try parse("plan --format dot --remaining").flags == ["format": "dot", "remaining": ""])
    #expect(try parse("retry --failed --with-dependents").has("with-dependents"))
    #expect(try parse("init --force").command == .initialize)
  }

  @Test("no command has two flags of one name or letter", arguments: Command.allCases)
  func unambiguous(command: Command) {
    let flags = command.flags + Flag.global
    #expect(Set(flags.map(\.name)).count == flags.count)
    #expect(Set(flags.compactMap(\.short)).count == flags.count { $0.short != nil })
  }

  @Test(
    "the help of a command lists its flags in lines of at most 80 characters",
    arguments: Command.allCases)
  func help(command: Command) {
    let text = Help.text(for: command)
    for flag in command.flags {
      #expect(text.contains("--\(flag.name)") == !flag.isHidden)
    }
    #expect(text.contains("Usage: lanes \(command.rawValue)"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(Help.overview.contains("  \(command.rawValue)"))
  }

  @Test("the help of logs is this")
  func helpText() {
    #expect(
      Help.text(for: .logs) == """
        Show what tasks have written.

        Usage: lanes logs [FLAG…] [TASK…]

        Flags:
          -f, --follow     go on as more is written
              --attempt N  the log of attempt N; default the last
          -n, --lines N    only the last N lines

        Flags of every command:
          -C, --directory DIR  work as if started in DIR
          -h, --help           explain the command
          -V, --version        print the version

        """)
  }
}
