/// What files say about agents, checks and money; `lanes.yml` has it under keys of their own.
package struct CrewSettings: Equatable, Sendable {
  package var ladder: [String] = []
  package var routes: [Route] = []
  package var pools: [Pool] = []
  package var gates: [Gate] = []
  package var budget = Budget()

  package init() {}

  /// The keys of the file that are read into this.
  static let keys = ["escalate", "routes", "pools", "gates", "budget"]
}

extension Settings {
  /// What a run takes of it; nil when the run only has a command.
  ///
  /// `template` is the text of the file that `prompt` names.
  package func crewOptions(
    template: String? = nil, schedule: RunOptions.Schedule? = nil
  ) -> CrewOptions? {
    var options = CrewOptions()
    options.agents = agents.values.sorted { $0.name < $1.name }
    (options.ladder, options.escalates) = ladder
    options.routes = crew.routes
    options.pools = crew.pools
    options.gates = crew.gates
    options.budget = crew.budget
    options.template = template
    options.longestHold = limitWait
    let isPlain =
      (options.ladder + options.routes.flatMap { [$0.agent].compactMap(\.self) + $0.ladder })
      .allSatisfy { agents[$0]?.isPlain ?? true }
    let hasOnlyCommand =
      isPlain && !options.escalates && options.routes.isEmpty && options.gates.isEmpty
      && options.budget == Budget() && template == nil && schedule ?? self.schedule != .tracks
    return hasOnlyCommand ? nil : options
  }

  /// The agent that was chosen, else the only one there is.
  package var chosenAgent: AgentProfile? {
    if let agent { return agents[agent] }
    return agents.count == 1 ? agents.values.first : nil
  }

  /// The agents of a task's attempts, and whether they were asked for as a ladder.
  ///
  /// An agent chosen at a place of higher precedence begins the ladder where it stands in it. A command
  /// that wins over agents wins over the ladder too.
  private var ladder: (names: [String], escalates: Bool) {
    let chosen = runOptions.agent
    if crew.ladder.isEmpty { return (chosen.map { [$0] } ?? [], false) }
    if runOptions.command != nil, chosen == nil { return ([], false) }
    guard let agent else { return (crew.ladder, true) }
    if let start = crew.ladder.firstIndex(of: agent) { return (Array(crew.ladder[start...]), true) }
    return ([agent], false)
  }

  /// Lines of `lanes config` for what is set of it.
  var crewLines: [Line] {
    let profiles = agents.sorted { $0.key < $1.key }.map { name, profile in
      let key = "agents.\(name).command"
      let isPreset = profile.command == nil
      return Line(
        key: key, value: profile.command ?? profile.commandText(),
        origin: origin(of: isPreset ? "agents.\(name).preset" : key))
    }
    let budget = [
      ("usd", crew.budget.limit), ("warn", crew.budget.warning), ("task", crew.budget.perTask),
    ].compactMap { name, amount in
      amount.map {
        Line(key: "budget.\(name)", value: "\($0)", origin: origin(of: "budget.\(name)"))
      }
    }
    let ladder =
      crew.ladder.isEmpty
      ? []
      : [
        Line(
          key: "escalate", value: crew.ladder.joined(separator: ", "),
          origin: origin(of: "escalate"))
      ]
    return profiles + ladder
      + crew.pools.map {
        Line(key: "pools.\($0.name)", value: "\($0.limit)", origin: origin(of: "pools.\($0.name)"))
      }
      + crew.gates.map {
        Line(
          key: "gates.\($0.name)", value: $0.command ?? "agent \($0.agent ?? "")",
          origin: origin(of: "gates.\($0.name)"))
      } + budget
  }
}
