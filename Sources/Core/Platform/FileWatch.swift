import CLinux
import Glibc

/// A file whose only purpose is that another process touches it to be noticed.
package final class FileWatch: Sendable {
  /// Readable when the file was touched or written.
  package let descriptor: Int32

  /// Watches the file at `path`; makes it, for its owner alone, when it is missing.
  package init(path: String) throws(PlatformError) {
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw PlatformError(path) }
    close(file)
    descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard descriptor >= 0 else { throw PlatformError("inotify_init1") }
    let events = UInt32(IN_ATTRIB | IN_CLOSE_WRITE | IN_MODIFY)
    guard inotify_add_watch(descriptor, path, events) >= 0 else {
      let error = PlatformError(path)
      close(descriptor)
      throw error
    }
  }

  deinit {
    close(descriptor)
  }

  /// Whether the file was touched since the last call.
  package func read() -> Bool {
    var wasTouched = false
    var buffer = [UInt8](repeating: 0, count: 4096)
    while Glibc.read(descriptor, &buffer, buffer.count) > 0 { wasTouched = true }
    return wasTouched
  }

  /// Lets whoever watches the file at `path` know; false when nobody can, since it is not there.
  package static func touch(_ path: String) -> Bool {
    utimensat(AT_FDCWD, path, nil, 0) == 0
  }
}
