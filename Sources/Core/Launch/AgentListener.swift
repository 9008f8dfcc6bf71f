/// Makes a reading of what an agent writes, piece by piece.
package struct AgentListener: Sendable {
  package private(set) var reading = AgentReading()
  /// Its last words, all of them.
  package private(set) var answer = ""
  private let format: AgentFormat
  private let clock: WallClock
  /// The beginning of a line that is not complete; of text the end, which may hold a verdict.
  private var rest: [UInt8] = []
  /// The text that the agent wrote since its last tool, for programs whose result has none.
  private var latestText = ""

  /// Longer lines are passed over.
  private static let longestLine = 32 << 20

  package init(format: AgentFormat, clock: WallClock) {
    self.format = format
    self.clock = clock
  }

  package mutating func take(_ bytes: ArraySlice<UInt8>) {
    guard format != .text else {
      rest = Array((rest + bytes).suffix(64 << 10))
      return
    }
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      rest += bytes[start..<end]
      takeLine()
      start = end + 1
    }
    rest += bytes[start...]
    if rest.count > Self.longestLine { rest = [] }
  }

  /// Notes that nothing more comes; `errors` is the end of what the program wrote to standard error.
  package mutating func finish(errors: [UInt8]) {
    if format == .text {
      reading.answer = LogText.lastLines(30, of: rest).joined(separator: "\n")
    } else {
      takeLine()
    }
  }

  private mutating func takeLine() {
    defer { rest.removeAll(keepingCapacity: true) }
    guard rest.first == UInt8(ascii: "{"),
      let line = try? JSONDocument(parsing: rest, name: "output").root
    else { return }
    switch format {
    case .claude: takeClaude(line)
    case .codex: takeCodex(line)
    case .gemini: takeGemini(line)
    case .text: break
    }
  }

  private mutating func say(_ text: String) {
    reading.activity = Verdict.firstLine(of: cleaned(text))
  }

  private mutating func conclude(failed: Bool, _ answer: String) {
    reading.hasFailed = failed
    self.answer = answer
    reading.answer = String(answer.suffix(AgentReading.longestAnswer))
  }

  private mutating func countTodos(_ list: JSONNode?, isDone: (JSONNode) -> Bool) {
    guard let list else { return }
    reading.todos = list.elements.reduce(0) { count, _ in count + 1 }
    reading.todosDone = list.elements.reduce(0) { $0 + (isDone($1) ? 1 : 0) }
  }

  // MARK: Claude

  private mutating func takeClaude(_ line: JSONNode) {
    reading.session = line["session_id"]?.string ?? reading.session
    switch line["type"]?.string {
    case "assistant" where line["parent_tool_use_id"]?.string == nil:
      for block in line["message"]?["content"]?.elements.map({ $0 }) ?? [] { takeBlock(block) }
    case "rate_limit_event": takeRateLimit(line["rate_limit_info"])
    case "result":
      let failed = line["subtype"]?.string != "success" || line["is_error"]?.bool == true
      conclude(failed: failed, line["result"]?.string ?? latestText)
      reading.cost = line["total_cost_usd"]?.number ?? reading.cost
      reading.turns = line["num_turns"]?.integer ?? reading.turns
      reading.tokensIn = line["usage"]?["input_tokens"]?.integer ?? reading.tokensIn
      reading.tokensOut = line["usage"]?["output_tokens"]?.integer ?? reading.tokensOut
      if !failed { reading.limit = nil }
    default: break
    }
  }

  private mutating func takeBlock(_ block: JSONNode) {
    if let text = block["text"]?.string {
      latestText = text
      say(text)
    }
    guard block["type"]?.string == "tool_use", let name = block["name"]?.string else { return }
    if name == "TodoWrite" {
      return countTodos(block["input"]?["todos"]) { $0["status"]?.string == "completed" }
    }
    say(
      "\(name) \(block["input"]?["file_path"]?.string ?? block["input"]?["command"]?.string ?? "")")
  }

  private mutating func takeRateLimit(_ info: JSONNode?) {
    guard let info, info["status"]?.string == "rejected", info["isUsingOverage"]?.bool != true
    else {
      return
    }
    let epoch = info["resetsAt"]?.number.map { Instant(microseconds: Int64($0 * 1_000_000)) }
    reading.limit = AgentLimit(
      .usage, resetsAt: epoch, words: "\(info["rateLimitType"]?.string ?? "usage") limit reached")
  }

  // MARK: Codex

  private mutating func takeCodex(_ line: JSONNode) {
    reading.session = line["thread_id"]?.string ?? reading.session
    switch line["type"]?.string {
    case "item.started", "item.updated", "item.completed":
      let item = line["item"]
      if let text = item?["text"]?.string, item?["type"]?.string == "agent_message" {
        latestText = text
        say(text)
      }
      if let command = item?["command"]?.string { say(command) }
      if item?["type"]?.string == "todo_list" {
        countTodos(item?["items"]) { $0["completed"]?.bool == true }
      }
    case "turn.completed":
      reading.turns += 1
      reading.tokensIn = line["usage"]?["input_tokens"]?.integer ?? reading.tokensIn
      reading.tokensOut = line["usage"]?["output_tokens"]?.integer ?? reading.tokensOut
      conclude(failed: false, latestText)
    case "turn.failed": conclude(failed: true, line["error"]?["message"]?.string ?? "")
    default: break
    }
  }

  // MARK: Gemini

  private mutating func takeGemini(_ line: JSONNode) {
    reading.session = line["session_id"]?.string ?? reading.session
    switch line["type"]?.string {
    case "message" where line["role"]?.string == "assistant":
      latestText += line["content"]?.string ?? ""
      say(latestText)
    case "tool_use":
      latestText = ""
      if line["tool_name"]?.string == "write_todos" {
        countTodos(line["parameters"]?["todos"]) { $0["status"]?.string == "completed" }
      }
      say(line["tool_name"]?.string ?? "")
    case "result":
      reading.tokensIn = line["stats"]?["input_tokens"]?.integer ?? reading.tokensIn
      reading.tokensOut = line["stats"]?["output_tokens"]?.integer ?? reading.tokensOut
      let failed = line["status"]?.string != "success"
      conclude(failed: failed, failed ? line["error"]?["message"]?.string ?? "" : latestText)
    default: break
    }
  }
}
