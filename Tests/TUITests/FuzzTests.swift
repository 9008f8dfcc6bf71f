import Core
import TUI
import Testing

/// Random input in a random order: no trap, and a whole picture after each.
struct FuzzTests {
  @Test("no events in any order break the view", arguments: 0..<12)
  func random(seed: Int) {
    var random = Random(state: UInt64(seed) &* 7919 &+ 1)
    let stories = [
      Story.start(), .middle(), .failed(), .succeeded(), .wide(60), .large(300, width: 30),
    ]
    var viewer = Viewer(stories[seed % stories.count], mode: mode(seed), isUnicode: seed % 3 != 0)
    var story = stories[seed % stories.count]
    for step in 0..<1500 {
      let event = event(&random, &story)
      viewer.send(event)
      guard step % 3 == 0 || viewer.state.size.rows < 4 else { continue }
      let frame = viewer.frame
      #expect(frame.size == viewer.state.size)
      if let flaw = frame.flaw {
        Issue.record("seed \(seed), step \(step), \(event): \(flaw)\n\(frame.text)")
        return
      }
    }
  }

  private func mode(_ seed: Int) -> ViewOptions.Mode {
    [.live, .attached, .replay(speed: 10)][seed % 3]
  }

  private func event(_ random: inout Random, _ story: inout Story) -> InputEvent {
    switch random.next(below: 20) {
    case 0:
      return .resized(
        Size(
          columns: 1 + random.next(below: random.next(below: 2) == 0 ? 12 : 140),
          rows: 1 + random.next(below: random.next(below: 2) == 0 ? 6 : 50)))
    case 1: return .mouse(mouse(&random))
    case 2: return .tick(story.now + .milliseconds(random.next(below: 100_000)))
    case 3: return .paste("日本\u{1B}[2J\nx")
    case 4: return .reply(random.next(below: 2) == 0 ? .done("ok") : .refused("\u{202E}no"))
    case 5: return .log(strayWindow(&random))
    case 6...8:
      let count = story.events.count
      move(&story, &random)
      return .run(Array(story.events.dropFirst(count)))
    case 9:
      return [.interrupted, .notice("x\u{0}y"), .theme(Theme(name: "nord", looks: [:])), .runEnded]
        .randomElement(using: &random) ?? .interrupted
    default:
      let keys = KeyTable.entries.flatMap(\.keys) + ["y", "n", .backspace, .delete, "a", "日"]
      return .key(keys.randomElement(using: &random) ?? .enter)
    }
  }

  private func mouse(_ random: inout Random) -> MouseEvent {
    let actions: [MouseEvent.Action] = [.press, .doublePress, .wheelUp, .wheelDown]
    return MouseEvent(
      actions[random.next(below: 4)],
      at: Point(column: random.next(below: 200) - 2, row: random.next(below: 60) - 2))
  }

  private func strayWindow(_ random: inout Random) -> LogWindow {
    let request = LogRequest(
      .attempt(AttemptKey(TaskID("\(random.next(below: 8))"), 1)),
      .offset(Int64(random.next(below: 500))),
      lines: 5)
    return LogWindow(
      request: request, lines: [LogWindow.Line(offset: 7, text: "a\u{1B}[31m\u{301}b日")],
      size: Int64(random.next(below: 100)), end: Int64(random.next(below: 100)))
  }

  private func move(_ story: inout Story, _ random: inout Random) {
    story.pass(.seconds(random.next(below: 90)))
    let tasks = story.state.manifest.plan.tasks
    let id = tasks[random.next(below: tasks.count)].id
    let commands: [ControlCommand] = [
      .pause([id]), .proceed([id]), .cancel([id]), .kill([id]), .skip([id]),
      .retry([id], withDependents: random.next(below: 2) == 0), .retryFailed, .pauseDispatch,
      .continueDispatch, .jobs(1 + random.next(below: 9)),
    ]
    switch random.next(below: 4) {
    case 0: story.send(.command(commands[random.next(below: commands.count)]))
    case 1: story.report(id, Double(random.next(below: 150)) / 100, "label \u{1B}[1m")
    case 2: story.send(.timer(.retry(id)))
    default:
      guard let task = story.state.running.randomElement(using: &random) else { return }
      story.end(tasks[task].id, code: random.next(below: 5) == 0 ? 1 : 0)
    }
  }
}

/// A small generator whose numbers a seed repeats (xorshift64*).
struct Random: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 2_685_821_657_736_338_717
  }

  mutating func next(below limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
}
