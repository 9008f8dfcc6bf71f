/// A command of the command line.
package enum Command: String, Equatable, Sendable, CaseIterable {
  case run
  case plan
  case validate
  case draft
  case task
  case status
  case logs
  case attach
  case replay
  case explain
  case pause
  case resume
  case retry
  case cancel
  case skip
  case jobs
  case wait
  case report
  case history
  case simulate
  case conflicts
  case export
  case integrate
  case initialize = "init"
  case doctor
  case config
  case themes
  case completions
  case man
  case version
  case help

  /// What the command does, in a few words.
  package var summary: String {
    switch self {
    case .run: "run the task list"
    case .plan: "show what would run when"
    case .validate: "check the task list"
    case .draft: "have an agent write a task list from a document of requirements"
    case .task: "list, add, edit, remove tasks, or set their status, in the task list itself"
    case .status: "show how a run stands"
    case .logs: "show what tasks have written"
    case .attach: "show a run of another terminal in the full-screen view"
    case .replay: "show a past run again, faster"
    case .explain: "say why a task is where it is"
    case .pause: "stop starting tasks, or pause one"
    case .resume: "continue a run that was interrupted or paused, or one task"
    case .retry: "run tasks again"
    case .cancel: "end tasks, or all of them"
    case .skip: "count tasks as done without running them"
    case .jobs: "change how many tasks run at once"
    case .wait: "wait until the run has ended"
    case .report: "show what runs did, and where the time went"
    case .history: "show how long tasks took in earlier runs"
    case .simulate: "show what other numbers of slots and schedules would take"
    case .conflicts:
      "show which tasks will probably conflict and why, or learn that from the history"
    case .export: "write the plan for another program to run"
    case .integrate: "show where the result of a run is, or push it"
    case .initialize: "write a lanes.yml to start from"
    case .doctor: "check what lanes needs on this machine"
    case .config: "show the settings in force and where they come from"
    case .themes: "list the themes of the view, with a preview"
    case .completions: "print the completions for a shell"
    case .man: "print the manual page"
    case .version: "print the version"
    case .help: "explain a command"
    }
  }

  /// The operands as help shows them.
  package var operands: String {
    switch self {
    case .run, .plan, .validate, .simulate: "[FILE]"
    case .draft: "FILE"
    case .status, .replay, .integrate: "[RUN]"
    case .report: "[RUN…]"
    case .history: "[TASK…]"
    case .conflicts: "[train|evaluate|TASK TASK]"
    case .export: "argo|slurm|make|ninja [FILE]"
    case .completions: "bash|zsh|fish"
    case .task: "list|add|edit|remove|set-status [WORD…]"
    case .themes: "[THEME]"
    case .logs, .retry: "[TASK…]"
    case .explain: "TASK"
    case .pause, .resume: "[TASK]"
    case .cancel: "[TASK…]"
    case .skip: "TASK…"
    case .jobs: "N|auto"
    case .help: "[COMMAND]"
    case .attach, .wait, .initialize, .doctor, .config, .man, .version: ""
    }
  }

  /// How many operands the command takes.
  var operandCount: ClosedRange<Int> {
    switch self {
    case .run, .plan, .validate, .simulate, .status, .replay, .themes, .pause, .resume, .help,
      .integrate:
      0...1
    case .logs, .retry, .cancel, .report, .history: 0 ... .max
    case .explain, .jobs, .draft, .completions: 1...1
    case .export: 1...2
    case .conflicts: 0...2
    case .skip, .task: 1 ... .max
    case .attach, .wait, .initialize, .doctor, .config, .man, .version: 0...0
    }
  }

  /// The flags of the command, without the global ones.
  package var flags: [Flag] {
    switch self {
    case .run: Flag.run
    case .resume: Flag.run.filter { Self.changeableLater.contains($0.name) } + [.takeOver]
    case .plan:
      [
        .format("text", "json", "dot", "mermaid"),
        Flag("remaining", help: "leave out what is done"),
        Flag("tracks", value: .text("N|auto"), help: "divide the work over N tracks"),
        Flag(
          "balance", value: .choice(Tracks.Balance.allCases.map(\.rawValue)),
          help: "with --tracks, where tasks in no chain go; default worker"),
        Flag(
          "sprint-hours", value: .integer(1...10_000),
          help: "with --tracks, the hours of a sprint; default 40"),
        Flag("write", help: "with --tracks, write the sprints and .project-state.yaml"),
        Flag("force", help: "with --write, replace sprints and set an old state aside"),
      ]
        + Flag.settings(
          "tag", "from", "granularity", "strict", "jobs", "schedule", "isolate", "git.base",
          "conflicts.detect", "conflicts.predicted")
    case .draft:
      [
        Flag(
          "to", value: .text("FILE"), help: "the new file; default .taskmaster/tasks/tasks.json"),
        Flag("tries", value: .integer(1...20), help: "how often the agent may answer; default 3"),
      ] + Flag.settings("agent")
    case .validate: Flag.settings("tag", "from", "granularity", "strict")
    case .task: Flag.task
    case .status: [.format("text", "json")]
    case .config: [.format("text", "json")] + Flag.allSettings
    case .logs:
      [
        Flag("follow", short: "f", help: "go on as more is written"),
        Flag("attempt", value: .integer(1...1000), help: "the log of attempt N; default the last"),
        Flag(
          "lines", short: "n", value: .integer(0...1_000_000_000), help: "only the last N lines"),
      ]
    case .retry:
      [
        Flag("failed", help: "all tasks that failed"),
        Flag("with-dependents", help: "also the tasks that depend on them"),
      ]
    case .cancel: [Flag("all", help: "end the whole run")]
    case .wait:
      [
        Flag(
          "timeout", value: .duration(.zero ... .seconds(86_400 * 365), allowsNone: true),
          help: "give up after this time")
      ]
    case .integrate:
      [
        Flag("push", help: "push the result's branch to the remote"),
        Flag("open", help: "push it and open a pull request"),
      ]
    case .initialize: [Flag("force", help: "replace a lanes.yml that is there")]
    case .report:
      [
        .format("text", "json", "html", "trace", "junit", "openmetrics", "csv"),
        Flag("last", value: .integer(1...1000), help: "the newest N runs, compared"),
      ]
    case .history:
      [
        .format("text", "json"),
        Flag("last", value: .integer(1...100_000), help: "only the newest N runs"),
      ]
    case .simulate:
      [
        .format("text", "json"),
        Flag("draws", value: .integer(1...1_000_000), help: "how often each choice is simulated"),
        Flag("most-jobs", value: .integer(1...1024), help: "the most slots to try; default 16"),
        Flag("seed", value: .integer(0...Int.max), help: "where the random numbers begin"),
        Flag(
          "spread", value: .text("SHARE"),
          help: "how uncertain declared times are; default 0.3, 0 is certain"),
        Flag("remaining", help: "leave out what is done"),
      ]
        + Flag.settings(
          "tag", "granularity", "jobs", "schedule", "attempts", "isolate", "git.base",
          "conflicts.detect", "conflicts.predicted")
    case .conflicts:
      [
        .format("text", "json"),
        Flag("file", value: .text("FILE"), help: "the task list; default the project's own"),
        Flag(
          "commits", value: .integer(1...10_000_000),
          help: "with train and evaluate, how many of the newest commits are read; default 50000"),
      ]
        + Flag.settings(
          "tag", "from", "granularity", "jobs", "schedule", "isolate", "git.base",
          "conflicts.predicted")
    case .export:
      Flag.settings(
        "tag", "granularity", "jobs", "schedule", "attempts", "timeout", "command")
    case .attach: Flag.settings("theme", "color")
    case .replay:
      [
        Flag(
          "speed", value: .integer(1...1_000_000),
          help: "how many times as fast as it was; default 10")
      ] + Flag.settings("theme", "color")
    case .themes: Flag.settings("color")
    case .explain, .pause, .skip, .jobs, .doctor, .completions, .man, .version, .help: []
    }
  }

  /// The flags of a run that also make sense for one that goes on.
  private static var changeableLater: Set<String> {
    ["jobs", "notify", "output", "no-tui", "headless", "color", "theme", "detach"]
  }
}
