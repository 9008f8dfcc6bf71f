import CLinux
import Glibc

/// The names in a folder to which others add, read when it has changed.
struct FolderNames {
  private let path: String
  private var modified: Int64 = 0
  private var seenAt = Instant(microseconds: 0)
  private var readAt = Instant(microseconds: 0)

  init(path: String) {
    self.path = path
  }

  /// All names; nil when there is nothing new.
  ///
  /// The time of a folder's change is coarse and may reach other hosts late, so the folder is read
  /// for two seconds after a change, and every ten seconds in any case.
  mutating func changes(at now: Instant) -> [String]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let time = lanes_nanoseconds(status.st_mtim)
    if time != modified { (modified, seenAt) = (time, now) }
    guard now - seenAt < .seconds(2) || now - readAt > .seconds(10) else { return nil }
    readAt = now
    return FileBytes.names(in: path)
  }
}
