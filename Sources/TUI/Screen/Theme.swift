/// How each role looks.
package struct Theme: Equatable, Sendable {
  /// A colour as a theme file names it.
  package enum Color: Hashable, Sendable {
    /// The terminal's own.
    case standard
    /// 0 to 15: the terminal's palette.
    case palette(Int)
    /// Red, green and blue, 0 to 255, shown as the nearest the terminal has.
    case rgb(UInt8, UInt8, UInt8)
  }

  package struct Look: Hashable, Sendable {
    package var foreground = Color.standard
    package var background = Color.standard
    package var isBold = false
    package var isDim = false
    package var isItalic = false
    package var isUnderlined = false
    package var isReversed = false

    package init(
      foreground: Color = .standard, background: Color = .standard, isBold: Bool = false,
      isDim: Bool = false, isItalic: Bool = false, isUnderlined: Bool = false,
      isReversed: Bool = false
    ) {
      self.foreground = foreground
      self.background = background
      self.isBold = isBold
      self.isDim = isDim
      self.isItalic = isItalic
      self.isUnderlined = isUnderlined
      self.isReversed = isReversed
    }
  }

  package var name: String
  package var looks: [Role: Look]

  package init(name: String, looks: [Role: Look]) {
    self.name = name
    self.looks = looks
  }
}
