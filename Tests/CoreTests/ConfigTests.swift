import Core
import Testing

@Suite("The settings") struct ConfigTests {
  private func file(_ text: String, _ path: String = "lanes.yml") -> SettingsFile {
    SettingsFile(path: path, bytes: Array(text.utf8))
  }

  @Test("every key is read")
  func everyKey() throws {
    let settings = try Settings.resolve(
      project: file(
        """
        jobs: 8
        schedule: dataflow
        on_failure: keep-going
        attempts: 3
        backoff: 2s
        backoff_limit: 10m
        timeout: 2h
        stall_timeout: 90
        grace: 250ms
        agent: fast
        agents:
          fast: {command: "run it"}
          slow: {command: think}
        environment: {CI: 1, EMPTY: }
        write_status: false
        launcher: slurm
        slurm: {partition: main, account: team, qos: low, options: --nice=5}
        """))
    var options = RunOptions()
    options.launcher = .slurm
    options.slurm.partition = "main"
    options.slurm.account = "team"
    options.slurm.qos = "low"
    options.slurm.options = "--nice=5"
    options.jobs = 8
    options.schedule = .dataflow
    options.onFailure = .keepGoing
    options.attempts = 3
    options.backoff = .seconds(2)
    options.backoffLimit = .seconds(600)
    options.timeout = .seconds(7200)
    options.stallTimeout = .seconds(90)
    options.grace = .milliseconds(250)
    options.command = "run it"
    options.agent = "fast"
    options.environment = ["CI": "1", "EMPTY": ""]
    options.writesStatus = false
    #expect(settings.runOptions == options)
  }

  @Test("without any source the defaults are those of a run")
  func defaults() throws {
    #expect(try Settings.resolve() == Settings())
    #expect(Settings().runOptions == RunOptions())
    #expect(try Settings.resolve(project: file("# nothing\n")) == Settings())
  }

  @Test("later sources win, and each value knows its origin")
  func precedence() throws {
    let settings = try Settings.resolve(
      user: file("jobs: 2\nattempts: 2\nbackoff: 2s\ngrace: 2s", "~/u.yml"),
      project: file("jobs: 3\nattempts: 3\nbackoff_limit: 3s"),
      environment: ["LANES_JOBS": "4", "LANES_BACKOFF": "4s", "LANES_GRACE": ""],
      flags: [SettingsFlag(key: "jobs", text: "5", name: "-j")])
    #expect(settings.jobs == 5)
    #expect(settings.origin(of: "jobs") == .flag("-j"))
    #expect(settings.attempts == 3)
    #expect(settings.origin(of: "attempts").description == "lanes.yml:2:11")
    #expect(settings.backoff == .seconds(4))
    #expect(settings.origin(of: "backoff").description == "$LANES_BACKOFF")
    #expect(settings.grace == .seconds(2))
    #expect(settings.origin(of: "grace").description == "~/u.yml:4:8")
    #expect(settings.origin(of: "timeout") == .standard)
  }

  @Test(
    "serial means one job unless more were asked for at a higher place",
    arguments: [
      ("parallel: false", [], 1), ("parallel: false\njobs: 8", [], 1),
      ("parallel: false", [("jobs", "8")], 8), ("jobs: 8", [("parallel", "false")], 1),
      ("", [("jobs", "8"), ("parallel", "false")], 1),
    ])
  func serial(text: String, flags: [(String, String)], jobs: Int) throws {
    let settings = try Settings.resolve(
      project: file(text),
      flags: flags.map { SettingsFlag(key: $0.0, text: $0.1, name: "--\($0.0)") })
    #expect(settings.runOptions.jobs == jobs)
  }

  @Test(
    "a command wins over an agent of the same place, and the only agent is the default",
    arguments: [
      ("command: c\nagent: a", [], "c", nil), ("command: c", [("agent", "a")], "x", "a"),
      ("agent: a", [("command", "c")], "c", nil), ("", [], "x", "a"),
    ] as [(String, [(String, String)], String, String?)])
  func worker(text: String, flags: [(String, String)], command: String, agent: String?) throws {
    let options = try Settings.resolve(
      project: file(text + "\nagents: {a: {command: x}}"),
      flags: flags.map { SettingsFlag(key: $0.0, text: $0.1, name: "--\($0.0)") }
    ).runOptions
    #expect(options.command == command)
    #expect(options.agent == agent)
  }

  @Test("agents and task variables of both files are joined")
  func joining() throws {
    let settings = try Settings.resolve(
      user: file("agents: {a: {command: ua}, b: {command: ub}}\nenvironment: {X: u, Y: u}"),
      project: file("agents: {b: {command: pb}}\nenvironment: {Y: p}"))
    #expect(settings.agents.mapValues(\.command) == ["a": "ua", "b": "pb"])
    #expect(settings.environment == ["X": "u", "Y": "p"])
  }

  @Test(
    "every mistake is named with its place and its remedy",
    arguments: [
      ("\njob: 4", #"lanes.yml:2:1: unknown key "job"; did you mean jobs?"#),
      ("jobs: 0", #"lanes.yml:1:7: jobs: "0" is not a number from 1 to 100000 nor auto"#),
      ("jobs: [1]", "lanes.yml:1:7: jobs is not one value; write one text or number"),
      ("parallel: no", #"lanes.yml:1:11: parallel: "no" is neither true nor false"#),
      (
        "schedule: data-flow",
        #"lanes.yml:1:11: schedule: "data-flow" is not one of levels, dataflow, tracks; did you mean dataflow?"#
      ),
      (
        "grace: 1y",
        #"lanes.yml:1:8: grace: "1y" is not a time; write a time such as 90s, 15m or 1h30m"#
      ),
      (
        "timeout: 9999999h",
        #"lanes.yml:1:10: timeout: "9999999h" is not between 1ms and 365d; "#
          + "write a time such as 90s, 15m or 1h30m, or none"
      ),
      (
        "agent: fats\nagents: {fast: {command: x}}",
        #"lanes.yml:1:8: unknown agent "fats"; did you mean fast?"#
      ),
      (
        "agent: fast",
        #"lanes.yml:1:8: unknown agent "fast"; describe it under agents in lanes.yml"#
      ),
      (
        "agents: {fast: {comand: x}}",
        #"lanes.yml:1:17: unknown key "comand"; did you mean command?"#
      ),
      (
        "agents: {fast: }",
        #"lanes.yml:1:10: the agent "fast" has no command; add command: TEXT, or preset: claude,"#
          + " codex or gemini"
      ),
      (
        "environment: {LANES_TASK_ID: 1}",
        #"lanes.yml:1:15: "LANES_TASK_ID" cannot be set for tasks; "#
          + "lanes sets it itself; choose another name"
      ),
      (
        "- jobs",
        #"lanes.yml:1:1: the file is not a list of "key: value"; write one "key: value" a line"#
      ),
      (
        "jobs: 1\njobs: 2",
        #"lanes.yml:2:1: the key "jobs" is already on line 1; remove one of the two"#
      ),
      (
        "jobs: 1\n---\njobs: 2",
        "lanes.yml:3:1: this is a second document; remove the line --- before it"
      ),
    ])
  func mistakes(text: String, expected: String) {
    let error = #expect(throws: SettingsError.self) {
      try Settings.resolve(project: file(text))
    }
    #expect(error?.description == expected)
  }

  @Test("a bad variable is named")
  func badVariable() {
    let error = #expect(throws: SettingsError.self) {
      try Settings.resolve(environment: ["LANES_OUTPUT": "jason"])
    }
    #expect(
      error?.description
        == #"$LANES_OUTPUT: output: "jason" is not one of auto, tui, plain, json, quiet; did you mean json?"#
    )
  }

  @Test("a task's variables set nothing and are no misspelt settings")
  func taskVariables() throws {
    let task = Dictionary(uniqueKeysWithValues: Settings.taskVariables.map { ($0, "9") })
    #expect(try Settings.resolve(environment: task) == Settings())
    #expect(Settings.warnings(environment: task) == [])
    #expect(Settings.taskVariables.isDisjoint(with: Setting.table.map(\.variable)))
    #expect(
      Settings.warnings(environment: ["LANES_JOB": "1", "LANES_XYZZY_PLUGH": "1", "HOME": "/"])
        == [#"the variable "LANES_JOB" has no meaning; did you mean LANES_JOBS?"#])
  }

  @Test(
    "the user's file is where XDG says",
    arguments: [
      (["XDG_CONFIG_HOME": "/c", "HOME": "/h"], "/c/lanes/lanes.yml"),
      (["XDG_CONFIG_HOME": "relative", "HOME": "/h"], "/h/.config/lanes/lanes.yml"),
      (["HOME": "/h"], "/h/.config/lanes/lanes.yml"), ([:], nil),
    ] as [([String: String], String?)])
  func userFile(environment: [String: String], expected: String?) {
    #expect(Settings.userFilePath(environment: environment) == expected)
  }

  @Test("what is in force is listed with its origin, and secrets are masked")
  func listing() throws {
    let settings = try Settings.resolve(
      project: file("agents: {a: {command: x}}\nenvironment: {API_TOKEN: t0p, CI: 'a\\e'}"),
      environment: ["LANES_JOBS": "9"])
    let lines = settings.lines
    #expect(lines.first == .init(key: "jobs", value: "9", origin: .variable("LANES_JOBS")))
    #expect(
      lines.suffix(3).map { "\($0.key)=\($0.value ?? "") \($0.origin)" } == [
        "agents.a.command=x lanes.yml:1:23", "environment.API_TOKEN=******** lanes.yml:2:26",
        "environment.CI=a\\e lanes.yml:2:35",
      ])
    #expect(
      settings.text.split(separator: "\n").first?.split(separator: " ") == [
        "jobs", "9", "$LANES_JOBS",
      ])
    #expect(!settings.text.contains("t0p"))
    let json = String(decoding: settings.json, as: UTF8.self)
    #expect(json.hasPrefix(#"[{"key":"jobs","value":"9","origin":"$LANES_JOBS"},"#))
    #expect(json.contains(#"{"key":"timeout","value":"none","origin":"default"}"#))
  }

  @Test("the template gives the defaults, as it is and with every line taken")
  func template() throws {
    #expect(try Settings.resolve(project: file(Template.text)) == Settings())
    let lines = Template.text.split(separator: "\n").map { line in
      let key = line.dropFirst(2).prefix { $0 != ":" }
      return Setting.named(String(key)) == nil ? String(line) : String(line.dropFirst(2))
    }
    let taken = lines.filter { !$0.hasPrefix("agent: ") }.joined(separator: "\n")
    let settings = try Settings.resolve(project: file(taken))
    for setting in Setting.table {
      let expected = setting.standard ?? setting.text(in: settings)
      #expect(setting.text(in: settings) == expected)
      if setting.key != "agent" { #expect(settings.origin(of: setting.key) != .standard) }
    }
    #expect(settings.command == "make task-$LANES_TASK_ID")
    let texts = Template.text.split(separator: "\n").filter { !$0.contains(": [") }
    #expect(texts.allSatisfy { $0.count <= 110 })
  }

  @Test("the examples at the template's end are valid too")
  func templateExamples() throws {
    let lines = Template.text.split(separator: "\n").drop { $0 != "# agents:" }
    let text = lines.map { $0.dropFirst(2) }.filter { $0.first?.isUppercase != true }
      .joined(separator: "\n")
    let settings = try Settings.resolve(project: file(text))
    #expect(settings.agents.keys.sorted() == ["fast", "own", "strong"])
    #expect(settings.environment == ["CI": "1"])
  }
}

@Suite("Words and times") struct ConfigWordsTests {
  @Test(
    "the nearest word is found, and none that is far",
    arguments: [
      ("job", "jobs"), ("jbos", "jobs"), ("JOBS", "jobs"), ("stat", "status"), ("xyzzy", nil),
      ("skedule", "schedule"), ("", nil), ("on-failure", "on_failure"), ("a", nil),
    ] as [(String, String?)])
  func nearestWord(word: String, expected: String?) {
    #expect(nearest(word, among: ["jobs", "status", "schedule", "on_failure"]) == expected)
  }

  @Test(
    "times are read",
    arguments: [
      ("90", 90_000_000), ("90s", 90_000_000), ("15m", 900_000_000), ("1h30m", 5_400_000_000),
      ("250ms", 250_000), ("1.5h", 5_400_000_000), ("0.25", 250_000), ("2d", 172_800_000_000),
      ("1m1s1ms", 61_001_000), ("0", 0), ("1.1234567s", 1_123_456),
    ] as [(String, Int64)])
  func times(text: String, microseconds: Int64) {
    #expect(Duration(text: text) == .microseconds(microseconds))
  }

  @Test(
    "other texts are no times",
    arguments: [
      "", "s", "-1", "1y", "1s1h", "1s1s", "1h30", "1..2", "1.", ".", "1 s", "99999999999999d",
      "9223372036854775807", "9223372036854775807.9", "٣s", "1e3", "+1",
    ])
  func noTimes(text: String) {
    #expect(Duration(text: text) == nil)
  }

  @Test(
    "a time is written as it is read",
    arguments: [
      "1h30m", "250ms", "0s", "365d", "1m1s", "5m",
    ])
  func timeTexts(text: String) {
    #expect(Duration(text: text)?.text == text)
  }

  @Test(
    "variables with secrets are known by their names",
    arguments: [
      ("GITHUB_TOKEN", true), ("db_password", true), ("AWS_SECRET_ACCESS_KEY", true),
      ("API_KEY", true), ("KEYBOARD", false), ("CI", false), ("PATH", false),
    ])
  func secrets(name: String, isSecret: Bool) {
    #expect(Secret.isSecret(variable: name) == isSecret)
  }
}
