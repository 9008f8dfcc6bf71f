/// Reads agents, routes, pools, gates and budgets out of lanes.yml.
struct CrewSettingsReader {
  let origin: (SourcePlace) -> SettingOrigin

  // MARK: Agents

  func agent(_ entry: YAMLNode.Entry) throws(SettingsError) -> AgentProfile {
    let name = "agent \(quoted(entry.key))"
    var profile = AgentProfile(name: entry.key)
    for part in try entries(entry.value, of: name) { try read(part, into: &profile) }
    if profile.preset == .shell, profile.command == nil, profile.program == nil {
      throw SettingsError(
        place: origin(entry.place).description, problem: "the \(name) has no command",
        remedy: "add command: TEXT, or preset: claude, codex or gemini")
    }
    return profile
  }

  private static let agentKeys = [
    "preset", "command", "program", "model", "args", "environment", "output", "resume", "price",
  ]

  private func read(
    _ part: YAMLNode.Entry, into profile: inout AgentProfile
  ) throws(SettingsError) {
    switch part.key {
    case "preset": profile.preset = try word(part)
    case "command": profile.command = try text(part)
    case "program": profile.program = try text(part)
    case "model": profile.model = try text(part)
    case "args": profile.arguments = try text(part)
    case "output": profile.format = try word(part)
    case "resume": profile.resumesSession = try toggle(part)
    case "price": profile.price = try price(part)
    case "environment":
      for entry in try entries(part.value, of: "environment") {
        try Settings.checkVariable(entry, origin)
        profile.environment[entry.key] = entry.value.isNull ? "" : try text(entry)
      }
    default: throw Settings.unknown("key", part.key, among: Self.agentKeys, at: origin(part.place))
    }
  }

  private func price(_ part: YAMLNode.Entry) throws(SettingsError) -> TokenPrice {
    var price = TokenPrice(input: 0, output: 0)
    for entry in try entries(part.value, of: "price") {
      switch entry.key {
      case "input": price.input = try amount(entry)
      case "output": price.output = try amount(entry)
      case "cached": price.cached = try amount(entry)
      default:
        throw Settings.unknown(
          "key", entry.key, among: ["input", "output", "cached"], at: origin(entry.place))
      }
    }
    return price
  }

  // MARK: Routes and pools

  func ladder(_ entry: YAMLNode.Entry) throws(SettingsError) -> [String] {
    guard let nodes = entry.value.sequence else {
      return try text(entry).split(separator: ",").map { TaskWords.trimmed(String($0)) }.filter {
        !$0.isEmpty
      }
    }
    var names: [String] = []
    for node in nodes { names.append(try Settings.text(node, of: entry.key, origin)) }
    return names
  }

  func route(_ node: YAMLNode) throws(SettingsError) -> Route {
    var route = Route(match: Route.Match())
    for part in try entries(node, of: "a route") {
      switch part.key {
      case "match": route.match = try match(part.value)
      case "agent": route.agent = try text(part)
      case "escalate": route.ladder = try ladder(part)
      case "pool": route.pool = try text(part)
      default:
        let known = ["match", "agent", "escalate", "pool"]
        throw Settings.unknown("key", part.key, among: known, at: origin(part.place))
      }
    }
    return route
  }

  private func match(_ node: YAMLNode) throws(SettingsError) -> Route.Match {
    var match = Route.Match()
    for part in try entries(node, of: "match") {
      switch part.key {
      case "worker": match.worker = try text(part)
      case "complexity": match.complexity = try range(part)
      case "priority": match.priority = try word(part)
      case "tag": match.tag = try text(part)
      default:
        let known = ["worker", "complexity", "priority", "tag"]
        throw Settings.unknown("key", part.key, among: known, at: origin(part.place))
      }
    }
    return match
  }

  /// `7`, `7..`, `..3` or `4..6`.
  private func range(_ part: YAMLNode.Entry) throws(SettingsError) -> ClosedRange<Int> {
    let text = try text(part)
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
    let low = ends[0].isEmpty ? 0 : Int(ends[0])
    let high = ends.count == 1 ? low : ends[1].isEmpty ? 1000 : Int(ends[1])
    guard ends.count <= 2, let low, let high, low <= high else {
      throw problem(
        part, "\(quoted(text)) is no range of complexities", "write 7, 7.., ..3 or 4..6")
    }
    return low...high
  }

  func pool(_ entry: YAMLNode.Entry) throws(SettingsError) -> Pool {
    guard let limit = entry.value.integer, (1...100_000).contains(limit) else {
      throw problem(entry, "the limit of pool \(quoted(entry.key)) is no number from 1", "write 1")
    }
    return Pool(entry.key, limit: limit)
  }

  // MARK: Gates and budgets

  private static let gateKeys = [
    "name", "run", "agent", "at", "timeout", "retries", "instructions",
  ]

  func gate(_ node: YAMLNode) throws(SettingsError) -> Gate {
    var gate = Gate(name: "")
    for part in try entries(node, of: "a gate") {
      switch part.key {
      case "name": gate.name = try text(part)
      case "run": gate.command = try text(part)
      case "agent": gate.agent = try text(part)
      case "at": gate.moment = try word(part)
      case "timeout": gate.timeout = try duration(part)
      case "retries": gate.retries = try count(part)
      case "instructions": gate.instructions = try text(part)
      default: throw Settings.unknown("key", part.key, among: Self.gateKeys, at: origin(part.place))
      }
    }
    if gate.name.isEmpty { gate.name = gate.agent ?? gate.command ?? "" }
    if (gate.command == nil) == (gate.agent == nil) {
      throw SettingsError(
        place: origin(node.place).description,
        problem: "a gate needs either a command or an agent",
        remedy: "write run: TEXT, or agent: NAME for a reviewer")
    }
    return gate
  }

  func budget(_ node: YAMLNode) throws(SettingsError) -> Budget {
    if node.mapping == nil, node.text != nil {
      return Budget(limit: try amount(.init(key: "budget", place: node.place, value: node)))
    }
    var budget = Budget()
    for part in try entries(node, of: "budget") {
      switch part.key {
      case "usd": budget.limit = try amount(part)
      case "warn": budget.warning = try amount(part)
      case "task": budget.perTask = try amount(part)
      default:
        throw Settings.unknown(
          "key", part.key, among: ["usd", "warn", "task"], at: origin(part.place))
      }
    }
    return budget
  }

  // MARK: Single values

  private func entries(_ node: YAMLNode, of name: String) throws(SettingsError) -> [YAMLNode.Entry]
  {
    try Settings.entries(node, of: name, origin)
  }

  private func text(_ part: YAMLNode.Entry) throws(SettingsError) -> String {
    try Settings.text(part.value, of: part.key, origin)
  }

  private func word<Word: RawRepresentable<String> & CaseIterable>(
    _ part: YAMLNode.Entry
  ) throws(SettingsError) -> Word {
    let text = try text(part)
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    throw problem(
      part, "\(part.key): \(quoted(text)) is not one of \(words.joined(separator: ", "))",
      nearest(text, among: words).map { "did you mean \($0)?" } ?? "")
  }

  private func toggle(_ part: YAMLNode.Entry) throws(SettingsError) -> Bool {
    if let value = part.value.bool { return value }
    throw problem(part, "\(part.key) is neither true nor false", "write true or false")
  }

  private func duration(_ part: YAMLNode.Entry) throws(SettingsError) -> Duration {
    if let value = Duration(text: try text(part)), value > .zero { return value }
    throw problem(part, "\(part.key) is not a time", "write a time such as 90s, 15m or 1h30m")
  }

  private func count(_ part: YAMLNode.Entry) throws(SettingsError) -> Int {
    if let value = part.value.integer, (0...100).contains(value) { return value }
    throw problem(part, "\(part.key) is not a number from 0 to 100", "write 1")
  }

  private func amount(_ part: YAMLNode.Entry) throws(SettingsError) -> Double {
    let text = try text(part)
    if let value = Double(text), value.isFinite, value >= 0 { return value }
    throw problem(part, "\(part.key): \(quoted(text)) is not an amount of dollars", "write 2.50")
  }

  private func problem(
    _ part: YAMLNode.Entry, _ problem: String, _ remedy: String
  ) -> SettingsError {
    SettingsError(place: origin(part.value.place).description, problem: problem, remedy: remedy)
  }
}
