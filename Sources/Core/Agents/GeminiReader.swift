/// Reads the events of Gemini CLI.
struct GeminiReader: AgentEventReader {
  /// The pieces of the message under way, joined.
  private var text = ""
  /// Whether the last piece of text belongs to a message that a tool has ended.
  private var isInterrupted = true

  mutating func read(_ event: JSONNode, _ report: inout AgentReport) {
    switch event.text("type") {
    case "init":
      report.name(session: event.text("session_id"))
    case "message": message(event, &report)
    case "tool_use":
      isInterrupted = true
      tool(event, &report)
    case "tool_result":
      if event.text("status") == "error", let words = event.text("error", "message") {
        report.show(words)
      }
    case "error":
      if let words = event.text("message") {
        report.error = words
        report.show(words)
      }
    case "result": result(event, &report)
    default: break
    }
  }

  private mutating func message(_ event: JSONNode, _ report: inout AgentReport) {
    guard event.text("role") == "assistant", let piece = event.text("content") else { return }
    if isInterrupted || event["delta"]?.bool != true { text = "" }
    isInterrupted = false
    text += piece
    report.answer = text
    report.show(text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "")
  }

  private func tool(_ event: JSONNode, _ report: inout AgentReport) {
    let name = event.text("tool_name") ?? "tool"
    let parameters = event["parameters"]
    switch name {
    case "write_todos":
      let states = (parameters?["todos"].map { Array($0.elements) } ?? []).map {
        $0.text("status")
      }
      // What is cancelled is no work any more.
      let open = states.filter { $0 != "cancelled" }
      report.count(done: open.count { $0 == "completed" }, total: open.count)
    case "write_file", "replace":
      report.show("\(name): \(parameters?.text("file_path") ?? "")")
    default:
      let about = parameters?.text("command") ?? parameters?.text("file_path") ?? ""
      report.show(about.isEmpty ? name : "\(name): \(about)")
    }
  }

  private mutating func result(_ event: JSONNode, _ report: inout AgentReport) {
    isInterrupted = true
    if let stats = event["stats"], stats["input_tokens"] != nil {
      report.tokens = AgentReport.Tokens(
        input: max(0, stats["input_tokens"]?.integer ?? 0),
        output: max(0, stats["output_tokens"]?.integer ?? 0),
        cached: max(0, stats["cached"]?.integer ?? 0))
    }
    if event.text("status") == "success" {
      report.ending = .succeeded
      return
    }
    let kind = event.text("error", "type").map { "\($0): " } ?? ""
    report.fail(event.text("error", "message").map { kind + $0 } ?? report.error ?? "")
  }
}
