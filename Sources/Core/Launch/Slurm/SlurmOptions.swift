/// What attempts are run by.
package enum LauncherKind: String, Equatable, Sendable, CaseIterable {
  /// Processes of this machine.
  case local
  /// Jobs of a Slurm cluster.
  case slurm
}

/// How the jobs of a run are submitted to Slurm; nil leaves it to the cluster.
package struct SlurmOptions: Equatable, Sendable {
  package var partition: String?
  package var account: String?
  package var qos: String?
  /// Further options for `sbatch`, separated by blanks.
  package var options: String?
  /// What jobs of a pool take of the cluster, as `POOL=LICENCE`: a licence's name, with a number after a colon
  /// where it is not 1.
  package var licenses: [String] = []
  /// The partitions that jobs of a pool are submitted to, as `POOL=PARTITION`.
  package var partitions: [String] = []

  package init() {}

  /// What a task asks for, with what its pool stands for.
  package func resources(of task: TaskResources, pool: String?) -> TaskResources {
    guard let pool else { return task }
    var resources = task
    resources.partition = task.partition ?? Self.value(of: pool, in: partitions)
    let licences = [task.licenses, Self.value(of: pool, in: licenses)].compactMap(\.self)
    if !licences.isEmpty { resources.licenses = licences.joined(separator: ",") }
    return resources
  }

  private static func value(of name: String, in pairs: [String]) -> String? {
    pairs.lazy.map { $0.splitOnce(at: "=") }.first { $0.0 == name }?.1
  }
}

/// What a task asks of the machine that it runs on; nil leaves it to the launcher.
package struct TaskResources: Hashable, Sendable {
  package var cpus: Int?
  /// MiB.
  package var memory: Int?
  package var gpus: Int?
  package var partition: String?
  /// Licences of the cluster's, as sbatch(1) takes them: `matlab:2,maple`.
  package var licenses: String?

  package init(
    cpus: Int? = nil, memory: Int? = nil, gpus: Int? = nil, partition: String? = nil,
    licenses: String? = nil
  ) {
    self.cpus = cpus
    self.memory = memory
    self.gpus = gpus
    self.partition = partition
    self.licenses = licenses
  }

  package var isEmpty: Bool { self == TaskResources() }

  /// The MiB of a text such as `512M`, `4G`, `1T` or `2048` (MiB); nil when it is none.
  package static func mebibytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number > 0 else { return nil }
    let factor: Int? =
      switch text.dropFirst(digits.count).uppercased() {
      case "", "M", "MB", "MIB": 1
      case "G", "GB", "GIB": 1024
      case "T", "TB", "TIB": 1024 * 1024
      default: nil
      }
    return factor.flatMap { number.multipliedReportingOverflow(by: $0) }
      .flatMap { $0.overflow ? nil : $0.partialValue }
  }
}
