/// The JSON form of a manifest: the fields of `run_started`, and the file `run.json`.
extension RunManifest {
  package func encodeFields(into json: inout JSONWriter) {
    json.field("run", id.text)
    json.field("version", version)
    json.field("directory", directory)
    json.field("file", plan.origin.file)
    if let tag = plan.origin.tag { json.field("tag", tag) }
    json.field("granularity", plan.origin.granularity.rawValue)
    json.field("format", plan.origin.format.rawValue)
    json.key("options")
    options.encode(into: &json)
    json.key("tasks")
    json.array { json in
      for (index, task) in plan.tasks.enumerated() {
        task.encode(into: &json, level: plan.graph.level[index])
      }
    }
  }

  package init?(fields json: JSONNode) {
    guard let id = json["run"]?.string, let directory = json["directory"]?.string,
      let tasks = json["tasks"]
    else { return nil }
    let origin = Plan.Origin(
      file: json["file"]?.string ?? "", tag: json["tag"]?.string,
      granularity: json.choice("granularity") ?? .task,
      format: json.choice("format") ?? .taskMaster)
    self.init(
      id: RunID(id), version: json["version"]?.string ?? "", directory: directory,
      plan: Plan(origin: origin, tasks: tasks.elements.compactMap(TaskSpec.init(json:))),
      options: json["options"].map(RunOptions.init(json:)) ?? RunOptions())
  }
}

extension RunOptions {
  func encode(into json: inout JSONWriter) {
    json.object { json in
      json.field("jobs", jobs)
      if adaptsJobs { json.field("adapt_jobs", adaptsJobs) }
      json.field("schedule", schedule.rawValue)
      json.field("on_failure", onFailure.rawValue)
      json.field("attempts", attempts)
      json.field("backoff", backoff.seconds)
      json.field("backoff_limit", backoffLimit.seconds)
      if let timeout { json.field("timeout", timeout.seconds) }
      if let stallTimeout { json.field("stall_timeout", stallTimeout.seconds) }
      json.field("grace", grace.seconds)
      if let command { json.field("command", command) }
      if let agent { json.field("agent", agent) }
      json.field("write_status", writesStatus)
      if launcher != .local { json.field("launcher", launcher.rawValue) }
      slurm.encodeFields(into: &json)
      json.key("environment")
      json.object { json in
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
          json.key(name)
          json.string(value)
        }
      }
      if let only {
        json.key("only")
        json.array { json in for id in only { json.string(id.text) } }
      }
      if let crew {
        json.key("crew")
        crew.encode(into: &json)
      }
      if let git {
        json.key("git")
        git.encode(into: &json)
      }
    }
  }

  init(json: JSONNode) {
    self.init()
    jobs = json["jobs"]?.integer ?? jobs
    adaptsJobs = json["adapt_jobs"]?.bool ?? adaptsJobs
    schedule = json.choice("schedule") ?? schedule
    onFailure = json.choice("on_failure") ?? onFailure
    attempts = json["attempts"]?.integer ?? attempts
    backoff = json.duration("backoff") ?? backoff
    backoffLimit = json.duration("backoff_limit") ?? backoffLimit
    timeout = json.duration("timeout")
    stallTimeout = json.duration("stall_timeout")
    grace = json.duration("grace") ?? grace
    command = json["command"]?.string
    agent = json["agent"]?.string
    writesStatus = json["write_status"]?.bool ?? writesStatus
    launcher = json.choice("launcher") ?? launcher
    slurm = SlurmOptions(fields: json)
    if let members = json["environment"]?.members {
      for (name, value) in members { environment[name.string ?? ""] = value.string }
    }
    crew = json["crew"].map(CrewOptions.init(json:))
    git = json["git"].map(GitOptions.init(json:))
    only = json["only"].map { $0.elements.compactMap { $0.string.map { TaskID($0) } } }
  }
}

extension TaskSpec {
  func encode(into json: inout JSONWriter, level: Int) {
    json.object { json in
      json.field("id", id.text)
      json.field("title", title)
      json.field("status", status.rawValue)
      json.field("level", level)
      if let priority { json.field("priority", priority.rawValue) }
      json.key("dependencies")
      json.array { json in for id in dependencies { json.string(id.text) } }
      json.strings("soft_dependencies", softDependencies.map(\.text))
      if let worker { json.field("worker", worker) }
      if let complexity { json.field("complexity", complexity) }
      json.strings("tags", tags)
      if let track { json.field("track", track) }
      if let command { json.field("command", command) }
      if let estimate { json.field("estimate", estimate.seconds) }
      json.strings("files", files)
      resources.encodeField(into: &json)
      if let repository { json.field("repo", repository) }
      if let parent { json.field("parent", parent.text) }
      text.encodeFields(into: &json)
    }
  }

  init?(json: JSONNode) {
    guard let id = json["id"]?.string else { return nil }
    self.init(
      id: TaskID(id), title: json["title"]?.string ?? "",
      status: json.choice("status") ?? .pending, priority: json.choice("priority"),
      dependencies: json.strings("dependencies").map { TaskID($0) }, text: TaskText(fields: json),
      command: json["command"]?.string,
      estimate: json.duration("estimate"),
      files: json.strings("files"), parent: (json["parent"]?.string).map { TaskID($0) })
    resources = TaskResources(fields: json["resources"])
    softDependencies = json.strings("soft_dependencies").map { TaskID($0) }
    worker = json["worker"]?.string
    complexity = json["complexity"]?.integer
    tags = json.strings("tags")
    track = json["track"]?.integer
    repository = json["repo"]?.string
  }
}

extension TaskText {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    let texts: [(StaticString, String)] = [
      ("description", description), ("details", details), ("test_strategy", testStrategy),
    ]
    for (name, text) in texts where !text.isEmpty { json.field(name, text) }
    json.strings("acceptance_criteria", acceptanceCriteria)
    guard !subtasks.isEmpty else { return }
    json.key("subtasks")
    json.array { json in
      for subtask in subtasks {
        json.object { json in
          json.field("id", subtask.id)
          json.field("title", subtask.title)
          json.field("done", subtask.isDone)
        }
      }
    }
  }

  fileprivate init(fields json: JSONNode) {
    self.init()
    description = json["description"]?.string ?? ""
    details = json["details"]?.string ?? ""
    testStrategy = json["test_strategy"]?.string ?? ""
    acceptanceCriteria = json.strings("acceptance_criteria")
    guard let list = json["subtasks"]?.elements else { return }
    subtasks = list.map {
      Subtask(
        id: $0["id"]?.string ?? "", title: $0["title"]?.string ?? "",
        isDone: $0["done"]?.bool ?? false)
    }
  }
}

extension JSONWriter {
  /// Writes a list of texts, or nothing when it is empty.
  mutating func strings(_ name: StaticString, _ values: [String]) {
    if values.isEmpty { return }
    key(plain: name)
    array { json in for value in values { json.string(value) } }
  }
}

extension JSONNode {
  func strings(_ name: String) -> [String] {
    self[name]?.elements.compactMap(\.string) ?? []
  }
}
