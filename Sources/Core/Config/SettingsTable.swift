extension Setting {
  /// The setting of a key.
  package static func named(_ key: String) -> Setting? { table.first { $0.key == key } }

  /// All settings with one value, in the order in which they are shown.
  package static let table: [Setting] = generalTable + gitTable

  private static let generalTable: [Setting] = [
    integerOrAuto(
      "jobs", \.jobs, \.adaptsJobs, 1...100_000,
      "the most tasks at once; auto follows load, memory and stalls of the machine",
      Flag("jobs", short: "j")),
    toggle(
      "parallel", \.parallel, "whether tasks run side by side; false means one at a time",
      Flag("serial", implied: "false", help: "run one task at a time")),
    choice(
      "schedule", \.schedule,
      "when a task may start: after the whole level before, or after its own dependencies",
      Flag("schedule")),
    choice(
      "on_failure", \.onFailure,
      "when a task fails: let running ones end, stop them, or run all that still can",
      Flag("on-failure")),
    integer(
      "attempts", \.attempts, 1...1000, "how many attempts a task gets", Flag("attempts")),
    duration(
      "backoff", \.backoff, "the wait before a second attempt; it doubles with each further one",
      Flag("backoff")),
    duration("backoff_limit", \.backoffLimit, "the longest wait between attempts", nil),
    limit("timeout", \.timeout, "the longest an attempt may run", Flag("timeout")),
    limit(
      "stall_timeout", \.stallTimeout, "the longest an attempt may go without output",
      Flag("stall-timeout")),
    duration(
      "grace", \.grace, "how long a task that is told to end has before it is killed",
      Flag("grace")),
    text(
      "command", \.command, "TEXT", "the shell command that works on a task", Flag("command"),
      example: "'make task-$LANES_TASK_ID'"),
    text(
      "agent", \.agent, "NAME", "the agent profile that works on a task, of those under agents",
      Flag("agent"), example: "fast"),
    text(
      "prompt", \.prompt, "FILE", "the template of what agents are told, with {{name}} for parts",
      Flag("prompt"), example: "prompts/task.md"),
    duration(
      "limit_wait", \.limitWait, "the longest wait for an agent's usage limit to pass",
      Flag("limit-wait")),
    choice(
      "launcher", \.launcher, "what runs the tasks: this machine, or a Slurm cluster",
      Flag("launcher")),
    text(
      "slurm.partition", \.slurm.partition, "NAME", "the partition that jobs are submitted to", nil,
      example: "main"),
    text(
      "slurm.account", \.slurm.account, "NAME", "the account that jobs are charged to", nil,
      example: "team"),
    text(
      "slurm.qos", \.slurm.qos, "NAME", "the quality of service of jobs", nil, example: "normal"),
    text(
      "slurm.options", \.slurm.options, "TEXT", "further options for sbatch", nil,
      example: "--nice=100"),
    list(
      "slurm.licenses", \.slurm.licenses,
      "the cluster's licences that tasks of pools take, POOL=NAME",
      nil),
    list(
      "slurm.partitions", \.slurm.partitions, "the partitions of the tasks of pools, POOL=NAME", nil
    ),
    text("tag", \.tag, "TAG", "the tag of the task list", Flag("tag"), example: "master"),
    choice(
      "from", \.source, "what kind of task list it is, when its name and place do not say",
      Flag("from")),
    choice(
      "granularity", \.granularity, "whether subtasks are tasks of their own",
      Flag("granularity")),
    toggle(
      "strict", \.strict, "treat warnings about the plan as errors",
      Flag("strict", implied: "true")),
    toggle(
      "write_status", \.writesStatus, "write statuses back into the task list",
      Flag("no-write-status", implied: "false", help: "leave the task list as it is")),
    choice("output", \.output, "how the run is shown", Flag("output")),
    text(
      "theme", \.theme, "NAME", "the theme of the view, of those that lanes themes lists",
      Flag("theme"), example: "nord"),
    choice(
      "notify", \.notification, "how the terminal is told that a run has ended", Flag("notify")),
    choice("color", \.color, "when to use colours", Flag("color")),
  ]
}
