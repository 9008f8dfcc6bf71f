import Core
import Glibc
import Testing

/// A project on a disk of its own that is full for a while; only root can make one.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: getuid() == 0))
struct FullDiskTests {
  private static let untilGo = "until test -e ../go; do sleep 0.02; done"

  /// Two tasks, of which the first waits for the file `go` on another disk; nil where disks cannot
  /// be mounted.
  private func sandbox() async throws -> Sandbox? {
    let sandbox = try Sandbox()
    let mount = try await sandbox.run(
      [], prefix: ["sh", "-c", "exec mount -t tmpfs -o size=2m,mode=755 lanes-e2e \"$PWD\""])
    guard mount.status == 0 else { return nil }
    #expect(mkdir(sandbox.path + "/tasks", 0o755) == 0)
    let tasks = [
      Sandbox.Task(id: "1", command: Self.untilGo), Sandbox.Task(id: "2", dependencies: ["1"]),
    ]
    try sandbox.write(Sandbox.json(tasks), to: "tasks/tasks.json")
    return sandbox
  }

  private func unmount(_ sandbox: Sandbox) async throws {
    let unmount = try await sandbox.run(
      [], prefix: ["sh", "-c", "cd / && exec umount -l \(sandbox.path)"])
    #expect(unmount.status == 0)
  }

  private func fill(_ sandbox: Sandbox) throws {
    let file = open(sandbox.path + "/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    try #require(file >= 0)
    let page = [UInt8](repeating: 0, count: 4096)
    while page.withUnsafeBytes({ Glibc.write(file, $0.baseAddress, $0.count) }) > 0 {}
    close(file)
  }

  @Test("nothing starts while the journal cannot be written, and all goes on when it can")
  func waiting() async throws {
    guard let sandbox = try await sandbox() else { return }
    let lanes = try await sandbox.start("run", "--command", "echo >>../ran", "--output", "json")
    try await lanes.event("attempt_launched", task: "1")
    try fill(sandbox)
    try sandbox.write("", to: "../go")
    #expect(try await lanes.event("warning")["code"] == "journal")
    #expect(sandbox.text("../ran") == "")
    unlink(sandbox.path + "/filler")
    #expect(try await lanes.end().status == 0)
    #expect(sandbox.text("../ran") == "\n")
    #expect(try sandbox.statuses() == ["1": "done", "2": "done"])
    try await unmount(sandbox)
  }

  @Test("a run whose journal cannot be written can be stopped, and taken up when it can")
  func stopped() async throws {
    guard let sandbox = try await sandbox() else { return }
    let lanes = try await sandbox.start("run", "--command", "echo >>../ran", "--output", "json")
    try await lanes.event("attempt_launched", task: "1")
    try fill(sandbox)
    try sandbox.write("", to: "../go")
    try await lanes.event("warning")
    lanes.signal(SIGTERM)
    #expect(try await lanes.end().status == 143)
    #expect(sandbox.text("../ran") == "")
    unlink(sandbox.path + "/filler")
    #expect(try await sandbox.run("resume").status == 0)
    #expect(sandbox.text("../ran") == "\n")
    #expect(try sandbox.statuses() == ["1": "done", "2": "done"])
    try await unmount(sandbox)
  }

  @Test("where there is no room for a run, it does not begin")
  func noRoom() async throws {
    guard let sandbox = try await sandbox() else { return }
    try fill(sandbox)
    let run = try await sandbox.run("run", "--command", "true")
    #expect(run.status == 2)
    #expect(run.errors.contains("free some"))
    try await unmount(sandbox)
  }
}
