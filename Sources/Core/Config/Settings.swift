/// How lanes behaves: every value that a file, a variable or a flag can set.
///
/// `Setting.table` lists them; the values here are the defaults.
package struct Settings: Equatable, Sendable {
  package var jobs = 4
  /// Whether the number of jobs is lanes' to choose.
  package var adaptsJobs = false
  package var parallel = true
  package var schedule = RunOptions.Schedule.levels
  package var onFailure = RunOptions.FailurePolicy.finish
  package var attempts = 1
  package var backoff: Duration = .seconds(1)
  package var backoffLimit: Duration = .seconds(300)
  package var timeout: Duration?
  package var stallTimeout: Duration?
  package var grace: Duration = .seconds(10)
  package var command: String?
  package var agent: String?
  package var tag: String?
  package var source = SourceFormat.auto
  package var granularity = Plan.Granularity.task
  package var strict = false
  package var writesStatus = true
  package var output = OutputMode.auto
  package var color = ColorMode.auto
  package var launcher = LauncherKind.local
  package var slurm = SlurmOptions()
  package var theme: String?
  /// The keys of the view that are not the standard ones: actions with the names of their keys.
  package var keys: [String: [String]] = [:]
  package var isolation = Isolation.worktree
  package var git = GitSettings()
  package var conflicts = ConflictSettings()
  /// Paths of further repositories by the names that tasks call them by.
  package var repositories: [String: String] = [:]
  /// The agent profiles by name.
  package var agents: [String: AgentProfile] = [:]
  /// What is said of routes, pools, gates and budgets.
  package var crew = CrewSettings()
  /// The file with the template of prompts.
  package var prompt: String?
  /// The longest wait for a usage limit to pass.
  package var limitWait: Duration = .seconds(12 * 3600)
  /// How the end of a run is told to the person at the terminal.
  package var notification = Notification.none
  /// Commands that run when something happens.
  package var hooks = Hooks()
  /// Variables added to every task's environment.
  package var environment: [String: String] = [:]
  /// Where each value comes from that is not a default, by key; `environment.NAME`,
  /// `keys.NAME` and `agents.NAME.command` for those within.
  package private(set) var origins: [String: SettingOrigin] = [:]

  package init() {}

  /// How the run's events are shown.
  package enum OutputMode: String, Equatable, Sendable, CaseIterable {
    /// The full-screen view on a terminal, lines elsewhere.
    case auto
    case tui
    case plain
    /// One event a line, as JSON.
    case json
    case quiet
  }

  /// What kind of task list is read.
  package enum SourceFormat: String, Equatable, Sendable, CaseIterable {
    /// What its name and place say.
    case auto
    case taskMaster = "taskmaster"
    case planning
    case specs
    case markdown

    /// The kind of a plan's origin; nil for what is still to be found out.
    package var format: Plan.Format? { Plan.Format(rawValue: rawValue) }
  }

  package enum ColorMode: String, Equatable, Sendable, CaseIterable {
    case auto
    case never
    case always
  }

  /// Where a key's value comes from.
  package func origin(of key: String) -> SettingOrigin { origins[key] ?? .standard }

  mutating func note(_ key: String, _ origin: SettingOrigin) {
    origins[key] = origin
  }
}

/// Where a value comes from; later cases win over earlier ones.
package enum SettingOrigin: Equatable, Sendable, CustomStringConvertible {
  /// The default.
  case standard
  case userFile(path: String, SourcePlace)
  case projectFile(path: String, SourcePlace)
  case variable(String)
  case flag(String)

  /// Grows with precedence.
  var rank: Int {
    switch self {
    case .standard: 0
    case .userFile: 1
    case .projectFile: 2
    case .variable: 3
    case .flag: 4
    }
  }

  package var description: String {
    switch self {
    case .standard: "default"
    case .userFile(let path, let place), .projectFile(let path, let place):
      "\(path):\(place.line):\(place.column)"
    case .variable(let name): "$\(name)"
    case .flag(let name): name
    }
  }
}

/// A value that cannot be used, with its place and what to do.
package struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// File, line and column, or the name of the variable or flag.
  package var place: String
  package var problem: String
  package var remedy: String

  package init(place: String, problem: String, remedy: String) {
    self.place = place
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String {
    printable("\(place): \(problem)\(remedy.isEmpty ? "" : "; \(remedy)")")
  }
}
