import Core
import Glibc
import Testing

/// Agents that are scripts speaking the lines of the real programs.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct AgentTests {
  /// Writes the lines of `claude --output-format stream-json`; `body` decides WORDS, FAILED and COST.
  private static func claude(_ body: String) -> String {
    """
    #!/bin/sh
    cat >prompt.$LANES_TASK_ID.$LANES_ATTEMPT
    WORDS=done FAILED=false COST=0.5 CODE=0
    echo '{"type":"system","subtype":"init","session_id":"s1","model":"m"}'
    \(body)
    printf '{"session_id":"s1","subtype":"success","is_error":%s,"num_turns":3,"result":"%s","total_cost_usd":%s,"usage":{"input_tokens":100,"output_tokens":10},"type":"result"}\\n' $FAILED "$WORDS" $COST
    exit $CODE
    """
  }

  private func sandbox(
    _ tasks: [(String, [String])], _ settings: String, claude: String = ""
  ) throws -> Sandbox {
    let sandbox = try Sandbox(tasks)
    let agents = """
      agents:
        fast: {preset: claude, program: ./claude, model: haiku}
        strong: {preset: claude, program: ./claude, model: opus}
      backoff: 10ms

      """
    try sandbox.write(agents + settings, to: "lanes.yml")
    try sandbox.write(Self.claude(claude), to: "claude", mode: 0o755)
    return sandbox
  }

  @Test("a refused attempt goes to the next agent of the ladder, which is told why")
  func escalation() async throws {
    let sandbox = try sandbox(
      [("1", []), ("2", ["1"])],
      """
      escalate: [fast, fast, strong]
      gates: [{name: model, run: 'echo "I want $LANES_TASK_ID by opus"; grep -q opus model'}]
      """, claude: #"echo $LANES_MODEL $LANES_AGENT >model; cat "$LANES_FEEDBACK_FILE" >why"#)
    let run = try await sandbox.run("run", "-j", "1", "--output", "json")
    #expect(run.status == 0)
    let assigned = run.events.filter { $0.kind == "agent_assigned" }
    #expect(
      assigned.map { "\($0.task) \($0.attempt ?? 0) \($0["agent"]) \($0["model"])" } == [
        "1 1 fast haiku", "1 2 fast haiku", "1 3 strong opus", "2 1 fast haiku", "2 2 fast haiku",
        "2 3 strong opus",
      ])
    #expect(sandbox.text("model") == "opus strong\n")
    #expect(sandbox.text("why").contains("I want 2 by opus"))
    let prompt = sandbox.text("prompt.2.3")
    #expect(prompt.contains("## Attempt 2 was not accepted"))
    #expect(prompt.contains("I want 2 by opus"))
    #expect(prompt.contains("- 1 Task 1: done"))
    #expect(run.events.filter { $0.kind == "gate_ended" }.count == 6)
  }

  @Test("a gate that always refuses ends as a case for a person, with every attempt's log")
  func needsPerson() async throws {
    let sandbox = try sandbox(
      [("1", []), ("2", [])],
      "escalate: [fast, strong]\ngates: [{name: never, run: 'test $LANES_TASK_ID = 2', at: task}]")
    let run = try await sandbox.run("run")
    #expect(run.status == 5)
    #expect(run.output.contains("🙋 Task 1 Task 1 needs a person: refused by never: exit status 1"))
    #expect(run.output.contains("✔ Task 2"))
    let folder = ".lanes/runs/" + (sandbox.names(in: ".lanes/runs").first ?? "")
    let names = sandbox.names(in: folder)
    for name in ["1.1.log", "1.2.log", "1.1.never.1.gate", "1.2.never.1.gate"] {
      #expect(names.contains(name), "\(names)")
    }
    let status = try await sandbox.run("explain", "1")
    #expect(status.output.contains("lanes retry"))
  }

  @Test("in worktrees what each refused attempt did is kept, beside its log")
  func everyDiff() async throws {
    let sandbox = try sandbox(
      [("1", [])],
      "escalate: [fast, fast, strong]\ngates: [{name: never, run: 'false', at: task}]",
      claude: "echo $LANES_MODEL >work.$LANES_ATTEMPT")
    try sandbox.makeRepository()
    let run = try await sandbox.run("run")
    #expect(run.status == 5, "\(run.output)\(run.errors)")
    let refs = try sandbox.git("for-each-ref", "--format=%(refname)", "refs/lanes/attempts")
      .split(separator: "\n").map(String.init)
    #expect(refs.count == 2, "\(refs)")
    for (number, ref) in refs.sorted().enumerated() {
      #expect(ref.contains("/1/\(number + 1)/"))
      #expect(try sandbox.shown(ref, "work.\(number + 1)") == "haiku")
    }
    let tree = try #require(sandbox.names(in: ".lanes/worktrees").first)
    #expect(sandbox.text(".lanes/worktrees/\(tree)/work.3") == "opus\n")
  }

  @Test("a usage limit holds dispatch until it resets, and no attempt is lost")
  func limit() async throws {
    let sandbox = try sandbox(
      [("1", []), ("2", []), ("3", [])], "agent: fast",
      claude: """
        if mkdir limited 2>/dev/null; then
          printf '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":%s,"rateLimitType":"five_hour"}}\\n' $(($(date +%s) + 2))
          FAILED=true CODE=1 WORDS='limit reached'
        fi
        """)
    let run = try await sandbox.run("run", "-j", "1", "--output", "json")
    #expect(run.status == 0)
    let story = run.story
    let held = try #require(story.firstIndex(of: "dispatch_held"))
    let passed = try #require(story.firstIndex(of: "hold_ended"))
    #expect(!story[held..<passed].contains { $0.hasPrefix("attempt_started") })
    #expect(story.filter { $0.hasPrefix("retry_scheduled") } == [])
    #expect(story.filter { $0.hasSuffix("succeeded") }.count == 4)
  }

  @Test("a spent budget starts nothing more, ends nothing, and is exit status 6")
  func budget() async throws {
    let sandbox = try sandbox(
      [("1", []), ("2", []), ("3", []), ("4", [])], "agent: fast\nbudget: {usd: 0.9, warn: 0.4}",
      claude: "[ $LANES_TASK_ID = 2 ] && sleep 1")
    let run = try await sandbox.run("run", "-j", "2", "--output", "json")
    #expect(run.status == 6)
    #expect(run.story.contains("budget_warned"))
    #expect(run.story.contains("budget_spent"))
    #expect(!run.story.contains { $0.hasPrefix("attempt_ending") })
    let again = try await sandbox.run("resume")
    #expect(again.status == 6)
    try sandbox.write(
      sandbox.text("lanes.yml").replacing("usd: 0.9", with: "usd: 90"), to: "lanes.yml")
    let rest = try await sandbox.run("resume")
    #expect(rest.status == 0)
    #expect(rest.output.contains("📊 Cost: $2.00 of $90.00"))
  }

  @Test("codex is understood too, and text agents as reviewers; tokens have a price")
  func others() async throws {
    let sandbox = try Sandbox([("1", []), ("2", [])])
    try sandbox.write(
      """
      agents:
        one: {preset: codex, program: ./codex, price: {input: 1000, output: 0}}
        two: {preset: gemini, program: ./gemini}
        judge: {command: 'echo thinking; echo PASS'}
      agent: one
      routes: [{match: {priority: high}, agent: two}]
      gates: [{name: judge, agent: judge}]
      """, to: "lanes.yml")
    try sandbox.write(
      """
      #!/bin/sh
      cat >/dev/null
      echo '{"type":"thread.started","thread_id":"t1"}'
      echo '{"type":"item.completed","item":{"id":"i","type":"agent_message","text":"built"}}'
      echo '{"type":"turn.completed","usage":{"input_tokens":900,"output_tokens":40}}'
      """, to: "codex", mode: 0o755)
    try sandbox.write("#!/bin/sh\nexit 1\n", to: "gemini", mode: 0o755)
    let run = try await sandbox.run("run")
    #expect(run.status == 0)
    #expect(run.output.contains("📊 Cost: $1.80, 1800 tokens in, 80 out, 2 turns"))
    #expect(run.output.contains("📊 Gates: 2 of 2 passed"))
  }

  @Test("gates of levels and of the whole run when their tasks are done, and refuse with status 5")
  func stages() async throws {
    let sandbox = try sandbox(
      [("1", []), ("2", ["1"])],
      """
      agent: fast
      gates:
        - {name: build, run: 'test -f prompt.1.1', at: level}
        - {name: all, run: 'test -f ok', at: final, retries: 1}
      """)
    let run = try await sandbox.run("run")
    #expect(run.status == 5)
    #expect(run.output.contains("✅ level 0: build: PASS"))
    #expect(run.output.contains("⚠️ the whole: all: FAIL - exit status 1; once more"))
    #expect(run.output.contains("❌ all refused the whole: exit status 1"))
    try sandbox.write("", to: "ok")
    let again = try await sandbox.run("resume")
    #expect(again.status == 0)
  }

  @Test("a gate that a killed runner left is gone before it runs again")
  func strayGate() async throws {
    let sandbox = try sandbox(
      [("1", [])],
      """
      agent: fast
      gates:
        - name: all
          at: final
          run: 'echo $$ >>gates; while [ ! -e go ]; do sleep 0.05; done'
      """)
    let first = try await sandbox.start("run", "--output", "json")
    try await first.event("stage_gate_started")
    #expect(eventually { sandbox.lines("gates").count == 1 })
    first.signal(SIGKILL)
    try await first.end()
    let second = try await sandbox.start("resume", "--output", "json")
    #expect(eventually { sandbox.lines("gates").count == 2 })
    let pids = sandbox.text("gates").split(separator: "\n").compactMap { Int32($0) }
    #expect(["", "Z"].contains(processState(pids[0])))
    #expect(!["", "Z"].contains(processState(pids[1])))
    try sandbox.write("", to: "go")
    #expect(try await second.end().status == 0)
  }

  @Test("a draft is sent back with its findings until it can run, and never written over a file")
  func draft() async throws {
    let sandbox = try Sandbox()
    try sandbox.write("A shop.", to: "PRD.md")
    try sandbox.write(
      """
      #!/bin/sh
      cat >prompt
      if grep -q 'wait for each other' prompt; then deps='[]'; else deps='[2]'; fi
      echo "Sure: {\\"tasks\\": [{\\"id\\": 1, \\"title\\": \\"A\\", \\"dependencies\\": $deps},"
      echo '{"id": 2, "title": "B", "dependencies": [1]}]} Done.'
      """, to: "writer", mode: 0o755)
    try sandbox.write("agents: {writer: {command: ./writer}}\n", to: "lanes.yml")
    let run = try await sandbox.run("draft", "PRD.md", "--agent", "writer")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("wrote 2 tasks in 2 levels"))
    #expect(run.errors.contains("wait for each other"))
    #expect(sandbox.text("prompt").contains("A shop."))
    let plan = try await sandbox.run("validate")
    #expect(plan.status == 0)
    let second = try await sandbox.run("draft", "PRD.md")
    #expect(second.status == 2)
    #expect(second.errors.contains("is there already"))
  }
}
