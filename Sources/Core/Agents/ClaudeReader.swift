/// Reads the events of Claude Code.
struct ClaudeReader: AgentEventReader {
  /// The text of the main loop's last message, and which message that is.
  private var text = ""
  private var message = ""
  /// Messages whose tokens are counted: several events share one message.
  private var counted: Set<String> = []
  /// Tasks of its list by id, and those whose id is still to come by the call that makes them.
  private var tasks: [String: Bool] = [:]
  private var newTasks: Set<String> = []
  private var isListed = false

  mutating func read(_ event: JSONNode, _ report: inout AgentReport) {
    report.name(session: event.text("session_id"))
    switch event.text("type") {
    case "system": system(event, &report)
    case "assistant": assistant(event, &report)
    case "user": user(event, &report)
    case "rate_limit_event": rateLimit(event["rate_limit_info"], &report)
    case "result": result(event, &report)
    default: break
    }
  }

  private func system(_ event: JSONNode, _ report: inout AgentReport) {
    guard event.text("subtype") == "api_retry" else { return }
    let attempt = event.identifier("attempt") ?? "?"
    let most = event.identifier("max_retries") ?? "?"
    report.show("retry \(attempt) of \(most): \(event.text("error") ?? "error")")
  }

  private mutating func assistant(_ event: JSONNode, _ report: inout AgentReport) {
    if let error = event.text("error") { report.error = error }
    // What a subagent does is not the progress of the main loop.
    guard event["parent_tool_use_id"]?.string == nil, let body = event["message"] else { return }
    count(body, &report)
    let id = body.text("id") ?? ""
    if id != message || id.isEmpty {
      message = id
      text = ""
    }
    for block in body["content"].map({ Array($0.elements) }) ?? [] {
      switch block.text("type") {
      case "text":
        text += block.text("text") ?? ""
        report.show(block.text("text") ?? "")
      case "tool_use": tool(block, &report)
      default: break
      }
    }
    if !text.isEmpty { report.answer = text }
  }

  /// Counts a message's tokens once; the result's own sum replaces this later.
  private mutating func count(_ message: JSONNode, _ report: inout AgentReport) {
    guard let id = message.text("id"), counted.insert(id).inserted, let usage = message["usage"]
    else { return }
    let tokens = Self.tokens(usage)
    report.tokens.input += tokens.input
    report.tokens.output += tokens.output
    report.tokens.cached += tokens.cached
  }

  private static func tokens(_ usage: JSONNode) -> AgentReport.Tokens {
    let count = { (key: String) in max(0, usage[key]?.integer ?? 0) }
    let cached = count("cache_read_input_tokens")
    return AgentReport.Tokens(
      input: count("input_tokens") &+ cached &+ count("cache_creation_input_tokens"),
      output: count("output_tokens"), cached: cached)
  }

  private mutating func tool(_ block: JSONNode, _ report: inout AgentReport) {
    let name = block.text("name") ?? "tool"
    let input = block["input"]
    let path = input?.text("file_path") ?? input?.text("notebook_path")
    switch name {
    case "TodoWrite": todo(input?["todos"], &report)
    case "TaskCreate":
      if let id = block.text("id") { newTasks.insert(id) }
    case "TaskUpdate": update(input, &report)
    default:
      let about =
        path ?? input?.text("command") ?? input?.text("pattern")
        ?? input?.text("description") ?? ""
      report.show(about.isEmpty ? name : "\(name): \(about)")
    }
  }

  private mutating func todo(_ list: JSONNode?, _ report: inout AgentReport) {
    guard let list else { return }
    let states = list.elements.map { $0.text("status") }
    isListed = true
    report.count(done: states.count { $0 == "completed" }, total: states.count)
    let current = list.elements.first { $0.text("status") == "in_progress" }
    if let name = current?.text("activeForm") ?? current?.text("content") { report.show(name) }
  }

  private mutating func update(_ input: JSONNode?, _ report: inout AgentReport) {
    guard let id = input?.identifier("taskId", "id", "task_id"),
      let status = input?.text("status")
    else { return }
    tasks[id] = status == "deleted" ? nil : status == "completed"
    showTasks(&report)
  }

  private func showTasks(_ report: inout AgentReport) {
    if !isListed { report.count(done: tasks.values.count { $0 }, total: tasks.count) }
  }

  private mutating func user(_ event: JSONNode, _ report: inout AgentReport) {
    guard event["parent_tool_use_id"]?.string == nil else { return }
    let result = event["tool_use_result"]
    guard let content = event["message"]?["content"] else { return }
    for block in content.elements {
      guard let call = block.text("tool_use_id"), newTasks.remove(call) != nil,
        let id = result?["task"]?.identifier("id")
      else { continue }
      tasks[id] = tasks[id] ?? false
      showTasks(&report)
    }
  }

  /// Only a rejection stops work, and not when further use is paid for.
  private func rateLimit(_ info: JSONNode?, _ report: inout AgentReport) {
    guard let info, info.text("status") == "rejected", info["isUsingOverage"]?.bool != true,
      info["overageInUse"]?.bool != true
    else { return }
    let seconds = info["resetsAt"]?.integer ?? info["overageResetsAt"]?.integer
    let kind = info.text("rateLimitType").map { "\(cleaned($0)) limit" } ?? "usage limit"
    report.limit = AgentLimit(
      .usage, resetsAt: seconds.flatMap(Instant.init(epoch:)), words: "\(kind) reached")
  }

  private func result(_ event: JSONNode, _ report: inout AgentReport) {
    report.turns = event["num_turns"]?.integer ?? report.turns
    report.cost =
      event["total_cost_usd"]?.number ?? event["total_cost"]?.number
      ?? event["cost_usd"]?.number ?? report.cost
    let usage = event["usage"].map(Self.tokens) ?? AgentReport.Tokens()
    if usage != AgentReport.Tokens() { report.tokens = usage }
    if let own = event.text("result"), own.utf8.count >= (report.answer ?? "").utf8.count {
      report.answer = own
    }
    let isGood = event.text("subtype") == "success" && event["is_error"]?.bool != true
    if isGood {
      report.ending = .succeeded
      return
    }
    let reasons = event["errors"]?.elements.compactMap { $0.string ?? $0.text("message") } ?? []
    let words =
      event.text("result") ?? (reasons.isEmpty ? nil : reasons.joined(separator: "; "))
      ?? report.error ?? event.text("terminal_reason") ?? event.text("subtype") ?? "error"
    let code = event.identifier("api_error_status").map { " (\($0))" } ?? ""
    report.fail(words + code)
  }
}

extension Instant {
  /// A moment in seconds since 1970; nil for a number that is none of this age.
  init?(epoch seconds: Int) {
    guard (1_000_000_000..<100_000_000_000).contains(seconds) else { return nil }
    self.init(microseconds: Int64(seconds) * 1_000_000)
  }
}
