import CLinux
import Glibc

/// The folder of one run: its manifest, and for each attempt the log and the exit status.
///
/// It alone is enough to know what a run did, when the journal is lost.
package struct RunFolder: Sendable {
  /// Absolute.
  package let path: String

  package init(path: String) {
    self.path = path
  }

  private var manifestPath: String { path + "/run.json" }

  /// Makes the folder and writes the manifest, all or nothing.
  package func create(_ manifest: RunManifest) throws(RunFolderError) {
    var json = JSONWriter(reservingCapacity: 4096)
    json.object { manifest.encodeFields(into: &$0) }
    json.newline()
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw RunFolderError(path: path, problem: "cannot be made", code: errno)
    }
    try write(json.bytes)
  }

  private func write(_ bytes: [UInt8]) throws(RunFolderError) {
    let temporary = manifestPath + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    if descriptor < 0 {
      throw RunFolderError(path: temporary, problem: "cannot be written", code: errno)
    }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      written += count
    }
    let code = errno
    close(descriptor)
    guard written == bytes.count, rename(temporary, manifestPath) == 0 else {
      unlink(temporary)
      throw RunFolderError(path: manifestPath, problem: "cannot be written", code: code)
    }
  }

  /// The manifest as it was when the run began, or nil when it is not there or makes no sense.
  package func manifest() -> RunManifest? {
    guard let bytes = FileBytes.read(manifestPath),
      let document = try? JSONDocument(parsing: bytes, name: manifestPath)
    else { return nil }
    return RunManifest(fields: document.root)
  }

  /// When the manifest was written, in nanoseconds since 1970; nil when there is none.
  package var createdAt: Int64? {
    var status = stat()
    return stat(manifestPath, &status) == 0 ? lanes_nanoseconds(status.st_mtim) : nil
  }

  /// The newest attempt of each task of which the folder has a log.
  ///
  /// Cost: O(files + tasks).
  package func newestAttempts(of plan: Plan) -> [TaskID: Int] {
    var ids: [String: TaskID] = [:]
    for task in plan.tasks { ids[CleanName.of(task.id)] = task.id }
    var newest: [TaskID: Int] = [:]
    for name in FileBytes.names(in: path) where name.hasSuffix(".log") {
      let stem = name.dropLast(4)
      guard let dot = stem.lastIndex(of: "."), let number = Int(stem[stem.index(after: dot)...]),
        let id = ids[String(stem[..<dot])]
      else { continue }
      newest[id] = max(number, newest[id] ?? 0)
    }
    return newest
  }

  /// Of the newest attempts of all tasks those of which the folder says that they ended well.
  func newestSuccesses(of plan: Plan) -> [TaskID: Int] {
    let newest = newestAttempts(of: plan)
    guard let one = newest.first else { return [:] }
    let files = { AttemptFiles.of(runFolder: path, task: $0, attempt: $1) }
    let records = ExitRecords(path: files(one.key, one.value).exit)
    return newest.filter { records[files($0.key, $0.value).name] == .exited(0) }
  }
}

/// Why a run's folder cannot be used.
package struct RunFolderError: Error, Equatable, Sendable, CustomStringConvertible {
  package var path: String
  package var problem: String
  package var code: Int32

  package init(path: String, problem: String, code: Int32) {
    self.path = path
    self.problem = problem
    self.code = code
  }

  package var description: String {
    "\(path): \(problem): \(String(cString: strerror(code))); free some space or change its rights"
  }
}

/// Whole files and folders, read at once.
package enum FileBytes {
  /// The content of a regular file of at most 1 GiB, or nil when it cannot be read.
  package static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= 1 << 30
    else { return nil }
    return tail(of: descriptor, from: 0, count: Int(status.st_size))
  }

  /// The last bytes of a file, at most `count` of them.
  package static func tail(_ path: String, count: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let size = Int(status.st_size)
    return tail(of: descriptor, from: max(0, size - count), count: min(size, count))
  }

  /// Up to `count` bytes from an offset on; nil when the file cannot be read.
  package static func read(_ path: String, from offset: Int, count: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return tail(of: descriptor, from: offset, count: count)
  }

  /// The offset at which the last `count` lines of a file begin.
  ///
  /// Cost: O(those lines).
  package static func startOfLines(_ count: Int, in path: String) -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else { return 0 }
    let size = Int(status.st_size)
    if count == 0 { return size }
    var (start, found) = (size, 0)
    while start > 0 {
      let from = max(0, start - 65_536)
      guard let bytes = read(path, from: from, count: start - from) else { return 0 }
      for offset in bytes.indices.reversed() where bytes[offset] == UInt8(ascii: "\n") {
        if from + offset == size - 1 { continue }
        found += 1
        if found == count { return from + offset + 1 }
      }
      start = from
    }
    return 0
  }

  private static func tail(of descriptor: Int32, from start: Int, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
      while length < count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + length }, count - length, off_t(start + length))
        if got < 0, errno == EINTR { continue }
        if got <= 0 { return }
        length += got
      }
    }
  }

  /// The names in a folder, in no order; none when it cannot be read.
  package static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
