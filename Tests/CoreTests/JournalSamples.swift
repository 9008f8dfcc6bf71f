import Core
import Glibc

/// A folder of its own for one test, removed with everything in it when the value goes.
final class TemporaryFolder {
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
}

/// Journals and rows to test with.
enum JournalSamples {
  static let now = Instant(microseconds: 1_735_787_045_000_000)

  static func run(_ id: String) -> JournalRun {
    JournalRun(id: id, startedAt: now.microseconds, plan: "tasks.json", version: "1.0")
  }

  static func journal(in folder: TemporaryFolder) throws -> Journal {
    let journal = try Journal.open(folder: folder.lanes, mode: .create(now: now))
    try journal.addRun(run("r1"))
    return journal
  }

  static func rows(_ numbers: ClosedRange<Int64>, size: Int = 100) -> [JournalRow] {
    numbers.map { number in
      let filler = String(repeating: "x", count: size)
      return JournalRow(
        sequence: number, at: now.microseconds + number, kind: "attempt_started",
        task: number % 3 == 0 ? nil : "\(number)",
        body: Array(#"{"n":\#(number),"f":"\#(filler)"}"#.utf8))
    }
  }
}
