import Core
import Glibc
import Synchronization
import Testing

/// An actor that lives on a reactor's thread and notes what it is told there.
private actor Recorder {
  private let reactor: Reactor
  private(set) var tokens: [UInt64] = []
  private var waiters: [CheckedContinuation<[UInt64], Never>] = []
  private var wanted = 0

  init(_ reactor: Reactor) {
    self.reactor = reactor
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

  func note(_ new: [UInt64]) {
    tokens += new
    if tokens.count >= wanted {
      for waiter in waiters { waiter.resume(returning: tokens) }
      waiters = []
    }
  }

  func first(_ count: Int) async -> [UInt64] {
    if tokens.count >= count { return tokens }
    wanted = count
    return await withCheckedContinuation { waiters.append($0) }
  }

  func thread() -> UInt { UInt(pthread_self()) }
}

@Suite(.timeLimit(.minutes(5)))
struct ReactorTests {
  @Test("an actor on a reactor runs on its one thread, and is isolated when descriptors are ready")
  func isolation() async throws {
    let reactor = try Reactor(name: "test")
    let recorder = Recorder(reactor)
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reader, writer) = (ends[0], ends[1])
    try reactor.start { tokens in
      recorder.assumeIsolated {
        $0.note(tokens)
        reactor.unwatch(reader)
      }
    }
    try reactor.watch(reader, token: 7)
    let first = await recorder.thread()
    write(writer, "x", 1)
    #expect(await recorder.first(1) == [7])
    #expect(await recorder.thread() == first)
    #expect(first != UInt(pthread_self()))
    reactor.stop()
    close(reader)
    close(writer)
  }

  @Test(
    "a deadline is told when it has passed, and soon",
    arguments: [Duration.zero, .milliseconds(1), .milliseconds(50)])
  func deadline(_ wait: Duration) async throws {
    let clock = WallClock()
    let reactor = try Reactor(name: "test", clock: clock)
    let (moments, continuation) = AsyncStream.makeStream(of: Instant.self)
    try reactor.start { tokens in
      if tokens.isEmpty { continuation.yield(clock.now()) }
    }
    let moment = clock.now() + wait
    reactor.setDeadline(moment)
    var iterator = moments.makeAsyncIterator()
    let told = try #require(await iterator.next())
    #expect(told >= moment)
    #expect(told - moment < .seconds(10))
    reactor.stop()
  }

  @Test("a deadline that is taken back is not told")
  func noDeadline() async throws {
    let clock = WallClock()
    let reactor = try Reactor(name: "test", clock: clock)
    let (calls, continuation) = AsyncStream.makeStream(of: Instant.self)
    try reactor.start { _ in continuation.yield(clock.now()) }
    reactor.setDeadline(clock.now() + .seconds(3600))
    let later = clock.now() + .milliseconds(30)
    reactor.setDeadline(nil)
    reactor.setDeadline(later)
    var iterator = calls.makeAsyncIterator()
    let told = try #require(await iterator.next())
    #expect(told >= later)
    reactor.stop()
  }

  @Test("jobs of many threads all run, and those of one thread in order")
  func order() async throws {
    let reactor = try Reactor(name: "test")
    try reactor.start { _ in }
    let recorder = Recorder(reactor)
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { for value in UInt64(0)..<1000 { await recorder.note([value]) } }
      }
    }
    #expect(await recorder.tokens.count == 8000)
    #expect(await recorder.tokens.reduce(0, +) == 8 * 499_500)
    reactor.stop()
  }

  @Test("time of day never goes back")
  func clock() {
    let clock = WallClock()
    let moments = (0..<10_000).map { _ in clock.now() }
    #expect(moments == moments.sorted())
    let now = Instant(microseconds: Int64(time(nil)) * 1_000_000)
    #expect(abs((now - clock.now()).seconds) < 2)
  }
}
