import Core
import TUI
import Testing

/// What each key of the table does, in a view where it does something.
struct KeyEffectTests {
  /// An action, how to get to where it matters, and what must be seen or asked for then.
  struct Expected: Sendable, CustomTestStringConvertible {
    var action: ViewAction
    var story: @Sendable () -> Story = Story.middle
    var before: [Key] = []
    var effects: [Effect] = []
    var reads: [LogRequest.Place] = []
    /// Text that is on the screen after the key and was not before.
    var appears: String?
    /// Text that was on the screen and is not any more.
    var vanishes: String?

    var testDescription: String { "\(action.rawValue) after \(before.map(\.name))" }
  }

  static let commands: [Expected] = [
    Expected(action: .pauseTask, effects: [.command(.pause(["2"]))]),
    Expected(action: .pauseTask, before: [.down], effects: [.command(.pause(["5"]))]),
    Expected(
      action: .retry, story: Story.failedInLevel, before: ["/", "p", "r", "o", "d", .enter],
      effects: [.command(.retry(["4"], withDependents: false))]),
    Expected(
      action: .retryWithDependents, story: Story.failedInLevel,
      before: ["/", "p", "r", "o", "d", .enter],
      appears: "Try 4 Product Catalog Module again, with its dependents?"),
    Expected(action: .cancel, appears: "Cancel 2 API Endpoints?  y yes  n no"),
    Expected(action: .kill, appears: "Kill the processes of 2 API Endpoints?"),
    Expected(action: .skip, before: [.right], appears: "Skip 7 Integration Tests and free"),
    Expected(action: .pauseDispatch, effects: [.command(.pauseDispatch)]),
    Expected(action: .retryFailed, story: Story.failedInLevel, effects: [.command(.retryFailed)]),
    Expected(action: .moreJobs, effects: [.command(.jobs(5))]),
    Expected(action: .fewerJobs, effects: [.command(.jobs(3))]),
    Expected(action: .copy, effects: [.copy("2 API Endpoints")], appears: "copied: 1 line"),
    Expected(action: .redraw, effects: [.redraw]),
    Expected(action: .suspend, effects: [.suspend]),
    Expected(
      action: .quit, appears: "Leave the view?  f finish in plain lines  d detach  s stop  n stay"),
    Expected(action: .stop, appears: "Stop everything that runs, and leave?"),
    Expected(action: .theme, appears: "─ colours"),
  ]

  static let views: [Expected] = [
    Expected(action: .lanes, before: ["5"], appears: "LEVEL 1"),
    Expected(action: .log, appears: "step 185 of"),
    Expected(action: .graph, appears: "frees 1 task"),
    Expected(action: .timeline, appears: "critical path"),
    Expected(action: .statistics, appears: "theoretical speedup"),
    Expected(action: .nextView, appears: "step 185 of"),
    Expected(action: .previousView, appears: "theoretical speedup"),
    Expected(
      action: .diff, story: Story.worktrees, reads: [.offset(0)],
      appears: "changes from a1a1a1a1a1 now"),
    Expected(action: .conflicts, appears: "the machine is short of memory"),
    Expected(action: .messages, appears: "next attempt in"),
    Expected(action: .help, appears: "go to the task or line above"),
    Expected(action: .palette, appears: "─ actions"),
    Expected(action: .open, appears: "estimate"),
    Expected(action: .back, before: ["5"], vanishes: "theoretical speedup"),
    Expected(action: .search, appears: "filter:"),
  ]

  static let moves: [Expected] = [
    Expected(action: .down, appears: "─ 5 Shopping Cart API"),
    Expected(action: .up, before: [.down], appears: "─ 2 API Endpoints"),
    Expected(action: .right, appears: "─ 7 Integration Tests"),
    Expected(action: .left, appears: "─ 1 Database Schema"),
    Expected(action: .bottom, appears: "─ 5 Shopping Cart API"),
    Expected(action: .top, before: [.down], appears: "─ 2 API Endpoints"),
    Expected(action: .pageDown, appears: "─ 5 Shopping Cart API"),
    Expected(action: .pageUp, before: [.down], appears: "─ 2 API Endpoints"),
    Expected(action: .halfPageDown, appears: "─ 5 Shopping Cart API"),
    Expected(action: .halfPageUp, before: [.down], appears: "─ 2 API Endpoints"),
    Expected(action: .fold, before: [.left], appears: "4 done"),
    Expected(action: .follow, before: ["2"], vanishes: "following"),
    Expected(action: .wrap, before: ["2"], appears: "wrapped"),
    Expected(
      action: .nextMatch, before: ["2", "g", "/", "1", "7", "]", .enter],
      reads: [.match("17]", after: 510)]),
    Expected(action: .previousAttempt, before: [.down, "2"], appears: "attempt 1 of 2"),
    Expected(action: .nextAttempt, before: [.down, "2", "["], appears: "attempt 2 of 2"),
    Expected(
      action: .previousMatch, before: ["2", "/", "1", "7", "]", .enter],
      appears: "[117] step 117"),
  ]

  @Test("each key does what the table says", arguments: commands + views + moves)
  func effect(expected: Expected) throws {
    var viewer = Viewer(expected.story(), 80, 24)
    for key in expected.before { viewer.press(key) }
    let before = viewer.text
    let key = try #require(Keymap.standard.entry(for: expected.action)?.keys.first)
    viewer.press(key)
    #expect(viewer.effects == expected.effects)
    let after = viewer.text
    if let text = expected.appears {
      #expect(!before.contains(text) && after.contains(text), "\(before)\n->\n\(after)")
    }
    if let text = expected.vanishes {
      #expect(before.contains(text) && !after.contains(text), "\(before)\n->\n\(after)")
    }
    if !expected.reads.isEmpty { #expect(viewer.reads.map(\.place) == expected.reads) }
    #expect(viewer.state.needsDrawing)
  }

  @Test("every action of the table is among these")
  func coverage() {
    let tested = Set((Self.commands + Self.views + Self.moves).map(\.action))
    #expect(Set(ViewAction.allCases).subtracting(tested).isEmpty)
  }

  @Test(
    "dangerous actions are done after y, and not after n or Esc",
    arguments: [
      ("x", [.command(.cancel(["2"]))]), ("X", [.command(.kill(["2"]))]),
      ("Q", [.leave(.stop)]),
    ] as [(Key, [Effect])])
  func asking(key: Key, effects: [Effect]) {
    let answers: [(Key, [Effect])] = [("y", effects), ("n", []), (.escape, []), ("Y", effects)]
    for (answer, expected) in answers {
      var viewer = Viewer(Story.middle())
      viewer.press(key)
      #expect(viewer.effects.isEmpty)
      viewer.press("j")
      #expect(viewer.effects.isEmpty)
      viewer.press(answer)
      #expect(viewer.effects == expected)
      viewer.press("j")
      #expect(!viewer.footer.contains("yes"))
    }
  }

  @Test(
    "a live run is left in three ways",
    arguments: [
      ("f", [.leave(.finishWithoutView)]), ("d", [.leave(.detach)]),
      ("s", [.leave(.stop)]), ("n", []), (.escape, []), (.control("c"), [.leave(.stop)]),
    ] as [(Key, [Effect])])
  func quit(key: Key, effects: [Effect]) {
    var viewer = Viewer(Story.middle())
    viewer.press("q")
    #expect(viewer.effects.isEmpty)
    viewer.press(key)
    #expect(viewer.effects == effects)
  }

  @Test("a run that has ended, and one of another terminal, are left at once")
  func close() {
    for story in [Story.failed(), .succeeded()] {
      var viewer = Viewer(story)
      viewer.press("q")
      #expect(viewer.effects == [.leave(.close)])
    }
    for mode in [ViewOptions.Mode.attached, .replay(speed: 2)] {
      var viewer = Viewer(Story.middle(), mode: mode)
      viewer.press("q")
      #expect(viewer.effects == [.leave(.close)])
    }
  }

  @Test("signals leave the view as the program they end would")
  func signals() {
    var viewer = Viewer(Story.middle())
    viewer.send(.hungUp)
    #expect(viewer.effects == [.leave(.finishWithoutView)])
    viewer.send(.terminated)
    #expect(viewer.effects == [.leave(.stop)])
    viewer.send(.interrupted)
    #expect(viewer.effects.isEmpty)
    viewer.send(.interrupted)
    #expect(viewer.effects == [.leave(.stop)])
    viewer = Viewer(Story.middle(), mode: .attached)
    for event in [InputEvent.hungUp, .terminated, .interrupted] {
      viewer.send(event)
      #expect(viewer.effects == [.leave(.close)])
    }
  }

  @Test(
    "what cannot be done is refused in words",
    arguments: [
      ("r", "task 2 is running; cancel it first"),
      ("s", "task 2 is running; cancel it first"),
      ("n", "there is no search here"), ("]", "this is the newest attempt"),
      ("R", "no task has failed"),
    ] as [(Key, String)])
  func refusals(key: Key, words: String) {
    var viewer = Viewer(Story.middle())
    viewer.press(key)
    #expect(viewer.effects.isEmpty)
    #expect(viewer.footer.contains(words))
  }

  @Test("a replay changes nothing", arguments: KeyTable.entries.filter(\.steers))
  func replay(entry: KeyEntry) throws {
    var viewer = Viewer(Story.middle(), mode: .replay(speed: 10))
    viewer.press(try #require(entry.keys.first))
    #expect(viewer.effects.isEmpty)
    #expect(viewer.footer.contains("this is a replay of a past run: nothing in it can be changed"))
  }

  @Test("an attached view sends its commands, and Q stops the other's run without leaving")
  func attached() {
    var viewer = Viewer(Story.middle(), mode: .attached)
    viewer.press(" ")
    #expect(viewer.effects == [.command(.pause(["2"]))])
    viewer.press("Q", "y")
    #expect(viewer.effects == [.command(.stop)])
  }

  @Test("a paused task goes on by the same key")
  func unpause() {
    var story = Story.middle()
    story.send(.command(.pause(["2"])))
    var viewer = Viewer(story)
    #expect(viewer.text.contains("‖ 2 API"))
    viewer.press(" ")
    #expect(viewer.effects == [.command(.proceed(["2"]))])
  }
}
