/// One job as `squeue` lists it.
package struct SlurmJob: Equatable, Sendable {
  package var id: SlurmJobID
  package var name: String
  package var state: String
  /// Why it waits, or how it came to its state.
  package var reason: String
  package var nodes: String

  package init(
    id: SlurmJobID, name: String, state: String, reason: String = "None", nodes: String = ""
  ) {
    self.id = id
    self.name = name
    self.state = state
    self.reason = reason
    self.nodes = nodes
  }

  /// What `squeue` is told to print of each job; unlike its JSON it is the same in all versions.
  package static let format = "%i|%j|%T|%r|%N"

  /// Reads the answer of `squeue` in that format; other lines are passed over.
  package static func list(_ answer: [UInt8]) -> [SlurmJob] {
    answer.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 5, let id = SlurmJobID(fields[0]) else { return nil }
      return SlurmJob(
        id: id, name: fields[1], state: fields[2], reason: fields[3], nodes: fields[4])
    }
  }

  /// Whether the job is over, by the states that squeue(1) calls so.
  package var isOver: Bool {
    [
      "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY",
      "PREEMPTED", "REVOKED", "TIMEOUT",
    ].contains { state.hasPrefix($0) }
  }

  /// Whether somebody or something keeps it from starting until it is released.
  package var isHeld: Bool { state == "PENDING" && reason.lowercased().contains("held") }

  /// Whether it asks for what the cluster does not have or does not allow, so that it never starts.
  package var isImpossible: Bool {
    state == "PENDING"
      && [
        "PartitionConfig", "PartitionNodeLimit", "PartitionTimeLimit", "BadConstraints",
        "AccountNotAllowed", "InvalidAccount", "InvalidQOS", "QOSNotAllowed",
      ].contains(reason)
  }
}

/// The answer of a Slurm command that was waited for.
package struct SlurmAnswer: Equatable, Sendable {
  /// The exit status; nil when the command was ended because it took too long.
  package var status: Int32?
  /// Standard output and error.
  package var text: [UInt8]

  package init(status: Int32?, text: [UInt8]) {
    self.status = status
    self.text = text
  }

  package var isSuccess: Bool { status == 0 }

  /// The number of the job that `sbatch --parsable` tells: `ID` or `ID;CLUSTER` on a line.
  package var job: UInt32? {
    guard isSuccess else { return nil }
    return lines.lazy.compactMap { line in
      UInt32(line.prefix { $0 != ";" })
    }.first
  }

  /// What went wrong, in the command's own words, without its name.
  package var problem: String {
    if status == nil { return "no answer in time" }
    let line = lines.last { $0.contains("error") } ?? lines.last ?? ""
    guard let range = line.firstRange(of: "error: ") else { return String(line) }
    return String(line[range.upperBound...])
  }

  /// Whether the controller was not there or had no room, so that the same may work later.
  package var isTransient: Bool {
    if status == nil { return true }
    let text = String(decoding: text, as: UTF8.self).lowercased()
    return [
      "unable to contact", "timed out", "connection refused", "zero bytes were transmitted",
      "no route to host", "temporarily", "communication connection failure", "connection reset",
      "connect failure", "backup controller", "munge",
    ].contains { text.contains($0) }
  }

  /// Whether the caller may not do that to any job.
  package var isDenial: Bool {
    String(decoding: text, as: UTF8.self).lowercased().contains("denied")
  }

  /// Whether fewer jobs at once may be taken where these were not.
  package var isTooMany: Bool {
    let text = String(decoding: text, as: UTF8.self).lowercased()
    return !isSuccess
      && ["invalid job array", "submit limit", "submitjoblimit"].contains { text.contains($0) }
  }

  private var lines: [Substring] {
    String(decoding: text, as: UTF8.self).split(separator: "\n")
  }
}
