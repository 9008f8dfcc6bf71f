/// How many colours a terminal can show.
package enum ColorDepth: Equatable, Sendable {
  /// None, or none are wanted.
  case none
  /// 8, 16 or 256 numbered ones.
  case palette(Int)
  /// Red, green and blue, by sequences of ISO 8613-6.
  case direct

  /// What to use on a terminal with so many colours; `hasDirect` says that its description promises
  /// direct colour.
  ///
  /// `NO_COLOR` (no-color.org) is the variable of users who want none.
  package init(colors: Int, hasDirect: Bool, environment: [String: String]) {
    if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false || colors < 8 {
      self = .none
    } else if hasDirect {
      self = .direct
    } else {
      self = .palette(colors >= 256 ? 256 : colors >= 16 ? 16 : 8)
    }
  }
}

/// Red, green and blue, 0 to 255 each.
struct RGB: Hashable, Sendable {
  var red: Int
  var green: Int
  var blue: Int

  /// Colour `index` of xterm's palette of 256: 16 standard ones, a cube of 6×6×6, and 24 greys.
  init(xterm index: Int) {
    switch index {
    case ..<16:
      let bits = (index & 1, index >> 1 & 1, index >> 2 & 1)
      let level = index == 8 ? 127 : index < 8 ? (index == 7 ? 229 : 205) : 255
      self = index == 8 ? RGB(127, 127, 127) : RGB(bits.0 * level, bits.1 * level, bits.2 * level)
    case 16..<232:
      let steps = [0, 95, 135, 175, 215, 255]
      let place = index - 16
      self = RGB(steps[place / 36], steps[place / 6 % 6], steps[place % 6])
    default: self = RGB(8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10)
    }
  }

  init(_ red: Int, _ green: Int, _ blue: Int) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour of a range of xterm's palette that looks most like this one.
  ///
  /// The distance weighs the channels by the mean of red ("redmean"), which is close to what people
  /// see.
  func nearest(in range: Range<Int>) -> Int {
    range.min { distance(to: RGB(xterm: $0)) < distance(to: RGB(xterm: $1)) } ?? 0
  }

  private func distance(to other: RGB) -> Int {
    let mean = (red + other.red) / 2
    let (red, green, blue) = (red - other.red, green - other.green, blue - other.blue)
    return (512 + mean) * red * red / 256 + 4 * green * green + (767 - mean) * blue * blue / 256
  }
}

/// Gives the colours of a theme the numbers by which curses knows them.
struct PaletteMap {
  let depth: ColorDepth
  private var numbers: [RGB: Int] = [:]

  init(depth: ColorDepth) {
    self.depth = depth
  }

  /// The number of a colour; -1 is the terminal's own.
  mutating func number(of color: Theme.Color) -> Int {
    switch (color, depth) {
    case (.standard, _), (_, .none): return -1
    // Bright black, the usual grey, would vanish on black.
    case (.palette(8), .palette(8)): return 7
    case (.palette(let index), .palette(8)): return index & 7
    // With direct colour only the first eight are numbered.
    case (.palette(let index), .direct) where index >= 8: return number(of: RGB(xterm: index))
    case (.palette(let index), _): return index
    case (.rgb(let red, let green, let blue), _):
      return number(of: RGB(Int(red), Int(green), Int(blue)))
    }
  }

  private mutating func number(of color: RGB) -> Int {
    if let known = numbers[color] { return known }
    let number =
      switch depth {
      case .none: -1
      case .palette(let count): color.nearest(in: count >= 256 ? 16..<256 : 0..<count)
      case .direct: max(8, color.red << 16 | color.green << 8 | color.blue)
      }
    numbers[color] = number
    return number
  }
}
