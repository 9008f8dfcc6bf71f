import CLinux
import Glibc

/// Tells that a file was written to or replaced (inotify).
///
/// Closing the descriptor takes some ten milliseconds, so this is for programs that people watch.
package final class PathWatch: Sendable {
  /// Readable when something changed.
  package let descriptor: Int32

  package init() throws(PlatformError) {
    descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard descriptor >= 0 else { throw PlatformError("inotify_init1") }
  }

  deinit {
    close(descriptor)
  }

  /// Begins to watch a file; nil when it is not there.
  package func add(_ path: String) -> Int32? {
    let events = UInt32(IN_MODIFY | IN_MOVE_SELF | IN_DELETE_SELF | IN_CLOSE_WRITE)
    let number = inotify_add_watch(descriptor, path, events)
    return number >= 0 ? number : nil
  }

  package func remove(_ number: Int32) {
    inotify_rm_watch(descriptor, number)
  }

  /// The numbers of the files that changed since the last call.
  package func read() -> Set<Int32> {
    var changed: Set<Int32> = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return changed }
      var place = 0
      while place + MemoryLayout<inotify_event>.size <= count {
        let event = buffer.withUnsafeBytes {
          $0.loadUnaligned(fromByteOffset: place, as: inotify_event.self)
        }
        changed.insert(event.wd)
        place += MemoryLayout<inotify_event>.size + Int(event.len)
      }
    }
  }
}
