import Core
import Glibc
import Testing

@Suite("A full disk") struct JournalFullDiskTests {
  @Test("an append that does not fit fails whole, and fits once there is space")
  func fullDisk() throws {
    let folder = try JournalFolder()
    guard mount("tmpfs", folder.path, "tmpfs", 0, "size=512k") == 0 else {
      try Test.cancel("mounting a small disk is not permitted")
    }
    defer { umount2(folder.path, Int32(MNT_DETACH)) }
    try folder.write("ballast", [UInt8](repeating: 1, count: 100_000))
    let journal = try JournalSamples.journal(in: folder)
    var count: Int64 = 0
    let full = JournalError.full(path: folder.lanes.database)
    #expect(throws: full) {
      while count < 10_000 {
        try journal.append(JournalSamples.rows(count + 1...count + 3), run: "r1")
        count += 3
      }
    }
    #expect(count > 100)
    let rows = JournalSamples.rows(count + 1...count + 3)
    #expect(throws: full) { try journal.append(rows, run: "r1") }
    #expect(try journal.lastSequence(run: "r1") == count)
    #expect(try journal.checkIntegrity() == nil)
    unlink(folder.path + "/ballast")
    try journal.append(rows, run: "r1")
    #expect(
      try journal.rows(run: "r1", after: 0, limit: .max) == JournalSamples.rows(1...count + 3))
    #expect(try journal.checkIntegrity() == nil)
  }
}
