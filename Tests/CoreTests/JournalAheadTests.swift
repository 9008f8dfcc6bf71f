import Core
import Glibc
import Testing

@Suite("Rows kept ahead of the database") struct JournalAheadTests {
  private let folder: JournalFolder

  init() throws {
    folder = try JournalFolder()
  }

  private var file: String { folder.lanes.database + "-ahead" }

  private func again() throws -> [JournalRow] {
    let journal = try Journal.open(folder: folder.lanes, mode: .create(now: JournalSamples.now))
    #expect(journal.setAside == nil)
    return try journal.rows(run: "r1", after: 0, limit: .max)
  }

  @Test("a runner that dies leaves them to the next one, which takes in each once")
  func death() throws {
    do {
      let journal = try JournalSamples.journal(in: folder)
      let rows = JournalSamples.rows(1...6)
      try journal.keep(Array(rows[0...1]), run: "r1")
      try journal.append(Array(rows[0...1]), run: "r1")
      try journal.keep(Array(rows[2...3]), run: "r1")
      try journal.keep(Array(rows[4...5]), run: "r1")
      #expect(try journal.lastSequence(run: "r1") == 2)
    }
    #expect(try again() == JournalSamples.rows(1...6))
    #expect(try again() == JournalSamples.rows(1...6))
  }

  @Test("nothing is left beside a database that has everything")
  func order() throws {
    do {
      let journal = try JournalSamples.journal(in: folder)
      try journal.keep(JournalSamples.rows(1...2), run: "r1")
      try journal.append(JournalSamples.rows(1...2), run: "r1")
    }
    #expect(folder.names(folder.lanes.path) == [".gitignore", "lanes.sqlite"])
  }

  @Test("what was cut short, belongs to no run, or does not follow is passed over")
  func damage() throws {
    do {
      let journal = try JournalSamples.journal(in: folder)
      try journal.append(JournalSamples.rows(1...2), run: "r1")
      try journal.keep(JournalSamples.rows(1...1), run: "r9")
      try journal.keep(JournalSamples.rows(5...5), run: "r1")
      try journal.keep(JournalSamples.rows(3...4), run: "r1")
    }
    var status = stat()
    #expect(stat(file, &status) == 0)
    #expect(truncate(file, status.st_size - 10) == 0)
    #expect(try again() == JournalSamples.rows(1...3))
  }

  @Test(
    "a file of anything is no obstacle", arguments: ["\0\0\0", "{}\n{}\n", "\n\n\n\n", "[1]\n{"])
  func rubbish(_ text: String) throws {
    do { try JournalSamples.journal(in: folder).append(JournalSamples.rows(1...2), run: "r1") }
    try folder.write(".lanes/lanes.sqlite-ahead", Array(text.utf8))
    #expect(try again() == JournalSamples.rows(1...2))
  }

  @Test("rows that do not fit on the disk are not kept in part")
  func fullDisk() throws {
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=512k") == 0 else {
      try Test.cancel("mounting a small disk is not permitted")
    }
    defer { umount2(folder.path, Int32(MNT_DETACH)) }
    do {
      let journal = try JournalSamples.journal(in: folder)
      try journal.keep(JournalSamples.rows(1...1), run: "r1")
      try folder.write("ballast", [UInt8](repeating: 1, count: 300_000))
      #expect(throws: JournalError.full(path: folder.lanes.database)) {
        try journal.keep(JournalSamples.rows(2...4, size: 200_000), run: "r1")
      }
      try journal.keep(JournalSamples.rows(2...2), run: "r1")
      unlink(folder.path + "/ballast")
    }
    #expect(try again() == JournalSamples.rows(1...2))
  }
}
