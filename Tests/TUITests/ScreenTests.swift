import Core
import TUI
import Testing

/// Every view at four sizes, in Unicode and ASCII.
struct ScreenTests {
  struct Scene: Sendable, CustomTestStringConvertible {
    var name: String
    var story: @Sendable () -> Story
    var keys: [Key] = []
    var log = Viewer.sampleLog

    var testDescription: String { name }
  }

  static let scenes = [
    Scene(name: "lanes", story: Story.middle),
    Scene(name: "lanes-start", story: Story.start),
    Scene(name: "lanes-failed", story: Story.failed),
    Scene(name: "lanes-wide", story: { Story.wide() }),
    Scene(name: "lanes-large", story: { Story.large(600, width: 60) }),
    Scene(name: "log", story: Story.middle, keys: [.down, "2"]),
    Scene(name: "tracks", story: Story.tracks),
    Scene(name: "diff", story: Story.worktrees, keys: ["d"], log: Viewer.sampleDiff),
    Scene(name: "graph", story: Story.middle, keys: [.down, "3"]),
    Scene(name: "timeline", story: Story.middle, keys: ["4"]),
    Scene(name: "statistics", story: Story.middle, keys: ["5"]),
    Scene(name: "statistics-end", story: Story.succeeded, keys: ["5"]),
    Scene(name: "details", story: Story.middle, keys: [.down, .enter]),
    Scene(name: "conflicts", story: Story.middle, keys: ["c"]),
    Scene(name: "messages", story: Story.failed, keys: ["m"]),
    Scene(name: "help", story: Story.middle, keys: ["?"]),
    Scene(name: "palette", story: Story.middle, keys: [":", "r", "e", "t"]),
    Scene(name: "themes", story: Story.middle, keys: ["t"]),
    Scene(name: "question", story: Story.middle, keys: ["x"]),
    Scene(name: "quit", story: Story.middle, keys: ["q"]),
    Scene(name: "filter", story: { Story.wide() }, keys: ["/", "1", "7"]),
  ]

  static let sizes = [(80, 24), (120, 40), (200, 50), (40, 12)]

  @Test("every view looks as it should", arguments: scenes, [true, false])
  func screen(scene: Scene, isUnicode: Bool) {
    for (columns, rows) in Self.sizes {
      var viewer = Viewer(scene.story(), columns, rows, isUnicode: isUnicode, log: scene.log)
      for key in scene.keys { viewer.press(key) }
      let mark = isUnicode ? "" : "-ascii"
      expectScreen(viewer.frame, "\(scene.name)-\(columns)x\(rows)\(mark)")
    }
  }

  @Test("conflicts between running tasks are shown over the log and in their list")
  func conflicts() {
    var viewer = Viewer(Story.middle(), 100, 30)
    viewer.state.show(conflicts: [
      ConflictLine(.conflict, "2", "5", file: "src/api/mod.rs", lines: 10...24),
      ConflictLine(.overlap, "2", "5", file: "README.md"),
    ])
    expectScreen(viewer.frame, "conflict-line-100x30")
    viewer.press("c")
    expectScreen(viewer.frame, "conflict-list-100x30")
  }
}
