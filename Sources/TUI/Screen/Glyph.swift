/// What one cell shows: a spacing scalar with the marks on it, which every terminal and curses
/// itself take to be as wide as it says.
struct Glyph: Equatable {
  var text: String
  /// 1 or 2.
  var width: Int
}

extension Character {
  /// The cells a character is drawn as; together they are as wide as `width(of:)` says.
  ///
  /// Terminals do not agree on the width of emoji sequences, so of those only the first picture is
  /// drawn, in the two columns they all have room for. A flag is its two letters, which a terminal
  /// that knows flags joins. No more than three marks lie on a letter.
  var glyphs: [Glyph] {
    if let value = asciiValue {
      return value < 0x20 || value == 0x7F ? [] : [Glyph(text: String(self), width: 1)]
    }
    guard isPicture, let first = unicodeScalars.first else { return letters }
    if first.isRegionalIndicator {
      return unicodeScalars.map { Glyph(text: String($0), width: 1) }
    }
    if TUI.width(of: first) == 2 { return [Glyph(text: String(first), width: 2)] }
    return [Glyph(text: String(first), width: 1), Glyph(text: " ", width: 1)]
  }

  private var letters: [Glyph] {
    var glyphs: [Glyph] = []
    var marks = 0
    for scalar in unicodeScalars {
      let width = TUI.width(of: scalar)
      if width > 0 {
        glyphs += scalar.drawn(width: width)
        marks = 0
      } else if let last = glyphs.indices.last, marks < 3, scalar.isMark {
        glyphs[last].text.unicodeScalars.append(scalar)
        marks += 1
      }
    }
    return glyphs
  }
}

extension Unicode.Scalar {
  /// The scalar itself, or a replacement for one that has no character: nobody knows how wide a
  /// terminal would draw it.
  fileprivate func drawn(width: Int) -> [Glyph] {
    guard properties.generalCategory == .unassigned else {
      return [Glyph(text: String(self), width: width)]
    }
    let blank = width == 2 ? [Glyph(text: " ", width: 1)] : []
    return [Glyph(text: "\u{FFFD}", width: 1)] + blank
  }

  fileprivate var isMark: Bool {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: !properties.isVariationSelector
    default: (0x1160...0x11FF) ~= value || (0xD7B0...0xD7FF) ~= value
    }
  }
}
