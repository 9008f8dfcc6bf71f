import Core
import Testing

/// What each agent's events mean; the shapes are those the vendors document, the values invented.
struct AgentFormatTests {
  private func read(_ format: AgentFormat, _ text: String) -> AgentReport {
    AgentStreamTests.read(format, text)
  }

  // MARK: Claude

  static let claude = """
    {"type":"system","subtype":"hook_started","session_id":"s1"}
    {"type":"system","subtype":"init","session_id":"s1","cwd":"/p","model":"m","tools":["Edit"]}
    {"type":"assistant","session_id":"s1","parent_tool_use_id":null,"message":{"id":"m1","usage":{"input_tokens":9,"output_tokens":1,"cache_read_input_tokens":3},"content":[{"type":"text","text":"I begin."}]}}
    {"type":"assistant","session_id":"s1","parent_tool_use_id":null,"message":{"id":"m1","usage":{"input_tokens":9,"output_tokens":1,"cache_read_input_tokens":3},"content":[{"type":"tool_use","id":"t1","name":"Edit","input":{"file_path":"/p/a.swift"}}]}}
    {"type":"user","session_id":"s1","parent_tool_use_id":null,"message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"ok"}]},"tool_use_result":{"filePath":"/p/a.swift","structuredPatch":[]}}
    {"type":"assistant","parent_tool_use_id":"t9","message":{"id":"m2","usage":{"input_tokens":500},"content":[{"type":"text","text":"subagent"},{"type":"tool_use","id":"t2","name":"TodoWrite","input":{"todos":[{"status":"completed"}]}}]}}
    {"type":"assistant","message":{"id":"m3","content":[{"type":"tool_use","id":"t3","name":"TodoWrite","input":{"todos":[{"content":"a","status":"completed","activeForm":"A"},{"content":"b","status":"in_progress","activeForm":"Doing b"}]}}]}}
    {"type":"rate_limit_event","rate_limit_info":{"status":"allowed_warning","resetsAt":1790000000,"rateLimitType":"five_hour"}}
    {"type":"assistant","message":{"id":"m4","content":[{"type":"text","text":"All is done."}]}}

    """

  @Test("the events of Claude tell what it does and how far it is")
  func claudeProgress() {
    let report = read(.claude, Self.claude)
    var expected = AgentReport()
    expected.session = "s1"
    expected.activity = "All is done."
    expected.todo = AgentReport.Todo(done: 1, total: 2)
    expected.tokens = AgentReport.Tokens(input: 12, output: 1, cached: 3)
    expected.answer = "All is done."
    #expect(report == expected)
    let lines = Self.claude.split(separator: "\n")
    let activities = lines.indices.map {
      read(.claude, lines[...$0].joined(separator: "\n")).activity
    }
    #expect(
      activities == [
        "", "", "I begin.", "Edit: /p/a.swift", "Edit: /p/a.swift", "Edit: /p/a.swift", "Doing b",
        "Doing b", "All is done.",
      ])
  }

  @Test("a good result of Claude, its type at the end, replaces the sums")
  func claudeResult() {
    let line =
      #"{"subtype":"success","is_error":false,"duration_ms":1500,"num_turns":2,"result":"All is done, and more.","session_id":"s1","total_cost_usd":0.25,"usage":{"input_tokens":100,"output_tokens":40,"cache_read_input_tokens":60},"structured_output":{"ok": true},"type":"result"}"#
    let report = read(.claude, Self.claude + line + "\n" + #"{"type":"prompt_suggestion"}"#)
    #expect(report.ending == .succeeded)
    #expect(report.cost == 0.25)
    #expect(report.turns == 2)
    #expect(report.tokens == AgentReport.Tokens(input: 160, output: 40, cached: 60))
    #expect(report.answer == "All is done, and more.")
  }

  @Test("a result with only the first piece of text, or none, leaves the whole message")
  func claudeShortResult() {
    for line in [
      #"{"type":"result","subtype":"success","is_error":false,"result":"All"}"#,
      #"{"type":"result","subtype":"success","is_error":false}"#,
    ] {
      #expect(read(.claude, Self.claude + line).answer == "All is done.")
    }
  }

  @Test(
    "the ends of Claude that are no success",
    arguments: [
      (
        #"{"type":"result","subtype":"success","is_error":true,"api_error_status":429,"result":"You've hit your session limit · resets 11pm (Area/City)"}"#,
        "You've hit your session limit · resets 11pm (Area/City) (429)"
      ),
      (
        #"{"type":"result","subtype":"error_max_turns","is_error":true,"errors":[]}"#,
        "error_max_turns"
      ),
      (
        #"{"type":"result","subtype":"error_during_execution","errors":["a","b"],"total_cost_usd":1}"#,
        "a; b"
      ),
      (
        #"{"type":"result","subtype":"error_max_budget_usd","terminal_reason":"budget_exhausted"}"#,
        "budget_exhausted"
      ),
    ])
  func claudeFailure(line: String, words: String) {
    #expect(read(.claude, line).ending == .failed(words))
  }

  @Test("only a rejection limits Claude, and not when further use is paid for")
  func claudeLimit() {
    let line = { (fields: String) in
      #"{"type":"rate_limit_event","rate_limit_info":{"resetsAt":1790000000,"rateLimitType":"seven_day",\#(fields)}}"#
    }
    let limit = AgentLimit(
      .usage, resetsAt: Instant(microseconds: 1_790_000_000_000_000),
      words: "seven_day limit reached")
    #expect(read(.claude, line(#""status":"rejected""#)).limit == limit)
    #expect(read(.claude, line(#""status":"allowed""#)).limit == nil)
    #expect(read(.claude, line(#""status":"rejected","isUsingOverage":true"#)).limit == nil)
    #expect(read(.claude, line(#""status":"rejected","overageInUse":true"#)).limit == nil)
  }

  @Test("the tasks of Claude's newer list count as progress")
  func claudeTasks() {
    let use = { (id: String, name: String, input: String) in
      #"{"type":"assistant","message":{"id":"\#(id)","content":[{"type":"tool_use","id":"\#(id)","name":"\#(name)","input":\#(input)}]}}"#
        + "\n"
    }
    let made = { (id: String, task: String) in
      #"{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"\#(id)"}]},"tool_use_result":{"task":{"id":"\#(task)"}}}"#
        + "\n"
    }
    let text =
      use("a", "TaskCreate", #"{"subject":"x"}"#) + made("a", "1")
      + use("b", "TaskCreate", #"{"subject":"y"}"#) + made("b", "2")
      + use("c", "TaskUpdate", #"{"taskId":"1","status":"completed"}"#)
    #expect(read(.claude, text).todo == AgentReport.Todo(done: 1, total: 2))
    let deleted = text + use("d", "TaskUpdate", #"{"task_id":2,"status":"deleted"}"#)
    #expect(read(.claude, deleted).todo == AgentReport.Todo(done: 1, total: 1))
  }

  @Test("all events of Claude as one array, and retries, are understood")
  func claudeArray() {
    let retry =
      #"{"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"error":"overloaded"}"#
    let result = #"{"type":"result","subtype":"success","is_error":false,"total_cost":2}"#
    let report = read(.claude, "[\(retry),\(result)]")
    #expect(report.activity == "retry 1 of 10: overloaded")
    #expect(report.ending == .succeeded)
    #expect(report.cost == 2)
    #expect(read(.claude, "[SandboxDebug] x\n") == AgentReport())
  }

  // MARK: Codex

  static let codex = """
    {"type":"thread.started","thread_id":"0199"}
    {"type":"turn.started"}
    {"type":"item.started","item":{"id":"item_0","type":"command_execution","command":"bash -lc ls","exit_code":null,"status":"in_progress"}}
    {"type":"item.completed","item":{"id":"item_1","type":"file_change","changes":[{"path":"a.swift","kind":"update"}],"status":"completed"}}
    {"type":"item.updated","item":{"id":"item_2","type":"todo_list","items":[{"text":"step","completed":true},{"text":"next","completed":false}]}}
    {"type":"error","message":"Reconnecting... 2/5 (x)"}
    {"type":"item.completed","item":{"id":"item_3","type":"agent_message","text":"done"}}
    {"type":"turn.completed","usage":{"input_tokens":900,"cached_input_tokens":600,"output_tokens":40}}

    """

  @Test("the events of Codex tell the same, and an error in between is not the end")
  func codex() {
    var expected = AgentReport()
    expected.session = "0199"
    expected.activity = "done"
    expected.todo = AgentReport.Todo(done: 1, total: 2)
    expected.tokens = AgentReport.Tokens(input: 900, output: 40, cached: 600)
    expected.turns = 1
    expected.answer = "done"
    expected.ending = .succeeded
    expected.error = "Reconnecting... 2/5 (x)"
    #expect(read(.codex, Self.codex) == expected)
  }

  @Test("the totals of Codex replace each other, and a failed turn is the end")
  func codexTurns() {
    let text =
      Self.codex + #"{"type":"turn.started"}"# + "\n"
      + #"{"type":"turn.failed","error":{"message":"You've hit your usage limit. Try again later."}}"#
    let report = read(.codex, text)
    #expect(report.ending == .failed("You've hit your usage limit. Try again later."))
    #expect(report.tokens.input == 900)
    #expect(read(.codex, Self.codex + #"{"type":"turn.started"}"#).ending == nil)
    #expect(read(.codex, Self.codex + Self.codex).tokens.input == 900)
  }

  @Test("the older forms of Codex are understood")
  func codexOld() {
    let report = read(
      .codex,
      """
      {"id":"0","msg":{"type":"session_configured","session_id":"s"}}
      {"id":"0","msg":{"type":"exec_command_begin","command":["ls","-l"]}}
      {"id":"0","msg":{"type":"token_count","info":{"total_token_usage":{"input_tokens":5,"output_tokens":2}}}}
      {"id":"0","msg":{"type":"task_complete","last_agent_message":"ready"}}
      """)
    #expect(report.session == "s")
    #expect(report.activity == "$ ls -l")
    #expect(report.tokens == AgentReport.Tokens(input: 5, output: 2))
    #expect(report.answer == "ready")
    #expect(report.ending == .succeeded)
    let middle = #"{"type":"item.completed","item":{"item_type":"assistant_message","text":"x"}}"#
    #expect(read(.codex, middle).answer == "x")
  }

  // MARK: Gemini

  static let gemini = """
    {"type":"init","timestamp":"2026-01-01T00:00:00Z","session_id":"s1","model":"gemini-x"}
    {"type":"message","role":"user","content":"PROMPT"}
    {"type":"message","role":"assistant","content":"I loo","delta":true}
    {"type":"message","role":"assistant","content":"k.","delta":true}
    {"type":"tool_use","tool_name":"write_file","tool_id":"t1","parameters":{"file_path":"/p/a"}}
    {"type":"tool_result","tool_id":"t1","status":"success"}
    {"type":"tool_use","tool_name":"write_todos","tool_id":"t2","parameters":{"todos":[{"description":"a","status":"completed"},{"description":"b","status":"pending"},{"description":"c","status":"cancelled"}]}}
    {"type":"message","role":"assistant","content":"Rea","delta":true}
    {"type":"message","role":"assistant","content":"dy","delta":true}
    {"type":"result","status":"success","stats":{"total_tokens":9,"input_tokens":5,"output_tokens":4,"cached":1,"duration_ms":7,"tool_calls":1}}

    """

  @Test("the events of Gemini tell the same, and pieces of text join until a tool is used")
  func gemini() {
    var expected = AgentReport()
    expected.session = "s1"
    expected.activity = "Ready"
    expected.todo = AgentReport.Todo(done: 1, total: 2)
    expected.tokens = AgentReport.Tokens(input: 5, output: 4, cached: 1)
    expected.answer = "Ready"
    expected.ending = .succeeded
    #expect(read(.gemini, Self.gemini) == expected)
  }

  @Test("the failures of Gemini have their words, in the result or before it")
  func geminiFailure() {
    let stated =
      #"{"type":"result","status":"error","error":{"type":"TerminalQuotaError","message":"[API Error: x]"},"stats":{"duration_ms":0}}"#
    let report = read(.gemini, stated)
    #expect(report.ending == .failed("TerminalQuotaError: [API Error: x]"))
    let before =
      #"{"type":"error","severity":"warning","message":"Loop detected, stopping execution"}"# + "\n"
      + #"{"type":"result","status":"error","stats":{}}"#
    #expect(read(.gemini, before).ending == .failed("Loop detected, stopping execution"))
  }
}
