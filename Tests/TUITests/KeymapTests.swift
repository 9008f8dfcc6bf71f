import TUI
import Testing

struct KeymapTests {
  @Test("every action has one line in the table, and no key belongs to two")
  func table() {
    let entries = KeyTable.entries
    #expect(
      entries.map(\.action).sorted { $0.rawValue < $1.rawValue }
        == ViewAction.allCases.sorted { $0.rawValue < $1.rawValue })
    let keys = entries.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
    #expect(
      entries.allSatisfy {
        !$0.words.isEmpty && $0.words.count <= ($0.asks ? 37 : 44) && !$0.words.hasSuffix(".")
      })
  }

  @Test("every key is read from the name it is given", arguments: KeyTable.entries.flatMap(\.keys))
  func names(key: Key) {
    #expect(Key(name: key.name) == key)
    #expect(!key.label.isEmpty)
  }

  @Test(
    "names of keys are read in any case",
    arguments: [
      ("Space", Key.character(" ")), ("CTRL-D", .control("d")), ("F5", .function(5)),
      ("PAGE-UP", .pageUp), ("G", "G"), ("g", "g"), ("Shift-Tab", .backTab), ("ü", "ü"),
    ])
  func readNames(name: String, key: Key) {
    #expect(Key(name: name) == key)
  }

  @Test(
    "what is no key has no name", arguments: ["", "ctrl-", "ctrl-1", "f0", "f13", "fx", "hyper"])
  func noKeys(name: String) {
    #expect(Key(name: name) == nil)
  }

  @Test("an override replaces an action's keys and takes the key from who had it")
  func overrides() throws {
    let keys = try Keymap(overrides: ["retry": ["x", "f5"], "quit": []])
    #expect(keys.action(for: "x") == .retry)
    #expect(keys.action(for: .function(5)) == .retry)
    #expect(keys.action(for: "r") == nil)
    #expect(keys.label(for: .cancel) == nil)
    #expect(keys.action(for: "q") == nil)
    #expect(keys.action(for: "j") == .down)
    #expect(try Keymap(overrides: [:]) == .standard)
  }

  @Test("a mistake in keys names the nearest word")
  func mistakes() {
    #expect(throws: KeymapError.unknownAction("retri", nearest: "retry")) {
      try Keymap(overrides: ["retri": ["x"]])
    }
    #expect(throws: KeymapError.unknownKey("pageup", action: "up", nearest: "page-up")) {
      try Keymap(overrides: ["up": ["pageup"]])
    }
    #expect(throws: KeymapError.givenTwice("v", "cancel", "retry")) {
      try Keymap(overrides: ["retry": ["v"], "cancel": ["v"]])
    }
    #expect(
      KeymapError.unknownAction("retri", nearest: "retry").description
        == "keys: there is no action `retri`; did you mean `retry`?")
    #expect(
      KeymapError.unknownAction("\u{1B}[2J", nearest: nil).description
        == "keys: there is no action ``; `docs/keys.md` lists them")
  }
}
