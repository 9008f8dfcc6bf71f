/// A configuration file that was found.
package struct SettingsFile: Equatable, Sendable {
  /// The path as the user would type it.
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// A value given by a flag.
package struct SettingsFlag: Equatable, Sendable {
  package var key: String
  package var text: String
  /// The flag as it is spelt, such as `--jobs`.
  package var name: String

  package init(key: String, text: String, name: String) {
    self.key = key
    self.text = text
    self.name = name
  }
}

extension Settings {
  /// Merges defaults, the user's file, the project's file, variables and flags; later ones win.
  ///
  /// Agents and task variables of both files are joined by name. Empty variables count as unset.
  package static func resolve(
    user: SettingsFile? = nil, project: SettingsFile? = nil, environment: [String: String] = [:],
    flags: [SettingsFlag] = []
  ) throws(SettingsError) -> Settings {
    var settings = Settings()
    if let user {
      try settings.read(user) { .userFile(path: user.path, $0) }
    }
    if let project {
      try settings.read(project) { .projectFile(path: project.path, $0) }
    }
    for setting in Setting.table {
      guard let text = environment[setting.variable], !text.isEmpty else { continue }
      try settings.take(setting, text, from: .variable(setting.variable))
    }
    for flag in flags {
      guard let setting = Setting.named(flag.key) else {
        preconditionFailure("no setting \(flag.key) for flag \(flag.name)")
      }
      try settings.take(setting, flag.text, from: .flag(flag.name))
    }
    try settings.checkAgent()
    try settings.checkCrew()
    return settings
  }

  /// Where the user's file is: under `XDG_CONFIG_HOME`, else under `.config` in the home folder.
  package static func userFilePath(environment: [String: String]) -> String? {
    if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
      return base + "/lanes/lanes.yml"
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.config/lanes/lanes.yml"
  }

  /// A word on each `LANES_` variable that is probably misspelt.
  ///
  /// The variables that lanes gives a task are none, as lanes may run inside a task.
  package static func warnings(environment: [String: String]) -> [String] {
    let known = Setting.table.map(\.variable)
    return environment.keys.sorted().compactMap { name in
      guard name.hasPrefix("LANES_"), !known.contains(name), !taskVariables.contains(name),
        let meant = nearest(name, among: known)
      else { return nil }
      return "the variable \(quoted(name)) has no meaning; did you mean \(meant)?"
    }
  }

  /// The variables that a task gets.
  package static let taskVariables: Set<String> = [
    "LANES_RUN_ID", "LANES_TASK_ID", "LANES_TASK_TITLE", "LANES_LEVEL", "LANES_ATTEMPT",
    "LANES_AGENT", "LANES_MODEL", "LANES_BRANCH", "LANES_BASE", "LANES_WORKTREE",
    "LANES_PROMPT_FILE", "LANES_FEEDBACK_FILE", "LANES_ERROR_FILE", "LANES_SESSION", "LANES_GATE",
    "LANES_PORT", "LANES_PORT_COUNT", "LANES_SETUP", "LANES_OURS", "LANES_THEIRS",
    "LANES_CONFLICTS", "LANES_GATE_TREE", "LANES_GATE_COMMIT", "LANES_GATE_COMMAND",
  ]

  private mutating func take(
    _ setting: Setting, _ text: String, from origin: SettingOrigin
  ) throws(SettingsError) {
    if let (problem, remedy) = setting.kind.problem(with: text) {
      throw SettingsError(
        place: origin.description, problem: "\(setting.key): \(problem)", remedy: remedy)
    }
    setting.assign(&self, text)
    note(setting.key, origin)
  }

  private mutating func read(
    _ file: SettingsFile, _ origin: @escaping (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) {
    let documents: [YAMLNode]
    do { documents = try YAML.documents(file.bytes, file: file.path) } catch {
      let place = "\(file.path):\(error.place.line):\(error.place.column)"
      throw SettingsError(place: place, problem: error.problem, remedy: error.remedy)
    }
    guard let root = documents.first, !root.isNull else { return }
    if let second = documents.dropFirst().first {
      throw SettingsError(
        place: origin(second.place).description, problem: "this is a second document",
        remedy: "remove the line --- before it")
    }
    for entry in try Self.entries(root, of: "the file", origin) {
      try read(entry, origin)
    }
  }

  private mutating func read(
    _ entry: YAMLNode.Entry, _ origin: @escaping (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) {
    switch entry.key {
    case "agents": try readAgents(entry.value, origin)
    case "escalate", "routes", "pools", "gates", "budget": try readCrew(entry, origin)
    case "environment": try readEnvironment(entry.value, origin)
    case "hooks": try readHooks(entry.value, origin)
    case "keys": try readKeys(entry.value, origin)
    case "repos": try readRepositories(entry.value, origin)
    case "git", "conflicts", "slurm":
      for part in try Self.entries(entry.value, of: entry.key, origin) {
        try readSetting("\(entry.key).\(part.key)", part, origin, in: entry.key)
      }
    default: try readSetting(entry.key, entry, origin, in: nil)
    }
  }

  /// Reads one value; its key may also be written in full, as in `git.base: main`.
  private mutating func readSetting(
    _ key: String, _ entry: YAMLNode.Entry, _ origin: (SourcePlace) -> SettingOrigin,
    in group: String?
  ) throws(SettingsError) {
    guard let setting = Setting.named(key) else {
      let all =
        Setting.table.map(\.key) + [
          "agents", "environment", "hooks", "keys", "repos", "git", "conflicts", "slurm",
        ]
        + CrewSettings.keys
      let keys = group.map { group in
        all.filter { $0.hasPrefix(group + ".") }.map { String($0.dropFirst(group.count + 1)) }
      }
      throw Self.unknown("key", entry.key, among: keys ?? all, at: origin(entry.place))
    }
    if entry.value.isNull { return }
    let text =
      setting.kind == .list
      ? try Self.list(entry.value, of: key, origin) : try Self.text(entry.value, of: key, origin)
    try take(setting, text, from: origin(entry.value.place))
  }

  private static func list(
    _ node: YAMLNode, of key: String, _ origin: (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) -> String {
    guard let nodes = node.sequence else { return try text(node, of: key, origin) }
    var parts: [String] = []
    for node in nodes { parts.append(try text(node, of: key, origin)) }
    return ListText.text(of: parts)
  }

  private mutating func readRepositories(
    _ node: YAMLNode, _ origin: (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) {
    for entry in try Self.entries(node, of: "repos", origin) {
      repositories[entry.key] = try Self.text(entry.value, of: entry.key, origin)
      note("repos.\(entry.key)", origin(entry.value.place))
    }
  }

  private mutating func readAgents(
    _ node: YAMLNode, _ origin: @escaping (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) {
    let reader = CrewSettingsReader(origin: origin)
    for agent in try Self.entries(node, of: "agents", origin) {
      agents[agent.key] = try reader.agent(agent)
      for part in agent.value.mapping ?? [] {
        note("agents.\(agent.key).\(part.key)", origin(part.value.place))
      }
    }
  }

  private mutating func readEnvironment(
    _ node: YAMLNode, _ origin: (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) {
    for entry in try Self.entries(node, of: "environment", origin) {
      try Self.checkVariable(entry, origin)
      environment[entry.key] =
        entry.value.isNull ? "" : try Self.text(entry.value, of: entry.key, origin)
      note("environment.\(entry.key)", origin(entry.value.place))
    }
  }

  private mutating func readHooks(
    _ node: YAMLNode, _ origin: (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) {
    for entry in try Self.entries(node, of: "hooks", origin) {
      guard Hooks.kinds.contains(entry.key) else {
        throw Self.unknown("event", entry.key, among: Hooks.kinds, at: origin(entry.place))
      }
      hooks.commands[entry.key] = try Self.text(entry.value, of: entry.key, origin)
      note("hooks.\(entry.key)", origin(entry.value.place))
    }
  }

  static func checkVariable(
    _ entry: YAMLNode.Entry, _ origin: (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) {
    let isName = entry.key.utf8.allSatisfy { $0 != 0 && $0 != UInt8(ascii: "=") }
    if isName, !entry.key.isEmpty, !taskVariables.contains(entry.key) { return }
    throw SettingsError(
      place: origin(entry.place).description,
      problem: "\(quoted(entry.key)) cannot be set for tasks",
      remedy: isName ? "lanes sets it itself; choose another name" : "leave out = and NUL")
  }

  private mutating func readCrew(
    _ entry: YAMLNode.Entry, _ origin: @escaping (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) {
    let reader = CrewSettingsReader(origin: origin)
    note(entry.key, origin(entry.value.place))
    if entry.value.isNull { return }
    switch entry.key {
    case "escalate": crew.ladder = try reader.ladder(entry)
    case "routes":
      crew.routes = []
      for node in try Self.sequence(entry, origin) { crew.routes.append(try reader.route(node)) }
    case "gates":
      crew.gates = []
      for node in try Self.sequence(entry, origin) { crew.gates.append(try reader.gate(node)) }
    case "pools":
      crew.pools = []
      for pool in try Self.entries(entry.value, of: "pools", origin) {
        crew.pools.append(try reader.pool(pool))
        note("pools.\(pool.key)", origin(pool.value.place))
      }
    default: crew.budget = try reader.budget(entry.value)
    }
  }

  private static func sequence(
    _ entry: YAMLNode.Entry, _ origin: (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) -> [YAMLNode] {
    if let nodes = entry.value.sequence { return nodes }
    throw SettingsError(
      place: origin(entry.value.place).description, problem: "\(entry.key) is not a list",
      remedy: "begin each with a dash, as in \"- {…}\"")
  }

  /// Actions with one key or several; which ones there are is the view's to know.
  private mutating func readKeys(
    _ node: YAMLNode, _ origin: (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) {
    for entry in try Self.entries(node, of: "keys", origin) {
      var names: [String] = []
      for value in entry.value.sequence ?? (entry.value.isNull ? [] : [entry.value]) {
        names.append(try Self.text(value, of: entry.key, origin))
      }
      keys[entry.key] = names
      note("keys.\(entry.key)", origin(entry.place))
    }
  }

  static func entries(
    _ node: YAMLNode, of name: String, _ origin: (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) -> [YAMLNode.Entry] {
    if node.isNull { return [] }
    if let entries = node.mapping { return entries }
    throw SettingsError(
      place: origin(node.place).description, problem: "\(name) is not a list of \"key: value\"",
      remedy: "write one \"key: value\" a line")
  }

  static func text(
    _ node: YAMLNode, of key: String, _ origin: (SourcePlace) -> SettingOrigin
  ) throws(SettingsError) -> String {
    if let text = node.text, !text.utf8.contains(0) { return text }
    throw SettingsError(
      place: origin(node.place).description, problem: "\(key) is not one value",
      remedy: "write one text or number")
  }

  static func unknown(
    _ what: String, _ word: String, among known: [String], at origin: SettingOrigin
  ) -> SettingsError {
    SettingsError(
      place: origin.description, problem: "unknown \(what) \(quoted(word))",
      remedy: nearest(word, among: known).map { "did you mean \($0)?" }
        ?? "known are \(known.joined(separator: ", "))")
  }

  /// Refuses names that routes, gates and the ladder give and nothing has.
  private func checkCrew() throws(SettingsError) {
    let agentNames = agents.keys.sorted()
    let used =
      crew.ladder.map { ("escalate", $0) }
      + crew.routes.flatMap { route in
        ([route.agent].compactMap(\.self) + route.ladder).map { ("routes", $0) }
      } + crew.gates.compactMap { gate in gate.agent.map { ("gates", $0) } }
    for (key, name) in used where agents[name] == nil {
      throw Self.unknown("agent", name, among: agentNames, at: origin(of: key))
    }
    let pools = crew.pools.map(\.name)
    for name in crew.routes.compactMap(\.pool) where !pools.contains(name) {
      throw Self.unknown("pool", name, among: pools, at: origin(of: "routes"))
    }
    var seen: Set<String> = []
    for gate in crew.gates where !seen.insert(gate.name).inserted {
      throw SettingsError(
        place: origin(of: "gates").description,
        problem: "two gates are called \(quoted(gate.name))",
        remedy: "give each its own name")
    }
  }

  private func checkAgent() throws(SettingsError) {
    guard let agent, agents[agent] == nil else { return }
    let names = agents.keys.sorted()
    if names.isEmpty {
      throw SettingsError(
        place: origin(of: "agent").description, problem: "unknown agent \(quoted(agent))",
        remedy: "describe it under agents in lanes.yml")
    }
    throw Self.unknown("agent", agent, among: names, at: origin(of: "agent"))
  }
}
