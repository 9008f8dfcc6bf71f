/// Reads the events of Gemini CLI.
struct GeminiReader {
  /// The pieces of the message under way, joined.
  private var text = ""
  /// Whether the last piece of text belongs to a message that a tool has ended.
  private var isInterrupted = true

  mutating func read(_ event: JSONNode, _ notes: inout AgentNotes) {
    switch event.text("type") {
    case "init":
      notes.session(event.text("session_id"))
      notes.report.model = event.text("model") ?? notes.report.model
    case "message": message(event, &notes)
    case "tool_use":
      isInterrupted = true
      tool(event, &notes)
    case "tool_result":
      if event.text("status") == "error", let words = event.text("error", "message") {
        notes.activity(words)
      }
    case "error":
      if let words = event.text("message") {
        notes.report.error = words
        notes.activity(words)
      }
    case "result": result(event, &notes)
    default: break
    }
  }

  private mutating func message(_ event: JSONNode, _ notes: inout AgentNotes) {
    guard event.text("role") == "assistant", let piece = event.text("content") else { return }
    if isInterrupted || event["delta"]?.bool != true { text = "" }
    isInterrupted = false
    text += piece
    notes.report.answer = text
    notes.activity(text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "")
  }

  private func tool(_ event: JSONNode, _ notes: inout AgentNotes) {
    let name = event.text("tool_name") ?? "tool"
    let parameters = event["parameters"]
    switch name {
    case "write_todos":
      let states = (parameters?["todos"].map { Array($0.elements) } ?? []).map {
        $0.text("status")
      }
      // What is cancelled is no work any more.
      let open = states.filter { $0 != "cancelled" }
      notes.todo(done: open.count { $0 == "completed" }, total: open.count)
    case "write_file", "replace":
      notes.file(parameters?.text("file_path"))
      notes.activity("\(name): \(parameters?.text("file_path") ?? "")")
    default:
      let about = parameters?.text("command") ?? parameters?.text("file_path") ?? ""
      notes.activity(about.isEmpty ? name : "\(name): \(about)")
    }
  }

  private mutating func result(_ event: JSONNode, _ notes: inout AgentNotes) {
    isInterrupted = true
    if let stats = event["stats"] {
      if stats["total_tokens"] != nil {
        notes.report.tokens = AgentReport.Tokens(
          input: max(0, stats["input_tokens"]?.integer ?? 0),
          output: max(0, stats["output_tokens"]?.integer ?? 0),
          cached: max(0, stats["cached"]?.integer ?? 0))
      }
      // On an error the time is written as zero.
      if let time = stats["duration_ms"]?.number, time > 0 {
        notes.report.duration = .milliseconds(time)
      }
    }
    guard event.text("status") != "success" else { return notes.end(.succeeded) }
    let kind = event.text("error", "type").map { "\($0): " } ?? ""
    let words =
      event.text("error", "message").map { kind + $0 } ?? notes.report.error ?? "no answer"
    notes.report.error = words
    notes.end(.failed(words))
  }
}
