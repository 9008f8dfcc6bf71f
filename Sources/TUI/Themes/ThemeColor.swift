import Core

/// Colours and looks as a theme file writes them.
enum ThemeWords {
  static let names: [String: Theme.Color] = [
    "default": .standard, "black": .palette(0), "red": .palette(1), "green": .palette(2),
    "yellow": .palette(3), "blue": .palette(4), "magenta": .palette(5), "cyan": .palette(6),
    "white": .palette(7), "grey": .palette(8), "bright-red": .palette(9),
    "bright-green": .palette(10), "bright-yellow": .palette(11), "bright-blue": .palette(12),
    "bright-magenta": .palette(13), "bright-cyan": .palette(14), "bright-white": .palette(15),
  ]

  static let attributes = ["bold", "dim", "italic", "underline", "reverse"]

  /// The colour of a word: a name, `#rrggbb`, `#rgb`, or a number of the palette of 256.
  static func color(_ word: String, _ own: [String: Theme.Color]) -> Theme.Color? {
    if let known = own[word] ?? names[word] { return known }
    if let number = Int(word), (0..<256).contains(number) {
      return number < 16 ? .palette(number) : Theme.Color(RGB(xterm: number))
    }
    guard word.hasPrefix("#") else { return nil }
    let digits = word.dropFirst().compactMap(\.hexDigitValue)
    guard digits.count == word.count - 1 else { return nil }
    switch digits.count {
    case 3: return Theme.Color(RGB(digits[0] * 17, digits[1] * 17, digits[2] * 17))
    case 6:
      return Theme.Color(
        RGB(
          digits[0] * 16 + digits[1], digits[2] * 16 + digits[3], digits[4] * 16 + digits[5]))
    default: return nil
    }
  }

  /// A look in words, such as `bold cyan on #202020`; the wrong word when there is one.
  static func look(
    _ text: String, _ own: [String: Theme.Color]
  ) -> Result<Theme.Look, WrongWord> {
    var look = Theme.Look()
    var isBackground = false
    for word in text.split(separator: " ").map(String.init) {
      if word == "on", !isBackground {
        isBackground = true
      } else if let color = color(word, own) {
        if isBackground { look.background = color } else { look.foreground = color }
      } else if !look.take(attribute: word) {
        return .failure(WrongWord(word: word))
      }
    }
    return .success(look)
  }

  struct WrongWord: Error {
    var word: String
  }
}

extension Theme.Look {
  fileprivate mutating func take(attribute word: String) -> Bool {
    switch word {
    case "bold": isBold = true
    case "dim": isDim = true
    case "italic": isItalic = true
    case "underline": isUnderlined = true
    case "reverse": isReversed = true
    default: return false
    }
    return true
  }
}

extension Theme.Color {
  init(_ color: RGB) {
    self = .rgb(
      UInt8(clamping: color.red), UInt8(clamping: color.green), UInt8(clamping: color.blue))
  }
}
