/// The JSON form of commands, as they lie in the inbox between two terminals.
extension ControlCommand {
  package var json: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("command", name)
      switch self {
      case .pause(let ids), .proceed(let ids), .cancel(let ids), .kill(let ids), .skip(let ids),
        .retry(let ids, _):
        json.key("tasks")
        json.array { json in for id in ids { json.string(id.text) } }
      case .jobs(let count): json.field("jobs", count)
      case .openTrack(let track): json.field("track", track)
      case .pauseDispatch, .continueDispatch, .automaticJobs, .cancelAll, .retryFailed, .drain,
        .stop:
        break
      }
      if case .retry(_, let withDependents) = self {
        json.field("with_dependents", withDependents)
      }
    }
    return json.bytes
  }

  private var name: String {
    switch self {
    case .pauseDispatch: "pause_dispatch"
    case .continueDispatch: "continue_dispatch"
    case .pause: "pause"
    case .proceed: "proceed"
    case .cancel: "cancel"
    case .cancelAll: "cancel_all"
    case .kill: "kill"
    case .skip: "skip"
    case .retry: "retry"
    case .retryFailed: "retry_failed"
    case .jobs: "jobs"
    case .automaticJobs: "automatic_jobs"
    case .drain: "drain"
    case .stop: "stop"
    case .openTrack: "open_track"
    }
  }

  /// The command that `json` describes, or nil when it is none that is known.
  package init?(json bytes: [UInt8]) {
    guard let document = try? JSONDocument(parsing: bytes, name: "command"),
      let name = document.root["command"]?.string
    else { return nil }
    let root = document.root
    let ids = root["tasks"]?.elements.compactMap { $0.string.map { TaskID($0) } } ?? []
    switch name {
    case "pause_dispatch": self = .pauseDispatch
    case "continue_dispatch": self = .continueDispatch
    case "pause": self = .pause(ids)
    case "proceed": self = .proceed(ids)
    case "cancel": self = .cancel(ids)
    case "cancel_all": self = .cancelAll
    case "kill": self = .kill(ids)
    case "skip": self = .skip(ids)
    case "retry": self = .retry(ids, withDependents: root["with_dependents"]?.bool ?? false)
    case "retry_failed": self = .retryFailed
    case "automatic_jobs": self = .automaticJobs
    case "jobs": self = .jobs(root["jobs"]?.integer ?? 0)
    case "drain": self = .drain
    case "stop": self = .stop
    case "open_track": self = .openTrack(root["track"]?.integer ?? 0)
    default: return nil
    }
  }
}
