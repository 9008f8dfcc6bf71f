import Core
import Testing

/// From the bytes that a program writes to the moment at which the run goes on.
@Suite("Every known limit of an agent holds dispatch")
struct LimitDispatchTests {
  private static let programs: [AgentProfile.Preset] = [.claude, .codex, .gemini]

  /// The last events of a program that ran into something, in the shapes of AgentFormatTests.
  private static func output(_ program: AgentProfile.Preset, _ words: String) -> String {
    var json = JSONWriter()
    json.string(words)
    let text = String(decoding: json.bytes, as: UTF8.self)
    return switch program {
    case .claude:
      #"{"type":"system","subtype":"init","session_id":"s"}"# + "\n"
        + #"{"is_error":true,"num_turns":1,"result":\#(text),"subtype":"success","type":"result"}"#
    case .codex:
      #"{"type":"error","message":\#(text)}"# + "\n"
        + #"{"type":"turn.failed","error":{"message":\#(text)}}"#
    case .gemini:
      #"{"type":"result","status":"error","error":{"type":"Error","message":\#(text)},"stats":{}}"#
    case .shell: words
    }
  }

  /// A run of two tasks, one at a time, at the moment of `AgentLimitTests.now`, of which the first ends
  /// with this output.
  private func run(
    _ program: AgentProfile.Preset, output: String, errors: String = "", code: Int32 = 1
  ) throws -> RunScenario {
    var run = RunScenario(crew: [("1", []), ("2", [])], options: .having(jobs: 1)) {
      $0.agents[0].preset = program
      $0.longestHold = .seconds(40 * 86_400)
    }
    run.pass(AgentLimitTests.now - run.now)
    let format = try #require(AgentFormat(rawValue: program.rawValue))
    var listener = AgentListener(format)
    listener.take(Array(output.utf8)[...])
    listener.finish(
      .exited(code), errors: Array(errors.utf8), now: run.now, zones: AgentLimitTests.zones)
    let key = run.key("1")
    run.send(.report(.agent(key, listener.reading)))
    run.send(.report(.ended(key, .exited(code), ResourceUsage())))
    return run
  }

  /// Nothing starts before `start`, the first task does by `end`, and no attempt was counted.
  private func expectHold(
    _ run: RunScenario, from start: Duration, to end: Duration, _ comment: Comment
  ) {
    var run = run
    #expect(run.state.phase == .running, comment)
    #expect(run.running == [], comment)
    run.pass(start)
    #expect(run.running == [], comment)
    run.pass(end - start)
    #expect(run.running == ["1"], comment)
    #expect(run.state.task("1")?.failures == 0, comment)
    run.work("1")
    run.work("2")
    #expect(run.state.phase == .finished(.succeeded), comment)
  }

  @Test("until the stated moment", arguments: programs)
  func stated(program: AgentProfile.Preset) throws {
    let stated =
      AgentLimitTests.statedTexts.map { ($0.text, Double($0.minutes) * 60) }
      + AgentLimitTests.shortTexts
    for (text, seconds) in stated {
      let run = try run(program, output: Self.output(program, text))
      expectHold(run, from: .seconds(seconds), to: .seconds(seconds + 61), "\(text)")
    }
  }

  @Test("for a while where no moment is known", arguments: programs)
  func unknown(program: AgentProfile.Preset) throws {
    for text in AgentLimitTests.unknownTexts {
      let run = try run(program, output: Self.output(program, text))
      expectHold(run, from: .seconds(59), to: .seconds(61), "\(text)")
    }
    for text in AgentLimitTests.busyTexts {
      let run = try run(program, output: Self.output(program, text))
      expectHold(run, from: .seconds(4), to: .seconds(6), "\(text)")
    }
  }

  @Test("and ends the run where a person has to act", arguments: programs)
  func person(program: AgentProfile.Preset) throws {
    for text in AgentLimitTests.personTexts {
      let run = try run(program, output: Self.output(program, text))
      #expect(run.state.crew?.draining == .limit, "\(text)")
      #expect(run.running == [], "\(text)")
      #expect(run.state.task("1")?.failures == 0, "\(text)")
    }
  }

  @Test("when it is on standard error and there is no last event", arguments: programs)
  func errors(program: AgentProfile.Preset) throws {
    let errors = "Loaded cached credentials.\nYou've hit your limit · resets 8pm (Europe/Berlin)\n"
    let run = try run(program, output: #"{"type":"x"}"#, errors: errors)
    expectHold(run, from: .seconds(360 * 60), to: .seconds(361 * 60), "")
    #expect(run.state.crew?.holds.values.first?.words.hasPrefix("You've hit") == true)
  }

  @Test("other failures count as attempts, whatever the agent wrote before", arguments: programs)
  func others(program: AgentProfile.Preset) throws {
    for text in AgentLimitTests.othersTexts where !text.isEmpty {
      let run = try run(program, output: Self.output(program, text))
      #expect(run.state.task("1")?.failures == 1, "\(text)")
      #expect(run.state.crew?.holds == [:], "\(text)")
    }
  }

  @Test("data of Claude counts more than its words, and an exit of Gemini with 429 is one too")
  func data() throws {
    let event =
      #"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1780491600,"rateLimitType":"five_hour"}}"#
      + "\n"
    let limited = try run(.claude, output: event + Self.output(.claude, "limit reached"))
    expectHold(limited, from: .seconds(3600), to: .seconds(3660), "rate_limit_event")
    let gemini = try run(.gemini, output: "", code: 173)
    expectHold(gemini, from: .seconds(4), to: .seconds(6), "429")
  }

  @Test("a program that stays after its last event is ended, and what it said counts")
  func lingering() throws {
    for (hasFailed, outcome) in [
      (false, Outcome.exited(code: 0)), (true, .agentFailed("it ended without a result")),
    ] {
      var run = RunScenario(crew: [("1", [])]) { _ in }
      var reading = AgentReading()
      reading.hasFailed = hasFailed
      run.send(.report(.agent(run.key("1"), reading)))
      run.pass(.seconds(121))
      #expect(run.actions == [.measureSilence(run.key("1"))])
      run.send(.silence(run.key("1"), since: run.now + .seconds(-30)))
      #expect(run.state.task("1")?.ending == nil)
      run.send(.silence(run.key("1"), since: run.now + .seconds(-121)))
      #expect(run.state.task("1")?.ending?.reason == .concluded)
      #expect(run.actions.first == .signal(run.key("1"), .interrupt))
      run.send(.report(.ended(run.key("1"), .signaled(2), ResourceUsage())))
      #expect(run.state.task("1")?.outcome == outcome)
    }
  }

  @Test("so is a reviewer, whose verdict stands")
  func lingeringReviewer() {
    var run = RunScenario(crew: [("1", [])]) {
      $0.gates = [Gate(name: "look", agent: "strong")]
    }
    run.work("1")
    var reading = AgentReading()
    (reading.hasFailed, reading.answer) = (false, "PASS")
    run.send(.report(.agent(run.key("1"), reading)))
    run.send(.silence(run.key("1"), since: run.now + .seconds(-121)))
    #expect(run.actions == [.signal(run.key("1"), .kill)])
    run.send(.report(.ended(run.key("1"), .signaled(9), ResourceUsage())))
    #expect(run.state.phase == .finished(.succeeded))
  }

  @Test("events that cannot be read are told of once")
  func unreadable() throws {
    let good = #"{"type":"result","subtype":"success","is_error":false,"result":"ok"}"# + "\n"
    let run = try run(.claude, output: "{broken}\n{broken}\n" + good, code: 0)
    let warnings = run.events.filter {
      if case .warning("agent_output", _, _) = $0.kind { true } else { false }
    }
    #expect(warnings.count == 1)
    #expect(run.phase("1") == .finished(.succeeded))
  }
}
