/// Reads the events of Codex, of today and of the versions before.
struct CodexReader {
  mutating func read(_ event: JSONNode, _ notes: inout AgentNotes) {
    if let message = event["msg"], message.kind == .object { return old(message, &notes) }
    switch event.text("type") {
    case "thread.started", "session.created":
      notes.session(event.identifier("thread_id", "session_id"))
    case "item.started", "item.updated", "item.completed":
      if let entry = event["item"] {
        item(entry, isDone: event.text("type") == "item.completed", &notes)
      }
    case "turn.started": notes.report.ending = nil
    case "turn.completed":
      usage(event["usage"], &notes)
      notes.report.turns = (notes.report.turns ?? 0) + 1
      notes.end(.succeeded)
    case "turn.failed":
      let words = event.text("error", "message") ?? notes.report.error ?? "the turn failed"
      notes.report.error = words
      notes.end(.failed(words))
    case "error": error(event.text("message"), &notes)
    default: break
    }
  }

  /// An error is not the end: reconnecting is told of in this way.
  private func error(_ message: String?, _ notes: inout AgentNotes) {
    guard let message else { return }
    notes.report.error = message
    notes.activity(message)
  }

  private func item(_ item: JSONNode, isDone: Bool, _ notes: inout AgentNotes) {
    switch item.text("type") ?? item.text("item_type") {
    case "agent_message", "assistant_message":
      if let text = item.text("text") {
        notes.report.answer = text
        notes.activity(text)
      }
    case "reasoning": notes.activity(item.text("text") ?? "")
    case "command_execution": notes.activity(item.text("command").map { "$ \($0)" } ?? "")
    case "file_change":
      for change in item["changes"].map({ Array($0.elements) }) ?? [] {
        let path = change.text("path")
        if isDone { notes.file(path) }
        notes.activity("\(change.text("kind") ?? "change"): \(path ?? "")")
      }
    case "mcp_tool_call":
      notes.activity("\(item.text("server") ?? "tool"): \(item.text("tool") ?? "")")
    case "web_search": notes.activity("search: \(item.text("query") ?? "")")
    case "todo_list":
      let entries = item["items"].map { Array($0.elements) } ?? []
      notes.todo(done: entries.count { $0["completed"]?.bool == true }, total: entries.count)
      if let next = entries.first(where: { $0["completed"]?.bool != true })?.text("text") {
        notes.activity(next)
      }
    case "error": notes.activity(item.text("message") ?? "")
    default: break
    }
  }

  /// The total of the thread, which replaces what was known.
  private func usage(_ usage: JSONNode?, _ notes: inout AgentNotes) {
    guard let usage, usage.kind == .object else { return }
    notes.report.tokens = AgentReport.Tokens(
      input: max(0, usage["input_tokens"]?.integer ?? 0),
      output: max(0, usage["output_tokens"]?.integer ?? 0),
      cached: max(0, usage["cached_input_tokens"]?.integer ?? 0))
  }

  /// Events as they were until 2025-09.
  private func old(_ message: JSONNode, _ notes: inout AgentNotes) {
    switch message.text("type") {
    case "session_configured": notes.session(message.identifier("session_id"))
    case "agent_message":
      notes.report.answer = message.text("message") ?? notes.report.answer
      notes.activity(message.text("message") ?? "")
    case "agent_reasoning": notes.activity(message.text("text") ?? "")
    case "exec_command_begin":
      let words = message["command"]?.elements.compactMap(\.string) ?? []
      notes.activity("$ " + words.joined(separator: " "))
    case "token_count":
      usage(message["info"]?["total_token_usage"] ?? message, &notes)
    case "task_complete":
      notes.report.answer = message.text("last_agent_message") ?? notes.report.answer
      notes.end(.succeeded)
    case "error": error(message.text("message"), &notes)
    default: break
    }
  }
}
