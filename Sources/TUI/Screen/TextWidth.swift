/// The number of columns a character takes on a terminal, by Unicode's rules.
///
/// 0 for what only changes its neighbour, 2 for East Asian wide characters, emoji sequences and
/// flags; a cluster of several spacing letters, as Indic scripts have them, takes what its letters
/// take. Control characters take none: they are never drawn.
package func width(of character: Character) -> Int {
  if let value = character.asciiValue { return value < 0x20 || value == 0x7F ? 0 : 1 }
  if character.isPicture { return 2 }
  return character.unicodeScalars.reduce(0) { $0 + width(of: $1) }
}

/// The number of columns a text takes.
///
/// Cost: O(length); ASCII costs a byte count.
package func width(of text: String) -> Int { width(of: text, upTo: .max) }

/// The number of columns a text takes, or a number above `limit` when it takes more than that.
package func width(of text: String, upTo limit: Int) -> Int {
  if text.isPrintableASCII { return text.utf8.count }
  var columns = 0
  for character in text {
    columns += width(of: character)
    if columns > limit { break }
  }
  return columns
}

/// The number of columns that one scalar takes by itself.
func width(of scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return scalar.value < 0x20 || (0x7F..<0xA0) ~= scalar.value ? 0 : 1 }
  if scalar.isZeroWidth { return 0 }
  return scalar.isWide ? 2 : 1
}

extension Character {
  /// Whether the cluster is one picture of two columns made of several scalars: an emoji with a
  /// selector, a modifier or joined to others, a keycap, a flag.
  var isPicture: Bool {
    var scalars = unicodeScalars.makeIterator()
    guard let first = scalars.next(), let second = scalars.next() else { return false }
    if first.isRegionalIndicator { return second.isRegionalIndicator }
    guard first.properties.isEmoji else { return false }
    return unicodeScalars.dropFirst().contains { scalar in
      scalar.value == 0xFE0F || (0x1F3FB...0x1F3FF) ~= scalar.value
        || (scalar.value == 0x200D && first.properties.isEmojiPresentation)
    }
  }
}

extension Unicode.Scalar {
  var isRegionalIndicator: Bool { (0x1F1E6...0x1F1FF) ~= value }

  /// Combining marks, format characters, and the vowels and finals that join a Hangul syllable.
  fileprivate var isZeroWidth: Bool {
    if (0x1160...0x11FF) ~= value || (0xD7B0...0xD7FF) ~= value { return true }
    return switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    // Signs that stand before Arabic and Syriac numbers are drawn, though they are format characters.
    case .format: !((0x600...0x605) ~= value || value == 0x6DD || value == 0x70F)
    default: false
    }
  }

  /// East Asian Width W or F (Unicode 14, EastAsianWidth.txt), with gaps of unassigned and
  /// zero-width scalars closed, and the emoji block open to the end for what later versions add.
  fileprivate var isWide: Bool {
    if value < 0x1100 { return false }
    if value >= 0x2E80 { return isWideIdeograph || isWidePicture }
    return switch value {
    case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0, 0x23F3,
      0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F, 0x2693, 0x26A1, 0x26AA...0x26AB,
      0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE, 0x26D4, 0x26EA, 0x26F2...0x26F3, 0x26F5, 0x26FA,
      0x26FD, 0x2705, 0x270A...0x270B, 0x2728, 0x274C, 0x274E, 0x2753...0x2755, 0x2757,
      0x2795...0x2797, 0x27B0, 0x27BF, 0x2B1B...0x2B1C, 0x2B50, 0x2B55:
      true
    default: false
    }
  }

  private var isWideIdeograph: Bool {
    switch value {
    case 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4C6, 0xA960...0xA97C,
      0xAC00...0xD7A3, 0xF900...0xFAD9, 0xFE10...0xFE1F, 0xFE30...0xFE6B, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x16FE0...0x1B2FB, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  private var isWidePicture: Bool {
    switch value {
    case 0x1F004, 0x1F0CF, 0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F335,
      0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3,
      0x1F3E0...0x1F3F0, 0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440, 0x1F442...0x1F4FC,
      0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A, 0x1F595...0x1F596,
      0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC, 0x1F6D0...0x1F6D2,
      0x1F6D5...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7F0,
      0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAFF:
      true
    default: false
    }
  }
}

extension String {
  /// Whether every byte is a printable ASCII character, so that each takes one column.
  var isPrintableASCII: Bool {
    utf8.withContiguousStorageIfAvailable { bytes in
      bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    } ?? utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }
}
