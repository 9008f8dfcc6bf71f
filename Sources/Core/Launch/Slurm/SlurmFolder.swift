import CLinux
import Glibc

/// What a run's jobs share with its runner: a folder that every node of the cluster sees.
///
/// A job claims its attempt by making a folder under `claims`, which only one can, and leaves its
/// exit status under `exits` by a rename, so that it is there whole or not at all.
package struct SlurmFolder: Sendable {
  /// Absolute.
  package let path: String

  package init(path: String) {
    self.path = path
  }

  package var wrapper: String { path + "/wrapper.sh" }
  var claims: String { path + "/claims" }
  var exits: String { path + "/exits" }
  var batches: String { path + "/batches" }

  /// Makes the folder, where it is not there yet.
  package func create() throws(PlatformError) {
    for folder in [path, claims, exits, batches] where mkdir(folder, 0o700) != 0 && errno != EEXIST
    {
      throw PlatformError(folder)
    }
    // Slurm copies the script as it takes a job, so a newer one is put in its place whole.
    try SmallFile.write(Self.script, to: wrapper + ".new")
    guard rename(wrapper + ".new", wrapper) == 0 else { throw PlatformError(wrapper) }
  }

  /// The script that Slurm runs on a node.
  ///
  /// Its parameters: this folder, and that of its batch, where the file of its number in the array sets the
  /// parameters anew: the attempt's name, the working directory, the input, the command, variables.
  /// It ends with 98 when another job has claimed the attempt or it was given up, and notes 97 when the
  /// directory is missing, for Slurm itself would go on in another one. Signals end the command and not the
  /// script, which waits for it to note how it ended.
  static let script = #"""
    #!/bin/sh
    lanes_folder=$1 lanes_job=$2/${SLURM_ARRAY_TASK_ID:-0}
    test -r "$lanes_job" || exit 98
    . "$lanes_job"
    lanes_name=$1 lanes_directory=$2 lanes_input=$3 lanes_command=$4
    shift 4
    mkdir "$lanes_folder/claims/$lanes_name" || exit 98
    printf '%s\n' "${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}" \
      >"$lanes_folder/claims/$lanes_name/job"
    trap : HUP INT TERM
    if cd "$lanes_directory"; then
      env -- "$@" /bin/sh -c "$lanes_command" sh <"$lanes_input"
      lanes_status=$?
    else
      lanes_status=97
    fi
    { printf '%s\n' "$lanes_status"; times; } >"$lanes_folder/exits/.$lanes_name" &&
      mv "$lanes_folder/exits/.$lanes_name" "$lanes_folder/exits/$lanes_name"
    exit "$lanes_status"

    """#

  /// The job that claimed an attempt; nil when it has not written that yet.
  package func job(of name: String) -> SlurmJobID? {
    let text = SmallFile.read("\(claims)/\(name)/job") ?? []
    guard let end = text.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    return SlurmJobID(String(decoding: text[..<end], as: UTF8.self))
  }

  /// How an attempt ended; nil when that cannot be read.
  package func exit(of name: String) -> (status: ExitStatus, usage: ResourceUsage)? {
    let file = "\(exits)/\(name)"
    guard var exit = SmallFile.read(file).flatMap(Self.exit) else { return nil }
    // Both are moments of the file server's clock.
    if let start = Self.modified("\(claims)/\(name)"), let end = Self.modified(file) {
      exit.usage.wall = .nanoseconds(max(1, end - start))
    }
    return exit
  }

  /// Reads the status and what the shell's `times` says of its children in the third line.
  package static func exit(_ text: [UInt8]) -> (status: ExitStatus, usage: ResourceUsage)? {
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    guard let status = lines.first.flatMap({ Int32($0) }) else { return nil }
    let times = lines.count > 2 ? lines[2].split(separator: " ").compactMap(Self.time) : []
    return (.exited(status), ResourceUsage(cpu: times.reduce(.zero, +)))
  }

  /// A time such as `1m2.340s`.
  private static func time(_ text: Substring) -> Duration? {
    let parts = text.split { $0 == "m" || $0 == "s" }
    guard parts.count == 2, let minutes = Double(parts[0]), let seconds = Double(parts[1]) else {
      return nil
    }
    return .seconds(minutes * 60 + seconds)
  }

  private static func modified(_ path: String) -> Int64? {
    var status = stat()
    return stat(path, &status) == 0 ? lanes_nanoseconds(status.st_mtim) : nil
  }
}
