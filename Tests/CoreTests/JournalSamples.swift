import Core
import Glibc

/// Journals and rows to test with.
enum JournalSamples {
  static let now = Instant(microseconds: 1_735_787_045_000_000)
  static let stamp = "20250102T030405Z"

  static func run(_ id: String) -> JournalRun {
    JournalRun(id: id, startedAt: now.microseconds, plan: "tasks.json", version: "1.0")
  }

  static func journal(in folder: JournalFolder) throws -> Journal {
    let journal = try Journal.open(folder: folder.lanes, mode: .create(now: now))
    try journal.addRun(run("r1"))
    return journal
  }

  static func rows(_ numbers: ClosedRange<Int64>, size: Int = 100) -> [JournalRow] {
    let filler = String(repeating: "x", count: size)
    return numbers.map { number in
      JournalRow(
        sequence: number, at: now.microseconds + number, kind: "attempt_started",
        task: number % 3 == 0 ? nil : "\(number)",
        body: Array(#"{"n":\#(number),"f":"\#(filler)"}"#.utf8))
    }
  }
}

/// A folder of its own for one test, removed with everything in it when the value goes.
final class JournalFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/lanes-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw SystemError(code: errno) }
    path = String(cString: made)
  }

  deinit {
    remove(path)
  }

  var lanes: LanesFolder { LanesFolder(in: path) }

  private func remove(_ path: String) {
    if unlink(path) == 0 { return }
    for name in names(path) { remove(path + "/" + name) }
    rmdir(path)
  }

  /// The names in a folder, sorted.
  func names(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func mode(_ name: String) throws -> mode_t {
    var status = stat()
    guard lstat(path + "/" + name, &status) == 0 else { throw SystemError(code: errno) }
    return status.st_mode & 0o777
  }

  func read(_ name: String) throws -> [UInt8] {
    let file = open(path + "/" + name, O_RDONLY)
    guard file >= 0 else { throw SystemError(code: errno) }
    defer { close(file) }
    var status = stat()
    fstat(file, &status)
    return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      count = max(0, Glibc.read(file, buffer.baseAddress, buffer.count))
    }
  }

  func write(_ name: String, _ bytes: some Collection<UInt8>) throws {
    let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard file >= 0 else { throw SystemError(code: errno) }
    defer { close(file) }
    let bytes = Array(bytes)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
      throw SystemError(code: errno)
    }
  }

  /// Copies another folder's journal as a killed runner would leave it.
  func copyJournal(of other: JournalFolder, sharedMemory: Bool) throws {
    try lanes.create()
    for suffix in sharedMemory ? ["", "-wal", "-shm"] : ["", "-wal"] {
      let name = ".lanes/lanes.sqlite" + suffix
      try write(name, try other.read(name))
    }
  }
}
