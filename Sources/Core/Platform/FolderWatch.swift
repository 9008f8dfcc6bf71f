import CLinux
import Glibc

/// Tells when something in one of many folders changes; belongs to one thread.
final class FolderWatch {
  /// Readable when there is something to tell.
  let descriptor: Int32

  /// One change.
  struct Change {
    /// The number of the watch; -1 when changes were lost.
    var watch: Int32
    /// The name in the folder.
    var name: String
    /// A folder was made or came from elsewhere.
    var isNewFolder: Bool
  }

  init() throws(PlatformError) {
    descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard descriptor >= 0 else { throw PlatformError("inotify") }
  }

  deinit {
    close(descriptor)
  }

  private static let mask =
    UInt32(IN_MODIFY) | UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_ATTRIB)
    | UInt32(IN_MOVED_FROM) | UInt32(IN_MOVED_TO) | UInt32(IN_ONLYDIR) | UInt32(IN_DONT_FOLLOW)
    | UInt32(IN_EXCL_UNLINK)

  /// Watches a folder, without those in it; nil when the system allows no more, or there is none.
  func add(_ folder: String) -> Int32? {
    let watch = inotify_add_watch(descriptor, folder, Self.mask)
    return watch < 0 ? nil : watch
  }

  func remove(_ watch: Int32) {
    inotify_rm_watch(descriptor, watch)
  }

  /// The changes since the last call.
  func changes() -> [Change] {
    var changes: [Change] = []
    let header = MemoryLayout<inotify_event>.size
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return changes }
      var place = 0
      buffer.withUnsafeBytes { bytes in
        while place + header <= count {
          let event = bytes.loadUnaligned(fromByteOffset: place, as: inotify_event.self)
          let name = bytes[(place + header)..<(place + header + Int(event.len))].prefix { $0 != 0 }
          let isFolder = event.mask & UInt32(IN_ISDIR) != 0
          let isNew = event.mask & (UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)) != 0
          if event.mask & UInt32(IN_IGNORED) == 0 {
            changes.append(
              Change(
                watch: event.wd, name: String(decoding: name, as: UTF8.self),
                isNewFolder: isFolder && isNew))
          }
          place += header + Int(event.len)
        }
      }
    }
  }
}
