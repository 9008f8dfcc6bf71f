/// What `lanes doctor` was told of the machine and the project.
package struct DoctorFacts: Equatable, Sendable {
  package var version = ""
  package var sqlite = ""
  package var yaml = ""
  package var ncurses = ""
  /// What `git --version` prints; nil when there is no git.
  package var git: String?
  package var isInRepository = false
  /// Why tasks cannot work in worktrees of the repository.
  package var worktreeProblem: GitError?
  /// `user.name` and `user.email` of git.
  package var gitName: String?
  package var gitEmail: String?
  /// Whether `/bin/sh` can be started.
  package var hasShell = false
  /// The value of `TERM`.
  package var terminal: String?
  /// Whether standard output is a terminal.
  package var isTerminal = false
  /// How many colours the terminal has; nil when its description is missing.
  package var colors: Int?
  /// Whether the locale's characters are UTF-8.
  package var isUTF8 = false
  /// The folder looked at.
  package var directory = "."
  package var isWritable = false
  /// The task list that would be run.
  package var taskFile: String?
  /// Why the task list or the settings cannot be used.
  package var taskFileProblem: String?
  package var settingsProblem: String?
  /// The process of a runner at work here.
  package var runner: Int32?
  /// Whether tasks are to run as jobs of a Slurm cluster.
  package var usesSlurm = false
  /// What `sbatch --version` prints; nil when there is none.
  package var slurm: String?
  /// Whether the cluster's controller answers.
  package var slurmAnswers = false
  /// Free bytes on the disk of the folder.
  package var freeBytes: Int64?

  package init() {}
}

/// One thing that was checked.
package struct DoctorCheck: Equatable, Sendable {
  package enum State: String, Equatable, Sendable {
    case ok
    /// Something works less well.
    case warning
    /// Tasks cannot run.
    case problem
  }

  package var name: String
  package var state: State
  package var detail: String
  /// What to do, when all is not well.
  package var remedy: String?

  package init(_ name: String, _ state: State, _ detail: String, remedy: String? = nil) {
    self.name = name
    self.state = state
    self.detail = detail
    self.remedy = remedy
  }
}

/// Judges the facts.
package enum Doctor {
  package static func checks(_ facts: DoctorFacts) -> [DoctorCheck] {
    [
      program(facts), shell(facts), folder(facts), taskFile(facts), settings(facts), git(facts),
      identity(facts), slurm(facts), terminal(facts), locale(facts), disk(facts), runner(facts),
    ].compactMap(\.self)
  }

  /// The checks as text, each with its remedy below.
  package static func text(_ checks: [DoctorCheck]) -> String {
    let width = checks.reduce(0) { max($0, $1.name.count) }
    return checks.map { check in
      let line = "\(sign(check.state)) \(padded(check.name, width))  \(printable(check.detail))\n"
      let indent = String(repeating: " ", count: width + 4)
      return line + (check.remedy.map { "\(indent)→ \(printable($0))\n" } ?? "")
    }.joined()
  }

  private static func sign(_ state: DoctorCheck.State) -> String {
    switch state {
    case .ok: "✔"
    case .warning: "!"
    case .problem: "✘"
    }
  }

  private static func program(_ facts: DoctorFacts) -> DoctorCheck {
    DoctorCheck(
      "lanes", .ok,
      "\(facts.version) with SQLite \(facts.sqlite), libyaml \(facts.yaml), \(facts.ncurses)")
  }

  private static func shell(_ facts: DoctorFacts) -> DoctorCheck {
    facts.hasShell
      ? DoctorCheck("shell", .ok, "/bin/sh")
      : DoctorCheck(
        "shell", .problem, "/bin/sh cannot be started", remedy: "install a POSIX shell as /bin/sh")
  }

  private static func folder(_ facts: DoctorFacts) -> DoctorCheck {
    facts.isWritable
      ? DoctorCheck("folder", .ok, facts.directory)
      : DoctorCheck(
        "folder", .problem, "\(facts.directory) is not writable",
        remedy: "make it writable; lanes keeps its journal in the folder .lanes there")
  }

  private static func taskFile(_ facts: DoctorFacts) -> DoctorCheck {
    if let problem = facts.taskFileProblem {
      return DoctorCheck(
        "task list", .problem, problem, remedy: "correct it; lanes validate checks it again")
    }
    guard let file = facts.taskFile else {
      return DoctorCheck(
        "task list", .warning, "none found",
        remedy: "name the file, as in lanes run FILE, or make one with task-master parse-prd")
    }
    return DoctorCheck("task list", .ok, file)
  }

  private static func settings(_ facts: DoctorFacts) -> DoctorCheck {
    facts.settingsProblem.map {
      DoctorCheck("settings", .problem, $0, remedy: "correct it; lanes config shows the result")
    } ?? DoctorCheck("settings", .ok, "valid")
  }

  /// Worktrees of one repository and merges without a checkout need git 2.38.
  private static func git(_ facts: DoctorFacts) -> DoctorCheck {
    guard let version = facts.git else {
      return DoctorCheck(
        "git", .warning, "not found", remedy: "install git, for example with apt-get install git")
    }
    if let found = GitPreflight.version(in: version), found < GitPreflight.oldestVersion {
      return DoctorCheck(
        "git", facts.isInRepository ? .problem : .warning, version,
        remedy: "install git 2.38 or later, or run with --isolate none")
    }
    guard facts.isInRepository else {
      return DoctorCheck(
        "git", .warning, "\(version), but \(facts.directory) is not in a repository",
        remedy: "run git init, so that tasks can work apart from each other")
    }
    if let problem = facts.worktreeProblem {
      return DoctorCheck(
        "git", .problem, "\(problem.place): \(problem.problem)",
        remedy: problem.remedy.isEmpty ? "run with --isolate none" : problem.remedy)
    }
    return DoctorCheck("git", .ok, version)
  }

  private static func identity(_ facts: DoctorFacts) -> DoctorCheck? {
    guard facts.git != nil else { return nil }
    let missing = [("user.name", facts.gitName), ("user.email", facts.gitEmail)]
      .filter { $0.1?.isEmpty ?? true }.map(\.0)
    guard missing.isEmpty else {
      return DoctorCheck(
        "identity", .warning, "git has no \(missing.joined(separator: " and no "))",
        remedy: missing.map { "run git config --global \($0) VALUE" }.joined(separator: ", and "))
    }
    return DoctorCheck("identity", .ok, "\(facts.gitName ?? "") <\(facts.gitEmail ?? "")>")
  }

  private static func slurm(_ facts: DoctorFacts) -> DoctorCheck? {
    guard facts.usesSlurm else { return nil }
    guard let version = facts.slurm else {
      return DoctorCheck(
        "slurm", .problem, "sbatch was not found",
        remedy: "install Slurm's client commands, or choose launcher: local")
    }
    return facts.slurmAnswers
      ? DoctorCheck("slurm", .ok, "\(version); every node must see \(facts.directory)")
      : DoctorCheck(
        "slurm", .problem, "\(version), but the controller does not answer",
        remedy: "see what sinfo says, and whether SLURM_CONF names the cluster")
  }

  private static func terminal(_ facts: DoctorFacts) -> DoctorCheck {
    let name = facts.terminal ?? ""
    guard facts.isTerminal else {
      return DoctorCheck("terminal", .ok, "standard output is none; runs are shown as plain lines")
    }
    guard let colors = facts.colors, name != "dumb", !name.isEmpty else {
      return DoctorCheck(
        "terminal", .warning, "TERM=\(name) cannot show the view",
        remedy: "set TERM to what the terminal is, such as xterm-256color")
    }
    guard colors >= 8 else {
      return DoctorCheck(
        "terminal", .warning, "\(name) has \(max(0, colors)) colours",
        remedy: "set TERM to a variant with colours, such as \(name)-256color")
    }
    return DoctorCheck("terminal", .ok, "\(name), \(colors) colours")
  }

  private static func locale(_ facts: DoctorFacts) -> DoctorCheck {
    facts.isUTF8
      ? DoctorCheck("locale", .ok, "UTF-8")
      : DoctorCheck(
        "locale", .warning, "not UTF-8; signs and lines are drawn in ASCII",
        remedy: "set LC_ALL=C.UTF-8")
  }

  private static func disk(_ facts: DoctorFacts) -> DoctorCheck? {
    facts.freeBytes.map { free in
      let mebibytes = "\(free >> 20) MiB free"
      return free >= 256 << 20
        ? DoctorCheck("disk", .ok, mebibytes)
        : DoctorCheck(
          "disk", .warning, mebibytes, remedy: "free some space for logs and the journal")
    }
  }

  private static func runner(_ facts: DoctorFacts) -> DoctorCheck? {
    facts.runner.map {
      DoctorCheck("run", .ok, "process \($0) is at work here; lanes status shows how it stands")
    }
  }
}
