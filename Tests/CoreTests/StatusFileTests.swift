import Core
import Glibc
import Testing

struct StatusFileTests {
  private let folder: TemporaryFolder
  private let now = Instant(microseconds: 1_700_000_000_000_000)

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test("the file is replaced with its permissions, and nothing is left beside it")
  func written() throws {
    let path = try folder.write(#"[{"id": 1, "status": "pending"}]"#, to: "tasks.json")
    #expect(chmod(path, 0o640) == 0)
    var file = StatusFile(path: path, tag: nil)
    #expect(try file.tryWrite(["1": .done], now: now) == .written)
    #expect(try folder.read("tasks.json") == #"[{"id": 1, "status": "done"}]"#)
    #expect(folder.mode(of: "tasks.json") == 0o640)
    #expect(folder.names() == ["tasks.json"])
  }

  @Test("a symbolic link stays and its target changes")
  func link() throws {
    let target = try folder.write(#"[{"id": 1, "status": "pending"}]"#, to: "real.json")
    #expect(symlink(target, folder.path + "/tasks.json") == 0)
    var file = StatusFile(path: folder.path + "/tasks.json", tag: nil)
    #expect(try file.tryWrite(["1": .done], now: now) == .written)
    #expect(try folder.read("real.json") == #"[{"id": 1, "status": "done"}]"#)
    #expect(folder.names() == ["real.json", "tasks.json"])
    #expect(folder.mode(of: "tasks.json", followingLinks: false) & S_IFMT == S_IFLNK)
  }

  @Test("a fresh lock is waited for, longer each time")
  func locked() throws {
    let text = #"[{"id": 1, "status": "pending"}]"#
    let path = try folder.write(text, to: "tasks.json")
    _ = try folder.write("{}", to: "tasks.json.lock")
    var file = StatusFile(path: path, tag: nil)
    let soon = try folder.modified("tasks.json.lock") + .seconds(9)
    let waits = try (0..<6).map { _ in try file.tryWrite(["1": .done], now: soon) }
    #expect(
      waits == [100, 200, 400, 800, 1600, 1600].map { .locked(retryAfter: .milliseconds($0)) })
    #expect(try folder.read("tasks.json") == text)
    #expect(unlink(path + ".lock") == 0)
    #expect(try file.tryWrite(["1": .done], now: soon) == .written)
    #expect(file.lockedTries == 0)
  }

  @Test("a stale lock is taken over, be it a file or a folder", arguments: [true, false])
  func stale(isFolder: Bool) throws {
    let path = try folder.write(#"[{"id": 1, "status": "pending"}]"#, to: "tasks.json")
    if isFolder {
      #expect(mkdir(path + ".lock", 0o755) == 0)
    } else {
      _ = try folder.write("{}", to: "tasks.json.lock")
    }
    var file = StatusFile(path: path, tag: nil)
    let later = try folder.modified("tasks.json.lock") + .seconds(12)
    #expect(try file.tryWrite(["1": .done], now: later) == .written)
    #expect(try folder.read("tasks.json") == #"[{"id": 1, "status": "done"}]"#)
    #expect(folder.names() == ["tasks.json"])
  }

  @Test("a lock whose owner, this program, was killed is taken over at once")
  func killedOwner() throws {
    let path = try folder.write(#"[{"id": 1, "status": "pending"}]"#, to: "tasks.json")
    let lock = try folder.write(#"{"pid":1,"timestamp":1,"owner":"lanes"}"#, to: "tasks.json.lock")
    let soon = try folder.modified("tasks.json.lock") + .seconds(1)
    var file = StatusFile(path: path, tag: nil)
    let owner = open(lock, O_RDWR)
    #expect(flock(owner, LOCK_EX) == 0)
    #expect(try file.tryWrite(["1": .done], now: soon) != .written)
    close(owner)
    #expect(try file.tryWrite(["1": .done], now: soon) == .written)
    #expect(folder.names() == ["tasks.json"])
  }

  @Test(
    "a file that no longer fits is an error and stays as it is",
    arguments: [#"[{"id": 2}]"#, "[{", "{}", ""])
  func unfit(text: String) throws {
    let path = try folder.write(text, to: "tasks.json")
    var file = StatusFile(path: path, tag: nil)
    #expect(throws: PlanError.self) { try file.tryWrite(["1": .done], now: now) }
    #expect(try folder.read("tasks.json") == text)
    #expect(folder.names() == ["tasks.json"])
  }

  @Test("a missing file or folder is an error")
  func missing() {
    var file = StatusFile(path: folder.path + "/tasks.json", tag: nil)
    #expect(throws: PlanError.self) { try file.tryWrite(["1": .done], now: now) }
    #expect(folder.names() == [])
    var nowhere = StatusFile(path: folder.path + "/none/tasks.json", tag: nil)
    #expect(throws: PlanError.self) { try nowhere.tryWrite(["1": .done], now: now) }
  }
}
