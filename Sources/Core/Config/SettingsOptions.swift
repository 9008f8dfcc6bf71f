extension Settings {
  /// The settings as a run takes them.
  ///
  /// `parallel: false` means one job, unless the number of jobs was set at a place of higher
  /// precedence; likewise a command wins over an agent unless the agent was set at a higher place.
  /// With neither, the only agent there is works on the tasks.
  package var runOptions: RunOptions {
    var options = RunOptions()
    let isSerial = !parallel && origin(of: "jobs").rank <= origin(of: "parallel").rank
    // What the queue of a cluster can bear is the cluster's to say.
    options.adaptsJobs = adaptsJobs && !isSerial && launcher == .local
    let automatic = launcher == .local ? Processors.usable : 1000
    options.jobs = isSerial ? 1 : adaptsJobs ? automatic : jobs
    options.schedule = schedule
    options.onFailure = onFailure
    options.attempts = attempts
    options.backoff = backoff
    options.backoffLimit = backoffLimit
    options.timeout = timeout
    options.stallTimeout = stallTimeout
    options.grace = grace
    options.launcher = launcher
    options.slurm = slurm
    options.environment = environment
    options.writesStatus = writesStatus
    (options.command, options.agent) = worker
    return options
  }

  /// The command for tasks that name none, and the agent it belongs to.
  private var worker: (command: String?, agent: String?) {
    let only = agents.count == 1 ? agents.keys.first : nil
    let isAgentWanted = origin(of: "agent").rank > origin(of: "command").rank
    if let command, agent == nil || !isAgentWanted { return (command, nil) }
    guard let name = agent ?? only, let profile = agents[name] else { return (nil, nil) }
    return (profile.isPlain ? profile.command : profile.commandText(), name)
  }

  /// One line of `lanes config`.
  package struct Line: Equatable, Sendable {
    package var key: String
    /// As lanes.yml would write it; nil when there is none.
    package var value: String?
    package var origin: SettingOrigin

    package init(key: String, value: String?, origin: SettingOrigin) {
      self.key = key
      self.value = value
      self.origin = origin
    }
  }

  /// Every value in force with its origin; secrets among the variables are masked.
  package var lines: [Line] {
    let single = Setting.table.map {
      Line(key: $0.key, value: $0.text(in: self), origin: origin(of: $0.key))
    }
    let variables = environment.sorted { $0.key < $1.key }.map { name, value in
      let key = "environment.\(name)"
      return Line(
        key: key, value: Secret.isSecret(variable: name) ? Secret.mask : value,
        origin: origin(of: key))
    }
    let bindings = keys.sorted { $0.key < $1.key }.map { action, names in
      let key = "keys.\(action)"
      return Line(key: key, value: names.joined(separator: " "), origin: origin(of: key))
    }
    return single + crewLines + variables + bindings
  }

  /// `lanes config` as text: key, value and origin in columns.
  package var text: String {
    let lines = lines.map {
      (printable($0.key), printable($0.value ?? "-"), printable($0.origin.description))
    }
    let keys = lines.reduce(0) { max($0, $1.0.count) }
    let values = min(40, lines.reduce(0) { max($0, $1.1.count) })
    return lines.map { key, value, origin in
      "\(padded(key, keys))  \(padded(value, values))  \(origin)\n"
    }.joined()
  }

  /// `lanes config --format json`: an array of objects with key, value and origin.
  package var json: [UInt8] {
    var writer = JSONWriter()
    writer.array { writer in
      for line in lines {
        writer.object { writer in
          writer.key("key")
          writer.string(line.key)
          writer.key("value")
          if let value = line.value { writer.string(value) } else { writer.null() }
          writer.key("origin")
          writer.string(line.origin.description)
        }
      }
    }
    writer.newline()
    return writer.bytes
  }
}

/// A text filled up with spaces on the right.
func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// Variables whose values are not for other people's eyes.
package enum Secret {
  package static var mask: String { "********" }

  /// Whether the name of a variable says that its value is a secret.
  package static func isSecret(variable name: String) -> Bool {
    let upper = name.uppercased()
    return ["SECRET", "TOKEN", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "PRIVATE"]
      .contains { upper.contains($0) }
      || upper.split(separator: "_").contains { ["KEY", "APIKEY", "AUTH", "PASS"].contains($0) }
  }
}
