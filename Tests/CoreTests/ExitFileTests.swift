import Core
import Glibc
import Testing

@Suite("The file of exit statuses")
struct ExitFileTests {
  @Test("room for statuses is on the disk before they are written, and the file stays empty")
  func reserving() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/exits"
    var file = try ExitFile(path: path)
    for _ in 0..<10_000 { try file.reserve(for: String(repeating: "x", count: 40)) }
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_size == 0)
    #expect(status.st_blocks * 512 >= 400_000)
  }

  @Test(
    "an end is read as it was noted",
    arguments: [Core.ExitStatus.exited(0), .exited(255), .signaled(9), .signaled(64)])
  func notes(status: Core.ExitStatus) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/exits"
    let name = "1.1.log"
    try ExitFile(path: path).note(.exited(3), of: name)
    try ExitFile(path: path).note(status, of: name)
    #expect(ExitRecords(path: path)[name] == status)
    #expect(ExitRecords(path: path)["1.2.log"] == nil)
    #expect(ExitRecords.record(of: name, status).utf8.count <= ExitRecords.size(of: name))
  }
}
