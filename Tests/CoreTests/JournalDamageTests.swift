import Core
import Glibc
import Testing

@Suite("A damaged journal") struct JournalDamageTests {
  /// A journal as a killed runner leaves it: `old` rows in the database, `new` ones in the WAL.
  private struct Remains {
    let old = JournalSamples.rows(1...60)
    let new = JournalSamples.rows(61...100)
    let database: [UInt8]
    let log: [UInt8]

    var all: [JournalRow] { old + new }

    init() throws {
      let folder = try JournalFolder()
      try JournalSamples.journal(in: folder).append(old, run: "r1")
      let runner = try Journal.open(folder: folder.lanes, mode: .create(now: JournalSamples.now))
      for row in new { try runner.append([row], run: "r1") }
      database = try folder.read(".lanes/lanes.sqlite")
      log = try folder.read(".lanes/lanes.sqlite-wal")
    }

    func write(database: ArraySlice<UInt8>, log: ArraySlice<UInt8>) throws -> JournalFolder {
      let folder = try JournalFolder()
      try folder.lanes.create()
      try folder.write(".lanes/lanes.sqlite", database)
      try folder.write(".lanes/lanes.sqlite-wal", log)
      return folder
    }
  }

  private func open(_ folder: JournalFolder) throws -> Journal {
    try Journal.open(folder: folder.lanes, mode: .create(now: JournalSamples.now))
  }

  private func rows(_ journal: Journal) throws -> [JournalRow] {
    try journal.rows(run: "r1", after: 0, limit: 1000)
  }

  @Test("a database cut anywhere is set aside, and all rows of its WAL are saved")
  func cutDatabase() throws {
    let remains = try Remains()
    for length in stride(from: 0, to: remains.database.count, by: 97) {
      let folder = try remains.write(database: remains.database[..<length], log: remains.log[...])
      let journal = try open(folder)
      let aside = try #require(journal.setAside, "cut to \(length) bytes")
      #expect(aside.path == folder.lanes.database + ".damaged-" + JournalSamples.stamp)
      let saved = Salvage(path: aside.path).runs.flatMap(\.rows)
      #expect(Set(saved.map(\.sequence)).isSuperset(of: remains.new.map(\.sequence)))
      #expect(saved.allSatisfy { remains.all.contains($0) }, "cut to \(length) bytes")
      #expect(saved.count >= remains.new.count + 10 * (length / 2048 - 9), "cut to \(length) bytes")
    }
  }

  @Test("a WAL cut anywhere costs only the newest rows")
  func cutLog() throws {
    let remains = try Remains()
    var known = 0
    for length in stride(from: 0, through: remains.log.count, by: 211) {
      let folder = try remains.write(database: remains.database[...], log: remains.log[..<length])
      let journal = try open(folder)
      #expect(journal.setAside == nil)
      let rows = try rows(journal)
      #expect(rows == Array(remains.all.prefix(rows.count)))
      #expect(rows.count >= max(known, remains.old.count))
      known = rows.count
      try journal.append(JournalSamples.rows(Int64(known + 1)...Int64(known + 3)), run: "r1")
    }
    #expect(known >= remains.all.count - 1)
  }

  @Test("bytes changed anywhere never trap, and no row is made up")
  func changedBytes() throws {
    let remains = try Remains()
    var random = SplitMix(state: 7)
    for _ in 0..<150 {
      var database = remains.database
      var log = remains.log
      for _ in 0..<4 {
        database[Int.random(in: 0..<database.count, using: &random)] = .random(
          in: 0...255, using: &random)
        log[Int.random(in: 0..<log.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      let folder = try remains.write(database: database[...], log: log[...])
      let journal = try open(folder)
      if let aside = journal.setAside {
        let salvage = Salvage(path: aside.path)
        try journal.restore(salvage)
        #expect(try journal.checkIntegrity() == nil)
        #expect(salvage.runs.reduce(0) { $0 + $1.rows.count } >= 40)
      }
    }
  }

  @Test("two bytes of each page changed leave the rows of all other pages")
  func salvageAroundHoles() throws {
    let remains = try Remains()
    for page in 1..<remains.database.count / 2048 {
      var database = remains.database
      database.replaceSubrange(
        page * 2048..<page * 2048 + 2048, with: repeatElement(0xA5, count: 2048))
      let folder = try remains.write(database: database[...], log: remains.log[...])
      let journal = try open(folder)
      guard let aside = journal.setAside else { continue }
      let saved = Salvage(path: aside.path).runs.flatMap(\.rows)
      #expect(saved.count >= remains.all.count - 14, "page \(page)")
      #expect(saved.allSatisfy { remains.all.contains($0) })
    }
  }

  @Test("a row of many pages is saved whole or not at all")
  func longRows() throws {
    let folder = try JournalFolder()
    let rows = JournalSamples.rows(1...4, size: 20_000)
    try JournalSamples.journal(in: folder).append(rows, run: "r1")
    let whole = try folder.read(".lanes/lanes.sqlite")
    var counts: [Int] = []
    for length in stride(from: whole.count, through: 0, by: -4999) {
      try folder.write("cut", whole[..<length])
      let saved = Salvage(path: folder.path + "/cut").runs.flatMap(\.rows)
      #expect(saved.allSatisfy { rows.contains($0) })
      counts.append(saved.count)
    }
    #expect(counts.first == 4)
    #expect(counts == counts.sorted(by: >))
  }

  @Test("rows of every length are found without the first page, which leads to all others")
  func pagesAlone() throws {
    let folder = try JournalFolder()
    let rows = (1...60).flatMap { JournalSamples.rows($0...$0, size: Int($0 * $0 * 3)) }
    try JournalSamples.journal(in: folder).append(rows, run: "r1")
    var database = try folder.read(".lanes/lanes.sqlite")
    database.replaceSubrange(0..<2048, with: repeatElement(0, count: 2048))
    try folder.write("headless", database)
    let salvage = Salvage(path: folder.path + "/headless")
    #expect(salvage.runs.map(\.run) == [JournalSamples.run("r1")])
    #expect(salvage.runs.first?.rows == rows)
  }

  @Test("what was saved becomes a journal again, numbered without gaps")
  func restoring() throws {
    let folder = try JournalFolder()
    let journal = try open(folder)
    let rows = JournalSamples.rows(1...3)
    let saved = Salvage.Run(run: JournalSamples.run("r1"), rows: [rows[0], rows[2]])
    #expect(saved.missing == 1)
    try journal.restore(Salvage(runs: [saved, Salvage.Run(run: nil, rows: [rows[0]])]))
    #expect(try self.rows(journal).map(\.body) == [rows[0].body, rows[2].body])
    #expect(try self.rows(journal).map(\.sequence) == [1, 2])
    #expect(try journal.runs().map(\.id) == ["salvaged-2", "r1"])
  }

  @Test("what is no journal is set aside by a runner and refused by others")
  func impostors() throws {
    let folder = try JournalFolder()
    try folder.lanes.create()
    let noise = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try folder.write(".lanes/lanes.sqlite", noise)
    #expect(throws: JournalError.self) { try Journal.open(folder: folder.lanes, mode: .reading) }
    #expect(throws: JournalError.self) { try Journal.open(folder: folder.lanes, mode: .writing) }
    #expect(try folder.read(".lanes/lanes.sqlite") == noise)
    let aside = try #require(try open(folder).setAside)
    #expect(aside.path == folder.lanes.database + ".damaged-" + JournalSamples.stamp)
    #expect(Salvage(path: aside.path) == Salvage(runs: []))
    try folder.write(".lanes/lanes.sqlite", noise)
    let second = try #require(try open(folder).setAside)
    #expect(second.path == aside.path + "-2")
  }

  @Test("a journal of a newer program is set aside by a runner and refused by others")
  func newer() throws {
    let folder = try JournalFolder()
    try JournalSamples.journal(in: folder).append(JournalSamples.rows(1...2), run: "r1")
    let path = folder.lanes.database
    try SQLite(path: path, access: .writing).execute("PRAGMA user_version = 99")
    for mode in [Journal.Mode.reading, .writing] {
      #expect(throws: JournalError.newer(path: path, version: 99)) {
        try Journal.open(folder: folder.lanes, mode: mode)
      }
    }
    let journal = try open(folder)
    let name = path + ".damaged-" + JournalSamples.stamp
    #expect(journal.setAside == SetAside(path: name, reason: .newer(99)))
    #expect(try journal.runs() == [])
  }

  @Test("a database of another program is set aside")
  func foreign() throws {
    let folder = try JournalFolder()
    try folder.lanes.create()
    try SQLite(path: folder.lanes.database, access: .creating).execute("CREATE TABLE t(x)")
    let aside = try #require(try open(folder).setAside)
    #expect(aside.reason == .damaged("it belongs to another program"))
  }

  @Test(
    "a missing table or a gap in a run counts as damage",
    arguments: [
      "DROP TABLE commands", "DELETE FROM log WHERE key & 4294967295 = 2", "DROP TABLE log",
    ])
  func holes(change: String) throws {
    let folder = try JournalFolder()
    try JournalSamples.journal(in: folder).append(JournalSamples.rows(1...3), run: "r1")
    try SQLite(path: folder.lanes.database, access: .writing).execute(change)
    #expect(try open(folder).setAside != nil)
  }

  @Test("an empty file is a new journal")
  func empty() throws {
    let folder = try JournalFolder()
    try folder.lanes.create()
    try folder.write(".lanes/lanes.sqlite", [])
    #expect(try open(folder).setAside == nil)
  }
}

/// A small generator of random numbers that gives the same ones each time.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
