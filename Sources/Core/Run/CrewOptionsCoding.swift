/// The JSON form of a run's agents, routes, gates and tracks, in its manifest.
extension CrewOptions {
  func encode(into json: inout JSONWriter) {
    json.object { json in
      json.list("agents", agents) { agent, json in agent.encodeFields(into: &json) }
      json.strings("ladder", ladder)
      json.field("escalates", escalates)
      json.list("routes", routes) { route, json in route.encodeFields(into: &json) }
      json.list("pools", pools) { pool, json in
        json.field("name", pool.name)
        json.field("limit", pool.limit)
      }
      json.list("gates", gates) { gate, json in gate.encodeFields(into: &json) }
      json.key("budget")
      json.object { budget.encodeFields(into: &$0) }
      if let template { json.field("template", template) }
      json.field("limit_wait", longestHold.seconds)
      if let tracks {
        json.key("tracks")
        json.object { tracks.encodeFields(into: &$0) }
      }
    }
  }

  init(json: JSONNode) {
    self.init()
    agents = json.list("agents").map(AgentProfile.init(json:))
    ladder = json.strings("ladder")
    escalates = json["escalates"]?.bool ?? false
    routes = json.list("routes").map(Route.init(json:))
    pools = json.list("pools").map {
      Pool($0["name"]?.string ?? "", limit: $0["limit"]?.integer ?? 1)
    }
    gates = json.list("gates").map(Gate.init(json:))
    budget = json["budget"].map(Budget.init(fields:)) ?? Budget()
    template = json["template"]?.string
    longestHold = json.duration("limit_wait") ?? longestHold
    tracks = json["tracks"].map(TrackOptions.init(json:))
  }
}

extension AgentProfile {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    json.field("name", name)
    json.field("preset", preset.rawValue)
    if let command { json.field("command", command) }
    if let program { json.field("program", program) }
    if let model { json.field("model", model) }
    if let arguments { json.field("args", arguments) }
    if let format { json.field("output", format.rawValue) }
    if resumesSession { json.field("resume", true) }
    if let price {
      json.field("price_input", price.input)
      json.field("price_output", price.output)
      if let cached = price.cached { json.field("price_cached", cached) }
    }
    if environment.isEmpty { return }
    json.key("environment")
    json.object { json in
      for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
        json.key(name)
        json.string(value)
      }
    }
  }

  fileprivate init(json: JSONNode) {
    self.init(
      name: json["name"]?.string ?? "", preset: json.choice("preset") ?? .shell,
      command: json["command"]?.string, program: json["program"]?.string,
      model: json["model"]?.string, arguments: json["args"]?.string,
      format: json.choice("output"), resumesSession: json["resume"]?.bool ?? false)
    if let input = json["price_input"]?.number, let output = json["price_output"]?.number {
      price = TokenPrice(input: input, output: output, cached: json["price_cached"]?.number)
    }
    guard let members = json["environment"]?.members else { return }
    for (name, value) in members { environment[name.string ?? ""] = value.string }
  }
}

extension Route {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    if let worker = match.worker { json.field("worker", worker) }
    if let complexity = match.complexity {
      json.field("complexity_from", complexity.lowerBound)
      json.field("complexity_to", complexity.upperBound)
    }
    if let priority = match.priority { json.field("priority", priority.rawValue) }
    if let tag = match.tag { json.field("tag", tag) }
    if let agent { json.field("agent", agent) }
    json.strings("ladder", ladder)
    if let pool { json.field("pool", pool) }
  }

  fileprivate init(json: JSONNode) {
    var match = Match(
      worker: json["worker"]?.string, priority: json.choice("priority"), tag: json["tag"]?.string)
    if let (low, high) = json.both("complexity_from", "complexity_to"), low <= high {
      match.complexity = low...high
    }
    self.init(
      match: match, agent: json["agent"]?.string, ladder: json.strings("ladder"),
      pool: json["pool"]?.string)
  }
}

extension Gate {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    json.field("name", name)
    if let command { json.field("run", command) }
    if let agent { json.field("agent", agent) }
    json.field("at", moment.rawValue)
    if let timeout { json.field("timeout", timeout.seconds) }
    json.field("retries", retries)
    if let instructions { json.field("instructions", instructions) }
  }

  fileprivate init(json: JSONNode) {
    self.init(
      name: json["name"]?.string ?? "", command: json["run"]?.string,
      agent: json["agent"]?.string, at: json.choice("at") ?? .task,
      timeout: json.duration("timeout"),
      retries: json["retries"]?.integer ?? 0, instructions: json["instructions"]?.string)
  }
}

extension TrackOptions {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    json.strings("names", names)
    json.key("assignment")
    json.object { json in
      for (id, track) in assignment.sorted(by: { $0.key < $1.key }) {
        json.key(id.text)
        json.integer(track)
      }
    }
    json.list("sprints", sprints) { sprint, json in
      json.field("id", sprint.id)
      json.field("name", sprint.name)
      if let track = sprint.track { json.field("track", track) }
      json.strings("tasks", sprint.tasks.map(\.text))
    }
    guard let opened else { return }
    json.key("opened")
    json.array { json in for track in opened { json.integer(track) } }
  }

  fileprivate init(json: JSONNode) {
    self.init(names: json.strings("names"))
    if let members = json["assignment"]?.members {
      for (id, track) in members { assignment[TaskID(id.string ?? "")] = track.integer }
    }
    sprints = json.list("sprints").map {
      SprintPart(
        id: $0["id"]?.string ?? "", name: $0["name"]?.string ?? "", track: $0["track"]?.integer,
        tasks: $0.strings("tasks").map { TaskID($0) })
    }
    opened = json["opened"].map { $0.elements.compactMap(\.integer) }
  }
}

extension JSONWriter {
  fileprivate mutating func list<Element>(
    _ name: StaticString, _ elements: [Element], _ body: (Element, inout JSONWriter) -> Void
  ) {
    if elements.isEmpty { return }
    key(plain: name)
    array { json in
      for element in elements { json.object { body(element, &$0) } }
    }
  }
}

extension JSONNode {
  fileprivate func list(_ name: String) -> [JSONNode] {
    self[name].map { Array($0.elements) } ?? []
  }
}
