import Core
import Testing

@Suite("Settings of agents, gates and budgets")
struct CrewSettingsTests {
  private func settings(_ text: String) throws -> Settings {
    try Settings.resolve(project: SettingsFile(path: "lanes.yml", bytes: Array(text.utf8)))
  }

  private static let whole = """
    agents:
      fast: {preset: claude, model: haiku, args: --effort low, environment: {A: 1}, resume: true}
      other: {preset: codex, program: bin/codex, price: {input: 1.25, output: 10}}
      checks: {command: "make task-$LANES_TASK_ID"}
    escalate: [fast, fast, other]
    routes:
      - {match: {worker: frontend, complexity: 7.., priority: high, tag: x}, agent: fast, pool: ui}
      - {match: {complexity: ..3}, escalate: [checks]}
    pools: {ui: 1, db: 2}
    gates:
      - {name: test, run: make test, timeout: 10m, retries: 1}
      - {name: review, agent: other, at: final, instructions: Be strict}
    budget: {usd: 25, warn: 10, task: 2.5}
    limit_wait: 6h
    """

  @Test("every key is read")
  func everyKey() throws {
    let crew = try #require(try settings(Self.whole).crewOptions())
    var expected = CrewOptions()
    expected.agents = [
      AgentProfile(name: "checks", command: "make task-$LANES_TASK_ID"),
      AgentProfile(
        name: "fast", preset: .claude, model: "haiku", arguments: "--effort low",
        environment: ["A": "1"], resumesSession: true),
      AgentProfile(
        name: "other", preset: .codex, program: "bin/codex",
        price: TokenPrice(input: 1.25, output: 10)),
    ]
    expected.ladder = ["fast", "fast", "other"]
    expected.escalates = true
    expected.routes = [
      Route(
        match: .init(worker: "frontend", complexity: 7...1000, priority: .high, tag: "x"),
        agent: "fast", pool: "ui"),
      Route(match: .init(complexity: 0...3), ladder: ["checks"]),
    ]
    expected.pools = [Pool("ui", limit: 1), Pool("db", limit: 2)]
    expected.gates = [
      Gate(name: "test", command: "make test", timeout: .seconds(600), retries: 1),
      Gate(name: "review", agent: "other", at: .final, instructions: "Be strict"),
    ]
    expected.budget = Budget(limit: 25, warning: 10, perTask: 2.5)
    expected.longestHold = .seconds(6 * 3600)
    #expect(crew == expected)
  }

  @Test("a manifest keeps all of it")
  func manifest() throws {
    var options = RunOptions()
    var crew = try #require(try settings(Self.whole).crewOptions(template: "{{id}}"))
    crew.tracks = TrackOptions(
      names: ["Backend", ""], assignment: ["1": 2],
      sprints: [.init(id: "S1", name: "First", track: 1, tasks: ["1"])], opened: [1])
    options.crew = crew
    let manifest = RunManifest(
      id: RunID("r"), version: "1", directory: "/",
      plan: Plan(origin: Plan.Origin(file: "t"), tasks: [TaskSpec(id: "1", title: "")]),
      options: options)
    var json = JSONWriter()
    json.object { manifest.encodeFields(into: &$0) }
    let document = try JSONDocument(parsing: json.bytes, name: "m")
    #expect(RunManifest(fields: document.root) == manifest)
  }

  @Test("plain commands need none of it")
  func plain() throws {
    #expect(try settings("command: make").crewOptions() == nil)
    #expect(try settings("agents: {a: {command: make}}").crewOptions() == nil)
    #expect(try settings("agents: {a: {preset: claude}}").crewOptions() != nil)
  }

  @Test("a chosen agent begins the ladder where it stands in it")
  func chosen() throws {
    let text = Self.whole + "\nagent: other\n"
    #expect(try settings(text).crewOptions()?.ladder == ["other"])
  }

  @Test(
    "mistakes say where they are and what is meant",
    arguments: [
      (
        "agents: {a: {preset: claud}}",
        #"lanes.yml:1:22: preset: "claud" is not one of claude, codex, gemini, shell;"#
          + " did you mean claude?"
      ),
      (
        "agents: {a: {modell: x}}",
        #"lanes.yml:1:14: unknown key "modell"; did you mean model?"#
      ),
      (
        "agents: {a: {model: x}}",
        #"lanes.yml:1:10: the agent "a" has no command; add command: TEXT, or preset: claude,"#
          + " codex or gemini"
      ),
      (
        "agents: {fast: {preset: claude}}\nescalate: [fats]",
        #"lanes.yml:2:11: unknown agent "fats"; did you mean fast?"#
      ),
      (
        "gates: [{name: t}]",
        "lanes.yml:1:9: a gate needs either a command or an agent; write run: TEXT, or agent:"
          + " NAME for a reviewer"
      ),
      (
        "gates: [{name: t, run: x, at: tsk}]",
        #"lanes.yml:1:31: at: "tsk" is not one of task, level, sprint, final; did you mean task?"#
      ),
      ("pools: {ui: 0}", #"lanes.yml:1:13: the limit of pool "ui" is no number from 1; write 1"#),
      (
        "budget: {usd: lots}",
        #"lanes.yml:1:15: usd: "lots" is not an amount of dollars; write 2.50"#
      ),
      (
        "routes: [{match: {complexity: 9..2}}]",
        #"lanes.yml:1:31: "9..2" is no range of complexities; write 7, 7.., ..3 or 4..6"#
      ),
      (
        "gates: {a: 1}",
        #"lanes.yml:1:8: gates is not a list; begin each with a dash, as in "- {…}""#
      ),
    ])
  func mistakes(text: String, words: String) {
    #expect { try settings(text) } throws: { "\($0)" == words }
  }

  @Test("every event about agents, gates and money is the same after the journal")
  func events() throws {
    var reading = AgentReading()
    reading.session = "s"
    reading.activity = "Edit a"
    (reading.todosDone, reading.todos) = (1, 3)
    (reading.tokensIn, reading.tokensOut, reading.turns) = (5, 6, 7)
    reading.cost = 0.25
    reading.hasFailed = true
    reading.answer = "FAIL: x"
    reading.limit = AgentLimit(.usage, resetsAt: Instant(microseconds: 5), words: "l")
    (reading.tokensCached, reading.unreadableLines, reading.problem) = (2, 3, "p")
    let key = AttemptKey("1", 2)
    let result = GateResult(
      attempt: 2, hasPassed: false, isRetried: true, words: "w", time: .milliseconds(1500))
    let events: [CrewEvent] = [
      .agentAssigned(key, agent: "a", model: "m", tier: 2), .agentReported(key, reading),
      .workFinished(key, ResourceUsage(cpu: .seconds(1), maxResident: 5)),
      .gateStarted(key, gate: "g", try: 1), .gateEnded(key, gate: "g", result),
      .stageStarted(.level(3), gate: "g", try: 1), .stageReported(.final, gate: "g", reading),
      .stageEnded(.sprint("S"), gate: "g", result),
      .dispatchHeld(account: "claude", until: Instant(microseconds: 9), words: "w"),
      .holdEnded(account: "claude"), .waitEnded("1"), .budgetWarned(spent: 1.5),
      .budgetSpent(spent: 2.5), .budgetChanged(Budget(limit: 1, warning: 2, perTask: 3)),
      .trackOpened(1), .trackFinished(2), .trackWaiting(3, tasks: ["1", "2"]),
    ]
    for event in events {
      var json = JSONWriter()
      json.object { RunEvent.Kind.crew(event).encodeFields(into: &$0) }
      let document = try JSONDocument(parsing: json.bytes, name: "e")
      #expect(RunEvent.Kind(name: event.name, fields: document.root) == .crew(event))
    }
  }
}
