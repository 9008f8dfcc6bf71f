import Core
import Glibc
import Testing

/// The limit of memory that a control group sets.
struct MemoryGroupTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ files: KeyValuePairs<String, String>) throws {
    for (path, text) in files {
      let parts = path.split(separator: "/").dropLast()
      for count in parts.indices {
        mkdir(folder.path + "/" + parts[...count].joined(separator: "/"), 0o755)
      }
      _ = try folder.write(text, to: path)
    }
  }

  private func group(_ text: String) -> MemoryGroup.Reading? {
    MemoryGroup(Array(text.utf8), root: folder.path)?.reading()
  }

  @Test("of the groups of the second version the one with the least left counts")
  func unified() throws {
    try write([
      "a/memory.max": "1000\n", "a/memory.current": "900\n",
      "a/memory.stat": "anon 1\ninactive_file 50\n",
      "a/b/memory.max": "max\n", "a/b/memory.current": "1\n",
      "a/b/c/memory.max": "600\n", "a/b/c/memory.current": "100\n",
    ])
    #expect(group("0::/a/b/c\n") == MemoryGroup.Reading(total: 1000, available: 150))
  }

  @Test("a group of the first version")
  func first() throws {
    try write([
      "memory/x/memory.limit_in_bytes": "1000\n", "memory/x/memory.usage_in_bytes": "700\n",
      "memory/x/memory.stat": "total_inactive_file 100\n",
      "memory/memory.limit_in_bytes": "9223372036854771712\n",
      "memory/memory.usage_in_bytes": "1\n",
    ])
    let text = "9:name=systemd:/\n5:cpu,memory:/x\n0::/\n"
    #expect(group(text) == MemoryGroup.Reading(total: 1000, available: 400))
  }

  @Test("in a container whose path cannot be seen the topmost group counts")
  func container() throws {
    try write(["memory.max": "1000\n", "memory.current": "1200\n"])
    #expect(group("0::/docker/1\n") == MemoryGroup.Reading(total: 1000, available: 0))
  }

  @Test("without a limit there is none", arguments: ["", "0::/\n", "junk", "0::/../..\n"])
  func none(text: String) throws {
    try write(["memory.max": "max\n", "memory.current": "1200\n"])
    #expect(group(text) == nil)
  }
}
