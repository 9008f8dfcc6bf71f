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
    for _ in 0..<10_000 { try file.reserve(40) }
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_size == 0)
    #expect(status.st_blocks * 512 >= 400_000)
  }
}
