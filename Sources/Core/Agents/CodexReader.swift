/// Reads the events of Codex, of today and of the versions before.
struct CodexReader: AgentEventReader {
  mutating func read(_ event: JSONNode, _ report: inout AgentReport) {
    if let message = event["msg"], message.kind == .object { return old(message, &report) }
    switch event.text("type") {
    case "thread.started", "session.created":
      report.name(session: event.identifier("thread_id", "session_id"))
    case "item.started", "item.updated", "item.completed":
      if let entry = event["item"] { item(entry, &report) }
    case "turn.started": report.ending = nil
    case "turn.completed":
      usage(event["usage"], &report)
      report.turns = (report.turns ?? 0) + 1
      report.ending = .succeeded
    case "turn.failed":
      report.fail(event.text("error", "message") ?? report.error ?? "")
    case "error": error(event.text("message"), &report)
    default: break
    }
  }

  /// An error is not the end: reconnecting is told of in this way.
  private func error(_ message: String?, _ report: inout AgentReport) {
    guard let message else { return }
    report.error = message
    report.show(message)
  }

  private func item(_ item: JSONNode, _ report: inout AgentReport) {
    switch item.text("type") ?? item.text("item_type") {
    case "agent_message", "assistant_message":
      if let text = item.text("text") {
        report.answer = text
        report.show(text)
      }
    case "reasoning": report.show(item.text("text") ?? "")
    case "command_execution": report.show(item.text("command").map { "$ \($0)" } ?? "")
    case "file_change":
      for change in item["changes"].map({ Array($0.elements) }) ?? [] {
        report.show("\(change.text("kind") ?? "change"): \(change.text("path") ?? "")")
      }
    case "mcp_tool_call":
      report.show("\(item.text("server") ?? "tool"): \(item.text("tool") ?? "")")
    case "web_search": report.show("search: \(item.text("query") ?? "")")
    case "todo_list":
      let entries = item["items"].map { Array($0.elements) } ?? []
      report.count(done: entries.count { $0["completed"]?.bool == true }, total: entries.count)
      if let next = entries.first(where: { $0["completed"]?.bool != true })?.text("text") {
        report.show(next)
      }
    case "error": report.show(item.text("message") ?? "")
    default: break
    }
  }

  /// The total of the thread, which replaces what was known.
  private func usage(_ usage: JSONNode?, _ report: inout AgentReport) {
    guard let usage, usage.kind == .object else { return }
    report.tokens = AgentReport.Tokens(
      input: max(0, usage["input_tokens"]?.integer ?? 0),
      output: max(0, usage["output_tokens"]?.integer ?? 0),
      cached: max(0, usage["cached_input_tokens"]?.integer ?? 0))
  }

  /// Events as they were until 2025-09.
  private func old(_ message: JSONNode, _ report: inout AgentReport) {
    switch message.text("type") {
    case "session_configured": report.name(session: message.identifier("session_id"))
    case "agent_message":
      report.answer = message.text("message") ?? report.answer
      report.show(message.text("message") ?? "")
    case "agent_reasoning": report.show(message.text("text") ?? "")
    case "exec_command_begin":
      let words = message["command"]?.elements.compactMap(\.string) ?? []
      report.show("$ " + words.joined(separator: " "))
    case "token_count":
      usage(message["info"]?["total_token_usage"] ?? message, &report)
    case "task_complete":
      report.answer = message.text("last_agent_message") ?? report.answer
      report.ending = .succeeded
    case "error": error(message.text("message"), &report)
    default: break
    }
  }
}
