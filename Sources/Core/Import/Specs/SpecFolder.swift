import Glibc

/// The `tasks.md` files that a path means: one file, one spec, or a folder of specs.
struct SpecFolder {
  private(set) var files: [File] = []

  struct File {
    /// The spec's name, which goes before the numbers of its tasks; nil when there is but one spec.
    var spec: String?
    /// The path as the user would type it.
    var path: String
  }

  /// The most specs that are read.
  private static let limit = 10_000

  init(_ path: String, directory: String) {
    let full = PlanSource.path(path, in: directory)
    guard SourceFile.isFolder(full) else {
      files = [File(spec: nil, path: path)]
      return
    }
    if SourceFile.exists(full + "/tasks.md") {
      files = [File(spec: nil, path: path + "/tasks.md")]
      return
    }
    let root = SourceFile.isFolder(full + "/specs") ? path + "/specs" : path
    let names = SourceFile.names(in: PlanSource.path(root, in: directory)).prefix(Self.limit)
    files = names.map { File(spec: $0, path: "\(root)/\($0)/tasks.md") }
      .filter { SourceFile.exists(PlanSource.path($0.path, in: directory)) }
  }

  /// Whether there is no file with tasks.
  func isEmpty(in directory: String) -> Bool {
    !files.contains { SourceFile.exists(PlanSource.path($0.path, in: directory)) }
  }

  /// The id of a task in a file.
  static func id(_ number: Substring, in spec: String?) -> TaskID {
    TaskID(spec.map { "\($0)/\(number)" } ?? String(number))
  }
}

extension SourceFile {
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder in their order, hidden ones left out; none when it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
