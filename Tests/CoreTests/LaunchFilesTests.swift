import Core
import Testing

@Suite struct LaunchFilesTests {
  @Test(
    "an id becomes a plain file name",
    arguments: [
      ("1", "1"), ("2.1", "2.1"), ("API_v2-final", "API_v2-final"), ("", "%"), (".", "%2E"),
      ("..", "%2E."), (".hidden", "%2Ehidden"), ("a/b", "a%2Fb"), ("../../etc", "%2E.%2F..%2Fetc"),
      ("a b\n", "a%20b%0A"), ("100%", "100%25"), ("~", "%7E"), ("é", "%C3%A9"), ("\0", "%00"),
      (
        String(repeating: "x", count: 101),
        String(repeating: "x", count: 100) + "~0BE19B45728EB2D7"
      ),
    ])
  func names(id: String, name: String) {
    #expect(CleanName.of(TaskID(id)) == name)
  }

  @Test("no two ids share a name, and no name leaves its folder or is too long for one")
  func injective() {
    let alphabet = ["a", "A", ".", "/", "%", "2", "F", "~", "-", " ", "\n", "é", "\0", ""]
    var ids: Set<[UInt8]> = []
    var names: Set<String> = []
    for _ in 0..<20_000 {
      let length = [0, 1, 2, 3, 40, 120].randomElement() ?? 0
      let id = (0..<length).map { _ in alphabet.randomElement() ?? "" }.joined()
      guard ids.insert(Array(id.utf8)).inserted else { continue }
      let name = CleanName.of(TaskID(id))
      #expect(names.insert(name).inserted, "\(id.debugDescription)")
      #expect(!name.isEmpty && name.utf8.count <= 117 && !name.hasPrefix("."))
      #expect(name.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: "/") })
    }
  }

  @Test("the files of attempts are told apart")
  func files() {
    #expect(
      AttemptFiles.of(runFolder: "/r", task: "a/b", attempt: 2)
        == AttemptFiles(log: "/r/a%2Fb.2.log", exit: "/r/exits", prompt: "/r/a%2Fb.prompt"))
  }
}
