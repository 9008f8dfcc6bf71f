/// A named way to have tasks worked on: which program, with which model, and how it is listened to.
package struct AgentProfile: Equatable, Sendable {
  /// The program, with what makes it work on a prompt by itself; `shell` is a command of the user's.
  package enum Preset: String, Equatable, Sendable, CaseIterable {
    case claude
    case codex
    case gemini
    case shell
  }

  package var name: String
  package var preset: Preset
  /// The text of a shell command, in place of the preset's.
  package var command: String?
  /// The program in place of the preset's: a name or a path.
  package var program: String?
  package var model: String?
  /// Shell words added to the preset's command.
  package var arguments: String?
  /// Variables that only this agent gets.
  package var environment: [String: String]
  /// How the output is read; nil for what the preset writes.
  package var format: AgentFormat?
  /// Whether a further attempt goes on with the session of the one before.
  package var resumesSession: Bool
  /// What tokens cost where the program does not say.
  package var price: TokenPrice?

  package init(
    name: String = "", preset: Preset = .shell, command: String? = nil, program: String? = nil,
    model: String? = nil, arguments: String? = nil, environment: [String: String] = [:],
    format: AgentFormat? = nil, resumesSession: Bool = false, price: TokenPrice? = nil
  ) {
    self.name = name
    self.preset = preset
    self.command = command
    self.program = program
    self.model = model
    self.arguments = arguments
    self.environment = environment
    self.format = format
    self.resumesSession = resumesSession
    self.price = price
  }

  /// How the output is read.
  package var output: AgentFormat {
    if let format { return format }
    if command != nil { return .text }
    return switch preset {
    case .claude: .claude
    case .codex: .codex
    case .gemini: .gemini
    case .shell: .text
    }
  }

  /// Whether this is nothing but a command.
  package var isPlain: Bool {
    self == AgentProfile(name: name, command: command)
  }

  /// Whose usage limits the agent meets: those of its program.
  package var account: String? { output == .text ? nil : output.rawValue }
}

/// What a program writes on its standard output.
package enum AgentFormat: String, Equatable, Sendable, CaseIterable {
  /// Text for people.
  case text
  /// Lines of JSON of `claude --output-format stream-json`.
  case claude
  /// Lines of JSON of `codex exec --json`.
  case codex
  /// Lines of JSON of `gemini -o stream-json`.
  case gemini
}

/// US dollars for a million tokens.
package struct TokenPrice: Equatable, Sendable {
  package var input: Double
  package var output: Double
  /// Of input that was read from a cache; nil for what other input costs.
  package var cached: Double?

  package init(input: Double, output: Double, cached: Double? = nil) {
    self.input = input
    self.output = output
    self.cached = cached
  }

  package func cost(of reading: AgentReading) -> Double {
    let cachedTokens = min(reading.tokensCached, reading.tokensIn)
    let dollars =
      Double(reading.tokensIn - cachedTokens) * input + Double(cachedTokens) * (cached ?? input)
      + Double(reading.tokensOut) * output
    return dollars / 1_000_000
  }
}
