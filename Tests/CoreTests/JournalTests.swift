import Core
import Glibc
import Testing

@Suite("The journal") struct JournalTests {
  @Test("what was appended is read back, also by a later process")
  func roundTrip() throws {
    let folder = try JournalFolder()
    let rows = JournalSamples.rows(1...5)
    do {
      let journal = try JournalSamples.journal(in: folder)
      try journal.append(rows, run: "r1")
      #expect(try journal.rows(run: "r1", after: 0, limit: 100) == rows)
      #expect(try journal.rows(run: "r1", after: 2, limit: 2) == Array(rows[2...3]))
      #expect(try journal.lastSequence(run: "r1") == 5)
    }
    #expect(folder.names(folder.lanes.path) == [".gitignore", "lanes.sqlite"])
    let again = try Journal.open(folder: folder.lanes, mode: .create(now: JournalSamples.now))
    #expect(again.setAside == nil)
    #expect(try again.rows(run: "r1", after: 0, limit: 100) == rows)
    #expect(try again.checkIntegrity() == nil)
  }

  @Test("runs are kept apart and listed with the newest first")
  func severalRuns() throws {
    let folder = try JournalFolder()
    let journal = try JournalSamples.journal(in: folder)
    try journal.addRun(JournalSamples.run("r2"))
    try journal.append(JournalSamples.rows(1...3), run: "r1")
    try journal.append(JournalSamples.rows(1...2), run: "r2")
    try journal.append(JournalSamples.rows(4...4), run: "r1")
    #expect(try journal.runs() == ["r2", "r1"].map(JournalSamples.run))
    #expect(try journal.latestRun() == JournalSamples.run("r2"))
    #expect(try journal.runCount() == 2)
    #expect(try journal.rows(run: "r1", after: 0, limit: 9) == JournalSamples.rows(1...4))
    #expect(try journal.rows(run: "r2", after: 0, limit: 9) == JournalSamples.rows(1...2))
  }

  @Test("texts of every kind survive")
  func texts() throws {
    let folder = try JournalFolder()
    let journal = try JournalSamples.journal(in: folder)
    let texts = ["", "é€😀", "a\u{0}b", String(repeating: "long ", count: 100_000)]
    let rows = texts.enumerated().map { index, text in
      JournalRow(
        sequence: Int64(index + 1), at: .min, kind: "kind", task: text, body: Array(text.utf8))
    }
    try journal.append(rows, run: "r1")
    #expect(try journal.rows(run: "r1", after: 0, limit: 9) == rows)
  }

  @Test("a run the journal does not know is an error")
  func unknownRun() throws {
    let folder = try JournalFolder()
    let journal = try JournalSamples.journal(in: folder)
    #expect(throws: JournalError.unknownRun("r9")) {
      try journal.append(JournalSamples.rows(1...1), run: "r9")
    }
    #expect(throws: JournalError.unknownRun("r9")) {
      try journal.rows(run: "r9", after: 0, limit: 1)
    }
  }

  @Test("a command is pending until its result is appended")
  func inbox() throws {
    let folder = try JournalFolder()
    let runner = try JournalSamples.journal(in: folder)
    let sender = try Journal.open(folder: folder.lanes, mode: .writing)
    let first = try sender.post(run: "r1", at: 7, body: Array("{}".utf8))
    let second = try sender.post(run: "r1", at: 8, body: Array("[]".utf8))
    #expect(
      try runner.pendingCommands(run: "r1") == [
        JournalCommand(id: first, at: 7, body: Array("{}".utf8)),
        JournalCommand(id: second, at: 8, body: Array("[]".utf8)),
      ])
    #expect(try sender.result(ofCommand: first) == nil)
    try runner.append(
      JournalSamples.rows(1...1), run: "r1", handled: [CommandResult(id: first, result: "done")])
    #expect(try sender.result(ofCommand: first) == "done")
    #expect(try runner.pendingCommands(run: "r1").map(\.id) == [second])
  }

  @Test("a failed append leaves nothing of itself")
  func atomicity() throws {
    let folder = try JournalFolder()
    let journal = try JournalSamples.journal(in: folder)
    try journal.append(JournalSamples.rows(1...3), run: "r1")
    #expect(throws: JournalError.self) { try journal.addRun(JournalSamples.run("r1")) }
    try journal.append(JournalSamples.rows(4...4), run: "r1")
    #expect(try journal.rows(run: "r1", after: 0, limit: 9) == JournalSamples.rows(1...4))
  }
}

@Suite("The journal's folder") struct LanesFolderTests {
  @Test("it is for its owner only and ignored by git")
  func creation() throws {
    let folder = try JournalFolder()
    try folder.lanes.create()
    try folder.lanes.create()
    #expect(try folder.read(".lanes/.gitignore") == Array("*\n".utf8))
    #expect(try folder.mode(".lanes") == 0o700)
  }

  @Test("one that is open to others is closed")
  func tightening() throws {
    let folder = try JournalFolder()
    mkdir(folder.lanes.path, 0o755)
    try folder.lanes.create()
    #expect(try folder.mode(".lanes") == 0o700)
  }

  @Test("a link or a file in its place is refused")
  func impostors() throws {
    let folder = try JournalFolder()
    symlink("/tmp", folder.lanes.path)
    let refused = LanesFolderError(
      path: folder.lanes.path, problem: "is not a folder",
      remedy: "move it away; lanes keeps the journal of its runs in a folder of this name")
    #expect(throws: refused) { try folder.lanes.create() }
    #expect(throws: JournalError.folder(refused)) {
      try Journal.open(folder: folder.lanes, mode: .create(now: JournalSamples.now))
    }
  }

  @Test("no name of a run leads out of it", arguments: ["..", "../../etc", ".git", "a/b", ""])
  func runFolder(name: String) {
    let path = LanesFolder(in: "/repo").run(RunID(name))
    let last = path.dropFirst("/repo/.lanes/runs/".count)
    #expect(path.hasPrefix("/repo/.lanes/runs/"))
    #expect(!last.contains("/") && !last.hasPrefix("."))
  }
}
