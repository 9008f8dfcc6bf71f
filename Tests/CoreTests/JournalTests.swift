import Core
import Testing

@Suite("The journal") struct JournalTests {
  @Test("what was appended is read back, also by a later process")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let rows = JournalSamples.rows(1...5)
    do {
      let journal = try JournalSamples.journal(in: folder)
      try journal.append(rows, run: "r1")
      #expect(try journal.rows(run: "r1", after: 0, limit: 100) == rows)
      #expect(try journal.rows(run: "r1", after: 2, limit: 2) == Array(rows[2...3]))
      #expect(try journal.lastSequence(run: "r1") == 5)
    }
    let again = try Journal.open(folder: folder.lanes, mode: .create(now: JournalSamples.now))
    #expect(again.setAside == nil)
    #expect(try again.rows(run: "r1", after: 0, limit: 100) == rows)
    #expect(try again.latestRun() == JournalSamples.run("r1"))
    #expect(try again.checkIntegrity() == nil)
  }
}
