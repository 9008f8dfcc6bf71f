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
    "squeue", "--noheader", "--me", "--states=all", "--array", "--format=\(SlurmJob.format)",
  ]

  /// Submits attempts that ask for the same; the answer is the number of the job, or of the array.
  ///
  /// What they are to do lies in the folder of their batch, where each job finds its own, so no command and
  /// no name is read by a shell on the way. `jobName` is for an array; one attempt alone has its own.
  package func submit(
    _ requests: [LaunchRequest], jobName: String, _ resources: TaskResources,
    folder: SlurmFolder, batch: String
  ) -> [String] {
    let isArray = requests.count > 1
    let output = isArray ? Self.literal(batch) + "/%a.log" : Self.literal(requests[0].files.log)
    var words = [
      "sbatch", "--parsable", "--no-requeue", "--export=ALL", "--chdir=/",
      "--job-name=\(jobName)", "--open-mode=append", "--output=\(output)",
    ]
    if isArray { words.append("--array=0-\(requests.count - 1)") }
    if let limit { words.append("--time=\(Self.minutes(limit))") }
    if let partition = resources.partition ?? options.partition {
      words.append("--partition=\(partition)")
    }
    if let account = options.account { words.append("--account=\(account)") }
    if let qos = options.qos { words.append("--qos=\(qos)") }
    if let cpus = resources.cpus { words.append("--cpus-per-task=\(cpus)") }
    if let memory = resources.memory { words.append("--mem=\(memory)M") }
    if let gpus = resources.gpus { words.append("--gpus=\(gpus)") }
    if let licenses = resources.licenses { words.append("--licenses=\(licenses)") }
    words += (options.options ?? "").split(separator: " ").map(String.init)
    return words + [folder.wrapper, folder.path, batch]
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
