import Core
import Glibc

/// The folder a command works on, and what the process was given.
struct Project {
  /// The folder the command was called in, absolute.
  let current: String
  /// The project's folder, absolute.
  let directory: String
  let environment: [String: String]

  var folder: LanesFolder { LanesFolder(in: directory) }

  /// The project around a folder: the nearest that has `.lanes`, `lanes.yml`, `.taskmaster` or
  /// `.git`, or else the folder itself.
  init(directory: String?, environment: [String: String]) throws {
    self.environment = environment
    if let directory, chdir(directory) != 0 {
      throw Failure(
        .usage,
        "lanes: \(cleaned(directory)): \(String(cString: strerror(errno)));"
          + " name a folder that exists")
    }
    guard let path = getcwd(nil, 0) else {
      throw Failure(.usage, "lanes: the current folder is gone; go to one that exists")
    }
    defer { free(path) }
    current = String(cString: path)
    self.directory = Self.root(above: current) ?? current
  }

  private static func root(above start: String) -> String? {
    var folder = start
    while true {
      let base = folder == "/" ? "" : folder
      for mark in [".lanes", "lanes.yml", ".taskmaster", ".git"] where exists("\(base)/\(mark)") {
        return folder
      }
      guard folder != "/", let slash = folder.lastIndex(of: "/") else { return nil }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }
}
