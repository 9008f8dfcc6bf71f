/// A theme shown in a line of ordinary text.
package enum ThemePreview {
  private static let samples: [(Role, String)] = [
    (.title, "lanes"), (.succeeded, "✔ done"), (.running, "▶ running"), (.progress, "━━━━"),
    (.guess, "┄┄"), (.track, "──"), (.waiting, "⋯ waiting"), (.failed, "✘ failed"),
    (.warning, "⚠ warning"), (.conflict, "conflict"), (.critical, "critical"),
    (.match, "match"), (.key, "q"), (.dim, "quit"),
  ]

  /// Samples of what a screen has, each in its look.
  package static func line(_ theme: Theme, _ depth: ColorDepth) -> String {
    let parts = samples.map { role, text in
      painted(text, theme.look(of: Style(role), hasColors: depth != .none), depth)
    }
    let text = theme.look(of: Style(.text), hasColors: depth != .none)
    let selected = theme.look(of: Style(.text, isSelected: true), hasColors: depth != .none)
    let space = painted(" ", text, depth)
    return space + (parts + [painted("selected", selected, depth)]).joined(separator: space) + space
  }

  /// Every role by its name, in its look.
  package static func roles(_ theme: Theme, _ depth: ColorDepth) -> [String] {
    Role.allCases.map { role in
      painted(" \(role.rawValue) ", theme.look(of: Style(role), hasColors: depth != .none), depth)
    }
  }

  /// A text between the sequences of ECMA-48 for a look.
  private static func painted(_ text: String, _ look: Theme.Look, _ depth: ColorDepth) -> String {
    var codes: [String] = []
    if look.isBold { codes.append("1") }
    if look.isDim { codes.append("2") }
    if look.isItalic { codes.append("3") }
    if look.isUnderlined { codes.append("4") }
    if look.isReversed { codes.append("7") }
    codes += code(look.foreground, base: 30, depth) + code(look.background, base: 40, depth)
    if codes.isEmpty || depth == .none && !look.hasAttributes { return text }
    return "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[m"
  }

  private static func code(_ color: Theme.Color, base: Int, _ depth: ColorDepth) -> [String] {
    var palette = PaletteMap(depth: depth == .direct ? .palette(256) : depth)
    if case .rgb(let red, let green, let blue) = color, depth == .direct {
      return ["\(base + 8);2;\(red);\(green);\(blue)"]
    }
    let number = palette.number(of: color)
    switch number {
    case ..<0: return []
    case ..<8: return ["\(base + number)"]
    case ..<16: return ["\(base + 52 + number)"]
    default: return ["\(base + 8);5;\(number)"]
    }
  }
}

extension Theme.Look {
  fileprivate var hasAttributes: Bool {
    isBold || isDim || isItalic || isUnderlined || isReversed
  }
}
