import Glibc

/// A named pipe whose only purpose is that another process touches it to be noticed.
///
/// Unlike a watched file it costs nothing to let go of: closing an inotify descriptor holds up the
/// end of a process for more than ten milliseconds.
package final class FileWatch: Sendable {
  /// Readable when the pipe was touched.
  package let descriptor: Int32
  private let path: String

  /// Opens the pipe at `path`; makes it, for its owner alone, in place of what is there.
  package init(path: String) throws(PlatformError) {
    self.path = path
    descriptor = if let found = Self.open(path) { found } else { try Self.make(path) }
  }

  /// Removes the pipe: whoever reads whole folders would wait for it.
  deinit {
    remove()
    close(descriptor)
  }

  /// Removes the pipe now, for somebody else to make one of the same name.
  package func remove() {
    var status = stat()
    // One that is removed already has no name, and the name may be another's.
    if fstat(descriptor, &status) == 0, status.st_nlink > 0 { unlink(path) }
  }

  /// Nil when there is no pipe.
  ///
  /// For writing as well, so that it has a writer and never ends.
  private static func open(_ path: String) -> Int32? {
    let descriptor = Glibc.open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO { return descriptor }
    close(descriptor)
    return nil
  }

  private static func make(_ path: String) throws(PlatformError) -> Int32 {
    unlink(path)
    guard mkfifo(path, 0o600) == 0 else { throw PlatformError(path) }
    guard let descriptor = open(path) else { throw PlatformError(path) }
    return descriptor
  }

  /// Whether the pipe was touched since the last call.
  package func read() -> Bool {
    var wasTouched = false
    var buffer = [UInt8](repeating: 0, count: 4096)
    while Glibc.read(descriptor, &buffer, buffer.count) > 0 { wasTouched = true }
    return wasTouched
  }

  /// Lets whoever watches the pipe at `path` know; false when nobody does.
  package static func touch(_ path: String) -> Bool {
    let descriptor = Glibc.open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return false }
    // A full pipe has been touched before and not been looked at.
    return write(descriptor, "!", 1) == 1 || errno == EAGAIN
  }
}
