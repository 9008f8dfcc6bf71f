/// The words of Slurm's commands.
package struct SlurmCommands: Sendable {
  package let options: SlurmOptions
  /// The longest a job may run, after which Slurm ends it; nil for the cluster's own limit.
  package let limit: Duration?

  package init(options: SlurmOptions, limit: Duration?) {
    self.options = options
    self.limit = limit
  }

  /// All jobs of this user, also those that ended not long ago.
  package static let poll = [
    "squeue", "--noheader", "--me", "--states=all", "--format=\(SlurmJob.format)",
  ]

  /// Submits an attempt; the answer is the job's number.
  ///
  /// The command and names reach the job as parameters, so no shell reads them on the way.
  package func submit(
    _ request: LaunchRequest, jobName: String, _ resources: TaskResources, folder: SlurmFolder
  ) -> [String] {
    var words = [
      "sbatch", "--parsable", "--no-requeue", "--export=ALL", "--chdir=/",
      "--job-name=\(jobName)", "--open-mode=append", "--output=\(Self.literal(request.files.log))",
    ]
    if let limit { words.append("--time=\(Self.minutes(limit))") }
    if let partition = resources.partition ?? options.partition {
      words.append("--partition=\(partition)")
    }
    if let account = options.account { words.append("--account=\(account)") }
    if let qos = options.qos { words.append("--qos=\(qos)") }
    if let cpus = resources.cpus { words.append("--cpus-per-task=\(cpus)") }
    if let memory = resources.memory { words.append("--mem=\(memory)M") }
    if let gpus = resources.gpus { words.append("--gpus=\(gpus)") }
    words += (options.options ?? "").split(separator: " ").map(String.init)
    let input = request.prompt.isEmpty ? "/dev/null" : request.files.prompt
    return words + [
      folder.wrapper, folder.path, request.files.attempt, request.directory, input, request.command,
    ]
  }

  /// What carries out an order about a job; nil for a submission.
  package static func words(for order: SlurmQueue.Order) -> [String]? {
    switch order {
    case .submit: nil
    case .signal(let job, let signal):
      ["scancel", "--full", "--signal=\(signal.slurmName)", "\(job)"]
    case .cancel(let job): ["scancel", "\(job)"]
    case .suspend(let job): ["scontrol", "suspend", "\(job)"]
    case .resume(let job): ["scontrol", "resume", "\(job)"]
    case .hold(let job): ["scontrol", "hold", "\(job)"]
    case .release(let job): ["scontrol", "release", "\(job)"]
    }
  }

  /// A file name in which nothing is a pattern: `%` begins one, and a backslash switches them off.
  static func literal(_ path: String) -> String {
    path.replacing("%", with: "%%")
  }

  /// Whole minutes, with one to spare: what lanes ends itself should not be ended by Slurm before.
  static func minutes(_ limit: Duration) -> Int {
    Int((limit.seconds / 60).rounded(.up)) + 1
  }
}

extension TaskSignal {
  fileprivate var slurmName: String {
    switch self {
    case .interrupt: "INT"
    case .terminate: "TERM"
    case .kill: "KILL"
    case .pause: "STOP"
    case .proceed: "CONT"
    }
  }
}
