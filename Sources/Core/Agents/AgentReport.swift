/// What the events of a coding agent have told so far.
package struct AgentReport: Equatable, Sendable {
  /// By which the agent can take the conversation up again.
  package var session: String?
  /// What it is doing, in one line without control characters; empty before it does something.
  package var activity = ""
  /// Its list of things to do; nil when it has shown none.
  package var todo: Todo?
  package var tokens = Tokens()
  /// An estimate in US dollars; nil when the agent states none.
  package var cost: Double?
  package var turns: Int?
  /// The text of its last message.
  package var answer: String?
  /// How it says that it ended; nil as long as it has not.
  package var ending: Ending?
  /// The last error it told of, be it the end or not.
  package var error: String?
  /// A limit that the agent stated as data: its words and when it ends.
  package var limit: AgentLimit?
  /// Complete lines that look like events and cannot be read, or are too long to be.
  package var unreadableLines = 0

  package init() {}

  package struct Todo: Equatable, Sendable {
    package var done: Int
    package var total: Int

    package init(done: Int, total: Int) {
      self.done = done
      self.total = total
    }
  }

  package struct Tokens: Equatable, Sendable {
    /// What was read from a cache included.
    package var input = 0
    package var output = 0
    package var cached = 0

    package init(input: Int = 0, output: Int = 0, cached: Int = 0) {
      self.input = input
      self.output = output
      self.cached = cached
    }
  }

  package enum Ending: Equatable, Sendable {
    case succeeded
    case failed(String)
  }
}

/// How readers of events note what they learn.
extension AgentReport {
  mutating func name(session id: String?) {
    guard let id, !id.isEmpty else { return }
    session = id
  }

  /// Takes a line for people; of a long text only the beginning, and of several lines the first.
  mutating func show(_ text: String) {
    let line = text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
    let shown = cleaned(String((line ?? "").prefix(200)))
    if !shown.isEmpty { activity = shown }
  }

  mutating func count(done: Int, total: Int) {
    if total > 0 { todo = Todo(done: done, total: total) }
  }

  /// Notes an end that is no success.
  mutating func fail(_ words: String) {
    error = words
    ending = .failed(words)
  }
}
