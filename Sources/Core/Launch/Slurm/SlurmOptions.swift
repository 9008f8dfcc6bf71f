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

  package init() {}
}

/// What a task asks of the machine that it runs on; nil leaves it to the launcher.
package struct TaskResources: Equatable, Sendable {
  package var cpus: Int?
  /// MiB.
  package var memory: Int?
  package var gpus: Int?
  package var partition: String?

  package init(
    cpus: Int? = nil, memory: Int? = nil, gpus: Int? = nil, partition: String? = nil
  ) {
    self.cpus = cpus
    self.memory = memory
    self.gpus = gpus
    self.partition = partition
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
