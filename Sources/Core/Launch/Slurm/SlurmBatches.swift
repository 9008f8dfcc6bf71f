import Glibc

/// The attempts that were submitted together, by what their jobs are called.
///
/// Those of an array have one name, `lanes.RUN.7`; a list on the shared folder says which attempts they
/// are, so that a later runner knows it too. An attempt's own name has a dot in it, so the two differ.
package struct SlurmBatches {
  /// Where an attempt stands.
  private struct Place {
    var batch: Int
    var index: Int
  }

  private let path: String
  private var names: [Int: [String]] = [:]
  private var places: [String: Place] = [:]
  private var latest = 0

  /// Reads what earlier runners left in the folder, which need not be there.
  package init(path: String) {
    self.path = path
    for number in FileBytes.names(in: path).compactMap({ Int($0) }) {
      latest = max(latest, number)
      let list = SmallFile.read(list(of: number), limit: 1 << 26) ?? []
      note(
        String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init),
        as: number)
    }
  }

  package func folder(of batch: Int) -> String { "\(path)/\(batch)" }

  private func list(of batch: Int) -> String { folder(of: batch) + "/list" }

  private mutating func note(_ attempts: [String], as batch: Int) {
    names[batch] = attempts
    for (index, name) in attempts.enumerated() { places[name] = Place(batch: batch, index: index) }
  }

  /// Makes the folder of a new batch, in which each job finds what it is to do; the batch's number.
  ///
  /// On an error nothing of it counts.
  package mutating func add(
    _ requests: [LaunchRequest], runID: String
  ) throws(PlatformError) -> Int {
    latest += 1
    let folder = folder(of: latest)
    guard mkdir(folder, 0o700) == 0 else { throw PlatformError(folder) }
    for (index, request) in requests.enumerated() {
      try SmallFile.write(
        Self.parameters(of: request, runID: runID), to: "\(folder)/\(index)")
      if requests.count == 1 { continue }
      // Slurm opens the output of each job of an array under a name of one pattern.
      guard symlink(request.files.log, "\(folder)/\(index).log") == 0 else {
        throw PlatformError("\(folder)/\(index).log")
      }
    }
    let attempts = requests.map(\.files.attempt)
    try SmallFile.write(attempts.joined(separator: "\n") + "\n", to: list(of: latest))
    note(attempts, as: latest)
    return latest
  }

  /// A line of shell that sets the parameters of a job's script.
  package static func parameters(of request: LaunchRequest, runID: String) -> String {
    let input = request.prompt.isEmpty ? "/dev/null" : request.files.prompt
    var environment = request.environment
    AttemptMark(run: runID, key: request.key).set(in: &environment)
    let words =
      [request.files.attempt, request.directory, input, request.command]
      + environment.map { "\($0.name)=\($0.value)" }
    let quoted = words.map { String($0.unicodeScalars.filter { $0 != "\0" }).shellQuoted }
    return "set -- " + quoted.joined(separator: " ") + "\n"
  }

  /// The name of the attempt that a job of this name is; the job's own when it is of no batch.
  package func attempt(of name: Substring, _ job: SlurmJobID) -> String {
    guard let batch = Int(name), let attempts = names[batch], let element = job.element,
      element < attempts.count
    else { return String(name) }
    return attempts[Int(element)]
  }

  /// Removes what the job of an attempt found; a job that comes late ends.
  mutating func remove(_ name: String) {
    guard let place = places.removeValue(forKey: name) else { return }
    let file = "\(folder(of: place.batch))/\(place.index)"
    unlink(file)
    unlink(file + ".log")
  }
}
