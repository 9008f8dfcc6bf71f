/// Keys as people write them.
extension Key {
  /// The name in `lanes.yml`: `space`, `ctrl-d`, `page-up`, `f1`, or the character itself.
  package var name: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(let letter): "ctrl-\(letter)"
    case .function(let number): "f\(number)"
    case .enter, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left, .right, .pageUp,
      .pageDown, .home, .end:
      Self.names.first { $0.key == self }?.name ?? ""
    }
  }

  /// The name on the screen and in documents: `Space`, `Ctrl-D`, `↑`, `PgUp`.
  package var label: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let letter): "Ctrl-\(letter.uppercased())"
    case .function(let number): "F\(number)"
    case .enter, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left, .right, .pageUp,
      .pageDown, .home, .end:
      Self.names.first { $0.key == self }?.label ?? ""
    }
  }

  /// The label in signs that the terminal shows: `Up` where there are no arrows.
  package func label(isUnicode: Bool) -> String {
    if isUnicode { return label }
    return switch self {
    case .up: "Up"
    case .down: "Down"
    case .left: "Left"
    case .right: "Right"
    case .character, .control, .function, .enter, .escape, .tab, .backTab, .backspace, .delete,
      .pageUp, .pageDown, .home, .end:
      label
    }
  }

  /// The key of that name, in whatever case where the name has several letters; nil for none.
  package init?(name: String) {
    if let character = name.first, name.count == 1 {
      self = .character(character)
      return
    }
    let word = name.lowercased()
    if let known = Self.names.first(where: { $0.name == word }) {
      self = known.key
    } else if word == "space" {
      self = .character(" ")
    } else if let letter = word.last, word.dropLast() == "ctrl-", ("a"..."z").contains(letter) {
      self = .control(letter)
    } else if word.first == "f", let number = Int(word.dropFirst()), (1...12).contains(number) {
      self = .function(number)
    } else {
      return nil
    }
  }

  /// The names of keys that are no characters.
  package static var wordNames: [String] {
    names.map(\.name) + ["space"] + (1...12).map { "f\($0)" }
      + "abcdefghijklmnopqrstuvwxyz".map { "ctrl-\($0)" }
  }

  private static var names: [(key: Key, name: String, label: String)] {
    [
      (.enter, "enter", "Enter"), (.escape, "escape", "Esc"), (.tab, "tab", "Tab"),
      (.backTab, "shift-tab", "Shift-Tab"), (.backspace, "backspace", "Backspace"),
      (.delete, "delete", "Del"), (.up, "up", "↑"), (.down, "down", "↓"), (.left, "left", "←"),
      (.right, "right", "→"), (.pageUp, "page-up", "PgUp"), (.pageDown, "page-down", "PgDn"),
      (.home, "home", "Home"), (.end, "end", "End"),
    ]
  }
}
