import Core
import Glibc
import Testing

@Suite(.timeLimit(.minutes(5)))
struct StatusKeeperTests {
  private let folder: TemporaryFolder
  private let clock = WallClock()

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(
    "what cannot be written now is written when it can",
    arguments: ["", #"[{"id": 1, "sta"#, #"[{"id": 1, "status": "pending"}]"#])
  func later(unready: String) async throws {
    let path = try folder.write(unready, to: "tasks.json")
    if unready.hasSuffix("]") {
      _ = try folder.write("{}", to: "tasks.json.lock")
    }
    let keeper = try StatusKeeper(file: StatusFile(path: path, tag: nil), clock: clock)
    keeper.note(RunEvent(at: clock.now(), .taskFinished("1", .succeeded)))
    async let problem = keeper.finish()
    poll(nil, 0, 300)
    _ = try folder.write(#"[{"id": 1, "status": "pending"}]"#, to: "tasks.json")
    unlink(path + ".lock")
    #expect(await problem == nil)
    #expect(try folder.read("tasks.json") == #"[{"id": 1, "status": "done"}]"#)
  }

  @Test("what cannot be written at all is told at the end")
  func never() async throws {
    let path = try folder.write("{", to: "tasks.json")
    let keeper = try StatusKeeper(file: StatusFile(path: path, tag: nil), clock: clock)
    keeper.note(RunEvent(at: clock.now(), .taskFinished("1", .succeeded)))
    let problem = try #require(await keeper.finish())
    #expect(problem.hasPrefix(path + ":1:2: "))
    #expect(try folder.read("tasks.json") == "{")
  }
}
