/// Reads the events of Claude Code.
struct ClaudeReader {
  /// The text of the main loop's last message, and which message that is.
  private var text = ""
  private var message = ""
  /// Messages whose tokens are counted: several events share one message.
  private var counted: Set<String> = []
  /// Tasks of its list by id, and those whose id is still to come by the call that makes them.
  private var tasks: [String: Bool] = [:]
  private var newTasks: Set<String> = []
  private var isListed = false

  mutating func read(_ event: JSONNode, _ notes: inout AgentNotes) {
    notes.session(event.text("session_id"))
    switch event.text("type") {
    case "system": system(event, &notes)
    case "assistant": assistant(event, &notes)
    case "user": user(event, &notes)
    case "rate_limit_event": rateLimit(event["rate_limit_info"], &notes)
    case "tool_progress", "stream_event": notes.alive()
    case "result": result(event, &notes)
    default: break
    }
  }

  private func system(_ event: JSONNode, _ notes: inout AgentNotes) {
    switch event.text("subtype") {
    case "init": notes.report.model = event.text("model") ?? notes.report.model
    case "api_retry":
      let attempt = event.identifier("attempt") ?? "?"
      let most = event.identifier("max_retries") ?? "?"
      notes.activity("retry \(attempt) of \(most): \(event.text("error") ?? "error")")
    case "status", "task_progress", "task_started":
      notes.alive()
    default: break
    }
  }

  private mutating func assistant(_ event: JSONNode, _ notes: inout AgentNotes) {
    if let error = event.text("error") { notes.report.error = error }
    // What a subagent does is not the progress of the main loop.
    guard event["parent_tool_use_id"]?.string == nil, let body = event["message"] else { return }
    count(body, &notes)
    let id = body.text("id") ?? ""
    if id != message || id.isEmpty {
      message = id
      text = ""
    }
    for block in body["content"].map({ Array($0.elements) }) ?? [] {
      switch block.text("type") {
      case "text":
        text += block.text("text") ?? ""
        notes.activity(block.text("text") ?? "")
      case "tool_use": tool(block, &notes)
      default: break
      }
    }
    if !text.isEmpty { notes.report.answer = text }
  }

  /// Counts a message's tokens once; the result's own sum replaces this later.
  private mutating func count(_ message: JSONNode, _ notes: inout AgentNotes) {
    guard let id = message.text("id"), counted.insert(id).inserted, let usage = message["usage"]
    else { return }
    let tokens = Self.tokens(usage)
    notes.report.tokens.input += tokens.input
    notes.report.tokens.output += tokens.output
    notes.report.tokens.cached += tokens.cached
  }

  private static func tokens(_ usage: JSONNode) -> AgentReport.Tokens {
    let count = { (key: String) in max(0, usage[key]?.integer ?? 0) }
    let cached = count("cache_read_input_tokens")
    return AgentReport.Tokens(
      input: count("input_tokens") &+ cached &+ count("cache_creation_input_tokens"),
      output: count("output_tokens"), cached: cached)
  }

  private mutating func tool(_ block: JSONNode, _ notes: inout AgentNotes) {
    let name = block.text("name") ?? "tool"
    let input = block["input"]
    let path = input?.text("file_path") ?? input?.text("notebook_path")
    if ["Edit", "Write", "MultiEdit", "NotebookEdit"].contains(name) { notes.file(path) }
    switch name {
    case "TodoWrite": todo(input?["todos"], &notes)
    case "TaskCreate":
      if let id = block.text("id") { newTasks.insert(id) }
    case "TaskUpdate": update(input, &notes)
    default:
      let about =
        path ?? input?.text("command") ?? input?.text("pattern")
        ?? input?.text("description") ?? ""
      notes.activity(about.isEmpty ? name : "\(name): \(about)")
    }
  }

  private mutating func todo(_ list: JSONNode?, _ notes: inout AgentNotes) {
    guard let list else { return }
    let states = list.elements.map { $0.text("status") }
    isListed = true
    notes.todo(done: states.count { $0 == "completed" }, total: states.count)
    let current = list.elements.first { $0.text("status") == "in_progress" }
    if let name = current?.text("activeForm") ?? current?.text("content") { notes.activity(name) }
  }

  private mutating func update(_ input: JSONNode?, _ notes: inout AgentNotes) {
    guard let id = input?.identifier("taskId", "id", "task_id"),
      let status = input?.text("status")
    else { return }
    tasks[id] = status == "deleted" ? nil : status == "completed"
    showTasks(&notes)
  }

  private func showTasks(_ notes: inout AgentNotes) {
    if !isListed { notes.todo(done: tasks.values.count { $0 }, total: tasks.count) }
  }

  private mutating func user(_ event: JSONNode, _ notes: inout AgentNotes) {
    guard event["parent_tool_use_id"]?.string == nil else { return }
    let result = event["tool_use_result"]
    if result?["structuredPatch"] != nil || result?.text("type") == "create" {
      notes.file(result?.text("filePath"))
    }
    guard let content = event["message"]?["content"] else { return }
    for block in content.elements {
      guard let call = block.text("tool_use_id"), newTasks.remove(call) != nil,
        let id = result?["task"]?.identifier("id")
      else { continue }
      tasks[id] = tasks[id] ?? false
      showTasks(&notes)
    }
  }

  /// Only a rejection stops work, and not when further use is paid for.
  private func rateLimit(_ info: JSONNode?, _ notes: inout AgentNotes) {
    guard let info, info.text("status") == "rejected", info["isUsingOverage"]?.bool != true,
      info["overageInUse"]?.bool != true
    else { return }
    let seconds = info["resetsAt"]?.integer ?? info["overageResetsAt"]?.integer
    notes.limit(
      AgentReport.StatedLimit(
        kind: info.text("rateLimitType") ?? "",
        resetsAt: seconds.flatMap(Instant.init(epoch:))))
  }

  private func result(_ event: JSONNode, _ notes: inout AgentNotes) {
    notes.report.turns = event["num_turns"]?.integer ?? notes.report.turns
    notes.report.cost =
      event["total_cost_usd"]?.number ?? event["total_cost"]?.number
      ?? event["cost_usd"]?.number ?? notes.report.cost
    if let time = event["duration_ms"]?.number { notes.report.duration = .milliseconds(time) }
    let usage = event["usage"].map(Self.tokens) ?? AgentReport.Tokens()
    if usage != AgentReport.Tokens() { notes.report.tokens = usage }
    if let own = event.text("result"), own.utf8.count >= (notes.report.answer ?? "").utf8.count {
      notes.report.answer = own
    }
    if let output = event["structured_output"], !output.isNull {
      notes.report.structuredAnswer = String(
        decoding: output.document.bytes[output.range], as: UTF8.self)
    }
    let isGood = event.text("subtype") == "success" && event["is_error"]?.bool != true
    if isGood { return notes.end(.succeeded) }
    let reasons = event["errors"]?.elements.compactMap { $0.string ?? $0.text("message") } ?? []
    let words =
      event.text("result") ?? (reasons.isEmpty ? nil : reasons.joined(separator: "; "))
      ?? notes.report.error ?? event.text("terminal_reason") ?? event.text("subtype") ?? "error"
    let code = event.identifier("api_error_status").map { " (\($0))" } ?? ""
    notes.report.error = words + code
    notes.end(.failed(words + code))
  }
}

extension Instant {
  /// A moment in seconds since 1970; nil for a number that is none of this age.
  init?(epoch seconds: Int) {
    guard (1_000_000_000..<100_000_000_000).contains(seconds) else { return nil }
    self.init(microseconds: Int64(seconds) * 1_000_000)
  }
}
