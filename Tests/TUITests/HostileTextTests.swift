import Core
import TUI
import Testing

/// Text that wants to harm the terminal or the picture: it is shown harmlessly and aligned.
struct HostileTextTests {
  static let texts = [
    "\u{1B}[2J\u{1B}[31mred\u{1B}]0;title\u{7}", "nul\u{0}nul", "\u{9B}31mcsi \u{90}dcs\u{9C}",
    "\u{202E}gnitirw\u{2066}x\u{2069}", "שלום עולם مرحبا", "a\u{200B}\u{200D}\u{FEFF}b\u{AD}c",
    "Z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}algo", "\u{301}\u{301}leading marks",
    "👨‍👩‍👧‍👦🏳️‍🌈❤️1️⃣🇩🇪👍🏽 family", "日本語の長い題名はここで切られるべきです", "क्षत्रिय नमस्ते",
    "tab\ttab\r\nnew\u{2028}line", "\u{E0041}\u{E0042}tags", "\u{3164}\u{115F}\u{FFA0}filler",
    String(decoding: [0x61, 0xFF, 0xFE, 0xC0, 0x80, 0x62] as [UInt8], as: UTF8.self),
    String(repeating: "ﷺ", count: 300), "\u{1B}", "\u{1B}]8;;http://x\u{1B}\\link", "",
  ]

  @Test(
    "hostile titles, ids, labels and logs keep every row as wide as the screen",
    arguments: [true, false])
  func screens(isUnicode: Bool) {
    var story = Story(Self.tasks) { $0.jobs = 50 }
    story.pass(.seconds(30))
    for (place, text) in Self.texts.enumerated() {
      story.report(Self.tasks[place].id, 0.3, text)
      story.add(.warning(code: "x", message: text, task: Self.tasks[place].id))
    }
    story.end(Self.tasks[0].id, code: 1)
    for (columns, rows) in [(80, 24), (37, 11), (120, 40), (9, 5)] {
      var viewer = Viewer(story, columns, rows, isUnicode: isUnicode, log: Self.texts)
      for key in [
        Key.down, "d", "2", "w", "l", "3", "4", "5", .enter, "c", "m", "?", ":", .escape, "1",
      ] {
        viewer.press(key)
        #expect(viewer.frame.flaw == nil, "\(columns)x\(rows) after \(key)")
        #expect(!viewer.frame.title.unicodeScalars.contains { $0.value < 0x20 })
      }
    }
  }

  @Test("a line of ten megabytes is cut, and costs little")
  func longLine() {
    let line = String(repeating: "x\u{1B}[31m日", count: 1_000_000)
    var viewer = Viewer(Story.start(), log: [line])
    viewer.press("2", "w", "/", "x", .enter, "w", "l", "l")
    #expect(viewer.frame.flaw == nil)
    var specs = sevenTasks()
    specs[0].title = line
    specs[0].text.details = line
    viewer = Viewer(Story(specs))
    viewer.press(.enter, "3", "4", "/", "z", .escape)
    #expect(viewer.frame.flaw == nil)
  }

  @Test("of emoji that terminals measure differently the first picture is drawn in two columns")
  func emoji() {
    var specs = sevenTasks()
    specs[0].title = "👨‍👩‍👧 ❤️ 🇩🇪 👍🏽 end"
    let viewer = Viewer(Story(specs), 80, 24)
    #expect(viewer.text.contains("👨👩👧 ❤  🇩🇪 👍 end"))
  }

  static let tasks: [TaskSpec] = texts.enumerated().map { place, text in
    TaskSpec(
      id: TaskID("\(place)\(text.prefix(3))"), title: text,
      dependencies: place < 12 ? [] : [TaskID("1nul")], files: [text])
  }
}
