import CLinux
import Glibc

/// Replaces the contents of a file in one step, unless someone else changed it in between.
struct FileReplacement {
  private let path: String
  private let before: stat

  /// Looks at the file as it is before it is read.
  init(of path: String) throws(SourceFile.Failure) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw errno == ENOENT ? .missing : .system(errno) }
    self.path = path
    before = status
  }

  /// Writes a new file beside the old one and renames it over that, with the same permissions.
  ///
  /// Returns false, with nothing changed, when the file is no longer the one first looked at. The
  /// bytes are on the disk before the rename.
  func write(_ bytes: [UInt8]) throws(SourceFile.Failure) -> Bool {
    let temporary = "\(path).\(getpid()).tmp"
    // A process of the same number may have died here; the lock says that it is not alive.
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .system(errno) }
    do throws(SourceFile.Failure) {
      defer { close(descriptor) }
      try fill(descriptor, with: bytes)
      guard isUnchanged else {
        unlink(temporary)
        return false
      }
      guard rename(temporary, path) == 0 else { throw .system(errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder()
    return true
  }

  private func fill(_ descriptor: Int32, with bytes: [UInt8]) throws(SourceFile.Failure) {
    // Only the superuser may give a file away; for others it stays theirs.
    _ = fchown(descriptor, before.st_uid, before.st_gid)
    guard fchmod(descriptor, before.st_mode & 0o7777) == 0 else { throw .system(errno) }
    var position = 0
    while position < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + position }, bytes.count - position)
      }
      if count < 0 && errno != EINTR { throw .system(errno) }
      position += max(0, count)
    }
    guard fsync(descriptor) == 0 else { throw .system(errno) }
  }

  private var isUnchanged: Bool {
    var now = stat()
    return stat(path, &now) == 0 && now.st_dev == before.st_dev && now.st_ino == before.st_ino
      && now.st_size == before.st_size
      && lanes_nanoseconds(now.st_mtim) == lanes_nanoseconds(before.st_mtim)
  }

  /// Makes the rename itself durable; a file system that cannot is left as it is.
  private func syncFolder() {
    let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
