import Core
import Glibc
import Testing

/// A journal that was damaged while no runner was there: the run goes on, and nothing is repeated.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct DamagedJournalTests {
  enum Damage: CaseIterable, Sendable {
    case databaseCut, databaseEmptied, databaseGarbage, databaseGone
    case logCut, logEmptied, logGarbage, logGone
    case bothGone
  }

  private static let journal = ".lanes/lanes.sqlite"

  @Test("a run whose runner was killed goes on", arguments: Damage.allCases)
  func killed(_ damage: Damage) async throws {
    let sandbox = try Sandbox([("1", []), ("2", []), ("3", ["1", "2"]), ("4", ["3"])])
    let command =
      "echo $LANES_TASK_ID >>starts; test $LANES_TASK_ID != 2"
      + " || until test -e go; do sleep 0.02; done; echo $LANES_TASK_ID >>ends"
    let lanes = try await sandbox.start("run", "--command", command, "--output", "json")
    try await lanes.event("attempt_launched", task: "2")
    try await lanes.event("task_finished", task: "1")
    lanes.signal(SIGKILL)
    try await lanes.end()
    try damage.inflict(on: sandbox.path + "/" + Self.journal)
    let next = try await sandbox.start("resume", "--output", "json")
    try await next.event("attempt_adopted", task: "2")
    try sandbox.write("", to: "go")
    let run = try await next.end()
    #expect(run.status == 0)
    #expect(sandbox.lines("starts") == ["1", "2", "3", "4"])
    #expect(sandbox.lines("ends") == ["1", "2", "3", "4"])
    try expectMessage(run.errors, sandbox)
    #expect(try await sandbox.run("status").lines[1] == "Tasks: 4 succeeded")
    let again = try await sandbox.run("resume")
    #expect(again.status == 0)
    #expect(again.errors.contains("has succeeded already"))
  }

  @Test("a run that came to its end is known from what is left", arguments: Damage.allCases)
  func ended(_ damage: Damage) async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])])
    #expect(try await sandbox.run("run", "--command", "echo >>x$LANES_TASK_ID").status == 0)
    try damage.inflict(on: sandbox.path + "/" + Self.journal)
    let run = try await sandbox.run("resume")
    #expect(run.status == 0)
    #expect(sandbox.text("x1") == "\n")
    #expect(sandbox.text("x2") == "\n")
    try expectMessage(run.errors, sandbox)
    #expect(try await sandbox.run("status").lines[1] == "Tasks: 2 succeeded")
  }

  @Test("a damaged journal does not keep a new run from starting")
  func newRun() async throws {
    let sandbox = try Sandbox([("1", [])])
    #expect(try await sandbox.run("run", "--command", "false").status == 1)
    try Damage.databaseGarbage.inflict(on: sandbox.path + "/" + Self.journal)
    let status = try await sandbox.run("status")
    #expect(status.status == 2)
    #expect(status.errors.contains("the journal is damaged"))
    let run = try await sandbox.run("run", "--command", "true")
    #expect(run.status == 0)
    try expectMessage(run.errors, sandbox)
  }

  /// A journal that was set aside is named, and is there.
  private func expectMessage(
    _ errors: String, _ sandbox: Sandbox, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let aside = sandbox.names(in: ".lanes").first { $0.hasPrefix("lanes.sqlite.damaged-") }
      .map { name in
        ["-wal", "-shm", "-ahead"].reduce(name) { $0.replacing($1, with: "") }
      }
    guard let aside else {
      #expect(!errors.contains("is kept as"), sourceLocation: sourceLocation)
      return
    }
    #expect(
      errors.contains("and is kept as \(sandbox.path)/.lanes/\(aside)\n"),
      sourceLocation: sourceLocation)
  }
}

extension DamagedJournalTests.Damage {
  /// Does it to a database or the write-ahead log beside it; a file that is not there stays so.
  func inflict(on path: String) throws {
    switch self {
    case .databaseCut: cut(path, keeping: 0.4)
    case .databaseEmptied: cut(path, keeping: 0)
    case .databaseGarbage: try spoil(path)
    case .databaseGone: unlink(path)
    case .logCut: cut(path + "-wal", keeping: 0.6)
    case .logEmptied: cut(path + "-wal", keeping: 0)
    case .logGarbage: try spoil(path + "-wal")
    case .logGone: unlink(path + "-wal")
    case .bothGone:
      for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }
  }

  private func cut(_ path: String, keeping share: Double) {
    var status = stat()
    if stat(path, &status) == 0 { truncate(path, off_t(Double(status.st_size) * share)) }
  }

  private func spoil(_ path: String) throws {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    let size = lseek(file, 0, SEEK_END)
    let bytes = (0..<Int(size)).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
    try #require(bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) } == bytes.count)
  }
}
