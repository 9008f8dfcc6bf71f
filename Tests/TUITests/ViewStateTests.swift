import Core
import TUI
import Testing

struct ViewStateTests {
  @Test("the selection follows what runs until the user moves it, and again after Esc")
  func following() {
    var story = Story(sevenTasks())
    var viewer = Viewer(story)
    #expect(viewer.text.contains("─ 1 Database Schema Setup"))
    story.pass(.seconds(5))
    let count = story.events.count
    story.end("1")
    viewer.send(.run(Array(story.events.dropFirst(count))))
    #expect(viewer.text.contains("─ 3 User Authentication"))
    viewer.press("G")
    #expect(viewer.text.contains("─ 6 Frontend"))
    let more = story.events.count
    story.end("6")
    viewer.send(.run(Array(story.events.dropFirst(more))))
    #expect(viewer.text.contains("─ 6 Frontend"))
    viewer.press(.escape)
    #expect(viewer.text.contains("─ 3 User Authentication"))
  }

  @Test("an idle picture is drawn once a second while the run lasts, and not after its end")
  func drawing() {
    var viewer = Viewer(Story.middle())
    let now = viewer.state.now
    viewer.state.drawn()
    viewer.send(.tick(now + .milliseconds(30)))
    #expect(!viewer.state.needsDrawing)
    viewer.send(.tick(now + .seconds(1)))
    #expect(viewer.state.needsDrawing)
    viewer = Viewer(Story.succeeded())
    let end = viewer.state.now
    viewer.send(.tick(end + .seconds(60)))
    viewer.state.drawn()
    viewer.send(.tick(end + .seconds(61)))
    #expect(!viewer.state.needsDrawing)
  }

  @Test("the log of a running task is read again each second while it is followed")
  func follow() {
    var viewer = Viewer(Story.middle())
    let now = viewer.state.now
    viewer.press("2")
    viewer.send(.tick(now + .seconds(1)))
    #expect(viewer.reads.map(\.place) == [.end])
    viewer.press("f")
    viewer.send(.tick(now + .seconds(2)))
    #expect(viewer.reads.isEmpty)
    viewer.press("g")
    #expect(viewer.reads.map(\.place) == [.offset(0)])
    #expect(viewer.text.contains("[1] step 1 of"))
    viewer.press("j", "j")
    #expect(!viewer.text.contains("[2] step 2 of"))
    viewer.press("k")
    #expect(viewer.text.contains("[2] step 2 of"))
    viewer.press("G")
    #expect(viewer.text.contains("compiling cart/service …"))
  }

  @Test("moves that come before the log was read add up")
  func pendingMoves() {
    var viewer = Viewer(Story.middle())
    viewer.press("2", "g")
    var effects = reduce(&viewer.state, .key("j"))
    effects += reduce(&viewer.state, .key("j"))
    effects += reduce(&viewer.state, .key("k"))
    let places = effects.compactMap { effect -> LogRequest.Place? in
      if case .readLog(let request) = effect { request.place } else { nil }
    }
    #expect(places == [.lines(1, from: 0), .lines(2, from: 0), .lines(1, from: 0)])
  }

  @Test("lines that come too late do not move the view")
  func lateLines() {
    var viewer = Viewer(Story.middle())
    viewer.press("2", "g")
    let late = LogRequest(.attempt(AttemptKey("2", 1)), .end, lines: 20)
    viewer.state.drawn()
    viewer.send(.log(FakeLog(lines: viewer.log).answer(late)))
    #expect(viewer.text.contains("[1] step 1 of"))
    #expect(!viewer.state.needsDrawing)
  }

  @Test("a search goes on from match to match through the whole log")
  func search() {
    var viewer = Viewer(Story.middle())
    viewer.press("2", "g", "/")
    viewer.type("step 1")
    viewer.press(.enter)
    #expect(viewer.text.contains("[10] step 10 of"))
    viewer.press("n")
    #expect(!viewer.text.contains("[10] step 10 of"))
    viewer.press("N")
    #expect(viewer.text.contains("[10] step 10 of"))
  }

  @Test("a filter keeps what matches by id, title or state, and Esc drops it")
  func filter() {
    var viewer = Viewer(Story.wide(), 100, 30)
    viewer.press("/")
    viewer.type("chapter 17")
    #expect(viewer.footer.contains("13 tasks"))
    viewer.press(.enter)
    #expect(viewer.footer.contains("filter chapter 17 · 13 of 250"))
    viewer.press(.escape)
    #expect(!viewer.footer.contains("filter chapter"))
    viewer.press("/")
    viewer.type("failed")
    #expect(viewer.footer.contains("2 tasks"))
    viewer.type("x")
    #expect(viewer.footer.contains("0 tasks"))
    viewer.press(.escape)
    #expect(!viewer.footer.contains("filter failed"))
  }

  @Test("the palette finds an action by letters and does it; themes are shown as they are selected")
  func palette() {
    var viewer = Viewer(Story.middle())
    viewer.press(":")
    viewer.type("pause-d")
    viewer.press(.enter)
    #expect(viewer.effects == [.command(.pauseDispatch)])
    viewer.press("t", .down)
    #expect(viewer.effects == [.loadTheme("light")])
    viewer.send(.theme(Theme(name: "light", looks: [:])))
    viewer.press(.escape)
    #expect(viewer.effects == [.loadTheme("default")])
    viewer.press(":")
    viewer.send(.paste("theme nord\nand more"))
    viewer.press(.enter)
    #expect(viewer.effects == [.loadTheme("nord")])
  }

  @Test("the mouse selects, opens and scrolls")
  func mouse() {
    var viewer = Viewer(Story.middle(), 120, 40)
    let row = viewer.frame.rows.firstIndex { $0.contains("7 Integration Tests") } ?? 0
    viewer.send(.mouse(MouseEvent(.press, at: Point(column: 90, row: row))))
    #expect(viewer.text.contains("─ 7 Integration Tests"))
    viewer.send(.mouse(MouseEvent(.wheelDown, at: Point(column: 50, row: row))))
    #expect(viewer.text.contains("─ 5 Shopping Cart API"))
    viewer.send(.mouse(MouseEvent(.doublePress, at: Point(column: 90, row: row))))
    #expect(viewer.text.contains("7 Integration Tests"))
    #expect(viewer.text.contains("waits for"))
  }

  @Test("a failure and a warning are said at once and kept in the messages")
  func messages() {
    var story = Story.middle()
    var viewer = Viewer(story)
    let count = story.events.count
    story.end("5", code: 9)
    viewer.send(.run(Array(story.events.dropFirst(count))))
    #expect(viewer.footer.contains("a task failed: nothing new starts"))
    viewer.press("m")
    #expect(viewer.text.contains("task 5 Shopping Cart API failed: exit status 9"))
  }

  @Test("what is left of the run is thought from what tasks report, before any has ended")
  func remaining() {
    var specs = sevenTasks()
    for place in specs.indices { specs[place].estimate = .seconds(3600) }
    var story = Story(specs)
    story.pass(.seconds(100))
    #expect(Viewer(story, 100, 30).text.contains("about 2 h 55 min left"))
    for id: TaskID in ["1", "3", "4", "6"] { story.report(id, 0.5) }
    #expect(Viewer(story, 100, 30).text.contains("about 8 min left"))
  }

  @Test("a run without tasks has pictures too")
  func noTasks() {
    for columns in [40, 100] {
      var viewer = Viewer(Story([]), columns, 20)
      for key: Key in ["1", "j", "l", "z", "2", "3", .enter, "4", "j", "5", .enter, "x", "/", "a"] {
        viewer.press(key)
        #expect(viewer.frame.flaw == nil)
      }
    }
  }

  @Test("estimates without sense break nothing")
  func absurdEstimates() {
    var specs = sevenTasks()
    let estimates: [Duration] = [.zero, .seconds(Int64.max / 2), .seconds(-5), .microseconds(1)]
    for (place, estimate) in estimates.enumerated() { specs[place].estimate = estimate }
    var story = Story(specs)
    story.pass(.seconds(4000))
    story.end("1")
    story.report("3", .nan)
    story.report("4", 1e300)
    var viewer = Viewer(story)
    for key: Key in ["4", "5", .enter, "1", .enter] {
      viewer.press(key)
      #expect(viewer.frame.flaw == nil)
    }
  }

  @Test("the selected task looks selected, and nothing else does")
  func selection() {
    var viewer = Viewer(Story.middle(), 120, 40)
    viewer.press(.down)
    let frame = viewer.frame
    let selected = (0..<40).filter { row in
      (0..<120).contains { frame[$0, row].style.isSelected }
    }
    #expect(selected.map { frame.rows[$0].contains("5 Shopping Cart API") } == [true, false])
    #expect(frame[45, selected[0]].style.isSelected)
    #expect(!frame[10, selected[0]].style.isSelected)
  }

  @Test(
    "what a cell means is in its role",
    arguments: [
      ("✔ 1 Database", Role.succeeded), ("▶ 2 API", .running), ("⋯ 7 Integration", .waiting),
      ("LEVEL 1", .title), ("┄┄", .guess), ("━━━━╾", .progress), ("⚠ 1", .warning),
    ])
  func roles(text: String, role: Role) throws {
    let frame = Viewer(Story.middle(), 120, 40).frame
    let row = try #require(frame.rows.firstIndex { $0.contains(text) })
    let line = (0..<120).map { frame[$0, row].glyph }.joined()
    let place = try #require(line.firstRange(of: text)).lowerBound
    let column = line.distance(from: line.startIndex, to: place)
    #expect(frame[column, row].style.role == role)
  }

  @Test("any size from 1 x 1 on gives a whole picture", arguments: 1..<30)
  func sizes(columns: Int) {
    for rows in [1, 2, 3, 5, 9, 14] {
      var viewer = Viewer(Story.middle(), columns, rows)
      for key: Key in ["1", "2", "3", "4", "5", "?", ":", .escape, "q", .escape, "/"] {
        viewer.press(key)
        #expect(viewer.frame.flaw == nil)
        #expect(viewer.frame.size == Size(columns: columns, rows: rows))
      }
    }
  }

  @Test("figures are cut at no width", arguments: [Story.middle, Story.succeeded, Story.failed])
  func wholeFigures(story: @Sendable () -> Story) {
    let story = story()
    for columns in 60...200 {
      var viewer = Viewer(story, columns, 60)
      viewer.press("5")
      let body = viewer.frame.rows.dropFirst(2).dropLast()
      #expect(!body.contains { $0.contains("…") }, "\(columns): \(viewer.text)")
    }
  }

  @Test("work that waits to be merged is done, and counted apart from what waits to begin")
  func merging() throws {
    var story = Story.worktrees()
    let before = Viewer(story, 140, 40)
    #expect(before.text.contains("▶ 3 running  ✔ 1 done  ⋯ 3 waiting"))
    story.commit("1")
    let after = Viewer(story, 140, 40)
    #expect(after.text.contains("▶ 2 running  ✔ 1 done  ○ 1 to merge  ⋯ 3 waiting"))
    func percent(_ viewer: Viewer) -> Int? {
      viewer.frame.rows[1].split(separator: " ").last.flatMap { Int($0.dropLast()) }
    }
    #expect(try #require(percent(after)) >= #require(percent(before)))
  }

  @Test("a pair that ran at the same time is in the statistics, and a roll-back among the warnings")
  func speculation() {
    var story = Story.worktrees { git in
      git.predicted = .speculate
      git.predictions = [
        PredictedConflict(first: "1", second: "3", probability: 0.8, evidence: [])
      ]
    }
    story.add(.git(.speculationStarted(AttemptKey("1", 1), beside: ["3"])))
    let end = SpeculationEnd(.rolledBack, others: ["3"], time: .seconds(42))
    story.add(.git(.speculationEnded(AttemptKey("1", 1), end)))
    var viewer = Viewer(story, 160, 40)
    viewer.press("5")
    for words in ["1 pair", "1 rolled back", "cost 42.0 s"] {
      #expect(viewer.text.contains(words), "\(viewer.text)")
    }
    viewer.press("c")
    #expect(viewer.text.contains("does not merge with it and is rolled back"), "\(viewer.text)")
  }
}
