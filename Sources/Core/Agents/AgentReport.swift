/// What the output of a coding agent has told so far.
package struct AgentReport: Equatable, Sendable {
  /// By which the agent can take the conversation up again.
  package var session: String?
  package var model: String?
  /// What it is doing, in one line without control characters.
  package var activity: String?
  /// Its list of things to do; nil when it has shown none.
  package var todo: Todo?
  package var tokens = Tokens()
  /// An estimate in US dollars; nil when the agent states none.
  package var cost: Double?
  package var turns: Int?
  package var duration: Duration?
  /// The files it wrote to, as it names them, each once.
  package var files: [String] = []
  /// The text of its last message.
  package var answer: String?
  /// A result that keeps to a schema, as JSON.
  package var structuredAnswer: String?
  /// How it says that it ended; nil as long as it has not.
  package var ending: Ending?
  /// The last error it told of, be it the end or not.
  package var error: String?
  /// When a limit ends that the agent stated as data.
  package var limit: StatedLimit?
  /// Complete lines that look like events and are none.
  package var damagedLines = 0
  /// Lines too long to be read.
  package var droppedLines = 0

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

  /// A usage limit in the agent's data.
  package struct StatedLimit: Equatable, Sendable {
    /// Such as `five_hour`; empty when the agent does not say.
    package var kind: String
    package var resetsAt: Instant?

    package init(kind: String, resetsAt: Instant?) {
      self.kind = kind
      self.resetsAt = resetsAt
    }
  }
}

/// Something new in the output of an agent.
package enum AgentEvent: Equatable, Sendable {
  case session(String)
  case activity(String)
  case progress(AgentReport.Todo)
  /// It touched a file.
  case file(String)
  /// It still works, without more to say.
  case alive
  case limited(AgentReport.StatedLimit)
  /// A line that is no event: kept as log text.
  case noise(String)
  /// A line that should be an event and cannot be read, or was too long: its number of bytes.
  case damaged(bytes: Int)
  case ended(AgentReport.Ending)
}
