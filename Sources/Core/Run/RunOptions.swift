/// How a run behaves, after defaults, files, variables and flags have been merged.
package struct RunOptions: Equatable, Sendable {
  /// The most tasks at once, 1 or more.
  package var jobs = 4
  /// Whether `jobs` is only where to begin, and follows what the machine can bear.
  package var adaptsJobs = false
  package var schedule = Schedule.levels
  package var onFailure = FailurePolicy.finish
  /// How many attempts a task gets, 1 or more.
  package var attempts = 1
  /// The wait before a second attempt; it doubles with each further one.
  package var backoff: Duration = .seconds(1)
  /// The longest wait between attempts.
  package var backoffLimit: Duration = .seconds(300)
  /// The longest an attempt may run, paused time not counted.
  package var timeout: Duration?
  /// The longest an attempt may go without output.
  package var stallTimeout: Duration?
  /// How long a task that is told to end has before it is killed.
  package var grace: Duration = .seconds(10)
  /// What runs for a task that names no command of its own: the text of a shell command.
  package var command: String?
  /// The name of the agent profile `command` came from.
  package var agent: String?
  package var launcher = LauncherKind.local
  package var slurm = SlurmOptions()
  /// Variables added to every task's environment.
  package var environment: [String: String] = [:]
  /// Whether the source's statuses follow the run.
  package var writesStatus = true
  /// Only these tasks run; what they depend on counts as done.
  ///
  /// Nil is all.
  package var only: [TaskID]?
  /// How tasks work apart in worktrees; nil when they all work in the project's folder.
  package var git: GitOptions?

  /// Who works on the tasks and what is accepted; nil when tasks only have commands.
  package var crew: CrewOptions?

  package init() {}

  package enum Schedule: String, Equatable, Sendable, CaseIterable {
    /// A level starts when the one before has ended.
    case levels
    /// A task starts when its own dependencies have ended.
    case dataflow
    /// A task starts when its own dependencies have ended, and one at a time on each track.
    case tracks
  }

  package enum FailurePolicy: String, Equatable, Sendable, CaseIterable {
    /// What runs may end; nothing more starts.
    case finish
    /// What runs is stopped; nothing more starts.
    case failFast = "fail-fast"
    /// Everything that does not depend on the failed task goes on.
    case keepGoing = "keep-going"
  }
}
