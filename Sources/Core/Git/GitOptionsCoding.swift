/// The JSON form of a run's git options, in its manifest.
extension GitOptions {
  func encode(into json: inout JSONWriter) {
    json.object { json in
      json.key("repositories")
      json.array { json in for each in repositories { each.encode(into: &json) } }
      json.field("branch", branch)
      json.field("level_branch", levelBranch)
      json.field("branch_per", branchPer.rawValue)
      json.field("require_changes", requiresChanges)
      json.field("integrate", integrates)
      json.field("at_merge", atMerge.rawValue)
      json.field("reruns", reruns)
      if let resolveCommand { json.field("resolve_command", resolveCommand) }
      json.field("keep", keep.rawValue)
      setup.encodeFields(into: &json)
      json.field("predicted", predicted.rawValue)
      json.field("live", live.rawValue)
      json.strings("ignore", ignored)
      json.field("pull_request", pullRequest.rawValue)
      if let pullRequestCommand { json.field("pull_request_command", pullRequestCommand) }
      json.field("remote", remote)
      json.key("predictions")
      json.array { json in for each in predictions { each.encode(into: &json) } }
    }
  }

  init(json: JSONNode) {
    self.init(repositories: json["repositories"]?.elements.map(Repository.init(json:)) ?? [])
    branch = json["branch"]?.string ?? branch
    levelBranch = json["level_branch"]?.string ?? levelBranch
    branchPer = json.choice("branch_per") ?? branchPer
    requiresChanges = json["require_changes"]?.bool ?? requiresChanges
    integrates = json["integrate"]?.bool ?? integrates
    atMerge = json.choice("at_merge") ?? atMerge
    reruns = json["reruns"]?.integer ?? reruns
    resolveCommand = json["resolve_command"]?.string
    keep = json.choice("keep") ?? keep
    setup = WorkspaceSetup(fields: json)
    predicted = json.choice("predicted") ?? predicted
    live = json.choice("live") ?? live
    ignored = json.strings("ignore")
    pullRequest = json.choice("pull_request") ?? pullRequest
    pullRequestCommand = json["pull_request_command"]?.string
    remote = json["remote"]?.string ?? remote
    predictions = json["predictions"]?.elements.compactMap(PredictedConflict.init(json:)) ?? []
  }
}

extension GitOptions.Repository {
  fileprivate func encode(into json: inout JSONWriter) {
    json.object { json in
      json.field("name", name)
      json.field("root", root)
      json.field("prefix", prefix)
      json.field("base", base)
      json.field("commit", commit)
    }
  }

  fileprivate init(json: JSONNode) {
    self.init(
      name: json["name"]?.string ?? "", root: json["root"]?.string ?? "",
      prefix: json["prefix"]?.string ?? "", base: json["base"]?.string ?? "",
      commit: json["commit"]?.string ?? "")
  }
}

extension WorkspaceSetup {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    if let command { json.field("setup", command) }
    json.strings("copy", copied)
    json.strings("link", linked)
    guard let firstPort else { return }
    json.field("first_port", firstPort)
    json.field("port_count", portCount)
  }

  fileprivate init(fields json: JSONNode) {
    self.init()
    command = json["setup"]?.string
    copied = json.strings("copy")
    linked = json.strings("link")
    firstPort = json["first_port"]?.integer
    portCount = json["port_count"]?.integer ?? portCount
  }
}

extension PredictedConflict {
  package func encode(into json: inout JSONWriter) {
    json.object { json in
      json.strings("tasks", [first.text, second.text])
      json.field("probability", probability)
      json.field("standing", standing.rawValue)
      json.key("evidence")
      json.array { json in
        for each in evidence {
          json.object { json in
            json.field("path", each.path)
            json.field("probability", each.probability)
            json.field("words", each.words)
          }
        }
      }
    }
  }

  fileprivate init?(json: JSONNode) {
    let tasks = json.strings("tasks")
    guard tasks.count == 2 else { return nil }
    self.init(
      first: TaskID(tasks[0]), second: TaskID(tasks[1]),
      probability: json["probability"]?.number ?? 0,
      evidence: json["evidence"]?.elements.map {
        Evidence(
          path: $0["path"]?.string ?? "", probability: $0["probability"]?.number ?? 0,
          words: $0["words"]?.string ?? "")
      } ?? [], standing: json.choice("standing") ?? .expected)
  }
}
