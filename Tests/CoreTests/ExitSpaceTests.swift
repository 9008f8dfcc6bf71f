import Core
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct ExitSpaceTests {
  @Test("there is room for a task's exit status before the task starts")
  func room() async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("stat -c '%s %b' \(bench.folder)/exits")
      #expect(try await bench.run(request) == .exited(0))
      let words = try #require(bench.text(request.files.log)).split(separator: " ")
      #expect(words.first == "0")
      let blocks = try #require(words.last.flatMap { Int($0.filter(\.isNumber)) })
      #expect(blocks * 512 >= 4096)
      #expect(bench.text(request.files.exit) == "\n1.1.log 0;\n")
    }
  }
}
