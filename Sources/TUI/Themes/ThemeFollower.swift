import CLinux
import Core
import Glibc

/// The theme in use, read again when its file changes.
struct ThemeFollower {
  enum Change {
    case theme(Theme)
    case problem(String)
  }

  private let store: ThemeStore
  private var name = Theme.standard.name
  private var file: String?
  private var stamp: Stamp?

  private struct Stamp: Equatable {
    var changedAt: Int64
    var size: Int
    var inode: UInt
  }

  init(_ store: ThemeStore) {
    self.store = store
  }

  /// Reads a theme; the one in use stays when that cannot be done.
  mutating func load(_ name: String) -> Change {
    do throws(ThemeError) {
      let theme = try store.theme(name)
      self.name = name
      file = store.file(of: name)
      stamp = file.flatMap(Self.stamp)
      return .theme(theme)
    } catch {
      return .problem("\(error)")
    }
  }

  /// What became of the theme since the last call; nil as long as its file stays as it is.
  mutating func change() -> Change? {
    guard let file, let now = Self.stamp(file), now != stamp else { return nil }
    stamp = now
    return load(name)
  }

  private static func stamp(_ path: String) -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Stamp(
      changedAt: lanes_nanoseconds(status.st_mtim), size: Int(status.st_size),
      inode: UInt(status.st_ino))
  }
}
