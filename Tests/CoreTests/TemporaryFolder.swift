import Core
import Glibc
import Testing

/// A folder for one test, removed with what is in it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/lanes-plan-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  deinit {
    remove(path)
  }

  /// Writes a file and returns its path.
  func write(_ text: String, to name: String) throws -> String {
    let file = path + "/" + name
    let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try #require(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
    return file
  }

  func read(_ name: String) throws -> String {
    String(decoding: try SourceFile.read(path + "/" + name), as: UTF8.self)
  }

  func folder(_ name: String) throws -> String {
    try #require(mkdir(path + "/" + name, 0o755) == 0)
    return path + "/" + name
  }

  func mode(of name: String, followingLinks: Bool = true) -> mode_t {
    var status = stat()
    if followingLinks {
      stat(path + "/" + name, &status)
      return status.st_mode & 0o7777
    }
    lstat(path + "/" + name, &status)
    return status.st_mode
  }

  func modified(_ name: String) throws -> Instant {
    var status = stat()
    try #require(stat(path + "/" + name, &status) == 0)
    return Instant(microseconds: Int64(status.st_mtim.tv_sec) * 1_000_000)
  }

  func names() -> [String] { Self.names(in: path) }

  /// The names in a folder below this one.
  func names(in name: String) -> [String] { Self.names(in: path + "/" + name) }

  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private func remove(_ path: String) {
    for name in Self.names(in: path) { remove(path + "/" + name) }
    if Glibc.unlink(path) != 0 { rmdir(path) }
  }
}

extension TemporaryFolder {
  /// A folder with those that hold a plan in YAML.
  static func forPlanning() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["docs", "docs/planning", "docs/planning/tasks", "docs/sprints"] {
      _ = try folder.folder(name)
    }
    return folder
  }
}
