import Core
import Glibc
import TUI
import Testing

/// The loop with a screen that keeps what is drawn and a pipe for a keyboard.
@Suite(.timeLimit(.minutes(5)))
struct ViewLoopTests {
  @Test("what the run does is drawn, a key is answered, and q puts the terminal back")
  func session() async throws {
    let stage = try await Stage(Story.middle())
    let loop = stage.loop
    async let end = loop.run()
    _ = try await stage.frame { $0.contains("LEVEL 0") }
    #expect(await loop.take(stage.events))
    _ = try await stage.frame { $0.contains("58%") }
    stage.keyboard.press("?")
    _ = try await stage.frame { $0.contains("go to the task or line above") }
    stage.keyboard.press("1q")
    #expect(await end == .left(.close))
    _ = try await stage.frame { $0 == FakeScreen.closed }
    #expect(await loop.take([]) == false)
    loop.stop()
  }

  @Test("of a flood of events a part is shown at once, and keys are answered meanwhile")
  func flood() async throws {
    let stage = try await Stage(Story.done(4000))
    let loop = stage.loop
    async let end = loop.run()
    _ = try await stage.frame { $0.contains("LEVEL 0") }
    _ = await loop.take(stage.events)
    let first = try await stage.frame { $0.contains(" done") }
    #expect(!first.contains("4000 done"))
    stage.keyboard.press("?")
    _ = try await stage.frame { $0.contains("go to the task or line above") }
    stage.keyboard.press("1")
    _ = try await stage.frame { $0.contains("4000 done") && $0.contains("LEVEL 0") }
    stage.keyboard.press("q")
    #expect(await end == .left(.close))
    loop.stop()
  }

  @Test("events that were not drawn yet count when the view is left")
  func leaving() async throws {
    let stage = try await Stage(Story.done(4000))
    let loop = stage.loop
    async let end = loop.run()
    _ = await loop.take(stage.events)
    stage.keyboard.press("q")
    #expect(await end == .left(.close))
    #expect(await loop.state.counts.succeeded == 4000)
    loop.stop()
  }

  @Test("a keyboard that is gone ends the view, and not the run")
  func hangUp() async throws {
    let stage = try await Stage(Story.middle())
    let loop = stage.loop
    async let end = loop.run()
    stage.keyboard.close()
    #expect(await end == .hungUp)
    loop.stop()
  }
}

/// A loop at work, for a test that presses keys and looks.
private struct Stage {
  let loop: ViewLoop
  let keyboard: Keyboard
  /// What the loop was not told yet.
  let events: [RunEvent]
  private let frames: AsyncStream<String>

  /// Opens a view that knows of a story no more than that it has begun.
  init(_ story: Story) async throws {
    let keyboard = try Keyboard()
    let (stream, continuation) = AsyncStream<String>.makeStream()
    var setup = ViewSetup(
      options: ViewOptions(mode: .attached),
      terminal: Terminal(input: keyboard.input, output: keyboard.input, name: "pipe"),
      signals: try SignalSource([]), themes: ThemeStore(folders: []), theme: "default",
      ask: { _ in .refused("nobody is there") },
      logs: LogFiles(scratch: "/tmp") { _ in "/dev/null" })
    setup.makeScreen = { FakeScreen(continuation) }
    events = Array(story.events.dropFirst())
    frames = stream
    self.keyboard = keyboard
    loop = try ViewLoop(
      setup, run: try #require(RunState.fold(story.events.prefix(1))), clock: ViewClock())
    try loop.start()
    try await loop.open()
  }

  /// The next frame that is as wanted.
  func frame(_ isWanted: (String) -> Bool) async throws -> String {
    for await frame in frames where isWanted(frame) { return frame }
    throw CancellationError()
  }
}

/// A pipe whose one end a test writes to.
private final class Keyboard: Sendable {
  let input: Int32
  private let output: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (input, output) = (ends[0], ends[1])
  }

  deinit {
    Glibc.close(input)
    Glibc.close(output)
  }

  func press(_ text: String) { _ = write(output, text, text.utf8.count) }

  /// Nothing will come any more; the number of the descriptor stays taken.
  func close() {
    let nothing = open("/dev/null", O_WRONLY | O_CLOEXEC)
    dup2(nothing, output)
    Glibc.close(nothing)
  }
}

/// A screen that tells what is drawn on it.
private final class FakeScreen: Screen {
  static let closed = "(closed)"

  let size = Size(columns: 100, rows: 30)
  private let frames: AsyncStream<String>.Continuation

  init(_ frames: AsyncStream<String>.Continuation) {
    self.frames = frames
  }

  func open() throws(ScreenError) {}
  func draw(_ frame: Frame) { frames.yield(frame.text) }
  func use(_ theme: Theme) {}
  func resize() {}
  func copy(_ text: String) {}
  func close() { frames.yield(Self.closed) }
}
