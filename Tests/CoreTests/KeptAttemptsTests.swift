import Core
import Testing

@Suite("What a keeper knows of its runner's attempts") struct KeptAttemptsTests {
  @Test("a process is told by the number that it noted itself, until its end is known")
  func names() throws {
    let attempts = try #require(KeptAttempts())
    #expect(attempts.exitFile == "" && attempts.isEmpty)
    attempts.exitFile = "/runs/1/exits"
    let numbers = ["1.1.log", "2.1.log"].enumerated().map { attempts.enter($1, at: $0) }
    // The processes are made and have not come to it yet.
    #expect(!attempts.isEmpty && attempts.place(of: 41) == nil)
    numbers[0]?.pointee = 41
    #expect(attempts.place(of: 41) == 0)
    numbers[1]?.pointee = 42
    #expect([41, 42, 43].map(attempts.place(of:)) == [0, 1, nil])
    #expect([0, 1].map(attempts.name(at:)) == ["1.1.log", "2.1.log"])
    attempts.leave(0)
    #expect([41, 42].map(attempts.place(of:)) == [nil, 1])
    #expect(!attempts.isEmpty)
    attempts.leave(1)
    #expect(attempts.isEmpty)
    #expect(attempts.exitFile == "/runs/1/exits")
  }

  @Test("what has no room is not kept")
  func limits() throws {
    let attempts = try #require(KeptAttempts())
    #expect(attempts.enter("1.1.log", at: KeptAttempts.capacity) == nil)
    attempts.leave(KeptAttempts.capacity)
    #expect(attempts.enter(String(repeating: "x", count: 248), at: 0) == nil)
    #expect(attempts.enter(String(repeating: "x", count: 247), at: 1) != nil)
  }
}
