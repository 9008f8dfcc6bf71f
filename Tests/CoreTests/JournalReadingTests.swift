import Core
import Testing

@Suite("Reading a journal") struct JournalReadingTests {
  @Test("without a journal there is a clear answer and no file")
  func missing() throws {
    let folder = try JournalFolder()
    for mode in [Journal.Mode.reading, .writing] {
      #expect(throws: JournalError.missing(path: folder.lanes.database)) {
        try Journal.open(folder: folder.lanes, mode: mode)
      }
    }
    #expect(folder.names(folder.path) == [])
  }

  @Test("a reader follows a runner that writes")
  func following() throws {
    let folder = try JournalFolder()
    let runner = try JournalSamples.journal(in: folder)
    let reader = try Journal.open(folder: folder.lanes, mode: .reading)
    try runner.append(JournalSamples.rows(1...2), run: "r1")
    #expect(try reader.rows(run: "r1", after: 0, limit: 9) == JournalSamples.rows(1...2))
    try runner.append(JournalSamples.rows(3...3), run: "r1")
    #expect(try reader.rows(run: "r1", after: 2, limit: 9) == JournalSamples.rows(3...3))
    #expect(throws: JournalError.self) { try reader.addRun(JournalSamples.run("r2")) }
  }

  @Test("a reader that came between two runners follows the second")
  func followingLater() throws {
    let folder = try JournalFolder()
    try JournalSamples.journal(in: folder).append(JournalSamples.rows(1...1), run: "r1")
    let reader = try Journal.open(folder: folder.lanes, mode: .reading)
    #expect(try reader.lastSequence(run: "r1") == 1)
    let runner = try Journal.open(folder: folder.lanes, mode: .create(now: JournalSamples.now))
    try runner.append(JournalSamples.rows(2...2), run: "r1")
    #expect(try reader.lastSequence(run: "r1") == 2)
  }

  @Test("a reader makes no file, whatever a runner left behind", arguments: [true, false])
  func noFiles(hasSharedMemory: Bool) throws {
    let folder = try JournalFolder()
    let copy = try JournalFolder()
    let runner = try JournalSamples.journal(in: folder)
    try runner.append(JournalSamples.rows(1...9), run: "r1")
    try copy.copyJournal(of: folder, sharedMemory: hasSharedMemory)
    let before = copy.names(copy.lanes.path)
    let reader = try Journal.open(folder: copy.lanes, mode: .reading)
    #expect(try reader.rows(run: "r1", after: 0, limit: 99) == JournalSamples.rows(1...9))
    #expect(copy.names(copy.lanes.path) == before)
  }

  @Test("a reader of a run that ended makes no file")
  func noFilesAfterEnd() throws {
    let folder = try JournalFolder()
    try JournalSamples.journal(in: folder).append(JournalSamples.rows(1...9), run: "r1")
    let before = try folder.read(".lanes/lanes.sqlite")
    let reader = try Journal.open(folder: folder.lanes, mode: .reading)
    #expect(try reader.rows(run: "r1", after: 0, limit: 99) == JournalSamples.rows(1...9))
    #expect(folder.names(folder.lanes.path) == [".gitignore", "lanes.sqlite"])
    #expect(try folder.read(".lanes/lanes.sqlite") == before)
  }

  @Test("a runner goes on where another one was killed")
  func takingOver() throws {
    let folder = try JournalFolder()
    let copy = try JournalFolder()
    let runner = try JournalSamples.journal(in: folder)
    try runner.append(JournalSamples.rows(1...9), run: "r1")
    try copy.copyJournal(of: folder, sharedMemory: true)
    let next = try Journal.open(folder: copy.lanes, mode: .create(now: JournalSamples.now))
    #expect(next.setAside == nil)
    try next.append(JournalSamples.rows(10...10), run: "r1")
    #expect(try next.rows(run: "r1", after: 0, limit: 99) == JournalSamples.rows(1...10))
  }

  @Test("what was noted is in the database file once the thread has ended")
  func durability() throws {
    let folder = try JournalFolder()
    let path = folder.path + "/x.sqlite"
    let writer = try SQLite(path: path, access: .creating)
    try writer.execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
    try writer.execute("CREATE TABLE t(x)")
    let sync = try DurableSync(database: path, delay: .seconds(60))
    let before = try folder.read("x.sqlite").count
    sync.note()
    sync.stop()
    #expect(try folder.read("x.sqlite").count > before)
    withExtendedLifetime(writer) {}
  }
}
