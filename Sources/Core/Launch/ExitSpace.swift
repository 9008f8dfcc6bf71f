import CLinux
import Glibc

/// Disk space for the exit statuses of attempts, taken before these start.
///
/// A disk that is full when a task ends would otherwise lose how it ended, and a later runner would
/// have to start it again.
struct ExitSpace {
  private var path = ""
  /// What the records of all attempts so far may take, and what there is room for.
  private var needed: Int64 = 0
  private var taken: Int64 = 0

  /// How much is taken at a time, so that few attempts cost a system call.
  private static let portion: Int64 = 16 << 10

  /// Makes sure that the attempt's record fits into its file, which is made if it is missing.
  mutating func reserve(for files: AttemptFiles) throws(PlatformError) {
    let record = Int64(ExitRecords.start(of: files.name).utf8.count + "255;\n".utf8.count)
    guard path != files.exit || needed + record > taken else {
      needed += record
      return
    }
    let file = open(files.exit, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw PlatformError(files.exit) }
    defer { close(file) }
    if path != files.exit { (path, needed, taken) = (files.exit, Int64(lseek(file, 0, SEEK_END)), 0) }
    let wanted = needed + record + Self.portion
    guard lanes_reserve(file, wanted) == 0 else { throw PlatformError(files.exit) }
    (needed, taken) = (needed + record, wanted)
  }
}
