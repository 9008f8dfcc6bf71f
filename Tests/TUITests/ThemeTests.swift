import Core
import TUI
import Testing

struct ThemeTests {
  private func theme(_ text: String) throws(ThemeError) -> Theme {
    try ThemeFile.theme(Array(text.utf8), name: "mine", file: "mine.yml")
  }

  /// The folder of the themes that come with the program.
  private static var folder: String {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/themes"
  }

  @Test("the built-in theme says what themes/default.yml says")
  func builtIn() throws {
    let store = ThemeStore(folders: [Self.folder])
    #expect(try store.theme("default") == Theme.standard)
    #expect(Set(Theme.standard.looks.keys) == Set(Role.allCases))
  }

  @Test("every theme that comes with the program can be used")
  func shipped() throws {
    let store = ThemeStore(folders: [Self.folder])
    #expect(
      store.names == [
        "default", "color-blind", "gruvbox", "high-contrast", "light", "mono", "nord", "solarized",
      ])
    for name in store.names { #expect(try store.theme(name).name == name) }
  }

  @Test("a theme lists only what differs from the default")
  func differences() throws {
    let theme = try theme(
      """
      colors:
        frost: "#88c0d0"
        frost2: frost
      roles:
        running: bold frost2 on 17
        track: bright-white
      """)
    var expected = Theme.standard
    expected.name = "mine"
    expected.looks[.running] = Theme.Look(
      foreground: .rgb(0x88, 0xC0, 0xD0), background: .rgb(0, 0, 95), isBold: true)
    expected.looks[.track] = Theme.Look(foreground: .palette(15))
    #expect(theme == expected)
    #expect(try self.theme("").looks == Theme.standard.looks)
  }

  @Test(
    "an error names the line and what was meant",
    arguments: [
      ("roles:\n  runing: red\n", "mine.yml:2: unknown role \"runing\"; did you mean running?"),
      (
        "roles:\n  running: bold gren\n",
        "mine.yml:2: unknown colour or attribute \"gren\"; did you mean green?"
      ),
      (
        "colors:\n  ice: \"#12345\"\n",
        "mine.yml:2: unknown colour \"#12345\"; write #rrggbb, a number from 0 to 255,"
          + " or a name such as bright-cyan"
      ),
      ("role:\n  text: red\n", "mine.yml:1: unknown section \"role\"; did you mean roles?"),
      (
        "roles:\n  text: [red]\n",
        "mine.yml:2: \"text\" has no value; write a look such as: bold cyan on \"#202020\""
      ),
      (
        "roles: red\n",
        "mine.yml:1: roles is not a list of \"name: value\"; write one \"name: value\" a line"
      ),
    ])
  func errors(_ text: String, _ words: String) {
    let error = #expect(throws: ThemeError.self) { try theme(text) }
    #expect(error?.description == words)
  }

  @Test(
    "a theme's name leads to no other folder", arguments: ["../x", ".x", "a/b", "", "a\u{1B}b"])
  func names(_ name: String) {
    let store = ThemeStore(folders: [Self.folder])
    #expect(store.file(of: name) == nil)
    #expect(throws: ThemeError.self) { try store.theme(name) }
  }

  @Test("a theme that is not there is told with the nearest one")
  func missing() {
    let error = #expect(throws: ThemeError.self) {
      try ThemeStore(folders: [Self.folder]).theme("nrod")
    }
    #expect(error?.description == "theme \"nrod\": is not there; did you mean nord?")
  }

  @Test("what is selected keeps its colour unless the theme says otherwise")
  func selection() {
    var theme = Theme.standard
    theme.looks[.selection] = Theme.Look(background: .palette(4))
    let look = theme.look(of: Style(.failed, isSelected: true), hasColors: true)
    #expect(
      look == Theme.Look(foreground: .palette(1), background: .palette(4), isBold: true))
  }

  @Test("without colours a background is shown by reversing")
  func noColors() {
    let look = Theme.standard.look(of: Style(.match), hasColors: false)
    #expect(look == Theme.Look(isReversed: true))
  }

  @Test(
    "colours follow the terminal and the user",
    arguments: [
      (256, false, [:], ColorDepth.palette(256)), (16, false, [:], .palette(16)),
      (8, false, [:], .palette(8)), (0, false, [:], .none),
      (256, true, [:], .direct),
      (256, true, ["NO_COLOR": "1"], .none), (256, false, ["NO_COLOR": ""], .palette(256)),
    ])
  func depth(_ colors: Int, _ hasDirect: Bool, _ environment: [String: String], _ depth: ColorDepth)
  {
    #expect(
      ColorDepth(colors: colors, hasDirect: hasDirect, environment: environment) == depth)
  }

  @Test("a preview has the sequences of its depth and none without colours")
  func preview() throws {
    let nord = try ThemeStore(folders: [Self.folder]).theme("nord")
    #expect(ThemePreview.line(nord, .direct).contains("\u{1B}[38;2;136;192;208;48;2;46;52;64m"))
    #expect(ThemePreview.line(nord, .palette(256)).contains("38;5;110"))
    #expect(ThemePreview.line(nord, .palette(8)).contains("\u{1B}[36;40m"))
    #expect(!ThemePreview.line(nord, .none).contains("38;"))
  }
}
